from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from files import recognising, services, tasks
from files.models import Recognition
from files.recognition import LineOfText, Reading
from tests.factories import picture, stored_picture

pytestmark = pytest.mark.django_db

READ = Reading(620, 877, 0, lines=(LineOfText("营业执照", 0.98, (10, 10, 200, 40)),))


@pytest.fixture
def readers(monkeypatch):
    """What the text reader does with the next pictures: return a reading or raise."""
    answers: list[Reading | Exception] = []

    def read(data):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setitem(recognising.READERS, Recognition.Kind.TEXT, read)
    return answers


@pytest.fixture
def told(monkeypatch, settings):
    """Keys of the rows that the worker was told of."""
    settings.RECOGNITION = "on"
    keys = []
    monkeypatch.setattr(
        tasks.recognise_one, "apply_async", lambda arguments, queue: keys.extend(arguments)
    )
    return keys


@pytest.fixture
def stored():
    return stored_picture(picture(2))


def asked(stored):
    return services.ask_recognition(stored, Recognition.Kind.TEXT)


def test_what_was_read_is_kept_on_the_row(stored, readers):
    readers.append(READ)
    assert recognising.recognise(asked(stored).pk) is True
    row = Recognition.objects.get()
    assert (row.state, row.attempts) == ("done", 1)
    assert row.reading == READ


def test_what_was_read_is_encrypted_in_the_database(stored, readers):
    readers.append(READ)
    recognising.recognise(asked(stored).pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM files_recognition")
        [(kept,)] = cursor.fetchall()
    assert kept.startswith("k1:")
    assert "营业执照" not in kept


def test_a_picture_is_read_once_however_often_the_task_runs(stored, readers):
    readers.append(READ)
    row = asked(stored)
    assert recognising.recognise(row.pk) is True
    assert recognising.recognise(row.pk) is False


def test_asking_twice_makes_one_row_and_tells_the_worker_once(
    stored, told, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        asked(stored)
    with django_capture_on_commit_callbacks(execute=True):
        asked(stored)
    assert told == [Recognition.objects.get().pk]


def test_a_picture_that_fails_is_tried_three_times_and_then_left_to_people(stored, readers):
    readers.extend([OSError("weg")] * 3)
    row = asked(stored)
    now = timezone.now()
    for attempt in range(4):
        with time_machine.travel(now + timedelta(hours=attempt), tick=False):
            recognising.recognise(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("failed", 3)
    assert row.last_error == "OSError：weg"
    assert row.reading is None


def test_a_worker_that_dies_gives_the_picture_back_and_cannot_die_of_it_for_ever(stored):
    row = asked(stored)
    now = timezone.now()
    for attempt in range(3):
        with time_machine.travel(now + timedelta(hours=attempt), tick=False):
            assert recognising._take(row.pk) is not None
            assert recognising.recognise(row.pk) is False  # somebody holds the lease
    with time_machine.travel(now + timedelta(hours=9), tick=False):
        assert recognising.recognise(row.pk) is False
    row.refresh_from_db()
    assert row.state == "failed"


def test_the_sweep_tells_of_what_was_lost_and_not_of_what_only_waits(stored, told):
    waiting, lost = asked(stored), asked(stored_picture(picture(8)))
    now = timezone.now()
    Recognition.objects.filter(pk=waiting.pk).update(told_at=now - timedelta(minutes=1))
    Recognition.objects.filter(pk=lost.pk).update(told_at=now - timedelta(hours=1))
    tasks.sweep_recognition()
    assert told == [lost.pk]


def test_without_a_broker_the_row_waits_for_the_sweep(stored, told, monkeypatch):
    def refuse(*_args, **_options):
        raise OperationalError("no broker")

    row = asked(stored)
    monkeypatch.setattr(tasks.recognise_one, "apply_async", refuse)
    tasks.hand_over(row.pk)
    row.refresh_from_db()
    assert row.told_at is None


def test_without_the_packages_nobody_is_told_and_the_row_waits(stored, told, settings):
    settings.RECOGNITION = "off"
    row = asked(stored)
    tasks.hand_over(row.pk)
    tasks.sweep_recognition()
    assert told == []
    assert Recognition.objects.get().state == "queued"
