"""The stored deadlines of a table and its opinions, from its start, its targets and its pauses.

The application of an open table has the table's deadline as its own, and follows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import Department
from applications.models import Application
from applications.time_limits import WAITS_FOR_SUPPLEMENT, remaining_of
from applications.workflow import Status
from core.dates import moment_words
from reviews.models import Opinion, Pause, ReviewTable
from reviews.models.review import ReviewTableQuerySet
from workdays.calendar import PROVISIONAL_NOTE, Calendar, load_calendar, local
from workdays.clock import PauseSpan, Remaining, days_gone, deadline, late_words, remaining

AHEAD = "还没有轮到，其他部门签齐后计时"
THE_ENTERPRISE = "企业补充材料"


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


def spans(
    table: ReviewTable, department: Department | None = None, until: datetime | None = None
) -> tuple[PauseSpan, ...]:
    """The pauses that hold a department, or with None the whole table, as the clock takes them.

    With `until`, as far as they count till then.
    """
    found = tuple(span(pause) for pause in table.pauses.all() if _holds(pause, department))
    if until is None:
        return found
    return tuple(
        PauseSpan(one.started_at, min(one.ended_at or until, until), one.reason)
        for one in found
        if one.started_at < until
    )


def span(pause: Pause) -> PauseSpan:
    return PauseSpan(pause.started_at, pause.ended_at, pause.reason)


def _holds(pause: Pause, department: Department | None) -> bool:
    """Whoever signs last decides on everything, and so waits for whatever is missing."""
    if department is None or department.signs_last:
        return True
    return department.pk not in {one.pk for one in pause.going_on.all()}


def is_paused(table: ReviewTable, department: Department | None = None) -> bool:
    """Does the clock of this department, or with None of the whole table, stand still?"""
    return any(one.ended_at is None for one in spans(table, department))


def turn_of_last(table: ReviewTable) -> datetime | None:
    """When the department that signs last had its turn: with the last signature of the others."""
    signed = [one.signed_at for one in table.opinions.all() if not one.is_last]
    moments = [moment for moment in signed if moment is not None]
    return max(moments) if moments and len(moments) == len(signed) else None


def target_days(what: Literal["departments", "whole"]) -> int:
    """Working days as the station has set them now; a table keeps those it was circulated with."""
    return int(settings.TARGET_DAYS[what])


@dataclass(frozen=True)
class Counting:
    """From when a deadline is counted, and how many working days."""

    since: datetime
    days: int


def counting_of(
    table: ReviewTable,
    department: Department | None,
    calendar: Calendar,
    pauses: tuple[PauseSpan, ...] = (),
    now: datetime | None = None,
) -> Counting:
    """How the deadline of a department, or with None of the whole table, is counted.

    Everybody's days count from circulation. Whoever signs last has, from his turn on, his own
    days at the least: where the others were late, his deadline is later than the table's
    (docs/adr/0037).
    """
    counted = Counting(table.circulated_at, table.target_days(department))
    turn = turn_of_last(table) if department is not None and department.signs_last else None
    if turn is None:
        return counted
    own = Counting(turn, table.last_days)
    return max(counted, own, key=lambda one: _end(one, calendar, pauses, now))


def _end(
    counted: Counting, calendar: Calendar, pauses: tuple[PauseSpan, ...], now: datetime | None
) -> datetime:
    return deadline(counted.since, counted.days, calendar, pauses, now)


def due_at(
    table: ReviewTable,
    department: Department | None,
    calendar: Calendar,
    pauses: tuple[PauseSpan, ...] = (),
    now: datetime | None = None,
) -> datetime:
    """When the department's opinion, or with None the whole table, is due."""
    counted = counting_of(table, department, calendar, pauses, now)
    return _end(counted, calendar, pauses, now)


def reckon(table: ReviewTable, calendar: Calendar, now: datetime) -> Iterator[TableMove]:
    """The deadlines of an open table that differ from what is stored. Writes nothing."""
    for opinion in table.opinions.all():
        if opinion.signed_at is None and opinion.lapsed_at is None:
            pauses = spans(table, opinion.department)
            after = due_at(table, opinion.department, calendar, pauses, now)
            if after != opinion.due_at:
                yield TableMove(table, opinion, opinion.due_at, after)
    after = due_at(table, None, calendar, spans(table), now)
    if after != table.due_at:
        yield TableMove(table, None, table.due_at, after)


def recompute(table: ReviewTable, calendar: Calendar) -> list[TableMove]:
    """Write the deadlines again after a pause has ended or the calendar has changed."""
    now = timezone.now()
    moves = list(reckon(table, calendar, now))
    for move in moves:
        row = move.opinion or move.table
        row.due_at, row.due_moved_at = move.after, now
        row.save(update_fields=["due_at", "due_moved_at"])
    if any(move.opinion is None for move in moves):
        # While the enterprise supplements, the application has the deadline of its answer.
        held = Application.objects.filter(pk=table.application_id, status=Status.IN_REVIEW)
        held.update(due_at=table.due_at)
    return moves


