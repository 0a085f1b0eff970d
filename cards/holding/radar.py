"""Radar: what of a card ends when, what is said of it ahead, and when to begin with a renewal.

Arithmetic of rows that the caller has read; `radar_sweep` says it, `radar_services` marks what was
dealt with.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from cards.models import Card, CardEconomy, RadarMark
from cards.models.holding import CARD, PASSPORT, SUBJECTS
from core.dates import day_words, months_later
from parameters.values import Parameters

MONTHS: Final = "cards.radar_months."
# The radar's page looks so far ahead.
AHEAD_MONTHS: Final = 12


@dataclass(frozen=True)
class End:
    """One end of a card: `subject` as in `SUBJECTS`."""

    subject: str
    day: date

    @property
    def label(self) -> str:
        return SUBJECTS[self.subject]

    @property
    def key(self) -> tuple[str, date]:
        return self.subject, self.day


@dataclass(frozen=True)
class Rules:
    """The station's parameters: how many months ahead is said, and how long a renewal takes."""

    months: tuple[int, ...]
    renewal_months: int
    window_months: int

    @classmethod
    def of(cls, parameters: Parameters) -> "Rules":
        months = sorted({*parameters.numbers(MONTHS).values()} - {0}, reverse=True)
        return cls(
            tuple(months),
            parameters.number("cards.renewal_months"),
            parameters.number("cards.renew_window_months"),
        )

    def begin_on(self, end: date) -> date:
        """When a renewal is to begin: as long ahead as one takes, not before one may be asked."""
        return months_later(end, -min(self.renewal_months, self.window_months))

    def stage(self, end: date, today: date) -> int | None:
        """How many months ahead it is said now: the last that has come; None before the first."""
        come = [months for months in self.months if months_later(end, -months) <= today]
        return min(come) if come else None


# Of each economy on the back its code and its own day.
OwnDays = Iterable[tuple[str, date | None]]


def own_days(economies: Iterable[CardEconomy]) -> OwnDays:
    return [(one.economy, one.valid_until) for one in economies]


def ends_of(card: Card, economies: OwnDays) -> list[End]:
    """The card's face, its passport, and each economy that ends before both; the first first.

    What ends with the card is not said once more, nor a card that its passport ends before.
    """
    ends = [End(CARD, card.card_until)]
    passport = card.passport_until
    if passport is not None and passport < card.card_until:
        ends = [End(PASSPORT, passport)]
    elif passport is not None and passport > card.card_until:
        ends.append(End(PASSPORT, passport))
    ends += [End(code, until) for code, until in economies if until and until < card.ends_on]
    return sorted(ends, key=lambda end: (end.day, list(SUBJECTS).index(end.subject)))


def open_ends(card: Card, economies: OwnDays, settled: Collection[tuple[str, date]]) -> list[End]:
    """Those that nobody has dealt with; none of a card that is cancelled or replaced."""
    if not card.is_live or card.replaced_by_id:
        return []
    return [end for end in ends_of(card, economies) if end.key not in settled]


def standing_ends(card: Card) -> list[End]:
    """Those open on a stored card; `economies` and `radar_marks` prefetched spare the queries."""
    return open_ends(card, own_days(card.economies.all()), settled_of(card.radar_marks.all()))


def settled_of(marks: Iterable[RadarMark]) -> set[tuple[str, date]]:
    return {(m.subject, m.ends_on) for m in marks if m.kind == RadarMark.Kind.SETTLED}


def told_of(marks: Iterable[RadarMark]) -> dict[tuple[str, date], int]:
    """By end the fewest months ahead at which it was said."""
    told: dict[tuple[str, date], int] = {}
    for mark in marks:
        if mark.kind == RadarMark.Kind.TOLD and mark.months is not None:
            key = mark.subject, mark.ends_on
            told[key] = min(mark.months, told.get(key, mark.months))
    return told


def due_ends(
    ends: Iterable[End], told: Mapping[tuple[str, date], int], rules: Rules, today: date
) -> list[tuple[End, int]]:
    """What is to be said today, with the months ahead; what has ended is said no more."""
    due = []
    for end in ends:
        stage = rules.stage(end.day, today) if end.day >= today else None
        if stage is not None and stage < told.get(end.key, stage + 1):
            due.append((end, stage))
    return due


def next_look(ends: Iterable[End], rules: Rules, today: date) -> date | None:
    """The next day after today on which something may be to be said."""
    days = [months_later(end.day, -months) for end in ends for months in rules.months]
    return min((day for day in days if day > today), default=None)


def first_end(ends: Iterable[End]) -> date | None:
    return min((end.day for end in ends), default=None)


def look_at(
    card: Card, economies: OwnDays, settled: Collection[tuple[str, date]], today: date
) -> None:
    """Set what ends first, and let the next sweep look at it; whoever changes a card calls this."""
    ends = open_ends(card, economies, settled)
    card.first_end_on = first_end(ends)
    card.next_radar_on = today if ends else None


def look_anew(card: Card) -> None:
    """The same for a stored card, by what stands there of it; the caller saves the two columns."""
    settled = settled_of(card.radar_marks.all())
    look_at(card, own_days(card.economies.all()), settled, timezone.localdate())


def words_of(end: End, rules: Rules, today: date) -> str:
    """What ends and what to do, in one sentence."""
    begin = rules.begin_on(end.day)
    ends = f"{end.label}{day_words(end.day)}到期"
    takes = f"续办通常要{rules.renewal_months}个月"
    if end.subject in (CARD, PASSPORT):
        what = "办：先换护照，再凭新护照换卡" if end.subject == PASSPORT else "续办"
        when = "现在就要开始" if begin <= today else f"{day_words(begin)}起开始"
        return f"{ends}。{takes}，{when}{what}。"
    return f"{ends}，之后凭卡去不了{end.label}；还要去的，到期前续办或者另办签证。"
