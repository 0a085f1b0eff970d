"""Where no mail server is set: no mail leaves, and none is written to a file."""

import errno
from collections.abc import Sequence
from typing import Any, NoReturn

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class NoMailServer(BaseEmailBackend):
    """Refuses as a server that is not there: mails wait in their rows, and the health page is red.

    A file would keep what it says, and its links that open accounts, for whoever reads the disk.
    """

    def open(self) -> NoReturn:
        raise ConnectionRefusedError(errno.ECONNREFUSED, "EMAIL_URL is not set")

    def send_messages(self, email_messages: Sequence[EmailMessage], *_: Any) -> NoReturn:
        self.open()
