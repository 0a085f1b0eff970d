"""Pauses of a span of time by table, in seconds since 1970, in one query."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.filters import midnight
from reviews.models import Pause
from reviews.times.moments import Seconds
from workdays.clock import PauseSpan
from workdays.office_clock import moment_of


@dataclass(frozen=True)
class Held:
    """A pause, and the departments that it left going on; without `until` it still holds."""

    since: int
    until: int | None
    going_on: frozenset[int]

    def span(self, end: int) -> tuple[int, int]:
        return self.since, end if self.until is None else self.until

    def as_pause(self) -> PauseSpan:
        until = None if self.until is None else moment_of(self.until)
        return PauseSpan(moment_of(self.since), until, "")


def pauses_between(first: date, end: datetime) -> Mapping[int, Sequence[Held]]:
    """By table, of every pause that holds at any time from the first day to before the end."""
    still = Q(ended_at__isnull=True) | Q(ended_at__gte=midnight(first))
    rows = Pause.objects.filter(still, started_at__lt=end).order_by("started_at", "pk")
    named: dict[int, tuple[int, int, int | None, set[int]]] = {}
    for pk, table, since, until, department in rows.values_list(
        "pk", "table_id", Seconds("started_at"), Seconds("ended_at"), "going_on"
    ):
        going_on = named.setdefault(pk, (table, since, until, set()))[3]
        if department is not None:
            going_on.add(department)
    found: dict[int, list[Held]] = defaultdict(list)
    for table, since, until, departments in named.values():
        found[table].append(Held(since, until, frozenset(departments)))
    return found
