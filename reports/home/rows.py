"""Rows and lists of the home pages, each list with its counts in one query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from accounts.filters import midnight
from accounts.models import User
from applications.models import Application
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
) -> Worklist:
    """The first rows and how many there are in all, in one query.

    With the field `due` also how many are past it, and how many are due later today.
    """
    counts = {"total": Window(Count("pk"))}
    if due:
        counts |= _due_counts(due)
    shown = list(found.annotate(**counts)[:most])
    counted: dict[str, Any] = {name: getattr(shown[0], name) if shown else 0 for name in counts}
    rows = tuple(to_row(one) for one in shown)
    return Worklist(title, rows, counted.pop("total"), empty, is_mine, **counted)


def _due_counts(due: str, **window: Any) -> dict[str, Window]:
    now, tomorrow = timezone.now(), midnight(timezone.localdate() + timedelta(days=1))
    later_today = Q(**{f"{due}__gte": now, f"{due}__lt": tomorrow})
    return {
        "late": Window(Count("pk", filter=Q(**{f"{due}__lt": now})), **window),
        "today": Window(Count("pk", filter=later_today), **window),
    }


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
    """
    own: dict[str, Any] = {"partition_by": F("bucket")}
    counts: dict[str, Any] = {"total": Window(Count("pk"), **own)}
    if due:
        counts |= _due_counts(due, **own)
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
