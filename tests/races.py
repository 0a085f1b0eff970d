"""Two at the same moment, each held where what was read could grow old before it is written.

Without the lock that a test is about, both arrive there, and both go on with what they read. With
it the second waits in the database for the first, who after `PATIENCE` goes on alone.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection

PATIENCE = 1.0


def hold(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    """Let the first two callers of `where.name` enter together, or the first one alone."""
    function, gate = getattr(where, name), Barrier(2)

    def held(*args: Any, **kwargs: Any) -> Any:
        with suppress(BrokenBarrierError):
            gate.wait(timeout=PATIENCE)
        return function(*args, **kwargs)

    monkeypatch.setattr(where, name, held)


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of `count` threads returned, in the order of their numbers."""
    start = Barrier(count)

    def run(number: int) -> Any:
        try:
            start.wait(timeout=20)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
