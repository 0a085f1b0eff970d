"""Spans of time of a period's tables and opinions, as seconds since 1970, from few queries.

A department's span runs from its own turn to its signature, as `reviews.times` measures it:
without the pauses that held it. The whole table's runs from circulation to its conclusion. Both
are read of the period and of the one before it at once, in narrow columns that indexes hold.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils import timezone

from reports.stage.periods import Period
from reviews.models import Opinion, ReviewTable
from reviews.times.moments import Seconds
from reviews.times.pauses import Held, pauses_between
from workdays.calendar import Calendar
from workdays.office_clock import OfficeClock, day_of

S: Final = ReviewTable.Status
CHUNK: Final = 10_000


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


@dataclass
class Spans:
    """What ended in a period: its tables, and by the department's code what these signed."""

    tables: list[TableSpan] = field(default_factory=list)
    departments: dict[str, DepartmentSpans] = field(
        default_factory=lambda: defaultdict(DepartmentSpans)
    )


class SpanReader:
    """Reads a period and the one before it; `clock` knows every day that matters."""

    def __init__(self, period: Period, calendar: Calendar) -> None:
        self.period = period
        self.start, self.end = period.before.start, period.end
        self._border = int(period.start.timestamp())
        oldest = ReviewTable.objects.aggregate(at=Min("circulated_at"))["at"]
        first = timezone.localtime(min(filter(None, (oldest, self.start)))).date()
        self.clock = OfficeClock(calendar, first, period.last)
        self._pauses: Mapping[int, Sequence[Held]] = {}

    def read(self) -> tuple[Spans, Spans]:
        """The period's own, and those of the one before it."""
        now, before = Spans(), Spans()
        self._pauses = pauses_between(self.clock.first, self.end)
        self._read_tables(now, before)
        self._read_answers(now, before)
        return now, before

    def _read_tables(self, now: Spans, before: Spans) -> None:
        tables = ReviewTable.objects.filter(
            status=S.CONCLUDED, concluded_at__gte=self.start, concluded_at__lt=self.end
        )
        rows = tables.order_by().values_list(
            "pk", Seconds("circulated_at"), Seconds("concluded_at"), _is_after("concluded_at")
        )
        clock = self.clock
        for pk, start, end, is_late in rows.iterator(chunk_size=CHUNK):
            held = self._pauses.get(pk, ())
            used = clock.used(start, end, [one.span(end) for one in held])
            days = clock.days(start, end, [one.as_pause() for one in held])
            ended = day_of(end)
            span = TableSpan(pk, (ended.year, ended.month), days, used, is_late)
            (before if end < self._border else now).tables.append(span)

    def _read_answers(self, now: Spans, before: Spans) -> None:
        signed = Opinion.objects.exclude(table__status=S.VOID).filter(
            signed_at__gte=self.start, signed_at__lt=self.end
        )
        turns = _turns(signed.filter(department__signs_last=True))
        rows = signed.order_by().values_list(
            "table_id", "department_id", "department__code", "department__signs_last",
            Seconds("table__circulated_at"), Seconds("signed_at"), _is_after("signed_at"),
        )  # fmt: skip
        clock = self.clock
        for table, department, code, is_last, start, end, is_late in rows.iterator(
            chunk_size=CHUNK
        ):
            pauses = self._pauses.get(table, ())
            held = [one.span(end) for one in pauses if is_last or department not in one.going_on]
            turn = turns.get(table, start) if is_last else start
            line = (before if end < self._border else now).departments[code]
            line.seconds.append(clock.used(turn, end, held))
            line.late += is_late


def _is_after(moment: str) -> Any:
    """Signed or concluded after the deadline, as it was then."""
    return ExpressionWrapper(Q(**{f"{moment}__gt": F("due_at")}), BooleanField())


def _turns(last: "QuerySet[Opinion]") -> dict[int, int]:
    """By table, when the turn of who signs last came: with the last signature of the others."""
    others = Opinion.objects.parallel().filter(
        Exists(last.filter(table=OuterRef("table"))), signed_at__isnull=False
    )
    rows = others.order_by().values("table").annotate(at=Seconds(Max("signed_at")))
    return dict(rows.values_list("table", "at").iterator(chunk_size=CHUNK))
