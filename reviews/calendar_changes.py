"""Deadlines of review tables as they follow a changed calendar: on record, and told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEvent, User
from core.dates import moment_words
from core.sweeping import each
from notices.conditions import Condition
from notices.models import Notice
from notices.services import notify
from reviews.conditions import while_open, while_unsigned
from reviews.models import ReviewTable
from reviews.time_limits import (
    TableMove,
    deadline_words,
    is_paused,
    reckon,
    recompute,
    with_deadlines,
)
from workdays.calendar import Calendar

MOST_LINES = 30
SWEEP = "按日历重算时限"


class TableDeadlines:
    """Deadlines of open review tables and of their opinions.

    What has its clock stand still is recomputed, but not told of: its deadline follows, and is
    told, when the clock goes on.
    """

    is_told: ClassVar[bool] = True

    def expected(self, calendar: Calendar) -> list[TableMove]:
        now, tables = timezone.now(), with_deadlines(ReviewTable.objects.open())
        in_order = tables.order_by("due_at", "pk")
        found = each(in_order, lambda table: list(reckon(table, calendar, now)), what=SWEEP)
        return [move for moves in found for move in moves if not _is_held(move)]

    def recompute(self, calendar: Calendar, *, by: User | None) -> list[TableMove]:
        locked = ReviewTable.objects.open().select_for_update(of=("self",)).order_by("pk")
        follow = partial(_recompute_one, calendar=calendar, by=by)
        found = each(with_deadlines(locked), follow, what=SWEEP)
        return [move for moves in found for move in moves]

    def tell(
        self, moves: Sequence[TableMove], event: AuditEvent, *, why: str, calendar: Calendar
    ) -> None:
        _tell(moves, event, why=why, calendar=calendar)


@transaction.atomic
def _recompute_one(table: ReviewTable, *, calendar: Calendar, by: User | None) -> list[TableMove]:
    """One table's moves, without those of what has its clock stand still."""
    moved = recompute(table, calendar)
    if moved:
        _record_moves(table, moved, by=by)
    return [move for move in moved if not _is_held(move)]


def _is_held(move: TableMove) -> bool:
    return is_paused(move.table, move.opinion.department if move.opinion else None)


def _record_moves(table: ReviewTable, moves: list[TableMove], *, by: User | None) -> None:
    record(
        "review.move_deadlines",
        table,
        by=by,
        before={move.whose: moment_words(move.before) for move in moves},
        after={move.whose: moment_words(move.after) for move in moves},
    )


def _tell(moves: Sequence[TableMove], event: AuditEvent, *, why: str, calendar: Calendar) -> None:
    """One message a person: each department its own, officers all, an enterprise its own."""
    departments, enterprises = defaultdict(list), defaultdict(list)
    for move in moves:
        if move.opinion is None:
            enterprises[move.table.application.enterprise].append(move)
        else:
            departments[move.opinion.department].append(move)
    for department, own in departments.items():
        _notify(User.objects.liaisons_of(department), own, event, why, calendar)
    for enterprise, own in enterprises.items():
        _notify(enterprise.people(), own, event, why, calendar)
    if moves:
        _notify(User.objects.officers(), moves, event, why, calendar)


def _notify(
    people: Iterable[User],
    moves: Sequence[TableMove],
    event: AuditEvent,
    why: str,
    calendar: Calendar,
) -> None:
    tables = {move.table.pk for move in moves}
    notify(
        people,
        cause=f"reviews:calendar:{event.pk}",
        template="reviews/email/deadlines_moved.txt",
        context={
            "why": why,
            "count": len(tables),
            "lines": [
                (move, moment_words(move.before), deadline_words(move.after, calendar))
                for move in moves[:MOST_LINES]
            ],
            "others": max(len(moves) - MOST_LINES, 0),
        },
        path=reverse("reviews:table_time", args=[*tables]) if len(tables) == 1 else reverse("home"),
        action_label="查看时限",
        kind=Notice.Kind.DEADLINE,
        short=f"{len(tables)}份审核表的办理时限有变",
        condition=_condition(moves),
    )


def _condition(moves: Sequence[TableMove]) -> Condition:
    """A department's opinions that still wait, or the tables that are still open."""
    if any(move.opinion is None for move in moves):
        return while_open(*{move.table for move in moves})
    return while_unsigned(*(move.opinion for move in moves if move.opinion is not None))
