"""Rows and lists of the home pages, each list with its counts in one query.

Nothing here reads more rows than it shows: of what waits the database counts beside them, without
reading what is in them; of what is over nobody needs the number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from accounts.filters import midnight
from accounts.models import User
from applications.models import Application
from applications.models.applications import ApplicationQuerySet
from applications.progress import ProgressStep
from applications.time_limits import remaining_of
from core.dates import moment_label
from reports.card_duties import Duty
from workdays.calendar import Calendar
from workdays.clock import Remaining

SHOWN = 20
BY_DEADLINE = F("due_at").asc(nulls_last=True)


@dataclass(frozen=True)
class RowAction:
    """What can be done at once, beside where the row leads."""

    url: str
    label: str


@dataclass(frozen=True)
class WorklistRow:
    """One line of a list: where it leads, what it is, and how it stands."""

    url: str
    title: str
    detail: str
    label: str = ""
    badge: str = ""
    remaining: Remaining | None = None
    # What happens next and who does it, where the list is read by somebody outside.
    next_what: str = ""
    next_who: str = ""
    # Whom to call about it, and the opinion to be chased on the table with that address.
    call: User | None = None
    chase: int | None = None
    chase_url: str = ""
    # Who acts for each of several departments that are waited for.
    calls: tuple[tuple[str, User], ...] = ()
    actions: tuple[RowAction, ...] = ()
    # The button that it has only where it is the one next step.
    next_action: RowAction | None = None
    progress: tuple[ProgressStep, ...] = ()


@dataclass(frozen=True)
class Worklist:
    title: str
    rows: tuple[WorklistRow, ...]
    total: int
    empty: str
    is_mine: bool = True
    # Its first row is the one to be done now, and stands out.
    is_next: bool = False
    # Of all `total`: past their deadline, and due later today.
    late: int = 0
    today: int = 0
    unit: str = "件"
    # There are more than `total`, which nobody has counted.
    is_cut: bool = False

    @property
    def count_words(self) -> str:
        return f"最近{self.total}{self.unit}" if self.is_cut else f"{self.total}{self.unit}"


ToRow = Callable[[Any], WorklistRow]


def worklist(
    title: str,
    found: QuerySet[Any],
    to_row: ToRow,
    *,
    empty: str,
    is_mine: bool = True,
    due: str = "",
    most: int = SHOWN,
    unit: str = "件",
) -> Worklist:
    """The first rows of what waits and how many there are in all, in one query.

    With the field `due` also how many are past it, and how many are due later today.
    """
    counts = {"total": _number_of(found)}
    if due:
        counts |= _due_counts(found, due)
    shown = list(found.annotate(**counts)[:most])
    counted: dict[str, Any] = {name: getattr(shown[0], name) if shown else 0 for name in counts}
    rows = tuple(to_row(one) for one in shown)
    return Worklist(title, rows, counted.pop("total"), empty, is_mine, unit=unit, **counted)


def newest(
    title: str, found: QuerySet[Any], to_row: ToRow, *, empty: str, most: int = SHOWN
) -> Worklist:
    """The first rows of what is over, which may be very many: nobody waits for their number."""
    shown = list(found[: most + 1])
    rows = tuple(to_row(one) for one in shown[:most])
    return Worklist(title, rows, len(rows), empty, is_mine=False, is_cut=len(shown) > most)


def _number_of(found: QuerySet[Any], condition: Q | None = None) -> Subquery:
    """How many there are, counted once a query, beside the rows and without what they hold."""
    rows = found if condition is None else found.filter(condition)
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("pk"))
    return Subquery(counted.values("number"), output_field=IntegerField())


def _due_counts(found: QuerySet[Any], due: str) -> dict[str, Subquery]:
    late, today = _late_and_today(due)
    return {"late": _number_of(found, late), "today": _number_of(found, today)}


def _late_and_today(due: str) -> tuple[Q, Q]:
    """Past this deadline; and due later today."""
    now, tomorrow = timezone.now(), midnight(timezone.localdate() + timedelta(days=1))
    return Q(**{f"{due}__lt": now}), Q(**{f"{due}__gte": now, f"{due}__lt": tomorrow})


def next_first(lists: Sequence[Worklist]) -> list[Worklist]:
    """The list with the one next step on top, and its first row marked as that."""
    place = next((i for i, one in enumerate(lists) if one.is_mine and one.rows), None)
    if place is None:
        return list(lists)
    first = replace(lists[place], is_next=True)
    return [first, *lists[:place], *lists[place + 1 :]]


def worklists(
    found: QuerySet[Any], buckets: Sequence[tuple[str, str, bool, ToRow]], *, due: str = ""
) -> list[Worklist]:
    """Lists of the same kind of row, told apart by `bucket` (0, 1, …), all in one query.

    `found` is annotated with it and in order; a bucket is title, words for none, and whose it is.
    The database goes through all of them: for what waits, in few columns.
    """
    own: dict[str, Any] = {"partition_by": F("bucket")}
    counts: dict[str, Any] = {"total": Window(Count("pk"), **own)}
    if due:
        late, today = _late_and_today(due)
        counts["late"] = Window(Count("pk", filter=late), **own)
        counts["today"] = Window(Count("pk", filter=today), **own)
    order: list[Any] = list(found.query.order_by)
    placed = found.annotate(place=Window(RowNumber(), order_by=order, **own), **counts)
    shown = list(placed.filter(place__lte=SHOWN))
    lists = []
    for bucket, (title, empty, is_mine, to_row) in enumerate(buckets):
        rows = [one for one in shown if one.bucket == bucket]
        counted: dict[str, Any] = {name: getattr(rows[0], name) if rows else 0 for name in counts}
        made = tuple(to_row(one) for one in rows)
        lists.append(Worklist(title, made, counted.pop("total"), empty, is_mine, **counted))
    return lists


def for_lists(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """With whom it is about, and no more: personal numbers would have to be decrypted."""
    people = applications.select_related("enterprise", "applicant")
    return people.only(
        "status", "status_since", "created_at", "due_at", "enterprise__name", "applicant__name"
    )


def application_row(view: str, calendar: Calendar) -> ToRow:
    now = timezone.now()

    def to_row(application: Application) -> WorklistRow:
        return WorklistRow(
            url=reverse(view, args=[application.pk]),
            title=case_words(application),
            detail=f"{application.reference}　{moment_label(application.status_since)}起",
            label=application.state.label,
            badge=application.badge,
            remaining=remaining_of(application, calendar, now),
        )

    return to_row


def case_words(application: Application) -> str:
    return f"{application.enterprise.name}　{application.applicant.name}"


def duty_row(duty: Duty) -> WorklistRow:
    return WorklistRow(duty.url, duty.title, duty.detail, duty.label, duty.badge)
