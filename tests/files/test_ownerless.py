"""Sweep of what has no owner: a day later it is gone, and nothing else is."""

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from accounts.models import Department
from enterprises.models import Enterprise
from files.models import Recognition, StoredFile
from files.ownerless import discard_unknown, discard_unreferred, without_owner
from files.services import ask_recognition
from reviews.signatures.certificates import authority, register
from tests.factories import (
    ApplicationFactory,
    ReviewTableFactory,
    material_page,
    path_of,
    standing_page,
    stored_picture,
)
from tests.factories import picture as draw

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def unknown_file(*, age: timedelta, name: str = "") -> Path:
    """A file in storage that has no row."""
    folder = Path(settings.MEDIA_ROOT) / "2026" / "11"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{secrets.token_hex(16)}.jpg")
    path.write_bytes(b"left by a process that was killed")
    moment = (timezone.now() - age).timestamp()
    os.utime(path, (moment, moment))
    return path


def tomorrow() -> datetime:
    return timezone.now() + DAY + timedelta(minutes=1)


def test_a_file_without_a_row_goes_after_a_day() -> None:
    known = stored_picture(draw(2))
    old = unknown_file(age=DAY + timedelta(minutes=1))
    fresh = unknown_file(age=DAY - timedelta(minutes=1))
    half = unknown_file(age=9 * DAY, name=f"{secrets.token_hex(16)}.jpg.0123abcd.part")
    foreign = unknown_file(age=9 * DAY, name="README.jpg")
    os.utime(path_of(known), (0, 0))

    discard_unknown(timezone.now())

    assert not old.exists()
    assert not half.exists()
    assert fresh.exists()
    assert foreign.exists()
    assert path_of(known).exists()
    for path in (fresh, foreign):
        path.unlink()


def test_beside_an_empty_database_nothing_is_deleted() -> None:
    old = unknown_file(age=9 * DAY)

    assert discard_unknown(timezone.now()) == 0

    assert old.exists()
    old.unlink()


def test_a_row_that_nothing_refers_to_goes_with_its_file_and_its_reading(
    django_capture_on_commit_callbacks: object,
) -> None:
    stored = stored_picture(draw(2))
    ask_recognition(stored, Recognition.Kind.TEXT, turn=1)
    path = path_of(stored)

    assert discard_unreferred(timezone.now() + DAY - timedelta(minutes=1)) == 0
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert discard_unreferred(tomorrow()) == 1

    assert not path.exists()
    assert not StoredFile.objects.filter(pk=stored.pk).exists()


def test_whatever_something_refers_to_stays(enterprise: Enterprise) -> None:
    standing_page(enterprise, 2)
    application = ApplicationFactory.create()
    page = material_page(application, 8)
    page.original = stored_picture(draw(8, "original"))
    page.save()
    application.repairs.create(
        number=9,
        original=stored_picture(draw(9)),
        proposal=stored_picture(draw(9, "proposal")),
        state="proposed",
        created_by=application.created_by,
    )
    ReviewTableFactory.create()
    authority.ensure()
    seal = draw_seal()
    register.register_seal(Department.objects.get(code="tax"), seal)
    before = StoredFile.objects.count()

    assert discard_unreferred(tomorrow()) == 0
    assert StoredFile.objects.count() == before
    assert list(without_owner(StoredFile.objects.all())) == []


def draw_seal() -> bytes:
    import io

    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (400, 400), (255, 255, 255, 0))
    ImageDraw.Draw(image).ellipse((20, 20, 380, 380), outline=(200, 0, 0, 255), width=12)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_a_seal_that_was_replaced_goes() -> None:
    authority.ensure()
    tax = Department.objects.get(code="tax")
    first = register.register_seal(tax, draw_seal()).seal_image
    register.register_seal(tax, draw_seal())

    assert list(without_owner(StoredFile.objects.all())) == [first]


def test_one_that_cannot_be_deleted_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = stored_picture(draw(2)), stored_picture(draw(8))
    delete = StoredFile.delete

    def refuse(stored: StoredFile) -> object:
        if stored.pk == bad.pk:
            raise OSError(5, "Input/output error")
        return delete(stored)

    monkeypatch.setattr(StoredFile, "delete", refuse)

    assert discard_unreferred(tomorrow()) == 1
    assert list(StoredFile.objects.all()) == [bad]
    assert not StoredFile.objects.filter(pk=good.pk).exists()
    assert f"删除无主的文件：第{bad.pk}号没有办成" in caplog.text


def test_it_is_done_every_hour() -> None:
    schedule = settings.CELERY_BEAT_SCHEDULE["discard files without owner"]
    assert schedule == {"task": "files.sweep_ownerless", "schedule": 3600.0}
    with time_machine.travel(tomorrow()):
        from files.tasks import sweep_ownerless

        sweep_ownerless()
