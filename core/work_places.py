"""Places for heavy work in requests: so many at a time on a host, whoever asks, and one a holder.

A place is a lock on a file: all web processes of the host share it, and the kernel gives it back
when a process dies (ADR 0035). It must be short: what waits here keeps a thread from others.
"""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from filelock import FileLock, Timeout

# Those who may stand in the queue, and for how long; further ones are told at once.
QUEUE: Final = 2
PATIENCE_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 0.05


class Busy(Exception):
    """All places are taken, and no more may wait."""


@contextmanager
def place(holder: str) -> Iterator[None]:
    """Hold a place while the work lasts; raises Busy, at once or after a short wait.

    `holder` is a short name in small letters and digits; one holder has one place at a time.
    """
    held = _take(holder) or _wait(holder)
    if held is None:
        raise Busy
    with held:
        yield


def _take(holder: str) -> ExitStack | None:
    with ExitStack() as stack:
        if _locked(stack, f"of-{holder}") and any(
            _locked(stack, f"place-{number}") for number in range(settings.WORK_PLACES)
        ):
            return stack.pop_all()
    return None


def _wait(holder: str) -> ExitStack | None:
    with ExitStack() as queue:
        if not any(_locked(queue, f"queue-{number}") for number in range(QUEUE)):
            return None
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
            held = _take(holder)
            if held is not None:
                return held
    return None


def _locked(stack: ExitStack, name: str) -> bool:
    """Whether this lock is ours now, until `stack` is closed."""
    lock = FileLock(_folder() / name, timeout=0, mode=0o600, thread_local=False)
    try:
        stack.enter_context(lock)
    except Timeout:
        return False
    return True


def _folder() -> Path:
    # The data may be shared by several hosts, each of which has processors of its own.
    host = re.sub(r"[^\w.-]", "-", socket.gethostname())
    folder: Path = settings.PORTAL_DATA / "places" / host
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
