"""Counted figures as data: of which rows, which of them belong to a period, and how they are shown.

The number of a figure and the list of its cases are the same query, so that they never differ.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from reports.stage.content import BEFORE, NOW, ReportCell, ReportFigure, Table, cases_path
from reports.stage.periods import Period

Rows = QuerySet[Any, Any]
# Part of a figure whose rows have no value in the field by which it is split.
NO_VALUE: Final = "-"


@dataclass(frozen=True)
class Case:
    """A row of a list of cases: what it is, more of it in words, when it was, and its page."""

    label: str
    words: str
    when: date | datetime | None
    path: str


@dataclass(frozen=True)
class CaseSource:
    """Rows that figures count; `visible` is what a person may see of them, with what is shown."""

    rows: Callable[[], Rows]
    visible: Callable[[User], Rows]
    case: Callable[[Any], Case]
    # What is newest stands on top.
    order: tuple[str, ...] = ("-pk",)
    # The moment that bounds all figures that are not apart, where an index leads to it.
    moment: str = ""


@dataclass(frozen=True)
class Counted:
    """One figure: how many rows of a source are `within` a period.

    `is_apart`: its condition asks other tables, and is quicker in a query of its own. `part`
    narrows it to one line of a table, such as one department's.
    """

    code: str
    label: str
    unit: str
    source: CaseSource
    within: Callable[[Period], Q]
    is_apart: bool = False
    part: Callable[[str], Q] | None = None
    note: str = ""
    # The order of its list where another index than the source's leads to the condition.
    order: tuple[str, ...] = ()

    def cases(self, user: User, period: Period, part: str = "") -> Rows:
        """Those that this person may see, the newest first."""
        rows = self.source.visible(user).filter(self.within(period))
        if part and self.part is not None:
            rows = rows.filter(self.part(part))
        return rows.order_by(*(self.order or self.source.order))


# By code, over all sections; each registers its own.
COUNTED: Final[dict[str, Counted]] = {}


def register(*counted: Counted) -> tuple[Counted, ...]:
    """Let the lists of cases know these figures."""
    for one in counted:
        if one.code in COUNTED:
            raise ValueError(f"两个指标用了同一个代码：{one.code}")
        COUNTED[one.code] = one
    return counted


@dataclass(frozen=True)
class Counts:
    """What was counted of a period and of the one before it."""

    period: Period
    now: Mapping[str, int]
    before: Mapping[str, int]

    def figure(self, one: Counted) -> ReportFigure:
        return ReportFigure(
            one.code,
            one.label,
            self.now[one.code],
            one.unit,
            self.before[one.code],
            cases_path(one.code, self.period),
            one.note,
        )

    def figures(self, counted: Iterable[Counted]) -> list[ReportFigure]:
        return [self.figure(one) for one in counted]


def counts(counted: Iterable[Counted], period: Period) -> Counts:
    """Both periods; one query for all that count the same rows."""
    now: dict[str, int] = {}
    before: dict[str, int] = {}
    together: dict[int, list[Counted]] = defaultdict(list)
    for one in counted:
        if one.is_apart:
            now[one.code] = one.source.rows().filter(one.within(period)).count()
            before[one.code] = one.source.rows().filter(one.within(period.before)).count()
        else:
            together[id(one.source)].append(one)
    for several in together.values():
        asked = {}
        for place, one in enumerate(several):
            asked[f"now{place}"] = Count("pk", filter=one.within(period))
            asked[f"before{place}"] = Count("pk", filter=one.within(period.before))
        row = _bounded(several[0].source, period).order_by().aggregate(**asked)
        now |= {one.code: row[f"now{place}"] for place, one in enumerate(several)}
        before |= {one.code: row[f"before{place}"] for place, one in enumerate(several)}
    return Counts(period, now, before)


def _bounded(source: CaseSource, period: Period) -> Rows:
    """The rows of both periods, where one moment bounds all figures of the source."""
    rows = source.rows()
    if not source.moment:
        return rows
    since, until = f"{source.moment}__gte", f"{source.moment}__lt"
    return rows.filter(**{since: period.before.start, until: period.end})


@dataclass(frozen=True)
class PartCount:
    """One part of a figure: its value in the database, and its numbers."""

    value: Any
    now: int
    before: int


def split(one: Counted, field: str, period: Period) -> list[PartCount]:
    """A figure by the values of a field of its rows, without those that are nothing in both."""
    rows = one.source.rows().order_by().values(field)
    counted = rows.annotate(
        now=Count("pk", filter=one.within(period)),
        before=Count("pk", filter=one.within(period.before)),
    )
    lines = [PartCount(row[field], row["now"], row["before"]) for row in counted]
    return [line for line in lines if line.now or line.before]


def split_table(
    title: str, of: str, one: Counted, field: str, labels: Mapping[Any, str], period: Period
) -> Table:
    """The same as a table with bars, in the order of the labels."""
    order = list(labels)
    lines = [line for line in split(one, field, period) if line.value in labels]
    rows = [
        [
            ReportCell(labels[line.value]),
            ReportCell(line.now, one.unit, cases_path(one.code, period, _part(line))),
            ReportCell(line.before, one.unit),
        ]
        for line in sorted(lines, key=lambda line: order.index(line.value))
    ]
    return Table(title, (of, NOW, BEFORE), rows, chart="bars")


def _part(line: PartCount) -> str:
    return NO_VALUE if line.value is None else str(line.value)


def at_in(field: str) -> Callable[[Period], Q]:
    """A moment within the period."""
    return lambda period: Q(**{f"{field}__gte": period.start, f"{field}__lt": period.end})


def on_in(field: str) -> Callable[[Period], Q]:
    """A day within the period."""
    return lambda period: Q(**{f"{field}__gte": period.first, f"{field}__lte": period.last})
