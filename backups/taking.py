"""A backup: database and files of one moment, written aside, read again, and only then named."""

import json
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.db import connection
from django.utils import timezone
from pyrage.x25519 import Identity, Recipient

from backups import dumping, folder_piece, keeping, stored
from backups.manifests import (
    DATABASE,
    FILES,
    FOLDER,
    OBJECTS,
    Manifest,
    check_pieces,
    read_manifest,
    write_objects,
)
from backups.places import BackupPlace
from backups.reading import read_database, read_files
from backups.refusals import BackupRefused
from backups.sealing import SealedPiece, seal
from files.models import StoredFile

TRIES: Final = 5
RESTLESS: Final = "备份时不断有文件被删除，没有做成。请稍后再试。"


@dataclass(frozen=True)
class Taking:
    """A backup that was made: its manifest, how many files were new, and what left for it."""

    manifest: Manifest
    new_files: int
    removed: list[str]
    removed_files: int


def take(place: BackupPlace, keys: list[Recipient]) -> Taking:
    """Make a snapshot in this place, whose lock the caller holds, and clear what need not stay.

    Raises BackupRefused where it cannot be made, and then nothing there bears a snapshot's name.
    """
    begun, name = time.monotonic(), new_name()
    own = Identity.generate()
    made = place.begin(name)
    pool = stored.Pool(place, made / "pool", keys, own)
    # Most of the files, before the moment that counts: then it is short.
    with stored.set_aside(stored.rows(connection)) as rows:
        for _ in pool.take(rows, stored.Taken()):
            pass
    manifest = _of_a_moment(made, name, pool, keys, own)
    (made / "pool").rmdir()
    manifest = replace(manifest, seconds=round(time.monotonic() - begun, 1))
    manifest.write(made)
    _to_disk(made)
    _read_again(made, manifest, own)
    final = place.accept(made, name)
    # As whoever needs it one day finds it.
    check_pieces(final, read_manifest(final).pieces)
    removed, removed_files = keeping.prune(place)
    return Taking(manifest, pool.copied, removed, removed_files)


def _of_a_moment(
    made: Path, name: str, pool: stored.Pool, keys: list[Recipient], own: Identity
) -> Manifest:
    for _ in range(TRIES):
        manifest = _write(made, name, pool, keys, own)
        if manifest is not None:
            return manifest
    raise BackupRefused(RESTLESS)


def new_name() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def _write(
    made: Path, name: str, pool: stored.Pool, keys: list[Recipient], own: Identity
) -> Manifest | None:
    """None where a file was deleted between the moment and its copying; then there is another."""
    everybody = [*keys, own.to_public()]
    tables: dict[str, dumping.TableContent] = {}
    taken = stored.Taken()
    with ExitStack() as stack:
        with dumping.snapshot() as source:
            made_at = timezone.now()
            migrations = dumping.applied(source)
            pieces = {DATABASE: _piece(made / DATABASE, dumping.packed(source, tables), everybody)}
            rows = stack.enter_context(stored.set_aside(stored.rows(source)))
        pieces[FILES] = _piece(made / FILES, _file_lines(pool.take(rows, taken)), everybody)
    if _were_deleted(taken.gone):
        return None
    pieces[FOLDER] = _piece(made / FOLDER, folder_piece.packed(), everybody)
    pieces[OBJECTS] = write_objects(made, taken.objects)
    return Manifest(
        snapshot=name,
        made_at=made_at,
        seconds=0,
        vendor=connection.vendor,
        migrations=migrations,
        tables=tables,
        files=taken.count,
        bytes=taken.size,
        missing=sorted(taken.gone),
        damaged=sorted(taken.damaged),
        pieces=pieces,
        recipients=[str(key) for key in keys],
    )


def _were_deleted(gone: list[str]) -> bool:
    """Their rows are gone, too. Where a row is still there, its file was lost before us."""
    return bool(gone) and StoredFile.objects.filter(content__in=gone).count() < len(gone)


def _piece(path: Path, content: Iterable[bytes], keys: list[Recipient]) -> SealedPiece:
    with path.open("wb") as file:
        return seal(content, file, keys)


def _file_lines(files: Iterable[tuple[stored.FileRow, str | None]]) -> Iterator[bytes]:
    for row, name in files:
        yield json.dumps([row.name, row.sha256, row.size, name]).encode() + b"\n"


def _to_disk(_made: Path) -> None:
    """With the pool's names, of which there may be very many."""
    os.sync()


def _read_again(made: Path, manifest: Manifest, own: Identity) -> None:
    """Every piece is as written, and opens to what was put in."""
    check_pieces(made, manifest.pieces)
    read_database(made, [own], manifest)
    count = sum(1 for _ in read_files(made, [own]))
    if count != manifest.files:
        raise BackupRefused("文件清单写下后读回来不一样，这次备份不算数。")
