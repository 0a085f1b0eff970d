"""Days that other rooms put into a person's calendar.

A room declares in its AppConfig `calendar_days`, the dotted name of a function that gives those of
a person; they name neither applicant nor enterprise, since calendars are kept anywhere.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.utils.module_loading import import_string

from accounts.models import User


@dataclass(frozen=True)
class CalendarDay:
    """`key` tells it from all others, and stays when the day moves."""

    key: str
    summary: str
    path: str
    day: date


def declared_days(user: User) -> Iterator[CalendarDay]:
    for config in apps.get_app_configs():
        name = getattr(config, "calendar_days", None)
        if name is not None:
            days: Callable[[User], Iterable[CalendarDay]] = import_string(name)
            yield from days(user)
