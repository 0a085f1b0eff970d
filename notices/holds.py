"""Locks while a message is being sent: whoever holds them is alive.

A lease by the clock ends too early where the clock jumps ahead. These are freed when their process
ends and not before, so that a message under way is left alone whatever the clock says: a file for
the processes of one host, and in PostgreSQL a lock of the connection for those of all hosts. What
is not to be had is done without; the lease remains (ADR 8, 82).
"""

import fcntl
import logging
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

from notices.models import Delivery

logger = logging.getLogger(__name__)
# The first number of these locks in the database; nothing else of the portal takes any.
OF_DELIVERIES: Final = 8_0082


class Hold:
    """One delivery's locks, from `take` until `release` or the end of the process."""

    def __init__(self, locks: ExitStack) -> None:
        self.locks = locks

    def release(self) -> None:
        self.locks.close()


def take(delivery: Delivery) -> Hold | None:
    """The locks, or None while another process sends this very message."""
    with ExitStack() as locks:
        if _on_disk(delivery, locks) and _in_database(delivery, locks):
            return Hold(locks.pop_all())
    return None


def _on_disk(delivery: Delivery, locks: ExitStack) -> bool:
    path = Path(settings.RECEIPTS) / f"{delivery.pk}.lock"
    try:
        file = path.open("ab")
    except OSError:
        logger.exception("投递%s没能上锁，只按租约发送。", delivery.pk)
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    locks.callback(file.close)
    locks.callback(_remove, path)
    return True


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _in_database(delivery: Delivery, locks: ExitStack) -> bool:
    """SQLite has one host, whose files are enough."""
    if connection.vendor != "postgresql":
        return True
    # They take 32 bits: two deliveries 2^31 apart would wait for each other.
    number = delivery.pk % 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [OF_DELIVERIES, number])
        [is_ours] = cursor.fetchone()
    if is_ours:
        locks.callback(_give_back, number)
    return bool(is_ours)


def _give_back(number: int) -> None:
    # Without the connection there is no lock any more.
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [OF_DELIVERIES, number])
