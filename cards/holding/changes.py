"""Corrections of a card, and pictures of its two sides."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from cards.holding.numbers import plain_number, require_number
from cards.holding.radar_services import look_again
from cards.holding.refusals import CardRefused
from cards.holding.services import mark, require_alone, require_days
from cards.models import Card, CardEconomy, CardPage, EventKind
from core.crypto import keyed_hash
from core.versions import claim
from enterprises.quota import require_room
from files.pages import needs_pages, to_pages
from files.refusals import FileRefused
from files.services import Cleared, clear_picture, write
from materials.stack import PageRefused

SHOWN_FIELDS: Final = ("issued_on", "card_until", "passport_until", "custody", "custody_note")


@transaction.atomic
def correct_card(
    card: Card, *, economies: Mapping[str, date | None], number: str = "", by: User
) -> Card:
    """Keep what was corrected; `number` only where it was entered wrongly.

    Raises CardRefused, and core.versions.Overtaken where somebody else was first.
    """
    stored = claim(card)
    if not stored.is_live:
        raise CardRefused("这张卡已经注销，不再更改。")
    if number:
        card.number = plain_number(number)
        require_number(card.number, passport_number=card.passport_number)
        card.number_hash = keyed_hash(card.number)
        require_alone(card)
    require_days(card.issued_on, card.card_until, card.passport_until, economies)
    before = {one.economy: one.valid_until for one in card.economies.all()}
    changed = [name for name in SHOWN_FIELDS if getattr(card, name) != getattr(stored, name)]
    changed += ["number"] if number and card.number != stored.number else []
    changed += ["economies"] if before != dict(economies) else []
    if not changed:
        return stored
    card.save()
    card.economies.all().delete()
    CardEconomy.objects.bulk_create(
        CardEconomy(card=card, economy=code, valid_until=until) for code, until in economies.items()
    )
    look_again(Card.objects.get(pk=card.pk))
    labels = "、".join(_label(name) for name in changed)
    mark(card, kind=EventKind.CORRECTED, by=by, detail=f"更正了{labels}")
    return card


def _label(name: str) -> str:
    if name == "economies":
        return "经济体"
    field: Any = Card._meta.get_field(name)
    return str(field.verbose_name)


def read_side(data: bytes, name: str) -> Cleared:
    """One side as a picture, also from a PDF or a HEIC photo. Raises FileRefused."""
    if needs_pages(data):
        data = to_pages(data, max_bytes=settings.MAX_UPLOAD_BYTES)[0]
    return clear_picture(data, name=name)


@transaction.atomic
def put_picture(card: Card, *, side: str, picture: Cleared, by: User) -> CardPage:
    """Keep a picture of this side; the one before is superseded. Twice the same is once.

    Raises CardRefused.
    """
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    standing = locked.pages.current().filter(side=side).select_related("file").first()
    sha256 = hashlib.sha256(picture.data).hexdigest()
    if standing is not None and standing.file.sha256 == sha256:
        return standing
    try:
        require_room(locked.enterprise, len(picture.data))
        stored = write(picture, by=by)
    except (PageRefused, FileRefused) as refused:
        raise CardRefused(str(refused), field="picture") from refused
    locked.pages.current().filter(side=side).update(superseded_at=timezone.now())
    position = 1 if side == CardPage.Side.FRONT else 2
    page = CardPage.objects.create(card=locked, side=side, file=stored, position=position)
    mark(locked, kind=EventKind.PICTURED, by=by, detail=page.get_side_display())
    return page


def record_view(card: Card, page: CardPage, *, by: User) -> None:
    """Who looked at a picture, which shows the number."""
    record("card.view", card, by=by, after={"side": page.get_side_display()})
