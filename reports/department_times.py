"""Department times: how fast each department answered, month by month. Writes nothing.

Times are office hours of working days between stored moments, without the pauses. A first response
is the first look at a material or a number, the first draft, or a request for more, as the audit
trail has it (docs/adr/0005); signing answers at the latest.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from accounts.models import AuditEvent, User
from core.dates import month_words
from reviews.models import Opinion, Pause
from workdays.calendar import load_calendar, local
from workdays.clock import PauseSpan
from workdays.office_time import office_time

NOTHING = timedelta()


@dataclass(frozen=True)
class Answer:
    """One signed opinion: when it was the department's turn, its first response, and its end."""

    department: str
    position: int
    opened_at: datetime
    responded_at: datetime
    signed_at: datetime
    is_late: bool
    pauses: tuple[PauseSpan, ...]


@dataclass
class DepartmentLine:
    """One department in one month of signing; `responses` and `uses` are office time."""

    department: str
    position: int
    late: int = 0
    responses: list[timedelta] = field(default_factory=list)
    uses: list[timedelta] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.uses)

    @property
    def on_time(self) -> int:
        return self.count - self.late

    @property
    def response(self) -> str:
        return hours(_mean(self.responses))

    @property
    def used(self) -> str:
        return hours(_mean(self.uses))

    @property
    def longest(self) -> str:
        return hours(max(self.uses))


@dataclass(frozen=True)
class DepartmentMonth:
    year: int
    month: int
    lines: list[DepartmentLine]

    @property
    def label(self) -> str:
        return month_words(date(self.year, self.month, 1))


def hours(time: timedelta) -> str:
    """Office hours to a tenth."""
    return f"{time.total_seconds() / 3600:.1f}"


def _mean(times: list[timedelta]) -> timedelta:
    return sum(times, NOTHING) / len(times)


def answers(user: User, year: int) -> list[Answer]:
    """Every opinion that this person may know of, signed in this year: two queries."""
    opinions = Opinion.objects.visible_to(user).signed().filter(signed_at__year=year)
    pauses: dict[int, list[PauseSpan]] = defaultdict(list)
    for pause in Pause.objects.filter(table__in=opinions.values("table")):
        span = PauseSpan(pause.started_at, pause.ended_at, pause.reason)
        pauses[pause.table_id].append(span)
    return [
        Answer(
            department=row["department__name"],
            position=row["department__position"],
            opened_at=_opened(row),
            responded_at=_responded(row),
            signed_at=row["signed_at"],
            is_late=row["signed_at"] > row["due_at"],
            pauses=tuple(pauses[row["table_id"]]),
        )
        for row in _with_first_looks(opinions).order_by("signed_at", "pk")
    ]


def _with_first_looks(opinions: QuerySet[Opinion]) -> QuerySet[Opinion, Any]:
    """With the moments at which the trail has the department doing something for the first time."""
    others = Opinion.objects.filter(table=OuterRef("table")).parallel()
    newest = others.order_by().values("table").annotate(at=Max("signed_at")).values("at")
    return opinions.annotate(
        others_signed_at=Subquery(newest),
        looked_at=_first("applications.application", "table__application_id", "material.view"),
        revealed_at=_first("reviews.reviewtable", "table_id", "personal.reveal"),
        asked_at=_first("reviews.reviewtable", "table_id", "review.pause"),
        began_at=_first("reviews.opinion", "pk", "opinion.draft"),
    ).values(
        "table_id",
        "table__circulated_at",
        "department__name",
        "department__position",
        "department__signs_last",
        "signed_at",
        "due_at",
        "others_signed_at",
        "looked_at",
        "revealed_at",
        "asked_at",
        "began_at",
    )


def _first(object_type: str, key: str, action: str) -> Subquery:
    """When somebody of the department did this in this round for the first time."""
    events = AuditEvent.objects.filter(
        object_type=object_type,
        object_id=Cast(OuterRef(key), CharField()),
        action=action,
        actor__department=OuterRef("department_id"),
        at__gte=OuterRef("table__circulated_at"),
        at__lte=OuterRef("signed_at"),
    )
    return Subquery(events.order_by().values("object_id").annotate(first=Min("at")).values("first"))


def _opened(row: Any) -> datetime:
    """The last department's turn comes with the last signature of the others."""
    turn = row["others_signed_at"] if row["department__signs_last"] else None
    opened: datetime = turn or row["table__circulated_at"]
    return opened


def _responded(row: Any) -> datetime:
    keys = ("looked_at", "revealed_at", "asked_at", "began_at", "signed_at")
    moments: list[datetime] = [row[key] for key in keys if row[key]]
    # Foreign affairs may have looked before its turn: that is an answer without delay.
    return max(min(moments), _opened(row))


def months(user: User, year: int) -> list[DepartmentMonth]:
    """The months of this year in which anything was signed, the newest first."""
    calendar = load_calendar()
    found: dict[int, dict[int, DepartmentLine]] = defaultdict(dict)
    for one in answers(user, year):
        lines = found[local(one.signed_at).month]
        line = lines.setdefault(one.position, DepartmentLine(one.department, one.position))
        line.late += one.is_late
        line.responses.append(office_time(one.opened_at, one.responded_at, calendar, one.pauses))
        line.uses.append(office_time(one.opened_at, one.signed_at, calendar, one.pauses))
    return [
        DepartmentMonth(year, month, [line for _, line in sorted(lines.items())])
        for month, lines in sorted(found.items(), reverse=True)
    ]


def years(user: User) -> list[int]:
    """The years in which anything was signed, the newest first."""
    signed = Opinion.objects.visible_to(user).signed().order_by()
    return [moment.year for moment in signed.datetimes("signed_at", "year", order="DESC")]


def rows(counted: list[DepartmentMonth]) -> Iterator[Sequence[object]]:
    """The table to download: a row for each department, the oldest month first."""
    yield (
        "月份",
        "部门",
        "签署件数",
        "按时",
        "超时",
        "平均首次响应（小时）",
        "平均用时（小时）",
        "最长用时（小时）",
    )
    for month in reversed(counted):
        for line in month.lines:
            yield (
                month.label,
                line.department,
                line.count,
                line.on_time,
                line.late,
                line.response,
                line.used,
                line.longest,
            )
