"""Deadlines and the way to them: pure functions over a `Calendar` and stored times.

The day of receipt is never counted, whatever the hour. A deadline is the end of office hours of
the n-th counted day. A working day counts unless the clock stood still in it: a pause that takes
away any office time of a working day takes that whole day, as the day of receipt is not counted
either, and each such day moves the deadline by exactly one working day, however many pauses touch
it. So a deadline always ends with a working day, a later start never gives an earlier one, and
n days followed by m days are n + m days, with the same pauses or with none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from core.dates import near_day_words, time_words
from workdays.calendar import ONE_DAY, PROVISIONAL_NOTE, Calendar, local

WARNING_BEFORE_DEADLINE = timedelta(hours=2)

State = Literal["ok", "today", "late", "paused"]


@dataclass(frozen=True)
class PauseSpan:
    """A time in which the clock stands still; without an end it still does."""

    started_at: datetime
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True)
class DayLine:
    """One line of 时限明细. `running_total` is the number of days counted so far."""

    date: date
    counted: bool
    why: str
    running_total: int
    is_provisional: bool


@dataclass(frozen=True)
class Remaining:
    """`days` are working days: after today until the deadline, or, negative, gone since it.

    `note` is a remark that belongs beside the label wherever it is shown, or empty.
    """

    days: int
    state: State
    label: str
    note: str = ""

    @property
    def words(self) -> str:
        """Label and remark for a sentence."""
        return f"{self.label}（{self.note}）" if self.note else self.label


class ReminderKind(StrEnum):
    LAST_DAY = "last_day"
    TWO_HOURS = "two_hours"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class ReminderMoment:
    """`overdue_days` is 1 on the first working day after the deadline, and 0 before it."""

    kind: ReminderKind
    at: datetime
    overdue_days: int = 0


def paused_days(
    pauses: Iterable[PauseSpan], calendar: Calendar, *, now: datetime | None = None
) -> dict[date, str]:
    """The working days of which a pause took office time, with the first such pause's reason.

    An open pause is taken to end at `now`. Raises ValueError for an open pause without `now`, and
    for one that ends before it starts.
    """
    days: dict[date, str] = {}
    for pause in sorted(pauses, key=lambda pause: pause.started_at):
        started, ended = local(pause.started_at), pause.ended_at or now
        if ended is None:
            raise ValueError("暂停尚未结束，须给出当前时刻才能推算时限。")
        # A clock set back must not turn an open pause, just begun, into an error.
        ended = max(local(ended), started) if pause.ended_at is None else local(ended)
        if ended < started:
            raise ValueError("暂停的结束时刻早于开始时刻。")
        day = started.date()
        while day <= ended.date():
            spans = calendar.hours.spans_of(day) if calendar.is_working(day) else []
            if any(max(started, opens) < min(ended, closes) for opens, closes in spans):
                days.setdefault(day, pause.reason)
            day += ONE_DAY
    return days


def _lines(
    started_at: datetime, working_days: int, calendar: Calendar, paused: dict[date, str]
) -> Iterator[DayLine]:
    if working_days < 1:
        raise ValueError(f"工作日数须不少于1，实际为{working_days}。")
    day, total = local(started_at).date(), 0
    yield DayLine(day, False, "起算当日不计", 0, calendar.is_provisional(day.year))
    while total < working_days:
        day += ONE_DAY
        counted = calendar.is_working(day) and day not in paused
        total += counted
        why = f"暂停：{paused[day]}" if day in paused else calendar.why(day)
        yield DayLine(day, counted, why, total, calendar.is_provisional(day.year))


def arithmetic(
    started_at: datetime,
    working_days: int,
    calendar: Calendar,
    pauses: Iterable[PauseSpan] = (),
    now: datetime | None = None,
) -> list[DayLine]:
    """How the deadline comes about, from the day of receipt to the day of the deadline."""
    paused = paused_days(pauses, calendar, now=now)
    return list(_lines(started_at, working_days, calendar, paused))


def deadline(
    started_at: datetime,
    working_days: int,
    calendar: Calendar,
    pauses: Iterable[PauseSpan] = (),
    now: datetime | None = None,
) -> datetime:
    """The moment by which `working_days` (1 or more) working days after `started_at` are over.

    While a pause is open this is the earliest deadline still possible at `now`. Raises ValueError
    for a time without a zone, fewer than 1 day, or an open pause without `now`.
    """
    lines = arithmetic(started_at, working_days, calendar, pauses, now)
    return calendar.hours.closing_of(lines[-1].date)


def remaining(
    deadline: datetime, now: datetime, calendar: Calendar, pauses: Iterable[PauseSpan] = ()
) -> Remaining:
    """How long is left at `now`, in words for a list; the deadline's own day is never blank."""
    deadline, now = local(deadline), local(now)
    first = min(now.date(), deadline.date())
    is_provisional = calendar.is_provisional_between(first, deadline.date())
    note = PROVISIONAL_NOTE if is_provisional else ""
    for pause in pauses:
        if pause.ended_at is None:
            days = calendar.count_working_days(now.date(), deadline.date())
            return Remaining(days, "paused", f"已暂停计时：{pause.reason}", note)
    if now > deadline:
        days = days_gone(deadline, now, calendar)
        return Remaining(-days, "late", late_words(deadline, now, calendar), note)
    until = f"{time_words(deadline)}前"
    if now.date() == deadline.date():
        return Remaining(0, "today", f"今天到期，{until}", note)
    days = calendar.count_working_days(now.date(), deadline.date())
    by = f"{near_day_words(deadline, near=now)}{until}"
    return Remaining(days, "ok", f"还剩{days}个工作日，{by}", note)


