"""One beat at a time, and what a jump of the clock does to it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from celery.schedules import crontab
from django.db import DatabaseError

from notices import beat
from notices.beat import LeasedScheduler, hold, release
from notices.models import BeatLease, BeatRun
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


def scheduler(**more: Any) -> LeasedScheduler:
    made = LeasedScheduler(app=app)
    made.schedule.clear()
    made.update_from_dict({"sweep": {"task": "notices.sweep", "schedule": 30.0}, **more})
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


def test_only_the_holder_sends(db: None, started: list[str]) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        first, second = scheduler(), scheduler()
        for _ in range(61):
            clock.shift(timedelta(seconds=1))
            first.tick()
            second.tick()
    first.close()
    second.close()
    assert started == ["notices.sweep"] * 2


def test_without_the_database_beat_waits_and_lives(
    db: None, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_holder: str) -> bool:
        raise DatabaseError("gone")

    one = scheduler()
    monkeypatch.setattr(beat, "hold", gone)
    assert one.tick() == 10
    one.close()
    assert started == []


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_an_hour_neither_floods_nor_silences(
    db: None, started: list[str], hours: int
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        one = scheduler()
        beats(one, clock, 31)
        before = len(started)
        clock.shift(timedelta(hours=hours))
        beats(one, clock, 62)
    one.close()
    assert before == 1
    assert 2 <= len(started) - before <= 3


DAILY = {"task": "cards.morning", "schedule": crontab(hour=9, minute=0)}


def test_a_daily_task_missed_while_no_beat_was_there_is_started_by_the_next(
    db: None, started: list[str]
) -> None:
    with time_machine.travel("2026-11-23T08:00:00+08:00", tick=False) as clock:
        first = scheduler(morning=DAILY)
        first.tick()
        first.close()
        clock.move_to("2026-11-23T11:00:00+08:00")
        second = scheduler(morning=DAILY)
        beats(second, clock, 5)
        second.close()
    assert started == ["cards.morning"]


def test_who_takes_over_does_not_start_again_what_was_started_today(
    db: None, started: list[str]
) -> None:
    with time_machine.travel("2026-11-23T08:59:00+08:00", tick=False) as clock:
        first, second = scheduler(morning=DAILY), scheduler(morning=DAILY)
        first.tick()
        second.tick()
        beats(first, clock, 65)
        first.close()
        beats(second, clock, 65)
        second.close()
    assert started.count("cards.morning") == 1


def test_what_is_no_longer_in_the_schedule_leaves_no_row(db: None, started: list[str]) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        first = scheduler(morning=DAILY)
        first.tick()
        first.close()
        assert [run.name for run in BeatRun.objects.all()] == ["morning"]
        clock.shift(timedelta(minutes=1))
        second = scheduler()
        second.tick()
        second.close()
    assert not BeatRun.objects.exists()
    assert started == []
