"""Deadlines that follow a changed calendar: recomputed, on record, and told.

A room whose rows have deadlines declares in its AppConfig `calendar_follower`, the dotted name of
a `Follower` class without arguments; whoever changes the calendar calls `follow_calendar`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.apps import apps
from django.db import models, transaction
from django.utils.module_loading import import_string

from accounts.audit import record
from accounts.models import AuditEvent, User
from workdays.calendar import Calendar, load_calendar


class Move(Protocol):
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
    """One room's open deadlines, as the calendar's changes concern them."""

    def expected(self, calendar: Calendar) -> Sequence[Move]:
        """What this calendar would move of what people are told of, soonest first. Reads only."""

    def recompute(self, calendar: Calendar, *, by: User | None) -> Sequence[Move]:
        """Write what moves, with its record, and return what people are to be told of."""

    def tell(
        self, moves: Sequence[Any], event: AuditEvent, *, why: str, calendar: Calendar
    ) -> None:
        """Tell those whom these moves of this room concern; `event` is told of once."""


def followers() -> list[Follower]:
    """Every room's follower, in the order of the rooms."""
    declared = [getattr(config, "calendar_follower", None) for config in apps.get_app_configs()]
    return [import_string(name)() for name in declared if name]


def expected_moves(calendar: Calendar) -> list[Move]:
    """The open deadlines that this calendar would move. Reads only."""
    return [move for follower in followers() for move in follower.expected(calendar)]


@transaction.atomic
def follow_calendar(cause: models.Model, *, why: str, by: User | None) -> list[Move]:
    """Recompute all that is open, record what moved because of `cause`, and tell whom it moved for.

    Returns the moves that people were told of.
    """
    calendar = load_calendar()
    moved = [(follower, follower.recompute(calendar, by=by)) for follower in followers()]
    told = [move for _, moves in moved for move in moves]
    event = record("calendar.recompute", cause, by=by, after={"moved": len(told)})
    for follower, moves in moved:
        follower.tell(moves, event, why=why, calendar=calendar)
    return told


def catch_up_with_calendar() -> list[Move]:
    """Mend a deadline that was computed from the old calendar while the new one was entered."""
    found = expected_moves(load_calendar())
    return follow_calendar(found[0].row, why="工作日历已更改", by=None) if found else []