def days_gone(deadline: datetime, now: datetime, calendar: Calendar) -> int:
    """Working days that have passed whole, to their closing, since the deadline."""
    deadline, now = local(deadline), local(now)
    days = calendar.count_working_days(deadline.date(), now.date())
    runs = calendar.is_working(now.date()) and now < calendar.hours.closing_of(now.date())
    return max(days - runs, 0)


def late_words(deadline: datetime, now: datetime, calendar: Calendar) -> str:
    """How long a deadline has passed; a working day over is a whole one."""
    days = days_gone(deadline, now, calendar)
    return f"已超{days}个工作日" if days else "已超时限，不足1个工作日"


def reminder_moments(
    opened_at: datetime, deadline: datetime, calendar: Calendar, *, until: datetime
) -> list[ReminderMoment]:
    """When to remind of `deadline`, later than `opened_at` and not later than `until`, in order.

    Opening of the last working day, two hours before the deadline, then opening of each working
    day overdue. All lie within office hours.
    """
    opened_at, deadline, until = local(opened_at), local(deadline), local(until)
    hours, last_day = calendar.hours, deadline.date()
    # A deadline stored before its day was declared a day off is reminded of on the day before.
    while not calendar.is_working(last_day):
        last_day -= ONE_DAY
    moments = [
        ReminderMoment(ReminderKind.LAST_DAY, hours.opening_of(last_day)),
        ReminderMoment(
            ReminderKind.TWO_HOURS,
            _two_hours_before(min(deadline, hours.closing_of(last_day)), calendar),
        ),
    ]
    day, overdue = deadline.date(), 0
    while (day := calendar.add_working_days(day, 1)) <= until.date():
        overdue += 1
        moments.append(ReminderMoment(ReminderKind.OVERDUE, hours.opening_of(day), overdue))
    return [moment for moment in moments if opened_at < moment.at <= until]


def _two_hours_before(deadline: datetime, calendar: Calendar) -> datetime:
    """Two hours before `deadline`, or, where that falls into a break, the end of what precedes."""
    moment = deadline - WARNING_BEFORE_DEADLINE
    spans = calendar.hours.spans_of(deadline.date())
    earlier = [min(closes, moment) for opens, closes in spans if opens <= moment]
    return earlier[-1] if earlier else spans[0][0]
