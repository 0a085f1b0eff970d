"""Times of what was answered and concluded between two moments, month by month, from the rows.

Times are office hours of working days between stored moments, without the pauses that held the
department: from its own turn, and beside it from circulation, as the whole table's clock runs.
A void round counts for nobody.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)

from reviews.models import Opinion, ReviewTable
from reviews.times.first_responses import TRACES, unkept_traces
from reviews.times.moments import Seconds
from reviews.times.pauses import Held, pauses_between
from reviews.times.sums import ALL_TABLES, TimesSum, Whose
from workdays.calendar import ONE_DAY, Calendar, local
from workdays.office_clock import OfficeClock, day_of

S: Final = ReviewTable.Status
# So many rows are read at a time.
CHUNK: Final = 5_000


class Measuring:
    """One span of time; `department` asks for one department's alone.

    `of_each`: also the whole tables by each department that had an opinion on them.
    `tables_alone`: nothing of what the departments answered.
    """

    def __init__(
        self,
        start: datetime,
        end: datetime,
        calendar: Calendar,
        *,
        department: int | None = None,
        of_each: bool = False,
        tables_alone: bool = False,
    ) -> None:
        self.start, self.end, self.department, self.of_each = start, end, department, of_each
        signed = Opinion.objects.exclude(table__status=S.VOID)
        if tables_alone:
            signed = signed.none()
        self.signed = signed.filter(signed_at__gte=start, signed_at__lt=end).order_by()
        tables = ReviewTable.objects.filter(status=S.CONCLUDED)
        self.concluded = tables.filter(concluded_at__gte=start, concluded_at__lt=end).order_by()
        if department is not None:
            self.signed = self.signed.filter(department=department)
            own = Opinion.objects.filter(table=OuterRef("pk"), department=department)
            self.concluded = self.concluded.filter(Exists(own))
        first = self._first_circulated()
        self.is_empty = first is None
        self.since = local(min(first or start, start)).date()
        self.clock = OfficeClock(calendar, self.since, local(end).date())
        self.held: Mapping[int, Sequence[Held]] = {}
        self.found: dict[date, dict[Whose, TimesSum]] = defaultdict(lambda: defaultdict(TimesSum))

    def months(self) -> Mapping[date, Mapping[Whose, TimesSum]]:
        """By the first day of the month, whose times came to what; one query where nothing did."""
        if not self.is_empty:
            self.held = pauses_between(self.since, self.end)
            self._measure_answers()
            self._measure_tables()
        for sums in self.found.values():
            for total in sums.values():
                total.settle()
        return self.found

    def _first_circulated(self) -> datetime | None:
        """Of all that ended in this time; None where nothing did."""
        firsts = [
            rows.annotate(one=Value(1)).values("one").annotate(at=Min(begun)).values_list("at")
            for rows, begun in (
                (self.signed, "table__circulated_at"), (self.concluded, "circulated_at"),
            )
        ]  # fmt: skip
        moments = [moment for (moment,) in firsts[0].union(firsts[1], all=True) if moment]
        return min(moments, default=None)

    def _measure_answers(self) -> None:
        others = Opinion.objects.filter(table=OuterRef("table")).parallel().order_by()
        newest = others.values("table").annotate(at=Max("signed_at")).values("at")
        turn = Case(When(department__signs_last=True, then=Seconds(Subquery(newest))))
        traces = {name: Seconds(trace) for name, trace in unkept_traces().items()}
        rows = self.signed.annotate(turn=turn, **traces).values_list(
            "table_id", "department_id", "department__signs_last", "turn",
            Seconds("table__circulated_at"), Seconds("signed_at"), _is_after("signed_at"),
            Seconds("responded_at"), *TRACES,
        )  # fmt: skip
        for table, department, is_last, turned, start, end, is_late, kept, *seen in rows.iterator(
            chunk_size=CHUNK
        ):
            pauses = self.held.get(table, ())
            whole = [one.span(end) for one in pauses]
            own = [one.span(end) for one in pauses if is_last or department not in one.going_on]
            # The last department's turn comes with the last signature of the others.
            opened = start if turned is None else turned
            # It may have looked before its turn: that is an answer without delay.
            responded = max(min(filter(None, (kept, *seen, end))), opened)
            used = self.clock.used(opened, end, own)
            total = self._sum(end, Whose(department))
            total.uses.append(used)
            total.add(
                is_late=is_late,
                response=self.clock.used(opened, responded, own),
                used=used,
                whole=self.clock.used(start, end, whole),
                plain_days=self._plain_days(start, end, pauses),
            )

    def _measure_tables(self) -> None:
        whose = self._departments_of_tables()
        rows = self.concluded.values_list(
            "pk", Seconds("circulated_at"), Seconds("concluded_at"), _is_after("concluded_at")
        )
        for pk, start, end, is_late in rows.iterator(chunk_size=CHUNK):
            pauses = self.held.get(pk, ())
            used = self.clock.used(start, end, [one.span(end) for one in pauses])
            plain_days = self._plain_days(start, end, pauses)
            if self.department is None:
                days = self.clock.days(start, end, [one.as_pause() for one in pauses])
                self._sum(end, ALL_TABLES).add_table(pk, days, used)
            for one in whose.get(pk, self._asked_for):
                self._sum(end, one).add(
                    is_late=is_late, response=0, used=used, whole=used, plain_days=plain_days
                )

    def _plain_days(self, start: int, end: int, pauses: Sequence[Held]) -> int | None:
        """Working days of what had not been paused by its end."""
        was_paused = any(one.since < end for one in pauses)
        return None if was_paused else self.clock.days(start, end)

    @property
    def _asked_for(self) -> tuple[Whose, ...]:
        return (ALL_TABLES,) if self.department is None else (Whose(self.department, True),)

    def _departments_of_tables(self) -> Mapping[int, Sequence[Whose]]:
        if not self.of_each:
            return {}
        found: dict[int, list[Whose]] = defaultdict(lambda: [ALL_TABLES])
        opinions = Opinion.objects.filter(table__in=self.concluded).order_by()
        for table, department in opinions.values_list("table_id", "department_id").iterator(
            chunk_size=CHUNK
        ):
            found[table].append(Whose(department, of_tables=True))
        return found

    def _sum(self, moment: int, whose: Whose) -> TimesSum:
        return self.found[day_of(moment).replace(day=1)][whose]


def calendar_words(calendar: Calendar, since: date, last: date) -> str:
    """Which days were worked and at what hours, to see whether a later calendar has others."""
    days = (since + ONE_DAY * step for step in range((last - since).days + 1))
    hours = "、".join(f"{opens}–{closes}" for opens, closes in calendar.hours.periods)
    return f"{hours} {''.join(str(int(calendar.is_working(day))) for day in days)}"


def _is_after(moment: str) -> Any:
    """Signed or concluded after the deadline, as it was then."""
    return ExpressionWrapper(Q(**{f"{moment}__gt": F("due_at")}), BooleanField())
