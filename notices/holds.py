"""A lock on disk while a message is being sent: whoever holds it is alive.

A lease by the clock ends too early where the clock jumps ahead. The system frees this lock when
its process ends and not before, so that a message under way is left alone whatever the clock
says. Where the folder is not to be had, the lease remains (ADR 0008).
"""

import fcntl
import logging
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.conf import settings

from notices.models import Delivery

logger = logging.getLogger(__name__)


class Hold:
    """One delivery's lock, from `take` until `release` or the end of the process."""

    def __init__(self, path: Path | None, file: IO[bytes] | None) -> None:
        self.path, self.file = path, file

    def release(self) -> None:
        if self.path is None or self.file is None:
            return
        with suppress(OSError):
            self.path.unlink()
        self.file.close()


def take(delivery: Delivery) -> Hold | None:
    """The lock, or None while another process sends this very message."""
    path = Path(settings.RECEIPTS) / f"{delivery.pk}.lock"
    try:
        file = path.open("ab")
    except OSError:
        logger.exception("投递%s没能上锁，只按租约发送。", delivery.pk)
        return Hold(None, None)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return Hold(path, file)
