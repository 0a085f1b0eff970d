from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from enterprises.models import StandingPage
from enterprises.services import DocumentStack, freeze
from files import recognising, services, tasks
from files.models import Recognition
from files.recognition import LineOfText, Reading
from materials.stack import remove_page
from tests.factories import picture, standing_page, stored_picture

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


def asked(stored, turn=1):
    return services.ask_recognition(stored, Recognition.Kind.TEXT, turn=turn)


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


def worked_through(monkeypatch):
    """Keys of the rows in the order in which the worker takes them, a message after the other."""
    taken = []

    def read(recognition):
        taken.append(recognition.pk)
        Recognition.objects.filter(pk=recognition.pk).update(state="done", done_at=timezone.now())
        return True

    monkeypatch.setattr(recognising, "_read", read)
    now = timezone.now()
    for number in range(100):
        with time_machine.travel(now + timedelta(seconds=number), tick=False):
            if not recognising.recognise_next():
                break
    return taken


def test_sixty_pictures_of_one_keep_nobody_elses_waiting(monkeypatch):
    flood = [asked(stored_picture(picture(2, str(n))), turn=1).pk for n in range(60)]
    second = [asked(stored_picture(picture(8, str(n))), turn=2).pk for n in range(2)]
    third = asked(stored_picture(picture(9)), turn=3).pk

    order = worked_through(monkeypatch)

    assert order[:6] == [flood[0], second[0], third, flood[1], second[1], flood[2]]
    assert order[6:] == flood[3:]


def test_whose_turn_it_was_is_remembered_when_more_comes(monkeypatch):
    first = [asked(stored_picture(picture(2, str(n))), turn=1).pk for n in range(3)]
    monkeypatch.setattr(recognising, "_read", lambda recognition: True)
    recognising.recognise_next()
    late = asked(stored_picture(picture(8)), turn=2).pk

    assert worked_through(monkeypatch) == [late, first[1], first[2]]


def test_what_was_removed_is_skipped_and_what_is_still_a_page_is_read(
    monkeypatch, enterprise, agent, told
):
    removed, kept, shared = (standing_page(enterprise, 2, picture(2, text)) for text in "abc")
    rows = {page.pk: asked(page.file).pk for page in (removed, kept, shared)}
    freeze(shared.document)
    stack = DocumentStack(enterprise, 2)
    for page in (removed, shared):
        Recognition.objects.filter(file=page.file).update(attempts=1)
    remove_page(stack, shared, by=agent)
    StandingPage.objects.filter(file=removed.file).update(superseded_at=timezone.now())
    told.clear()

    tasks.sweep_recognition()
    order = worked_through(monkeypatch)

    # What was submitted with an application is a page of it, whatever came afterwards.
    assert sorted(told) == sorted([rows[kept.pk], rows[shared.pk]])
    assert sorted(order) == sorted([rows[kept.pk], rows[shared.pk]])
    assert recognising.recognise(rows[removed.pk]) is False


def test_a_message_reads_whoevers_turn_it_is(readers):
    first, second = asked(stored_picture(picture(2)), 1), asked(stored_picture(picture(8)), 2)
    readers.extend([READ, READ])
    tasks.recognise_one(first.pk)
    tasks.recognise_one(first.pk)
    for row in (first, second):
        row.refresh_from_db()
        assert row.state == "done"
