"""Closing a month: its sums are counted once it is over, and anew when its past has changed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from accounts.filters import midnight
from core.dates import months_later
from core.sweeping import each
from reviews.models import ClosedMonth, MonthTimes, Opinion, ReviewTable
from reviews.times.keeping import row_of
from reviews.times.measuring import Measuring, calendar_words
from reviews.times.sums import Months, TimesSum, Whose, first_of
from workdays.calendar import ONE_DAY, Calendar, load_calendar, local

# A signature is stored under the second that its preview printed; by then the last one is in.
REST: Final = timedelta(days=1)
# Longer than any transaction: what began before the row was there, and could not lock it, is over.
LONGEST_CHANGE: Final = timedelta(minutes=30)


def close_months(now: datetime | None = None) -> int:
    """Count every month that is over and has no sums that hold; returns how many these were."""
    now = now or timezone.now()
    register_months(now)
    calendar = load_calendar()
    waiting = ClosedMonth.objects.filter(created_at__lte=now - LONGEST_CHANGE)
    due = [one for one in waiting if is_over(one, now) and not holds(one, calendar)]
    counted = each(due, lambda month: count_month(month.pk, calendar), what="结算各部门月度用时")
    return len(counted)


def register_months(now: datetime) -> None:
    """A row for each month from the first answer to the current one."""
    signed = Opinion.objects.signed().aggregate(at=Min("signed_at"))["at"]
    concluded = ReviewTable.objects.aggregate(at=Min("concluded_at"))["at"]
    month, last = local(min(filter(None, (signed, concluded, now)))).date(), local(now).date()
    known = set(ClosedMonth.objects.values_list("first", flat=True))
    missing = []
    month = first_of(month)
    while month <= last:
        if month not in known:
            missing.append(ClosedMonth(first=month))
        month = months_later(month, 1)
    ClosedMonth.objects.bulk_create(missing, ignore_conflicts=True)


def is_over(month: ClosedMonth, now: datetime) -> bool:
    return midnight(months_later(month.first, 1)) + REST <= now


def holds(month: ClosedMonth, calendar: Calendar) -> bool:
    """Whether the sums stand, counted by the days and hours of this calendar."""
    if month.counted_at is None or month.since is None:
        return False
    return month.calendar == calendar_words(calendar, month.since, last_of(month.first))


def last_of(first: date) -> date:
    return months_later(first, 1) - ONE_DAY


@transaction.atomic
def count_month(pk: int, calendar: Calendar) -> None:
    """Write a month's sums; whoever changes its past meanwhile waits, and then reopens it."""
    month = ClosedMonth.objects.select_for_update().get(pk=pk)
    measuring, sums = measure_month(month.first, calendar)
    month.times.all().delete()
    MonthTimes.objects.bulk_create(row_of(month, whose, total) for whose, total in sums.items())
    month.counted_at, month.since = timezone.now(), measuring.since
    month.calendar = calendar_words(calendar, measuring.since, last_of(month.first))
    month.save(update_fields=["counted_at", "since", "calendar"])


def measure_month(first: date, calendar: Calendar) -> tuple[Measuring, Mapping[Whose, TimesSum]]:
    """What a month's sums have to be, from the rows."""
    measuring = Measuring(midnight(first), midnight(months_later(first, 1)), calendar, of_each=True)
    months: Months = measuring.months()
    return measuring, months.get(first, {})


def reopen(table: ReviewTable) -> None:
    """Let the months be counted anew in which this table was answered; in the change's transaction.

    Where a month is just being counted this waits for its end.
    """
    moments = [*table.opinions.signed().values_list("signed_at", flat=True), table.concluded_at]
    firsts = {first_of(local(moment).date()) for moment in moments if moment is not None}
    for month in sorted(firsts):
        ClosedMonth.objects.filter(first=month).update(counted_at=None)


def reopen_if_past(table: ReviewTable, moment: datetime) -> None:
    """The same of an answer that is stored under a moment of a month before this one."""
    if local(moment).date() < first_of(timezone.localdate()):
        reopen(table)
