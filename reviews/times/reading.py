"""Times by month: what is over from its sums, what is not from the rows."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts.filters import midnight
from core.dates import months_later
from reviews.models import ClosedMonth, MonthTimes, Opinion, ReviewTable
from reviews.times.closing import holds
from reviews.times.keeping import sums_of, whole_sum_of, whose_of
from reviews.times.measuring import Measuring
from reviews.times.sums import COLUMNS, Months, TimesSum, Whose
from workdays.calendar import Calendar, local


class TimesReader:
    """Times of a department, or with None of all; the months are looked up once for all calls.

    Of a department its own answers, and the whole tables on which it has an opinion.
    """

    def __init__(self, calendar: Calendar, department: int | None = None) -> None:
        self.calendar, self.department = calendar, department
        self._registered = list(ClosedMonth.objects.all())

    def between(self, first: date, end: date) -> Months:
        """Sums of the months from `first` to before `end`, both the first day of a month."""
        return self._read(midnight(first), midnight(end), with_each=False)

    def during(self, start: datetime, end: datetime) -> Months:
        """Sums of a span, with each single time; of a month only what lies in the span."""
        return self._read(start, end, with_each=True)

    def of_tables(self, start: datetime, end: datetime) -> Months:
        """The same of whole tables alone, without what each department took."""
        return self._read(start, end, with_each=True, tables_alone=True)

    def years(self) -> list[int]:
        """The years in which anything was signed, the newest first; two queries."""
        counted = [row.pk for row in self._registered if row.counted_at is not None]
        sums = self._sums().filter(of_tables=False, count__gt=0, month__in=counted)
        found = {day.year for day in sums.values_list("month__first", flat=True).distinct()}
        signed: QuerySet[Any] = Opinion.objects.signed().order_by()
        if self.department is not None:
            signed = signed.filter(department=self.department)
        signed = signed.exclude(table__status=ReviewTable.Status.VOID).filter(self._uncounted())
        found |= {local(moment).year for moment in signed.datetimes("signed_at", "year")}
        return sorted(found, reverse=True)

    def _read(
        self, start: datetime, end: datetime, *, with_each: bool, tables_alone: bool = False
    ) -> Months:
        found: dict[date, dict[Whose, TimesSum]] = defaultdict(dict)
        closed = {
            row.pk: row.first
            for row in self._registered
            if start <= midnight(row.first) < end
            and midnight(months_later(row.first, 1)) <= end
            and holds(row, self.calendar)
        }
        to_sum = whole_sum_of if with_each else sums_of
        rows = self._sums(with_each=with_each).filter(month__in=closed)
        if tables_alone:
            rows = rows.filter(of_tables=True)
        for row in rows if closed else ():
            found[closed[row.month_id]][whose_of(row)] = to_sum(row)
        for begins, ends in _gaps(start, end, sorted(closed.values())):
            measuring = Measuring(
                begins,
                ends,
                self.calendar,
                department=self.department,
                tables_alone=tables_alone,
            )
            for month, sums in measuring.months().items():
                found[month] |= sums
        return found

    def _sums(self, *, with_each: bool = False) -> "QuerySet[MonthTimes]":
        rows = MonthTimes.objects.all()
        if not with_each:
            rows = rows.only("month", "department", "of_tables", *COLUMNS)
        if self.department is not None:
            return rows.filter(department=self.department)
        return rows.filter(Q(department__isnull=True) | Q(of_tables=False))

    def _uncounted(self) -> Q:
        """What was signed in a month that has no sums."""
        if not self._registered:
            return Q()
        firsts = [row.first for row in self._registered]
        wanted = _outside(min(firsts), months_later(max(firsts), 1))
        for row in self._registered:
            if row.counted_at is None:
                wanted |= _within(row.first)
        return wanted


def _gaps(
    start: datetime, end: datetime, closed: list[date]
) -> Iterator[tuple[datetime, datetime]]:
    """What lies between the closed months of a span, each as where it begins and ends."""
    for first in closed:
        if start < midnight(first):
            yield start, midnight(first)
        start = midnight(months_later(first, 1))
    if start < end:
        yield start, end


def _outside(first: date, end: date) -> Q:
    return Q(signed_at__lt=midnight(first)) | Q(signed_at__gte=midnight(end))


def _within(first: date) -> Q:
    end = midnight(months_later(first, 1))
    return Q(signed_at__gte=midnight(first), signed_at__lt=end)
