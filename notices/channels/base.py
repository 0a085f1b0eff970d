"""What a channel is, and the ways in which it may not take a message."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

from notices.models import Delivery


class ChannelDown(Exception):
    """The server did not answer or refused us: nothing goes out this way. Tried again."""


class MessageRefused(Exception):
    """The server answered and will never take this message, such as for a wrong address."""


class CannotBeSent(Exception):
    """We know without asking the server, such as for want of a number. Says nothing of it."""


class TryLater(Exception):
    """The server answered and takes this message later, such as behind a limit of rate."""

    def __init__(self, why: str, wait: timedelta | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class Session(Protocol):
    """An open way to the server."""

    def send(self, delivery: Delivery) -> None:
        """Hand the message over; returns when the server has taken it.

        Raises ChannelDown, MessageRefused, CannotBeSent or TryLater.
        """


class Channel(ABC):
    """One way out. `session` is left after the outcome was written down, so that no farewell
    to a server lies between its receipt and our note of it."""

    @abstractmethod
    def key(self, delivery: Delivery) -> str:
        """What fails and recovers together; names a row of ChannelHealth."""

    @abstractmethod
    def label(self, delivery: Delivery) -> str:
        """The same in words."""

    @abstractmethod
    def session(self, delivery: Delivery) -> AbstractContextManager[Session]:
        """Connect. Raises ChannelDown or CannotBeSent."""
