"""Sweep of the radar: one digest a day for each enterprise, and one for the station's officers.

Whoever runs it twice a day, or misses days, changes nothing: what was said stands in rows, and of
several stages that were missed only the last is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.kinds import CARD_MAKING, Kind
from applications.models import Application
from cards.holding.radar import (
    End,
    Rules,
    due_ends,
    first_end,
    next_look,
    open_ends,
    own_days,
    settled_of,
    told_of,
    words_of,
)
from cards.models import Card, RadarMark
from core.sweeping import each
from notices.services import DIGEST_KEPT, notify
from parameters.values import load_parameters

# Lines of one digest; the rest is behind its link.
MOST_LINES: Final = 20
CHUNK: Final = 200


@dataclass(frozen=True)
class RadarLine:
    """One end of one card, as a digest says it."""

    card: Card
    end: End
    words: str


def sweep(today: date | None = None) -> int:
    """Say what is due; how many enterprises were told. Costs by what is due."""
    today = today or timezone.localdate()
    rules = Rules.of(load_parameters(today))
    due = Card.objects.live().filter(next_radar_on__lte=today)
    pairs = due.order_by("enterprise", "pk").values_list("enterprise", "pk").iterator()
    enterprises = ([pk for _, pk in cards] for _, cards in groupby(pairs, lambda pair: pair[0]))
    told = each(_chunks(enterprises), partial(_look, rules=rules, today=today), what="到期提醒")
    tell_officers(today)
    return sum(told)


def _chunks(enterprises: Iterator[list[int]]) -> list[list[int]]:
    """Read to the end before anything is written: rows that change leave the list."""
    return list(enterprises)


@transaction.atomic
def _look(card_pks: Sequence[int], *, rules: Rules, today: date) -> int:
    """One enterprise's cards: say what is due of them in one digest, and when to look again."""
    cards = list(
        Card.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=card_pks, next_radar_on__lte=today)
        .select_related("enterprise")
        .prefetch_related("economies", "radar_marks")
    )
    if not cards or _was_told(cards[0].enterprise_id, today):
        return 0
    begun = renewing(cards)
    lines: list[RadarLine] = []
    marks: list[RadarMark] = []
    for card in cards:
        seen = list(card.radar_marks.all())
        ends = open_ends(card, own_days(card.economies.all()), settled_of(seen))
        if card.pk not in begun:
            for end, months in due_ends(ends, told_of(seen), rules, today):
                lines.append(RadarLine(card, end, words_of(end, rules, today)))
                marks.append(_told(card, end, months, today))
        card.first_end_on = first_end(ends)
        card.next_radar_on = next_look(ends, rules, today)
    Card.objects.bulk_update(cards, ["first_end_on", "next_radar_on"])
    RadarMark.objects.bulk_create(marks)
    if not lines:
        return 0
    lines.sort(key=lambda line: line.end.day)
    enterprise = cards[0].enterprise
    notify(
        enterprise.people(),
        cause=f"cards:radar:{enterprise.pk}:{today}",
        together=True,
        forget_after=DIGEST_KEPT,
        template="cards/email/radar.txt",
        context={
            "lines": lines[:MOST_LINES],
            "more": max(0, len(lines) - MOST_LINES),
            "count": len(lines),
        },
        path=reverse("cards:radar"),
        action_label="看全部，逐项处理",
        short=f"有{len(lines)}项商务旅行卡到期提醒",
    )
    return 1


def _told(card: Card, end: End, months: int, today: date) -> RadarMark:
    return RadarMark(
        card=card,
        subject=end.subject,
        ends_on=end.day,
        kind=RadarMark.Kind.TOLD,
        months=months,
        marked_on=today,
    )


def _was_told(enterprise_pk: int, today: date) -> bool:
    """One digest a day: what comes up after it waits for tomorrow's."""
    told = RadarMark.objects.filter(kind=RadarMark.Kind.TOLD, marked_on=today)
    return told.filter(card__enterprise=enterprise_pk).exists()


def renewing(cards: Sequence[Card]) -> set[int]:
    """Of these cards those whose holder has a renewal, replacement or cancellation under way."""
    kinds = (set(CARD_MAKING) | {Kind.CANCEL}) - {Kind.NEW}
    holders = [card.applicant_id for card in cards if card.applicant_id]
    opened = Application.objects.open().filter(applicant__in=holders, kind__in=kinds)
    begun = set(opened.values_list("applicant", flat=True))
    return {card.pk for card in cards if card.applicant_id in begun}


@transaction.atomic
def tell_officers(today: date) -> int:
    """All that enterprises were told and officers were not, in one digest a day."""
    told = RadarMark.objects.filter(kind=RadarMark.Kind.TOLD)
    new = told.filter(officers_told_on__isnull=True)
    if told.filter(officers_told_on=today).exists():
        return 0
    count = new.count()
    if not count:
        return 0
    first = list(new.select_related("card__enterprise").order_by("ends_on", "pk")[:MOST_LINES])
    notify(
        User.objects.officers(),
        cause=f"cards:radar:officers:{today}",
        together=True,
        forget_after=DIGEST_KEPT,
        template="cards/email/radar_officers.txt",
        context={"marks": first, "more": max(0, count - MOST_LINES), "count": count},
        path=reverse("cards:radar"),
        action_label="看全部",
        short=f"有{count}项商务旅行卡到期提醒",
    )
    return new.update(officers_told_on=today)
