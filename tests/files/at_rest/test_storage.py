"""The storage that encrypts: over a folder, and over one that knows nothing but Django's API."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages

from files.at_rest.folder import FolderStorage
from files.at_rest.sealing import HEAD_BYTES, SealBroken
from files.at_rest.storage import SealedStorage
from tests.files.at_rest.test_sealing import CHUNK, content, key

NAME = "2026/11/0123456789abcdef0123456789abcdef.pdf"


class Overwriting(InMemoryStorage):
    """As an object store: an object of the same name is exchanged."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        if self.exists(name):
            self.delete(name)
        kept: str = super()._save(name, content)  # type: ignore[misc]
        return kept


@pytest.fixture(params=["folder", "object store"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> SealedStorage:
    within: dict[str, Any] = {"BACKEND": f"{__name__}.Overwriting"}
    if request.param == "folder":
        within = {
            "BACKEND": "files.at_rest.folder.FolderStorage",
            "OPTIONS": {"location": tmp_path},
        }
    settings.STORAGES = {"sealed_files": within}
    return SealedStorage()


def raw(storage: SealedStorage, name: str = NAME) -> bytes:
    with storage.within.open(name, "rb") as file:
        data: bytes = file.read()
    return data


def put_raw(storage: SealedStorage, data: bytes) -> None:
    storage.within.delete(NAME)
    storage.within.save(NAME, ContentFile(data))


def test_a_file_goes_in_plain_and_lies_encrypted(storage: SealedStorage) -> None:
    data = content(2 * CHUNK + 9)
    assert storage.save(NAME, ContentFile(data)) == NAME
    with storage.open(NAME) as file:
        assert file.read() == data
        file.seek(CHUNK - 2)
        assert file.read(4) == data[CHUNK - 2 : CHUNK + 2]
        assert file.size == len(data)
    assert storage.size(NAME) == len(data)
    assert data[:32] not in raw(storage)
    assert storage.exists(NAME)
    assert storage.listdir("2026/11")[1] == [NAME.rpartition("/")[2]]
    storage.delete(NAME)
    assert not storage.exists(NAME)


def test_a_file_that_was_closed_opens_again_from_its_beginning(storage: SealedStorage) -> None:
    storage.save(NAME, ContentFile(b"once more"))
    file = storage.open(NAME)
    assert file.read() == b"once more"
    assert file.open().read() == b"once more"
    file.close()
    assert file.closed
    assert file.open("rb").read() == b"once more"
    file.close()


def test_nothing_leads_past_the_encryption(storage: SealedStorage) -> None:
    storage.save(NAME, ContentFile(b"x"))
    with pytest.raises(NotImplementedError):
        storage.path(NAME)
    with pytest.raises(NotImplementedError):
        storage.url(NAME)
    with pytest.raises(ValueError, match="only read"):
        storage.open(NAME, "r+b")


def test_a_plain_file_is_not_given_out_and_can_be_encrypted(storage: SealedStorage) -> None:
    data = content(CHUNK + 1)
    put_raw(storage, data)
    with pytest.raises(SealBroken, match="没有加密"):
        storage.open(NAME)
    assert storage.seal_plain(NAME)
    assert not storage.seal_plain(NAME)
    with storage.open(NAME) as file:
        assert file.read() == data


def test_to_change_the_key_the_head_alone_is_written(storage: SealedStorage, settings: Any) -> None:
    settings.FILE_KEYS = f"old:{key('a')}"
    data = content(CHUNK + 1)
    storage.save(NAME, ContentFile(data))
    before = raw(storage)
    settings.FILE_KEYS = f"new:{key('b')},old:{key('a')}"
    assert storage.key_of(NAME) == "old"
    assert storage.rewrap(NAME)
    assert not storage.rewrap(NAME)
    assert storage.key_of(NAME) == "new"
    assert raw(storage)[:HEAD_BYTES] != before[:HEAD_BYTES]
    assert raw(storage)[HEAD_BYTES:] == before[HEAD_BYTES:]
    settings.FILE_KEYS = f"new:{key('b')}"
    with storage.open(NAME) as file:
        assert file.read() == data


def test_a_store_that_keeps_both_loses_nothing(settings: Any) -> None:
    """Set up never to write over: the key cannot be changed there, and the file stays."""
    within = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {"sealed_files": within}
    storage = SealedStorage()
    settings.FILE_KEYS = f"old:{key('a')}"
    storage.save(NAME, ContentFile(b"x"))
    settings.FILE_KEYS = f"new:{key('b')},old:{key('a')}"
    with pytest.raises(OSError, match="does not write over"):
        storage.rewrap(NAME)
    assert storage.listdir("2026/11")[1] == [NAME.rpartition("/")[2]]
    with storage.open(NAME) as file:
        assert file.read() == b"x"


def test_a_name_that_is_taken_is_not_written_over(tmp_path: Path, settings: Any) -> None:
    within = {"BACKEND": "files.at_rest.folder.FolderStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {"sealed_files": within}
    storage = SealedStorage()
    first = storage.save(NAME, ContentFile(b"first"))
    second = storage.save(NAME, ContentFile(b"second"))
    assert first != second
    for name, data in ((first, b"first"), (second, b"second")):
        with storage.open(name) as file:
            assert file.read() == data


def test_a_folder_shows_a_file_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = FolderStorage(location=tmp_path)

    def die(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", die)
        with pytest.raises(OSError, match="No space"):
            storage.save(NAME, ContentFile(b"half"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    storage.save(NAME, ContentFile(b"whole"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        with pytest.raises(OSError, match="No space"):
            storage.replace(NAME, b"other")
    assert (tmp_path / NAME).read_bytes() == b"whole"
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / NAME).parent.stat().st_mode & 0o777 == 0o700


def test_large_content_is_written_in_pieces(storage: SealedStorage, monkeypatch: Any) -> None:
    monkeypatch.setattr("files.at_rest.storage.IN_MEMORY", CHUNK)
    data = content(4 * CHUNK)
    storage.save(NAME, ContentFile(data))
    with storage.open(NAME) as file:
        assert file.read() == data


def test_the_portal_s_own_storage_encrypts() -> None:
    assert isinstance(storages["default"], SealedStorage)
