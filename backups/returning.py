"""A return: a snapshot into an empty folder and an empty database, looked at before it counts.

Until the end a mark stands in the folder and a hold in the database, and nothing starts there. The
rows come in one transaction, in which they are also compared, and with which the hold goes: a
process killed at any moment leaves something that says of itself that it is not whole.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from pyrage.x25519 import Identity

from accounts import audit
from backups import dumping, empty, folder_piece, holds, keys, loading, stored
from backups.half_done import MARK, RETURNING
from backups.manifests import DATABASE, Manifest, check_pieces, read_manifest
from backups.models import BackupRun
from backups.places import BackupPlace, sync
from backups.reading import read_files, read_folder
from backups.refusals import BackupRefused, NotGood
from backups.sealing import unseal
from core.dates import moment_label

OTHER_VERSION: Final = (
    "备份是另一个版本的门户做的（数据库结构不同）。请用当时的版本恢复，然后再升级。"
)
ROWS_AT_ONCE: Final = 2000


@dataclass(frozen=True)
class SnapshotSource:
    """A snapshot and the place in which it lies."""

    place: BackupPlace
    folder: Path

    @classmethod
    def at(cls, address: str) -> "SnapshotSource":
        """A snapshot's own folder, or a place: then its newest that can be read."""
        folder = BackupPlace.at(address).root
        if folder.parent.name == "snapshots":
            return cls(BackupPlace(folder.parent.parent), folder)
        place = BackupPlace(folder)
        for name in reversed(place.names()):
            try:
                read_manifest(place.snapshots / name)
            except NotGood:
                continue
            return cls(place, place.snapshots / name)
        raise BackupRefused("这里没有可以用的备份。")


@dataclass(frozen=True)
class Returned:
    """What stands there now. `lost`: files that were missing or damaged before the backup."""

    manifest: Manifest
    seconds: float
    lost: list[str]


def give_back(
    source: SnapshotSource, identities: Sequence[Identity], *, env_file: Path | None
) -> Returned:
    """Into this process's folder and database. `env_file`: where its keys came from.

    Raises BackupRefused where it was not begun, NotGood where what came back does not agree.
    """
    begun = time.monotonic()
    with source.place.read_locked():
        manifest = read_manifest(source.folder)
        check_pieces(source.folder, manifest.pieces)
        _require_same_version(manifest)
        target = Path(settings.PORTAL_DATA)
        empty.require_empty_folder(target)
        empty.require_empty_storage()
        empty.require_empty_database()
        keys.require_same(target)
        # Also the first that needs the private key, before anything is written.
        folder = read_folder(source.folder, identities)
        with _held(target):
            lost = _files_back(source, identities, manifest)
            folder_piece.put_back(folder)
            database_back(source.folder, identities, manifest, lost)
            keys.put_back(target, env_file)
            os.sync()
    return Returned(manifest, round(time.monotonic() - begun, 1), lost)


@contextmanager
def _held(target: Path) -> Iterator[None]:
    """The mark goes when all is whole, and stays otherwise."""
    (target / MARK).write_text(RETURNING + "\n", encoding="utf-8")
    sync(target)
    yield
    (target / MARK).unlink()
    sync(target)


def _require_same_version(manifest: Manifest) -> None:
    here = sorted(list(one) for one in MigrationLoader(None).disk_migrations)
    if here != manifest.migrations:
        raise BackupRefused(OTHER_VERSION)


def _files_back(
    source: SnapshotSource, identities: Sequence[Identity], manifest: Manifest
) -> list[str]:
    """Names of those that were missing or damaged when the backup was made."""
    count = 0
    for line in read_files(source.folder, identities):
        count += 1
        if line.object is None:
            continue
        try:
            with source.place.object_path(line.object).open("rb") as sealed:
                stored.put_back(line.name, sealed, identities)
        except FileNotFoundError:
            raise NotGood("备份的文件池里少了文件，恢复不完整。") from None
    if count != manifest.files:
        raise NotGood("备份的文件清单与清单不一致。")
    return sorted({*manifest.missing, *manifest.damaged})


