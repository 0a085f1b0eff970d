"""Sums of closed months held against the rows from which they were counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import Department
from reviews.models import ClosedMonth
from reviews.times.closing import count_month, holds, is_over, measure_month, register_months
from reviews.times.keeping import whole_sum_of, whose_of
from reviews.times.sums import Whose
from workdays.calendar import Calendar, load_calendar

WHOLE = "全表"


@dataclass(frozen=True)
class CheckedMonth:
    """A month, and of whom its sums differ from the rows."""

    first: date
    differences: Sequence[str]


def check_months() -> list[CheckedMonth]:
    """Every closed month, the oldest first; reads only."""
    calendar = load_calendar()
    names = {one.pk: one.name for one in Department.objects.all()}
    return [_checked(month, calendar, names) for month in ClosedMonth.objects.counted()]


def write_months() -> list[date]:
    """Count what is over and not counted, or differs; returns these months.

    By hand, for a portal at rest: `closing.close_months` waits for what others may be changing.
    """
    now, calendar = timezone.now(), load_calendar()
    register_months(now)
    wrong = {one.first for one in check_months() if one.differences}
    written = []
    for month in ClosedMonth.objects.all():
        if is_over(month, now) and (month.first in wrong or not holds(month, calendar)):
            count_month(month.pk, calendar)
            written.append(month.first)
    return written


def _checked(month: ClosedMonth, calendar: Calendar, names: dict[int, str]) -> CheckedMonth:
    if not holds(month, calendar):
        return CheckedMonth(month.first, ["工作日历或办公时间"])
    _, measured = measure_month(month.first, calendar)
    kept = {whose_of(one): whole_sum_of(one) for one in month.times.all()}
    differing = [whose for whose in {**measured, **kept} if measured.get(whose) != kept.get(whose)]
    return CheckedMonth(month.first, [_words(whose, names) for whose in differing])


def _words(whose: Whose, names: dict[int, str]) -> str:
    name = "" if whose.department is None else names.get(whose.department, "")
    return f"{name}{WHOLE}" if whose.of_tables else name
