"""What accounts has others write. The outbox lies in a room further right: settings name it."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User


class Letters(Protocol):
    def reset_links(self, typed: str, origin: str) -> None:
        """Mail a link to whoever has this login name or mailbox, if anybody.

        Takes as long whether somebody has or not, so that it betrays nothing.
        """

    def password_was_reset(self, user: User) -> None:
        """Tell this person that the password was set anew."""


def letters() -> Letters:
    made: Letters = import_string(settings.ACCOUNT_LETTERS)()
    return made