def database_alone(folder: Path, identities: Sequence[Identity]) -> Returned:
    """Into an empty database beside files that are where they are."""
    begun = time.monotonic()
    manifest = read_manifest(folder)
    check_pieces(folder, manifest.pieces)
    _require_same_version(manifest)
    empty.require_empty_database()
    database_back(folder, identities, manifest, None)
    return Returned(manifest, round(time.monotonic() - begun, 1), [])


def database_back(
    folder: Path, identities: Sequence[Identity], manifest: Manifest, lost: list[str] | None
) -> None:
    """Tables, rows and all that is to be looked at of them; the hold goes with the commit.

    `lost` names files that were lost before; with None, files are not looked at.
    """
    holds.hold_database(RETURNING)
    make_tables()
    if dumping.applied(connection) != manifest.migrations:
        raise BackupRefused(OTHER_VERSION)
    try:
        with transaction.atomic(), (folder / DATABASE).open("rb") as file:
            loading.load(loading.DumpParts(loading.unpacked(unseal(file, identities))))
            _ready_to_plan()
            loading.require(dumping.contents(connection), manifest.tables)
            connection.check_constraints()
            _read_every_value()
            _check_trail()
            if lost is not None:
                _check_files(frozenset(lost))
            enter_in_trail(manifest, is_moved=lost is None)
            holds.release_database()
    except DatabaseError as error:
        raise NotGood(
            f"备份的内容放不进这里的数据库，没有恢复：{type(error).__name__}。"
        ) from error


def make_tables() -> None:
    """By the migrations, with their triggers and functions: as in every other database."""
    call_command("migrate", verbosity=0, skip_checks=True)


def _ready_to_plan() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _read_every_value() -> None:
    """What is encrypted opens with the keys at hand, and what is JSON can be read."""
    for model in apps.get_models():
        meta = model._meta
        if meta.proxy or not meta.managed:
            continue
        names = [one.attname for one in meta.concrete_fields if hasattr(one, "from_db_value")]
        if names:
            _read(model, names)


def _read(model: type[models.Model], names: list[str]) -> None:
    try:
        for _ in model._base_manager.values_list(*names).iterator(chunk_size=ROWS_AT_ONCE):
            pass
    except (ImproperlyConfigured, ValueError) as error:
        words = str(error) if isinstance(error, ImproperlyConfigured) else "有内容读不出来。"
        raise NotGood(f"{model._meta.verbose_name}：{words}") from error


def _check_trail() -> None:
    if audit.check_chain().broken:
        raise NotGood("恢复出来的审计记录与它的封存链不符。")


def _check_files(lost: frozenset[str]) -> None:
    for row in stored.rows(connection):
        if row.name in lost:
            continue
        try:
            is_same = stored.agrees(row)
        except FileNotFoundError:
            is_same = False
        if not is_same:
            raise NotGood(f"恢复出来的文件 {row.name} 打不开，或者内容不同。")


def enter_in_trail(manifest: Manifest, *, is_moved: bool) -> None:
    """In the portal that came: of which moment it is, and that it was brought back or moved."""
    audit.record(
        "backup.moved" if is_moved else "backup.returned",
        BackupRun(),
        by=None,
        label=manifest.snapshot,
        after={"snapshot": manifest.snapshot, "made_at": moment_label(manifest.made_at)},
    )


def facts(returned: Returned) -> dict[str, Any]:
    """As the commands answer it."""
    manifest = returned.manifest
    return {
        "snapshot": manifest.snapshot,
        "made_at": manifest.made_at.isoformat(),
        "tables": len(manifest.tables),
        "rows": manifest.rows,
        "files": manifest.files,
        "bytes": manifest.bytes,
        "seconds": returned.seconds,
        "lost": returned.lost,
    }
