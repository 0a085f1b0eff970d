"""Places for heavy work: so many on a host, one a holder, given back whatever happens."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from core import work_places
from core.work_places import Busy, place

HOLD = """
import sys, time
from types import SimpleNamespace
from pathlib import Path
from core import work_places
work_places.settings = SimpleNamespace(PORTAL_DATA=Path(sys.argv[1]), WORK_PLACES=2)
with work_places.place(sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def impatient(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PORTAL_DATA, settings.WORK_PLACES = tmp_path, 2
    monkeypatch.setattr(work_places, "PATIENCE_SECONDS", 0.1)


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def is_free(holder: str) -> bool:
    try:
        with place(holder):
            return True
    except Busy:
        return False


def test_two_work_at_a_time_and_a_third_is_told(held: ExitStack) -> None:
    held.enter_context(place("a"))
    held.enter_context(place("b"))

    assert not is_free("c")

    held.close()
    assert is_free("c")


def test_one_holder_has_one_place(held: ExitStack) -> None:
    held.enter_context(place("a"))

    assert not is_free("a")
    assert is_free("b")


def test_a_failure_gives_the_place_back() -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), place("a"):
            raise ZeroDivisionError
    assert is_free("a")


def test_who_waits_gets_the_place_that_becomes_free(
    held: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_places, "PATIENCE_SECONDS", 20)
    held.enter_context(place("a"))
    held.enter_context(place("b"))
    done = []
    waiting = threading.Thread(target=lambda: done.append(is_free("c")))
    waiting.start()
    while not _is_locked("queue-0"):
        time.sleep(0.01)

    held.close()
    waiting.join(10)

    assert done == [True]


def test_only_two_wait_and_the_next_is_told_at_once(
    held: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.enter_context(place("a"))
    held.enter_context(place("b"))
    for number in range(2):
        assert work_places._locked(held, f"queue-{number}")
    monkeypatch.setattr(work_places, "PATIENCE_SECONDS", 60)

    started = time.monotonic()
    assert not is_free("c")
    assert time.monotonic() - started < 5


def _is_locked(name: str) -> bool:
    with ExitStack() as stack:
        return not work_places._locked(stack, name)


def test_other_processes_share_the_places_and_a_killed_one_gives_its_own_back(
    held: ExitStack, tmp_path: Path
) -> None:
    held.enter_context(place("a"))
    command = [sys.executable, "-c", HOLD, str(tmp_path), "b"]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    held.enter_context(other)
    held.callback(other.kill)
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    assert not is_free("c")

    other.send_signal(signal.SIGKILL)
    other.wait()

    assert is_free("c")
