"""Spans of time of a period's tables and opinions, as seconds since 1970, from few queries.

A department's span runs from its own turn to its signature, as `reports.department_times` has it:
without the pauses that held it. The whole table's runs from circulation to its conclusion.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Exists, F, Func, IntegerField, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from reports.stage.office_clock import OfficeClock, day_of
from reports.stage.periods import Period
from reviews.models import Opinion, Pause, ReviewTable
from reviews.time_limits import span
from workdays.calendar import Calendar
from workdays.clock import PauseSpan

S: Final = ReviewTable.Status
Held = tuple[int, int]


class Seconds(Func):
    """A moment as whole seconds since 1970."""

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **extra)


@dataclass(frozen=True)
class TableSpan:
    """One concluded table: `days` as its deadline counts them, `seconds` of office time."""

    pk: int
    month: tuple[int, int]
    days: int
    seconds: int
    is_late: bool


@dataclass
class DepartmentSpans:
    """Of one department: office seconds of what it signed, and how many of these were late."""

    seconds: list[int] = field(default_factory=list)
    late: int = 0


def office_clock(calendar: Calendar, period: Period) -> OfficeClock:
    """One that reaches from the first circulation of what ended in the period to its last day."""
    ended = Q(concluded_at__gte=period.start, concluded_at__lt=period.end)
    signed = Opinion.objects.filter(signed_at__gte=period.start, signed_at__lt=period.end)
    first = min(
        filter(
            None,
            (
                ReviewTable.objects.filter(ended).aggregate(at=Min("circulated_at"))["at"],
                signed.aggregate(at=Min("table__circulated_at"))["at"],
                period.start,
            ),
        )
    )
    return OfficeClock(calendar, timezone.localtime(first).date(), period.last)


def table_spans(period: Period, clock: OfficeClock) -> list[TableSpan]:
    """Of every table concluded in the period: two queries and one more for the pauses."""
    tables = ReviewTable.objects.filter(
        status=S.CONCLUDED, concluded_at__gte=period.start, concluded_at__lt=period.end
    )
    pauses = _pauses(tables)
    rows = tables.order_by().annotate(is_late=_after("concluded_at"))
    found = []
    for pk, start, end, is_late in rows.values_list(
        "pk", Seconds("circulated_at"), Seconds("concluded_at"), "is_late"
    ).iterator(chunk_size=10_000):
        held = pauses.get(pk, ())
        spans = [one for one, _ in held]
        ended = day_of(end)
        used = clock.used(start, end, [_held(one, end) for one in spans])
        days = clock.days(start, end, spans)
        found.append(TableSpan(pk, (ended.year, ended.month), days, used, is_late))
    return found


def department_spans(period: Period, clock: OfficeClock) -> dict[str, DepartmentSpans]:
    """By the department's code, of what it signed in the period."""
    signed = Opinion.objects.exclude(table__status=S.VOID).filter(
        signed_at__gte=period.start, signed_at__lt=period.end
    )
    pauses = _pauses(ReviewTable.objects.filter(Exists(signed.filter(table=OuterRef("pk")))))
    turns = _turns(signed.filter(department__signs_last=True))
    found: dict[str, DepartmentSpans] = defaultdict(DepartmentSpans)
    rows = signed.order_by().annotate(is_late=_after("signed_at"))
    for table, department, code, is_last, start, end, is_late in rows.values_list(
        "table_id", "department_id", "department__code", "department__signs_last",
        Seconds("table__circulated_at"), Seconds("signed_at"), "is_late",
    ).iterator(chunk_size=10_000):  # fmt: skip
        held = [
            _held(one, end)
            for one, going_on in pauses.get(table, ())
            if is_last or department not in going_on
        ]
        turn = turns.get(table, start) if is_last else start
        line = found[code]
        line.seconds.append(clock.used(turn, end, held))
        line.late += is_late
    return found


def _after(moment: str) -> Q:
    """Signed or concluded after the deadline, as it was then."""
    return Q(**{f"{moment}__gt": F("due_at")})


def _held(one: PauseSpan, end: int) -> Held:
    until = int(one.ended_at.timestamp()) if one.ended_at else end
    return int(one.started_at.timestamp()), until


def _pauses(
    tables: "QuerySet[ReviewTable]",
) -> Mapping[int, Sequence[tuple[PauseSpan, set[int]]]]:
    """By table its pauses, each with the departments that it left going on."""
    found: dict[int, list[tuple[PauseSpan, set[int]]]] = defaultdict(list)
    rows = Pause.objects.filter(table__in=tables.order_by()).prefetch_related("going_on")
    for pause in rows.order_by("started_at"):
        going_on = {one.pk for one in pause.going_on.all()}
        found[pause.table_id].append((span(pause), going_on))
    return found


def _turns(last: "QuerySet[Opinion]") -> dict[int, int]:
    """By table, when the turn of who signs last came: with the last signature of the others."""
    others = Opinion.objects.parallel().filter(
        Exists(last.filter(table=OuterRef("table"))), signed_at__isnull=False
    )
    rows = others.order_by().values("table").annotate(at=Seconds(Max("signed_at")))
    return dict(rows.values_list("table", "at").iterator(chunk_size=10_000))
