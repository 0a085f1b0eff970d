"""Services of the radar: looking at a card anew, and marking one of its ends as dealt with."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cards.holding.radar import ends_of, look_anew, own_days
from cards.holding.refusals import CardRefused
from cards.holding.services import mark
from cards.models import Card, EventKind, RadarMark
from cards.models.holding import SUBJECTS
from core import text
from core.dates import day_words


@transaction.atomic
def settle(card: Card, *, subject: str, ends_on: date, reason: str, by: User) -> RadarMark:
    """Nothing reminds of this end any more. Twice is once. Raises CardRefused."""
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    ends = {end.key for end in ends_of(locked, own_days(locked.economies.all()))}
    if (subject, ends_on) not in ends:
        raise CardRefused("这一项的到期日刚刚改过，请刷新页面，看过现在的日期再处理。")
    there = locked.radar_marks.filter(
        subject=subject, ends_on=ends_on, kind=RadarMark.Kind.SETTLED
    ).first()
    if there:
        return there
    made = RadarMark.objects.create(
        card=locked,
        subject=subject,
        ends_on=ends_on,
        kind=RadarMark.Kind.SETTLED,
        marked_on=timezone.localdate(),
        reason=text.line(reason)[:200],
        by=by,
    )
    detail = f"{SUBJECTS[subject]}{day_words(ends_on)}到期：{made.reason}"
    mark(locked, kind=EventKind.RADAR_SETTLED, by=by, detail=detail)
    look_again(locked)
    return made


def look_again(card: Card) -> None:
    """Reckon anew what ends first; the next sweep looks at the card."""
    look_anew(card)
    Card.objects.filter(pk=card.pk).update(
        first_end_on=card.first_end_on, next_radar_on=card.next_radar_on
    )
