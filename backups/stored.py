"""Stored files on their way into the pool of a place of backups, each encrypted there once.

A file is taken as the storage holds it: where the portal encrypts at rest, its ciphertext. It never
changes, except that a change of keys writes its head anew; so the pool knows it by its name, its
size, its beginning and the public keys it is encrypted to, as a keyed hash that tells nothing.
"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
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


@dataclass(frozen=True)
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


@dataclass
class Taken:
    """What came of the files: their names in the pool; those not there, and those not as told."""

    objects: dict[str, str] = field(default_factory=dict)
    gone: list[FileRow] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    size: int = 0


class Pool:
    """Takes files into the pool: in batches that lie on the disk and were read again first."""

    def __init__(
        self, place: BackupPlace, aside: Path, keys: Sequence[Recipient], own: Identity
    ) -> None:
        self.place, self.aside = place, aside
        self.keys, self.own = [*keys, own.to_public()], own
        self.to = hashlib.sha256("\n".join(sorted(map(str, keys))).encode()).hexdigest()
        self.waiting: list[tuple[str, str]] = []
        self.known: dict[FileRow, str] = {}
        self.damaged: set[str] = set()
        self.copied = 0

    def take(self, files: Iterable[FileRow]) -> Taken:
        """Have them all in the pool; what is there already is not copied again."""
        taken = Taken()
        for row in files:
            try:
                name = self.known.get(row) or self._take(row)
            except FileNotFoundError:
                taken.gone.append(row)
                continue
            self.known[row] = name
            taken.objects[row.name] = name
            taken.size += row.size
            if row.name in self.damaged:
                taken.damaged.append(row.name)
            if len(self.waiting) >= AT_ONCE:
                self.settle()
        self.settle()
        return taken

    def _take(self, row: FileRow) -> str:
        with as_kept().open(row.name, "rb") as file:
            head = file.read(HEAD)
            file.seek(0, io.SEEK_END)
            size = file.tell()
            name = self._object(row, head, size)
            if self.place.has(name):
                return name
            if not agrees(row):
                self.damaged.add(row.name)
            file.seek(0)
            digest = hashlib.sha256()
            with (self.aside / name).open("wb") as target:
                seal(_hashed(file, digest), target, self.keys)
        self.waiting.append((name, digest.hexdigest()))
        return name

    def _object(self, row: FileRow, head: bytes, size: int) -> str:
        start = hashlib.sha256(head).hexdigest()
        return keyed_hash(f"pool:{self.to}:{row.name}:{row.sha256}:{size}:{start}")

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
