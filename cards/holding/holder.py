"""What the holder's page says: where the card works today, for how many days, and until when."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from cards.holding.ends import economy_words, reckon_ends
from cards.models import Card
from materials.economies import NAMES
from parameters.models import ParameterValue
from parameters.values import Parameters, load_parameters

STAY = "cards.stay."


@dataclass(frozen=True)
class Place:
    """One economy on the card: `stay` is the parameter of the days, with its source."""

    code: str
    name: str
    ends_on: date
    because: str
    works: bool
    stay: ParameterValue | None

    @property
    def days_left(self) -> int:
        """With today; a stay has to end before the card does."""
        return max(0, (self.ends_on - timezone.localdate()).days + 1)

    @property
    def is_short(self) -> bool:
        """Fewer days are left than a stay may last: leave before the card ends."""
        return self.works and self.stay is not None and self.days_left < int(self.stay.number)


@dataclass(frozen=True)
class HolderView:
    """`why_not` says why the card works nowhere; empty where it does."""

    places: list[Place]
    missing: list[str]
    because: str
    why_not: str
    sources: list[str]
    day: date


def holder_view(
    card: Card, today: date | None = None, *, parameters: Parameters | None = None
) -> HolderView:
    """All of it, of a card with its economies; `parameters` where they are loaded already."""
    today = today or timezone.localdate()
    rows = (parameters or load_parameters(today)).rows
    own = {one.economy: one.valid_until for one in card.economies.all()}
    ends = reckon_ends(
        card_until=card.card_until, passport_until=card.passport_until, economies=own
    )
    why_not = _why_not(card, ends.day, today)
    places = [
        Place(
            code,
            NAMES[code],
            ends.economies[code],
            economy_words(ends.day, own[code]),
            not why_not and ends.economies[code] >= today,
            rows.get(f"{STAY}{code}"),
        )
        for code in NAMES
        if code in own
    ]
    missing = [name for code, name in NAMES.items() if code not in own]
    sources = list(dict.fromkeys(place.stay.source_words for place in places if place.stay))
    return HolderView(places, missing, ends.because, why_not, sources, today)


def _why_not(card: Card, ends_on: date, today: date) -> str:
    if card.status == Card.Status.LOST:
        return "这张卡已经挂失，哪里都不能用。找到了的，不要使用，先联系单位经办人。"
    if card.status == Card.Status.CANCELLING:
        return "这张卡正在注销，不能再使用，请交回单位经办人。"
    if card.status == Card.Status.CANCELLED:
        return "这张卡已经注销，不能再使用，请交回单位经办人。"
    if ends_on < today:
        return "这张卡已经到期，哪里都不能用。请联系单位经办人续办，旧卡交回注销。"
    return ""
