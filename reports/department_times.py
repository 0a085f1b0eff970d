"""Department times: how fast each department answered, month by month. Writes nothing.

What a month came to is measured in `reviews.times`, or stands in its sums once it is over. What is
open and overdue counts in the month of its deadline, and is asked for on its own: it is little.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from accounts.departments import known
from accounts.models import Department, User
from core.dates import month_words, months_later
from reviews.models import Opinion, ReviewTable
from reviews.times.reading import TimesReader
from reviews.times.sums import TimesSum
from workdays.calendar import load_calendar, local

HOUR = 3600
# The line of the whole tables, below the departments'.
WHOLE, LAST = "全表办结", 1000


@dataclass
class DepartmentLine:
    """One department in one month, or the whole tables; times in office hours, in words.

    `waiting_late` are not signed yet and past their deadline; `whole` is the whole table's clock
    at the moment of signing.
    """

    department: str
    position: int
    total: TimesSum = field(default_factory=TimesSum)
    waiting_late: int = 0

    @property
    def count(self) -> int:
        return self.total.count

    @property
    def late(self) -> int:
        return self.total.late

    @property
    def on_time(self) -> int:
        return self.count - self.late

    @property
    def response(self) -> str:
        """A whole table answers nobody."""
        return hours(None) if self.position == LAST else self._mean(self.total.response)

    @property
    def used(self) -> str:
        return self._mean(self.total.used)

    @property
    def longest(self) -> str:
        return hours(self.total.longest if self.count else None)

    @property
    def whole(self) -> str:
        return self._mean(self.total.whole)

    def _mean(self, seconds: int) -> str:
        return hours(seconds / self.count if self.count else None)


@dataclass(frozen=True)
class DepartmentMonth:
    year: int
    month: int
    lines: list[DepartmentLine]

    @property
    def label(self) -> str:
        return month_words(date(self.year, self.month, 1))


def hours(seconds: float | None) -> str:
    """Office hours to a tenth; a dash where there was none."""
    return "—" if seconds is None else f"{seconds / HOUR:.1f}"


def months(user: User, year: int, reader: TimesReader | None = None) -> list[DepartmentMonth]:
    """The months of this year in which anything was signed or became overdue, newest first."""
    reader = reader or TimesReader(load_calendar(), user.department_id)
    departments = {one.pk: one for one in known()}
    found: dict[date, dict[int, DepartmentLine]] = defaultdict(dict)
    this_month = timezone.localdate().replace(day=1)
    is_past = year < this_month.year
    end = date(year + 1, 1, 1) if is_past else months_later(this_month, 1)
    for month, sums in reader.between(date(year, 1, 1), end).items():
        for whose, total in sums.items():
            if whose.of_tables:
                found[month][LAST] = DepartmentLine(WHOLE, LAST, total)
            elif whose.department is not None:
                line = _line(departments[whose.department], total)
                found[month][line.position] = line
    for opinion in _waiting_late(user, year):
        line = _line(opinion.department, TimesSum())
        month = local(opinion.due_at).date().replace(day=1)
        found[month].setdefault(line.position, line).waiting_late += 1
    return [
        DepartmentMonth(month.year, month.month, [line for _, line in sorted(lines.items())])
        for month, lines in sorted(found.items(), reverse=True)
    ]


def _line(department: Department, total: TimesSum) -> DepartmentLine:
    return DepartmentLine(department.name, department.position, total)


def _waiting_late(user: User, year: int) -> QuerySet[Opinion]:
    """Whose turn has come, whose clock runs, and whose deadline of this year has passed."""
    waiting = Opinion.objects.visible_to(user).exclude(table__status=ReviewTable.Status.VOID)
    ready = waiting.ready().on_the_clock().filter(due_at__year=year, due_at__lt=timezone.now())
    columns = ("due_at", "department__name", "department__position")
    return ready.select_related("department").only(*columns)


def rows(counted: list[DepartmentMonth]) -> Iterator[Sequence[object]]:
    """The table to download: a row for each department, the oldest month first."""
    yield (
        "月份",
        "部门",
        "签署件数",
        "按时",
        "超时",
        "超时未签",
        "平均首次响应（小时）",
        "平均用时（小时）",
        "最长用时（小时）",
        "自送审起平均（小时）",
    )
    for month in reversed(counted):
        for line in month.lines:
            yield (
                month.label,
                line.department,
                line.count,
                line.on_time,
                line.late,
                line.waiting_late,
                line.response,
                line.used,
                line.longest,
                line.whole,
            )
