"""One beat at a time, and what a jump of the clock does to it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError

from notices import beat
from notices.beat import LeasedScheduler, hold, release
from notices.models import BeatLease
from wanzhou_abtc.celery import app

NOW = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that beat sent."""
    # A test's transaction lives on one connection.
    monkeypatch.setattr(beat, "close_old_connections", lambda: None)
    sent: list[str] = []
    monkeypatch.setattr(
        LeasedScheduler, "apply_async", lambda _self, entry, **_: sent.append(entry.task)
    )
    return sent


def scheduler(folder: Path, name: str = "beat") -> LeasedScheduler:
    made = LeasedScheduler(app=app, schedule_filename=str(folder / name))
    made.schedule.clear()
    made.update_from_dict({"sweep": {"task": "notices.sweep", "schedule": 30.0}})
    return made


def beats(one: LeasedScheduler, clock: Any, seconds: int) -> None:
    """Let it look once a second."""
    for _ in range(seconds):
        clock.shift(timedelta(seconds=1))
        one.tick()


def test_the_lease_is_anothers_until_it_ends(db: None) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        assert hold("a")
        assert not hold("b")
        clock.shift(timedelta(seconds=20))
        assert hold("a")
        clock.shift(timedelta(seconds=29))
        assert not hold("b")
        clock.shift(timedelta(seconds=1))
        assert hold("b")
        assert not hold("a")
    assert BeatLease.objects.get().holder == "b"


def test_a_beat_that_stops_in_order_gives_the_lease_back(db: None) -> None:
    assert hold("a")
    release("b")
    assert not hold("b")
    release("a")
    assert hold("b")


def test_only_the_holder_sends(db: None, tmp_path: Path, started: list[str]) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        first, second = scheduler(tmp_path, "first"), scheduler(tmp_path, "second")
        for _ in range(61):
            clock.shift(timedelta(seconds=1))
            first.tick()
            second.tick()
    first.close()
    second.close()
    assert started == ["notices.sweep"] * 2


def test_without_the_database_beat_waits_and_lives(
    db: None, tmp_path: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_holder: str) -> bool:
        raise DatabaseError("gone")

    one = scheduler(tmp_path)
    monkeypatch.setattr(beat, "hold", gone)
    assert one.tick() == 10
    one.close()
    assert started == []


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_an_hour_neither_floods_nor_silences(
    db: None, tmp_path: Path, started: list[str], hours: int
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        one = scheduler(tmp_path)
        beats(one, clock, 31)
        before = len(started)
        clock.shift(timedelta(hours=hours))
        beats(one, clock, 62)
    one.close()
    assert before == 1
    assert 2 <= len(started) - before <= 3
