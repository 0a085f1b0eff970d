"""The storage that encrypts: it stands before any other, a folder or S3, and uses its API alone."""

import io
from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, Final, Self

from django.core.files.base import File
from django.core.files.storage import Storage, storages

from files.at_rest.master_keys import master_keys
from files.at_rest.reading import SealedReader
from files.at_rest.sealing import HEAD_BYTES, Head, SealBroken, plain_size, rewrapped, sealed

# A larger one is encrypted into a temporary file, not into memory.
IN_MEMORY: Final = 32 * 1024 * 1024
TRIES: Final = 3


class SealedStorage(Storage):
    """Every file that goes in is written encrypted, and nothing plain is ever read.

    `within` names the storage of STORAGES that keeps them. `path` and `url` are refused: what
    they lead to is no picture.
    """

    def __init__(self, within: str = "sealed_files") -> None:
        self._within = within

    @property
    def within(self) -> Any:
        """What keeps the encrypted files."""
        return storages[self._within]

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            raise ValueError("stored files are only read, and as bytes")
        return SealedFile(self, name)

    def reader(self, name: str) -> io.BufferedReader:
        """Its plain content. Raises SealBroken, MasterKeyMissing or MasterKeyWrong."""
        file = self.within.open(name, "rb")
        try:
            reader = SealedReader(file, name, master_keys())
        except BaseException:
            file.close()
            raise
        return io.BufferedReader(reader, 64 * 1024)

    def _save(self, name: str, content: "File[Any]") -> str:
        for _ in range(TRIES):
            with SpooledTemporaryFile(max_size=IN_MEMORY) as aside:
                for piece in sealed(_bytes(content), name, master_keys()):
                    aside.write(piece)
                aside.seek(0)
                kept: str = self.within.save(name, File(aside))
            if kept == name:
                return name
            # It is bound to its name, which somebody else took in the meantime.
            self.within.delete(kept)
            name = self.get_available_name(name)
        raise FileExistsError(name)

    def seal_plain(self, name: str) -> bool:
        """Encrypt a file from before; False where it is encrypted already."""
        with self.within.open(name, "rb") as file:
            data = file.read()
        if _has_head(data):
            return False
        self._exchange(name, b"".join(sealed([data], name, master_keys())))
        return True

    def key_of(self, name: str) -> str:
        """The id of the master key that this file needs. Raises SealBroken."""
        return self._head(name).key_id

    def rewrap(self, name: str) -> bool:
        """Put the file's data key under the key that writes; False where it is there already."""
        keys = master_keys()
        head = self._head(name)
        if head.key_id == keys.writing:
            return False
        new = rewrapped(head, keys).written()
        # A folder writes the head over; anything else gets the whole file anew.
        if hasattr(self.within, "write_start"):
            self.within.write_start(name, new)
        else:
            with self.within.open(name, "rb") as file:
                data = file.read()
            self._exchange(name, new + data[HEAD_BYTES:])
        return True

    def _head(self, name: str) -> Head:
        with self.within.open(name, "rb") as file:
            return Head.read(file.read(HEAD_BYTES))

    def _exchange(self, name: str, data: bytes) -> None:
        if hasattr(self.within, "replace"):
            self.within.replace(name, data)
            return
        # An object store writes over an object in one step; one set up to keep both refuses.
        kept = self.within.save(name, File(io.BytesIO(data)))
        if kept != name:
            self.within.delete(kept)
            raise OSError(f"{type(self.within).__name__} does not write over a file")

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        available: str = self.within.get_available_name(name, max_length=max_length)
        return available

    def delete(self, name: str) -> None:
        self.within.delete(name)

    def exists(self, name: str) -> bool:
        return bool(self.within.exists(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        folders, files = self.within.listdir(path)
        return folders, files

    def size(self, name: str) -> int:
        return plain_size(self.within.size(name))

    def get_modified_time(self, name: str) -> datetime:
        modified: datetime = self.within.get_modified_time(name)
        return modified

    def get_created_time(self, name: str) -> datetime:
        created: datetime = self.within.get_created_time(name)
        return created


class SealedFile(File):  # type: ignore[type-arg]
    """A stored file as Django hands it out; one that was closed opens again."""

    def __init__(self, storage: SealedStorage, name: str) -> None:
        super().__init__(storage.reader(name), name)
        self.storage, self.stored_name = storage, name

    def open(self, *_: Any, **__: Any) -> Self:
        if self.closed:
            self.file = self.storage.reader(self.stored_name)
        else:
            self.seek(0)
        return self


def _bytes(content: "File[Any]") -> Iterator[bytes]:
    for some in content.chunks():
        yield some.encode() if isinstance(some, str) else some


def _has_head(data: bytes) -> bool:
    try:
        Head.read(data[:HEAD_BYTES])
    except SealBroken:
        return False
    return True
