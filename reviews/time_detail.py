"""时限明细: how each deadline of a review table came about, day by day."""

from dataclasses import dataclass
from datetime import datetime

from core.dates import weekday_words
from reviews.models import Opinion, ReviewTable
from reviews.time_limits import due_at, remaining_for, spans
from workdays.calendar import Calendar, local
from workdays.clock import DayLine, PauseSpan, Remaining, arithmetic

WHOLE = "全表办结"


@dataclass(frozen=True)
class DeadlineOutcome:
    """One deadline beside what came of it; `used` are working days, paused ones not counted."""

    name: str
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
    groups: dict[tuple[int, tuple[PauseSpan, ...]], list[DeadlineOutcome]] = {}
    for opinion, done_at in subjects:
        department = opinion.department if opinion else None
        # What happened after it was done, or after the round was void, moves it no more.
        until = done_at or end
        pauses = spans(table, until)
        key = (table.target_days(department), pauses)
        outcome = _outcome(table, opinion, calendar, now, pauses=pauses, done_at=done_at)
        groups.setdefault(key, []).append(outcome)
    return [
        Reckoning(days, outcomes, _lines(table, days, calendar, pauses, end or now))
        for (days, pauses), outcomes in groups.items()
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
    return DeadlineOutcome(
        name=f"{opinion.department}" if opinion else WHOLE,
        due_at=stored,
        done_at=done_at,
        used=_used(table, calendar, pauses, done_at or table.voided_at or now),
        remaining=remaining_for(stored, table.application.status, calendar, now) if waits else None,
        reckoned_at=reckoned if reckoned != stored else None,
    )


def _used(
    table: ReviewTable, calendar: Calendar, pauses: tuple[PauseSpan, ...], until: datetime
) -> int:
    """Working days begun since circulation until then, its own day and paused days not counted."""
    days = calendar.count_working_days(local(table.circulated_at).date(), local(until).date())
    if not days:
        return 0
    lines = arithmetic(table.circulated_at, days, calendar, pauses, until)
    return max(line.running_total for line in lines if line.date <= local(until).date())


def _lines(
    table: ReviewTable,
    days: int,
    calendar: Calendar,
    pauses: tuple[PauseSpan, ...],
    now: datetime,
) -> list[tuple[DayLine, str]]:
    """Each day with its day of the week."""
    lines = arithmetic(table.circulated_at, days, calendar, pauses, now)
    return [(line, weekday_words(line.date)) for line in lines]
