"""The stored deadlines of a table and its opinions, from its start, its targets and its pauses.

The application of an open table has the table's deadline as its own, and follows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.utils import timezone

from accounts.models import Department
from applications.models import Application
from applications.time_limits import WAITS_FOR_SUPPLEMENT
from applications.workflow import Status
from core.dates import moment_words
from reviews.models import Opinion, Pause, ReviewTable
from reviews.models.review import ReviewTableQuerySet
from workdays.calendar import PROVISIONAL_NOTE, Calendar, load_calendar, local
from workdays.clock import PauseSpan, Remaining, deadline, remaining


@dataclass(frozen=True)
class TableMove:
    """A deadline that the calendar moves; `opinion` is None for the whole table's."""

    table: ReviewTable
    opinion: Opinion | None
    before: datetime
    after: datetime

    @property
    def row(self) -> ReviewTable:
        return self.table

    @property
    def subject(self) -> str:
        return f"{self.table}　{self.table.application.enterprise.name}"

    @property
    def whose(self) -> str:
        return f"{self.opinion.department}意见" if self.opinion else "全表办结"


def spans(table: ReviewTable, until: datetime | None = None) -> tuple[PauseSpan, ...]:
    """The table's pauses as the clock takes them; with `until`, as far as they count till then."""
    found = tuple(span(pause) for pause in table.pauses.all())
    if until is None:
        return found
    return tuple(
        PauseSpan(one.started_at, min(one.ended_at or until, until), one.reason)
        for one in found
        if one.started_at < until
    )


def span(pause: Pause) -> PauseSpan:
    return PauseSpan(pause.started_at, pause.ended_at, pause.reason)


def is_paused(table: ReviewTable) -> bool:
    return any(pause.ended_at is None for pause in table.pauses.all())


def target_days(what: Literal["departments", "whole"]) -> int:
    """Working days as the station has set them now; a table keeps those it was circulated with."""
    return int(settings.TARGET_DAYS[what])


def due_at(
    table: ReviewTable,
    department: Department | None,
    calendar: Calendar,
    pauses: tuple[PauseSpan, ...] = (),
    now: datetime | None = None,
) -> datetime:
    """When the department's opinion, or with None the whole table, is due."""
    days = table.target_days(department)
    return deadline(table.circulated_at, days, calendar, pauses, now)


def reckon(table: ReviewTable, calendar: Calendar, now: datetime) -> Iterator[TableMove]:
    """The deadlines of an open table that differ from what is stored. Writes nothing."""
    pauses = spans(table)
    for opinion in table.opinions.all():
        if opinion.signed_at is None and opinion.lapsed_at is None:
            after = due_at(table, opinion.department, calendar, pauses, now)
            if after != opinion.due_at:
                yield TableMove(table, opinion, opinion.due_at, after)
    after = due_at(table, None, calendar, pauses, now)
    if after != table.due_at:
        yield TableMove(table, None, table.due_at, after)


def recompute(table: ReviewTable, calendar: Calendar) -> list[TableMove]:
    """Write the deadlines again after a pause has ended or the calendar has changed."""
    moves = list(reckon(table, calendar, timezone.now()))
    for move in moves:
        row = move.opinion or move.table
        row.due_at = move.after
        row.save(update_fields=["due_at"])
    if any(move.opinion is None for move in moves):
        # While the enterprise supplements, the application has the deadline of its answer.
        held = Application.objects.filter(pk=table.application_id, status=Status.IN_REVIEW)
        held.update(due_at=table.due_at)
    return moves


def due_when_signed(opinion: Opinion, moment: datetime) -> datetime:
    """The deadline for good. Signed while the clock stands still, the pause counts till then."""
    table = opinion.table
    if not is_paused(table):
        return opinion.due_at
    pauses = spans(table, moment)
    return due_at(table, opinion.department, load_calendar(), pauses, moment)


def with_deadlines(tables: ReviewTableQuerySet) -> ReviewTableQuerySet:
    """With all that `reckon` reads, in three queries for any number of tables."""
    return tables.with_people().prefetch_related("opinions__department", "pauses")


def remaining_for(
    due: datetime, application_status: str, calendar: Calendar, now: datetime
) -> Remaining:
    """How long is left, in words for a list; while the enterprise supplements, that it is paused.

    Takes stored values alone, so that a list of any length costs no query a row.
    """
    paused = application_status == Status.SUPPLEMENTING
    pauses = (PauseSpan(now, None, WAITS_FOR_SUPPLEMENT),) if paused else ()
    return remaining(due, now, calendar, pauses)


def deadline_words(due: datetime, calendar: Calendar) -> str:
    """A deadline in a sentence, with the remark where its year's notice is not published."""
    words = moment_words(due)
    return f"{words}（{PROVISIONAL_NOTE}）" if calendar.is_provisional(local(due).year) else words
