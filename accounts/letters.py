"""What accounts has others write. The outbox lies in a room further right: settings name it."""

from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import AccountRequest, User


class Letters(Protocol):
    def reset_links(self, typed: str, origin: str) -> None:
        """Mail a link to whoever has this login name or mailbox, if anybody.

        Takes as long whether somebody has or not, so that it betrays nothing.
        """

    def invitation(self, user: User, path: str) -> None:
        """Mail somebody new the page on which he sets his password."""

    def new_password_asked(self, user: User, path: str) -> None:
        """The same to somebody whose password an administrator made void."""

    def account_changed(
        self, user: User, *, by: User, lines: list[str], former_mailbox: str = ""
    ) -> None:
        """Tell him and the security administrators what somebody else changed of his account.

        With `former_mailbox` he is told there as well.
        """

    def confirm_mailbox(self, user: User, path: str, address: str) -> None:
        """Mail the link that confirms this mailbox there, at most once a minute."""

    def mailbox_known(self, holder: User, address: str) -> None:
        """Tell who signs in with this mailbox that somebody wanted it for another account."""

    def mailbox_asked(self, user: User) -> None:
        """Tell him at his present mailbox that another is to take its place."""

    def mailbox_changed(self, user: User, *, former_mailbox: str) -> None:
        """Tell him at the former mailbox that it serves no more."""

    def account_closed(self, user: User, *, by: User, mailbox: str) -> None:
        """Tell him at this mailbox that his account is closed; nothing else is sent any more.

        A mailbox that he never confirmed is written to no more.
        """

    def second_person_asked(self, asked: AccountRequest) -> None:
        """Ask the security administrators to decide."""

    def second_person_decided(self, asked: AccountRequest) -> None:
        """Tell whoever asked what came of it."""

    def entry_changed(self, user: User, *, what: str) -> None:
        """Tell this person what became of a key to his account, as “添加了通行密钥”."""

    def new_device(self, user: User, *, device: str) -> None:
        """Tell this person that somebody signed in where he never did before."""

    def idle_asked(self, user: User, *, until: datetime) -> None:
        """Ask somebody who has not signed in for long whether he still needs his account."""

    def idle_closed(self, user: User) -> None:
        """Tell him and the system administrators that it is closed."""

    def idle_kept(self, user: User, *, why: str) -> None:
        """Tell the system administrators of one that cannot be closed by itself, once a time."""

    def password_was_reset(self, user: User) -> None:
        """Tell this person that the password was set anew."""


def letters() -> Letters:
    made: Letters = import_string(settings.ACCOUNT_LETTERS)()
    return made
