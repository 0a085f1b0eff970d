"""Followers of a move: what another room does when an application comes to another status.

A room declares in its AppConfig `application_follower`, the dotted name of a function that takes
the change. It runs in the move's transaction, so that both are written or neither.
"""

from applications.models import StatusChange
from core.declarations import declared


def follow(change: StatusChange) -> None:
    for follower in declared("application_follower"):
        follower(change)
