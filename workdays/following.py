"""Deadlines that follow a changed calendar: recomputed, on record, and told.

A room whose rows have deadlines declares in its AppConfig `calendar_follower`, the dotted name of
a `Follower` class without arguments; whoever changes the calendar calls `follow_calendar`. Rows
that keep a target of their own (since when, how many working days) follow by `TargetDeadlines`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Protocol

from django.db import models, transaction

from accounts.audit import record
from accounts.models import AuditEvent, User
from core.declarations import declared
from core.sweeping import each
from workdays.calendar import Calendar, load_calendar
from workdays.clock import deadline


class DeadlineMove(Protocol):
    """A deadline that a calendar moves: of which row, of what and whose in words, from and to."""

    @property
    def row(self) -> models.Model: ...

    @property
    def subject(self) -> str: ...

    @property
    def whose(self) -> str: ...

    @property
    def before(self) -> datetime: ...

    @property
    def after(self) -> datetime: ...


class Follower(Protocol):
    """One room's open deadlines, as the calendar's changes concern them.

    `is_told`: people hear of its moves, and a preview of the calendar's change shows them.
    """

    is_told: ClassVar[bool]

    def expected(self, calendar: Calendar) -> Sequence[DeadlineMove]:
        """What this calendar would move and is not to wait, soonest first. Reads only."""

    def recompute(self, calendar: Calendar, *, by: User | None) -> Sequence[DeadlineMove]:
        """Write what moves, with its record, and return what is not to wait."""

    def tell(
        self, moves: Sequence[Any], event: AuditEvent, *, why: str, calendar: Calendar
    ) -> None:
        """Tell those whom these moves of this room concern; `event` is told of once."""


@dataclass(frozen=True)
class TargetMove:
    """The move of a deadline that a row keeps with its own target."""

    row: models.Model
    subject: str
    whose: str
    before: datetime
    after: datetime


class TargetDeadlines:
    """Deadlines of one model's rows, each so many working days (`due_days`) after a moment.

    A row keeps the target under which it began to wait: a changed setting moves nothing. Nobody
    is told of a move.
    """

    is_told: ClassVar[bool] = False
    # The model's field with the moment from which the days are counted.
    since: ClassVar[str]

    def waiting(self) -> "models.QuerySet[Any]":
        """The rows that have a target."""
        raise NotImplementedError

    def whose(self, row: Any) -> str:
        """Of what the deadline is, in words."""
        raise NotImplementedError

    def record_move(
        self, row: Any, *, by: User | None, before: dict[str, str], after: dict[str, str]
    ) -> None:
        """Put the move of this row's deadline on record."""
        raise NotImplementedError

    def expected(self, calendar: Calendar) -> list[TargetMove]:
        return list(self._moves(self.waiting().order_by("due_at", "pk"), calendar))

    def recompute(self, calendar: Calendar, *, by: User | None) -> list[TargetMove]:
        locked = self.waiting().select_for_update(of=("self",), no_key=True).order_by("pk")
        moves = list(self._moves(locked, calendar))
        for move in moves:
            type(move.row)._default_manager.filter(pk=move.row.pk).update(due_at=move.after)
            before, after = move.before.isoformat(), move.after.isoformat()
            self.record_move(move.row, by=by, before={"due_at": before}, after={"due_at": after})
        return moves

    def tell(
        self, moves: Sequence[Any], event: AuditEvent, *, why: str, calendar: Calendar
    ) -> None:
        """Nobody: whoever waits reads the deadline where he reads the case."""

    def _moves(self, rows: "models.QuerySet[Any]", calendar: Calendar) -> Iterator[TargetMove]:
        moves = each(rows, partial(self._move, calendar=calendar), what="按日历重算时限")
        yield from filter(None, moves)

    def _move(self, row: Any, *, calendar: Calendar) -> TargetMove | None:
        after = deadline(getattr(row, self.since), row.due_days, calendar)
        if after == row.due_at:
            return None
        return TargetMove(row, str(row), self.whose(row), row.due_at, after)


def followers() -> list[Follower]:
    """Every room's follower, from right to left.

    So a table is locked before its application, as signing locks them.
    """
    return [follower() for follower in reversed(declared("calendar_follower"))]


def expected_moves(calendar: Calendar) -> list[DeadlineMove]:
    """The open deadlines that this calendar would move and people are told of. Reads only."""
    return [
        move for follower in followers() if follower.is_told for move in follower.expected(calendar)
    ]


@transaction.atomic
def follow_calendar(cause: models.Model, *, why: str, by: User | None) -> list[DeadlineMove]:
    """Recompute all that is open, record what moved because of `cause`, and tell whom it moved for.

    Returns the moves that people were told of.
    """
    calendar = load_calendar()
    moved = [(follower, follower.recompute(calendar, by=by)) for follower in followers()]
    told = [move for follower, moves in moved if follower.is_told for move in moves]
    event = record("calendar.recompute", cause, by=by, after={"moved": len(told)})
    for follower, moves in moved:
        follower.tell(moves, event, why=why, calendar=calendar)
    return told


def catch_up_with_calendar() -> list[DeadlineMove]:
    """Mend a deadline that was computed from the old calendar while the new one was entered."""
    calendar = load_calendar()
    for follower in followers():
        found = follower.expected(calendar)
        if found:
            return follow_calendar(found[0].row, why="工作日历已更改", by=None)
    return []
