"""Storing: what is refused or rolled back leaves nothing on the disk."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from PIL import Image

from files import services
from files.models import StoredFile
from files.pictures import Picture, read_picture
from files.refusals import PictureRefused, StoreRefused
from tests.factories import path_of, picture

DATA = picture(2)


def on_disk() -> set[Path]:
    return {path for path in Path(portal_settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def keep() -> StoredFile:
    return services.store(DATA, media_type="image/jpeg", name="a.jpg", by=None)


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is rolled back at its end."""
    with suppress(ZeroDivisionError), transaction.atomic():
        yield
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_stays() -> None:
    before = on_disk()
    with transaction.atomic():
        stored = keep()
    assert on_disk() - before == {path_of(stored)}
    with stored.content.open("rb") as file:
        assert file.read() == DATA
    assert DATA[:100] not in path_of(stored).read_bytes()
    assert (stored.size, stored.content.size) == (len(DATA), len(DATA))


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_it_stays_too() -> None:
    stored = keep()
    assert path_of(stored).is_file()


@pytest.mark.django_db
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_what_is_rolled_back_leaves_no_file_however_deep_it_stood(depth: int) -> None:
    before = on_disk()

    def nested(left: int) -> None:
        with transaction.atomic():
            if left:
                nested(left - 1)
            else:
                keep()

    with undone():
        nested(depth)
        assert len(on_disk() - before) == 1

    assert on_disk() == before


@pytest.mark.django_db(transaction=True)
def test_a_whole_transaction_that_is_rolled_back_leaves_no_file() -> None:
    before = on_disk()
    with undone():
        keep()
    assert on_disk() == before


@pytest.mark.django_db
def test_of_two_the_one_that_is_kept_stays() -> None:
    before = on_disk()
    kept = keep()
    with undone():
        keep()
    assert on_disk() - before == {path_of(kept)}


@pytest.mark.django_db
def test_a_row_that_cannot_be_written_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    before = on_disk()

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(StoredFile, "save", fail)
    with pytest.raises(ZeroDivisionError):
        keep()
    assert on_disk() == before


@pytest.mark.django_db
def test_half_a_file_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    before = on_disk()
    save = FileSystemStorage.save

    def fill_up(storage: FileSystemStorage, name: str, content: Any) -> None:
        save(storage, name, content)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "save", fill_up)
    with pytest.raises(StoreRefused, match="系统的磁盘空间已用完，文件没有保存。"):
        keep()
    assert on_disk() == before


def test_while_the_disk_is_nearly_full_uploads_are_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LEAST_FREE_BYTES = 500
    for free, is_taken in ((1000 + 500, True), (1000 + 499, False)):
        usage = SimpleNamespace(free=free)
        monkeypatch.setattr("files.disk.shutil.disk_usage", lambda _, usage=usage: usage)
        if is_taken:
            assert clear().data == b"x" * 1000
        else:
            with pytest.raises(StoreRefused, match="存储空间快用完了，暂时不收文件。请明天再试"):
                clear()


def clear() -> services.Cleared:
    return services.clear(b"x" * 1000, read_picture(DATA), name="a.jpg")


@pytest.mark.django_db
def test_what_the_portal_itself_makes_is_kept_even_then(settings: Any) -> None:
    settings.LEAST_FREE_BYTES = 10**18
    assert keep().size == len(DATA)


def test_a_picture_of_which_only_the_size_counts_is_decoded_once_and_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoded: list[Picture] = []

    def read(data: bytes, **more: Any) -> Picture:
        decoded.append(read_picture(data, **more))
        return decoded[-1]

    monkeypatch.setattr("files.services.read_picture", read)
    written = io.BytesIO()
    Image.effect_noise((3000, 2000), 40).convert("RGB").save(written, "JPEG")
    cleared = services.clear_picture(written.getvalue(), name="照片.jpg")
    assert (cleared.width, cleared.height) == (3000, 2000)
    [small] = decoded
    assert max(small.image.size) == 800
    # Its end is read all the same.
    with pytest.raises(PictureRefused, match="图片不完整"):
        services.clear_picture(written.getvalue()[:-90_000], name="照片.jpg")