def due_when_signed(opinion: Opinion, moment: datetime) -> datetime:
    """The deadline for good. Signed while the clock stands still, the pause counts till then."""
    table, department = opinion.table, opinion.department
    if not is_paused(table, department):
        return opinion.due_at
    return due_at(table, department, load_calendar(), spans(table, department, moment), moment)


def with_deadlines(tables: ReviewTableQuerySet) -> ReviewTableQuerySet:
    """With all that `reckon` reads, in as many queries for one table as for many."""
    return tables.with_people().prefetch_related("opinions__department", "pauses__going_on")


def with_standing(tables: ReviewTableQuerySet) -> ReviewTableQuerySet:
    """With all that `standing` reads, in two queries for any number of tables."""
    opinions = Opinion.objects.with_clock().select_related("department")
    return tables.with_people().prefetch_related(Prefetch("opinions", opinions))


def remaining_for(
    due: datetime, application_status: str, calendar: Calendar, now: datetime
) -> Remaining:
    """How long is left for a whole table, in words for a list; or that its clock stands still.

    Takes stored values alone, so that a list of any length costs no query a row.
    """
    paused = application_status == Status.SUPPLEMENTING
    pauses = (PauseSpan(now, None, WAITS_FOR_SUPPLEMENT),) if paused else ()
    return remaining(due, now, calendar, pauses)


def left_for(
    opinion: Opinion, calendar: Calendar, now: datetime, *, is_ahead: bool = False
) -> Remaining:
    """How long is left for one department, in words for a list.

    `is_ahead`: it signs last, and its turn has not come; nothing of it can be late.
    """
    if opinion.is_held:
        pause = PauseSpan(now, None, WAITS_FOR_SUPPLEMENT)
        return remaining(opinion.due_at, now, calendar, (pause,))
    if is_ahead:
        days = calendar.count_working_days(local(now).date(), local(opinion.due_at).date())
        return Remaining(days, "ok", AHEAD)
    return remaining(opinion.due_at, now, calendar)


def standing(table: ReviewTable, calendar: Calendar, now: datetime) -> Remaining:
    """How an open table stands, in words for a list: late by whoever is late.

    A department past its deadline is named, with the whole table's clock beside it. Reads what
    `with_standing` has fetched.
    """
    whole = remaining_for(table.due_at, table.application.status, calendar, now)
    turn = turn_of_last(table)
    late = [
        one
        for one in table.opinions.all()
        if not one.is_signed
        and one.lapsed_at is None
        and now > one.due_at
        and not one.is_held
        and (turn is not None or not one.is_last)
    ]
    if not late or whole.state == "late":
        return whole
    first = min(late, key=lambda one: one.due_at)
    names = "、".join(str(one.department) for one in late)
    words = late_words(first.due_at, now, calendar)
    days = -days_gone(first.due_at, now, calendar)
    return Remaining(days, "late", f"{names}{words}", f"全表{whole.words}")


def awaited(table: ReviewTable) -> list[str]:
    """Who is to act on an open table now, by name. Reads what `with_standing` has fetched."""
    names = [str(one.department) for one in _at_work(table)]
    is_paused = table.application.status == Status.SUPPLEMENTING
    return [THE_ENTERPRISE, *names] if is_paused else names


def _at_work(table: ReviewTable) -> list[Opinion]:
    """What departments can sign now."""
    waiting = [one for one in table.opinions.all() if not one.is_signed and one.lapsed_at is None]
    at_once = [one for one in waiting if not one.is_last]
    return [one for one in at_once or waiting if not one.is_held]


def until_awaited(table: ReviewTable, calendar: Calendar, now: datetime) -> Remaining:
    """Until when those are to sign who are awaited: the first of their own deadlines.

    As the table stands where something is late, for that says who is, and where none but the last
    department is awaited. While the clock stands still, that it does, and beside it whose runs on
    all the same: the enterprise's, and of the departments that a pause leaves out. Reads what
    `with_standing` has fetched, and the application's own deadline.
    """
    whole = standing(table, calendar, now)
    running = [one for one in _at_work(table) if not one.is_last]
    if whole.state == "late":
        return whole
    first = min(running, key=lambda one: one.due_at) if running else None
    if whole.state == "paused":
        answer = remaining_of(table.application, calendar, now)
        notes = [answer.note if answer else ""]
        if first is not None:
            names = "、".join(str(one.department) for one in running)
            notes.append(f"{names}照常计时，{left_for(first, calendar, now).words}")
        return replace(whole, note="；".join(filter(None, notes)) or whole.note)
    return left_for(first, calendar, now) if first is not None else whole


def until_words(opinion: Opinion, calendar: Calendar) -> str:
    """Until when an opinion is due, for a sentence; or why it has no deadline now."""
    if opinion.is_held:
        return "等企业补充材料，已暂停计时"
    if opinion.is_last and turn_of_last(opinion.table) is None:
        return AHEAD
    return f"时限{deadline_words(opinion.due_at, calendar)}前"


def deadline_words(due: datetime, calendar: Calendar) -> str:
    """A deadline in a sentence, with the remark where its year's notice is not published."""
    words = moment_words(due)
    return f"{words}（{PROVISIONAL_NOTE}）" if calendar.is_provisional(local(due).year) else words
