"""Days that other rooms put into a person's calendar.

A room declares in its AppConfig `calendar_days`, the dotted name of a function that gives those of
a person; they name neither applicant nor enterprise, since calendars are kept anywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from core.declarations import declared


@dataclass(frozen=True)
class CalendarDay:
    """`key` tells it from all others, and stays when the day moves."""

    key: str
    summary: str
    path: str
    day: date


def declared_days(user: User) -> Iterator[CalendarDay]:
    for days in declared("calendar_days"):
        yield from days(user)
