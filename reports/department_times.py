"""Department times: how fast each department answered, month by month. Writes nothing.

Times are office hours of working days between stored moments, without the pauses that held the
department: from its own turn, and beside it from circulation, as the whole table's clock runs.
A void round counts for nobody. What is open and overdue counts in the month of its deadline.
A first response is the first look at a material or a number, the first draft, or a request for
more, as the audit trail has it (docs/adr/0005); signing answers at the latest.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Min, Model, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Application
from core.dates import month_words
from reviews.models import Opinion, Pause, ReviewTable
from reviews.models.review import OpinionQuerySet
from reviews.time_limits import span
from workdays.calendar import load_calendar, local
from workdays.clock import PauseSpan
from workdays.office_time import office_time

NOTHING = timedelta()
# The line of the whole tables, below the departments'.
WHOLE, LAST = "全表办结", 1000


@dataclass(frozen=True)
class Answer:
    """One signed opinion: when it was the department's turn, its first response, and its end."""

    department: str
    position: int
    circulated_at: datetime
    opened_at: datetime
    responded_at: datetime
    signed_at: datetime
    is_late: bool
    pauses: tuple[PauseSpan, ...]
    all_pauses: tuple[PauseSpan, ...]


@dataclass
class DepartmentLine:
    """One department in one month, or the whole tables; the lists are office time.

    `waiting_late` are not signed yet and past their deadline; `since_circulation` is the whole
    table's clock at the moment of signing.
    """

    department: str
    position: int
    late: int = 0
    waiting_late: int = 0
    responses: list[timedelta] = field(default_factory=list)
    uses: list[timedelta] = field(default_factory=list)
    since_circulation: list[timedelta] = field(default_factory=list)

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
        return hours(max(self.uses, default=None))

    @property
    def whole(self) -> str:
        return hours(_mean(self.since_circulation))


@dataclass(frozen=True)
class DepartmentMonth:
    year: int
    month: int
    lines: list[DepartmentLine]

    @property
    def label(self) -> str:
        return month_words(date(self.year, self.month, 1))


def hours(time: timedelta | None) -> str:
    """Office hours to a tenth; a dash where there was none."""
    return "—" if time is None else f"{time.total_seconds() / 3600:.1f}"


def _mean(times: list[timedelta]) -> timedelta | None:
    return sum(times, NOTHING) / len(times) if times else None


def answers(user: User, year: int) -> list[Answer]:
    """Every opinion that this person may know of, signed in this year: three queries."""
    opinions = _of_standing_tables(user).signed().filter(signed_at__year=year)
    pauses = _pauses_of(opinions.values("table"))
    return [
        Answer(
            department=row["department__name"],
            position=row["department__position"],
            circulated_at=row["table__circulated_at"],
            opened_at=_opened(row),
            responded_at=_responded(row),
            signed_at=row["signed_at"],
            is_late=row["signed_at"] > row["due_at"],
            pauses=tuple(
                span
                for span, going_on in pauses[row["table_id"]]
                if row["department__signs_last"] or row["department_id"] not in going_on
            ),
            all_pauses=tuple(span for span, _ in pauses[row["table_id"]]),
        )
        for row in _with_first_looks(opinions).order_by("signed_at", "pk")
    ]


def _of_standing_tables(user: User) -> OpinionQuerySet:
    return Opinion.objects.visible_to(user).exclude(table__status=ReviewTable.Status.VOID)


def _pauses_of(tables: QuerySet[Any, Any]) -> dict[int, list[tuple[PauseSpan, set[int]]]]:
    """By table its pauses, each with the departments that it left going on."""
    found: dict[int, list[tuple[PauseSpan, set[int]]]] = defaultdict(list)
    for pause in Pause.objects.filter(table__in=tables).prefetch_related("going_on"):
        found[pause.table_id].append((span(pause), {one.pk for one in pause.going_on.all()}))
    return found


def _with_first_looks(opinions: QuerySet[Opinion]) -> QuerySet[Opinion, Any]:
    """With the moments at which the trail has the department doing something for the first time."""
    others = Opinion.objects.filter(table=OuterRef("table")).parallel()
    newest = others.order_by().values("table").annotate(at=Max("signed_at")).values("at")
    return opinions.annotate(
        others_signed_at=Subquery(newest),
        looked_at=_first(Application, "table__application_id", "material.view"),
        revealed_at=_first(ReviewTable, "table_id", "personal.reveal"),
        asked_at=_first(ReviewTable, "table_id", "review.pause"),
        began_at=_first(Opinion, "pk", "opinion.draft"),
    ).values(
        "table_id",
        "department_id",
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


def _first(model: type[Model], key: str, action: str) -> Subquery:
    """When somebody of the department did this in this round for the first time."""
    events = AuditEvent.objects.about_any(model, OuterRef(key)).filter(
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
    """The months of this year in which anything was signed or became overdue, newest first."""
    calendar = load_calendar()
    found: dict[int, dict[int, DepartmentLine]] = defaultdict(dict)
    for one in answers(user, year):
        lines = found[local(one.signed_at).month]
        line = lines.setdefault(one.position, DepartmentLine(one.department, one.position))
        line.late += one.is_late
        line.responses.append(office_time(one.opened_at, one.responded_at, calendar, one.pauses))
        line.uses.append(office_time(one.opened_at, one.signed_at, calendar, one.pauses))
        whole = office_time(one.circulated_at, one.signed_at, calendar, one.all_pauses)
        line.since_circulation.append(whole)
    for opinion in _waiting_late(user, year):
        department = opinion.department
        lines = found[local(opinion.due_at).month]
        empty = DepartmentLine(department.name, department.position)
        lines.setdefault(department.position, empty).waiting_late += 1
    for table, pauses in _concluded(user, year):
        if table.concluded_at is not None:
            lines = found[local(table.concluded_at).month]
            line = lines.setdefault(LAST, DepartmentLine(WHOLE, LAST))
            line.late += table.concluded_at > table.due_at
            used = office_time(table.circulated_at, table.concluded_at, calendar, pauses)
            line.uses.append(used)
            line.since_circulation.append(used)
    return [
        DepartmentMonth(year, month, [line for _, line in sorted(lines.items())])
        for month, lines in sorted(found.items(), reverse=True)
    ]


def _waiting_late(user: User, year: int) -> QuerySet[Opinion]:
    """Whose turn has come, whose clock runs, and whose deadline of this year has passed."""
    ready = _of_standing_tables(user).ready().on_the_clock().filter(due_at__year=year)
    return ready.filter(due_at__lt=timezone.now()).select_related("department")


def _concluded(user: User, year: int) -> list[tuple[ReviewTable, tuple[PauseSpan, ...]]]:
    """The tables concluded in this year, each with its pauses."""
    tables = ReviewTable.objects.visible_to(user).filter(
        status=ReviewTable.Status.CONCLUDED, concluded_at__year=year
    )
    found = list(tables.defer("facts").prefetch_related("pauses"))
    return [
        (
            table,
            tuple(span(pause) for pause in table.pauses.all()),
        )
        for table in found
    ]


def years(user: User) -> list[int]:
    """The years in which anything was signed, the newest first."""
    signed = _of_standing_tables(user).signed().order_by()
    return [moment.year for moment in signed.datetimes("signed_at", "year", order="DESC")]


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
