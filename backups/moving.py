"""The database moved to another one, as a station grows: SQLite to PostgreSQL, and back.

The portal stands still meanwhile. A hold on the old database keeps it from being started, also by
whoever finds it a year later. The files stay where they are.
"""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone
from pyrage.x25519 import Identity

from backups import dumping, elsewhere, empty, holds, keys
from backups.manifests import DATABASE, Manifest, check_pieces
from backups.reading import read_database
from backups.refusals import BackupRefused, NotGood
from backups.sealing import seal
from backups.taking import new_name

ASIDE: Final = ".moving-"
BUSY: Final = "另一次搬移正在进行，请等它结束。"
LIVE: Final = "门户正在运行。请先停止门户的全部进程（网页、任务、定时），再搬移数据库。"
CHANGED: Final = "搬移时有别的进程写了数据库，没有搬。请先停止门户的全部进程。"
NO_ADDRESS: Final = (
    "--to 应是数据库的地址，如 postgres://用户:密码@主机/库 或 sqlite:////路径/文件。"
)


@dataclass(frozen=True)
class Moved:
    """`is_switched`: the next start uses the new database already."""

    manifest: Manifest
    seconds: float
    is_switched: bool


def move(address: str) -> Moved:
    """Raises BackupRefused where it was not begun or failed; then the old database goes on."""
    begun = time.monotonic()
    _require_address(address)
    with _alone():
        _require_still()
        words = holds.words_of_hold()
        if words not in ("", holds.MOVING):
            raise BackupRefused(words)
        holds.hold_database(holds.MOVING)
        try:
            manifest = _across(address)
        except BackupRefused:
            holds.release_database()
            raise
        is_switched = _switch(address)
        holds.hold_database(holds.MOVED)
    return Moved(manifest, round(time.monotonic() - begun, 1), is_switched)


def give_up() -> bool:
    """After a move that was killed: the old database goes on; False where none was."""
    with _alone():
        words = holds.words_of_hold()
        if words not in ("", holds.MOVING):
            raise BackupRefused(words)
        holds.release_database()
    return bool(words)


def _require_address(address: str) -> None:
    if "://" not in address:
        raise BackupRefused(NO_ADDRESS)
    try:
        engine = environ.Env.db_url_config(address).get("ENGINE", "")
    except (ImproperlyConfigured, ValueError) as error:
        raise BackupRefused(NO_ADDRESS) from error
    if not str(engine).endswith(("postgresql", "sqlite3")):
        raise BackupRefused(NO_ADDRESS)


@contextmanager
def _alone() -> Iterator[None]:
    folder = Path(settings.PORTAL_DATA)
    with (folder / "move.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupRefused(BUSY) from error
        for left in folder.glob(f"{ASIDE}*"):
            shutil.rmtree(left)
        yield


def _require_still() -> None:
    """No beat with a lease, no script/serve on the folder, nobody else on the database."""
    if empty.is_beating() or _is_served() or _others():
        raise BackupRefused(LIVE)


def _is_served() -> bool:
    try:
        lock = (Path(settings.PORTAL_DATA) / "serve.lock").open("r")
    except FileNotFoundError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _others() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def _across(address: str) -> Manifest:
    """Encrypted to a key that only this process and the one it starts ever hold."""
    own, before = Identity.generate(), _mark_of_changes()
    with tempfile.TemporaryDirectory(prefix=ASIDE, dir=settings.PORTAL_DATA) as aside:
        manifest = _written(Path(aside), own)
        answer, status = elsewhere.run(
            *("restore", aside, "--into", str(settings.PORTAL_DATA), "--identity", "-"),
            "--database",
            given=str(own),
            environment={"DATABASE_URL": address},
        )
    if status != 0 or not answer.get("good"):
        raise NotGood(str(answer.get("error")))
    if _mark_of_changes() != before or _others():
        raise NotGood(CHANGED)
    return manifest


def _mark_of_changes() -> Any:
    """Another after somebody else wrote to an SQLite file; PostgreSQL tells who is there."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return cursor.fetchone()


def _written(folder: Path, own: Identity) -> Manifest:
    tables: dict[str, dumping.TableContent] = {}
    with dumping.snapshot() as source:
        migrations = dumping.applied(source)
        with (folder / DATABASE).open("wb") as file:
            piece = seal(dumping.packed(source, tables), file, [own.to_public()])
    manifest = Manifest(
        snapshot=new_name(),
        made_at=timezone.now(),
        seconds=0,
        vendor=connection.vendor,
        migrations=migrations,
        tables=tables,
        files=0,
        bytes=0,
        missing=[],
        damaged=[],
        pieces={DATABASE: piece},
    )
    manifest.write(folder)
    check_pieces(folder, manifest.pieces)
    read_database(folder, [own], manifest)
    return manifest


def _switch(address: str) -> bool:
    """Where the address comes from the file of keys, or from nowhere, the file says the new one."""
    file = keys.here()
    lines = keys.lines_of(file)
    said = [line.partition("=")[2].strip() for line in lines if keys.name_of(line) == keys.ADDRESS]
    if not lines or (keys.address_in_use() and keys.address_in_use() not in said):
        return False
    kept = [line for line in lines if keys.name_of(line) != keys.ADDRESS]
    keys.write(file.parent, [*kept, f"{keys.ADDRESS}={address}"])
    return True
