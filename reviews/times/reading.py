"""Times by month: what is over from its sums, what is not from the rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.filters import midnight
from accounts.models import User
from core.dates import months_later
from reviews.models import ClosedMonth, MonthTimes, Opinion, ReviewTable
from reviews.times.closing import holds
from reviews.times.measuring import Measuring
from reviews.times.sums import COLUMNS, Months, TimesSum, Whose
from workdays.calendar import Calendar, local


class TimesReader:
    """Times that one person may read; the months are looked up once for all that is asked."""

    def __init__(self, user: User, calendar: Calendar) -> None:
        self.user, self.calendar = user, calendar
        self._registered = list(ClosedMonth.objects.all())

    def between(self, first: date, end: date) -> Months:
        """Whose times came to what, in the months from `first` to before `end`, both first days.

        Of who belongs to a department its own, and the whole tables on which it has an opinion.
        """
        found: dict[date, dict[Whose, TimesSum]] = defaultdict(dict)
        months = [row for row in self._registered if first <= row.first < end]
        closed = {row.pk: row.first for row in months if holds(row, self.calendar)}
        for one in _sums(self.user).filter(month__in=closed) if closed else ():
            total = TimesSum(**{name: getattr(one, name) for name in COLUMNS})
            found[closed[one.month_id]][Whose(one.department_id, one.of_tables)] = total
        for begins, ends in _gaps(first, end, closed):
            own = self.user.department_id
            measuring = Measuring(midnight(begins), midnight(ends), self.calendar, department=own)
            for month, sums in measuring.months().items():
                found[month] = dict(sums)
        return found

    def years(self) -> list[int]:
        """The years in which anything was signed, the newest first; two queries."""
        counted = [row.pk for row in self._registered if row.counted_at is not None]
        sums = _sums(self.user).filter(of_tables=False, count__gt=0, month__in=counted)
        found = {day.year for day in sums.values_list("month__first", flat=True).distinct()}
        signed: QuerySet[Any] = Opinion.objects.visible_to(self.user).signed().order_by()
        signed = signed.exclude(table__status=ReviewTable.Status.VOID).filter(self._uncounted())
        found |= {local(moment).year for moment in signed.datetimes("signed_at", "year")}
        return sorted(found, reverse=True)

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


def _sums(user: User) -> "QuerySet[MonthTimes]":
    if user.department_id is not None:
        return MonthTimes.objects.filter(department=user.department_id)
    return MonthTimes.objects.filter(Q(department__isnull=True) | Q(of_tables=False))


def _gaps(first: date, end: date, closed: Mapping[int, date]) -> Iterator[tuple[date, date]]:
    """Runs of months without sums, each as its first day and the day after its last."""
    known, begun, month = set(closed.values()), None, first
    while month < end:
        if month not in known:
            begun = begun or month
        elif begun is not None:
            yield begun, month
            begun = None
        month = months_later(month, 1)
    if begun is not None:
        yield begun, end


def _outside(first: date, end: date) -> Q:
    return Q(signed_at__lt=midnight(first)) | Q(signed_at__gte=midnight(end))


def _within(first: date) -> Q:
    end = midnight(months_later(first, 1))
    return Q(signed_at__gte=midnight(first), signed_at__lt=end)
