"""Followers of a move: what another room does when an application comes to another status.

A room declares in its AppConfig `application_follower`, the dotted name of a function that takes
the change. It runs in the move's transaction, so that both are written or neither.
"""

from collections.abc import Callable
from functools import cache

from django.apps import apps
from django.utils.module_loading import import_string

from applications.models import StatusChange

Follower = Callable[[StatusChange], None]


@cache
def followers() -> tuple[Follower, ...]:
    declared = [getattr(config, "application_follower", None) for config in apps.get_app_configs()]
    return tuple(import_string(name) for name in declared if name)


def follow(change: StatusChange) -> None:
    for follower in followers():
        follower(change)
