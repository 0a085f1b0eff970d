"""Stored files on their way into the pool of a place of backups, each encrypted there once.

A file is taken as the storage holds it: where the portal encrypts at rest, its ciphertext. It never
changes, except that a change of keys writes its head anew; so the pool knows it by its name, its
size, its beginning and the public keys it is encrypted to, as a keyed hash that tells nothing.
"""

import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Any, Final

from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.db.backends.base.base import BaseDatabaseWrapper
from pyrage.x25519 import Identity, Recipient

from backups.places import BackupPlace
from backups.refusals import NotGood
from backups.sealing import CHUNK, seal, unseal_small
from core.crypto import keyed_hash
from files.models import StoredFile

HEAD: Final = 4096
IN_MEMORY: Final = 16 * 1024 * 1024
ROWS_AT_ONCE: Final = 2000
# Written down to the disk and read again together.
AT_ONCE: Final = 500


def as_kept() -> Any:
    """The storage that holds the bytes themselves, below one that encrypts."""
    return getattr(default_storage, "within", default_storage)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A stored file as its row has it: the hash and size are of what people gave."""

    name: str
    sha256: str
    size: int


def rows(source: BaseDatabaseWrapper) -> Iterator[FileRow]:
    meta = StoredFile._meta
    sql = f'SELECT content, sha256, size FROM "{meta.db_table}" ORDER BY id'  # noqa: S608 # our own
    with source.chunked_cursor() as cursor:
        cursor.execute(sql)
        while batch := cursor.fetchmany(ROWS_AT_ONCE):
            for name, sha256, size in batch:
                yield FileRow(name, sha256, size)


@contextmanager
def set_aside(found: Iterable[FileRow]) -> Iterator[Iterator[FileRow]]:
    """The rows in a file that is gone afterwards: copying takes hours, and no cursor stays open."""
    with TemporaryFile() as aside:
        for row in found:
            aside.write(json.dumps([row.name, row.sha256, row.size]).encode() + b"\n")
        aside.seek(0)
        yield (FileRow(*json.loads(line)) for line in aside)


@dataclass
class Taken:
    """What came of the files: how many and how large; which of the pool's they are; those that
    were not there, and those that are not as their rows say.
    """

    count: int = 0
    size: int = 0
    objects: set[str] = field(default_factory=set)
    gone: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


class Pool:
    """Takes files into the pool: in batches that lie on the disk and were read again first."""

    def __init__(
        self, place: BackupPlace, aside: Path, keys: Sequence[Recipient], own: Identity
    ) -> None:
        self.place, self.aside = place, aside
        self.keys, self.own = [*keys, own.to_public()], own
        self.to = hashlib.sha256("\n".join(sorted(map(str, keys))).encode()).hexdigest()
        self.waiting: list[tuple[str, str]] = []
        self.copied = 0

    def take(self, files: Iterable[FileRow], taken: Taken) -> Iterator[tuple[FileRow, str | None]]:
        """Each with its name in the pool, or None; what is there already is not copied again.

        They lie there when the last one was asked for.
        """
        for row in files:
            taken.count += 1
            try:
                name, is_whole = self._take(row)
            except FileNotFoundError:
                taken.gone.append(row.name)
                yield row, None
                continue
            taken.objects.add(name)
            taken.size += row.size
            if not is_whole:
                taken.damaged.append(row.name)
            yield row, name
            if len(self.waiting) >= AT_ONCE:
                self.settle()
        self.settle()

    def _take(self, row: FileRow) -> tuple[str, bool]:
        """Its name in the pool, and whether it was as its row says when it came there."""
        with as_kept().open(row.name, "rb") as file:
            head = file.read(HEAD)
            file.seek(0, io.SEEK_END)
            known_by = f"{self.to}:{row.name}:{row.sha256}:{file.tell()}"
            known_by += f":{hashlib.sha256(head).hexdigest()}"
            name = keyed_hash(f"pool:{known_by}")
            if self.place.has(name):
                return name, True
            is_whole = agrees(row)
            if not is_whole:
                # Under another name: it must not be taken for the whole one tomorrow.
                name = keyed_hash(f"damaged:{known_by}")
                if self.place.has(name):
                    return name, False
            file.seek(0)
            digest = hashlib.sha256()
            with (self.aside / name).open("wb") as target:
                seal(_hashed(file, digest), target, self.keys)
        self.waiting.append((name, digest.hexdigest()))
        return name, is_whole

    def settle(self) -> None:
        """Read again what was written, and only then give it its place in the pool."""
        if not self.waiting:
            return
        os.sync()
        for name, written in self.waiting:
            digest = hashlib.sha256()
            with (self.aside / name).open("rb") as file:
                unseal_small(file, [self.own], _Digesting(digest))
            if digest.hexdigest() != written:
                raise NotGood("有文件写下后读回来不一样，这次备份不算数。请检查备份的磁盘。")
        for name, _ in self.waiting:
            self.place.keep(self.aside / name)
        self.copied += len(self.waiting)
        self.waiting.clear()


def agrees(row: FileRow) -> bool:
    """Whether the file opens, and is what its row says. Raises FileNotFoundError without one."""
    digest, size = hashlib.sha256(), 0
    try:
        with default_storage.open(row.name, "rb") as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
                size += len(piece)
    except FileNotFoundError:
        raise
    except OSError:
        return False
    return digest.hexdigest() == row.sha256 and size == row.size


def put_back(row_name: str, sealed: IO[bytes], identities: Sequence[Identity]) -> None:
    """Out of the pool into the storage, under the name that its row has."""
    storage: Storage = as_kept()
    with SpooledTemporaryFile(max_size=IN_MEMORY) as opened:
        unseal_small(sealed, identities, opened)
        opened.seek(0)
        kept = storage.save(row_name, File(opened))
    if kept != row_name:
        storage.delete(kept)
        raise NotGood(f"恢复时文件 {row_name} 的位置上已经有别的文件。")


def _hashed(file: Any, digest: Any) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        digest.update(piece)
        yield piece


class _Digesting(io.RawIOBase):
    """A file that keeps nothing of what is written."""

    def __init__(self, digest: Any) -> None:
        self.digest = digest

    def write(self, piece: bytes) -> int:  # type: ignore[override] # bytes alone come here
        self.digest.update(piece)
        return len(piece)
