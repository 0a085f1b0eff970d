"""时限明细: how each deadline of a review table came about, day by day."""

from dataclasses import dataclass
from datetime import datetime

from core.dates import weekday_words
from reviews.models import Opinion, ReviewTable
from reviews.time_limits import (
    Counting,
    counting_of,
    due_at,
    is_paused,
    left_for,
    remaining_for,
    spans,
    turn_of_last,
)
from workdays.calendar import Calendar, local
from workdays.clock import DayLine, PauseSpan, Remaining, arithmetic

WHOLE = "全表办结"


@dataclass(frozen=True)
class DeadlineOutcome:
    """One deadline beside what came of it; `used` are working days, paused ones not counted.

    `has_deadline`: it stands; not while the clock stands still, or before its turn.
    """

    name: str
    has_deadline: bool
    due_at: datetime
    done_at: datetime | None
    used: int
    remaining: Remaining | None
    # What the arithmetic gives today, where that is no longer what was in force.
    reckoned_at: datetime | None

    @property
    def is_late(self) -> bool:
        return self.done_at is not None and self.done_at > self.due_at


@dataclass(frozen=True)
class Reckoning:
    """Deadlines that came about in the same way, and the days that led to them."""

    days: int
    since: datetime
    outcomes: list[DeadlineOutcome]
    lines: list[tuple[DayLine, str]]

    @property
    def names(self) -> str:
        return "、".join(outcome.name for outcome in self.outcomes)

    @property
    def is_provisional(self) -> bool:
        return any(line.is_provisional for line, _ in self.lines)


def reckonings(table: ReviewTable, calendar: Calendar, now: datetime) -> list[Reckoning]:
    """Every deadline of the table, those with the same days to them together."""
    end = table.concluded_at or table.voided_at
    subjects: list[tuple[Opinion | None, datetime | None]] = [
        (opinion, opinion.signed_at) for opinion in table.opinions.all()
    ]
    subjects.append((None, table.concluded_at))
    groups: dict[tuple[Counting, tuple[PauseSpan, ...]], list[DeadlineOutcome]] = {}
    for opinion, done_at in subjects:
        department = opinion.department if opinion else None
        # What happened after it was done, or after the round was void, moves it no more.
        until = done_at or end
        pauses = spans(table, department, until)
        key = (counting_of(table, department, calendar, pauses, until or now), pauses)
        outcome = _outcome(table, opinion, calendar, now, pauses=pauses, done_at=done_at)
        groups.setdefault(key, []).append(outcome)
    return [
        Reckoning(
            counting.days, counting.since, outcomes, _lines(counting, calendar, pauses, end or now)
        )
        for (counting, pauses), outcomes in groups.items()
    ]


def _outcome(
    table: ReviewTable,
    opinion: Opinion | None,
    calendar: Calendar,
    now: datetime,
    *,
    pauses: tuple[PauseSpan, ...],
    done_at: datetime | None,
) -> DeadlineOutcome:
    department = opinion.department if opinion else None
    stored = opinion.due_at if opinion else table.due_at
    reckoned = due_at(table, department, calendar, pauses, done_at or table.voided_at or now)
    waits = done_at is None and table.is_open
    turn = turn_of_last(table)
    is_last = opinion is not None and opinion.is_last
    is_ahead = is_last and turn is None
    since = turn if is_last and turn is not None else table.circulated_at
    left = _left(table, opinion, calendar, now, is_ahead=is_ahead) if waits else None
    return DeadlineOutcome(
        name=f"{opinion.department}" if opinion else WHOLE,
        due_at=stored,
        done_at=done_at,
        has_deadline=not waits or not (is_ahead or is_paused(table, department)),
        used=_used(since, calendar, pauses, done_at or table.voided_at or now),
        remaining=left,
        reckoned_at=reckoned if reckoned != stored else None,
    )


def _left(
    table: ReviewTable,
    opinion: Opinion | None,
    calendar: Calendar,
    now: datetime,
    *,
    is_ahead: bool,
) -> Remaining:
    if opinion is None:
        return remaining_for(table.due_at, table.application.status, calendar, now)
    return left_for(opinion, calendar, now, is_ahead=is_ahead)


def _used(
    since: datetime, calendar: Calendar, pauses: tuple[PauseSpan, ...], until: datetime
) -> int:
    """Working days begun since its turn until then, the first day and paused ones not counted."""
    days = calendar.count_working_days(local(since).date(), local(until).date())
    if not days:
        return 0
    lines = arithmetic(since, days, calendar, pauses, until)
    return max(line.running_total for line in lines if line.date <= local(until).date())


def _lines(
    counting: Counting, calendar: Calendar, pauses: tuple[PauseSpan, ...], now: datetime
) -> list[tuple[DayLine, str]]:
    """Each day with its day of the week."""
    lines = arithmetic(counting.since, counting.days, calendar, pauses, now)
    return [(line, weekday_words(line.date)) for line in lines]
