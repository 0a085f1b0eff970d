"""Whether a target is empty: no row, no file, nobody at work there."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from backups import holds
from backups.half_done import MARK, RETURNING
from backups.refusals import BackupRefused
from backups.stored import as_kept
from notices.models import BeatLease

# The keys, which come there first; what a start makes anew; locks.
MAY_BE_THERE: Final = frozenset({"env", "serve.lock", "staticfiles", "move.lock", "drill.lock"})
LIVE: Final = "门户正在使用这个数据库。请先停止门户；恢复只进空的地方。"


def require_empty_folder(folder: Path) -> None:
    """Raises BackupRefused where there is more than keys and empty folders."""
    if (folder / MARK).exists():
        raise BackupRefused(RETURNING)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise BackupRefused(f"“{folder.name}”不是文件夹。")
    database = _database_within(folder)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name in MAY_BE_THERE or path.name in database:
            continue
        if not path.is_dir() or any(one.is_file() for one in path.rglob("*")):
            raise BackupRefused(
                f"文件夹“{folder.name}”不是空的：里面有“{path.name}”。恢复只进空的文件夹。"
            )


def _database_within(folder: Path) -> set[str]:
    """A database of this process in the folder is looked at by its tables."""
    if connection.vendor != "sqlite" or folder.resolve() != Path(settings.PORTAL_DATA):
        return set()
    name = Path(str(connection.settings_dict["NAME"])).name
    return {name, f"{name}-wal", f"{name}-shm"}


def require_empty_database() -> None:
    """Raises BackupRefused where there is any table, and says what is known of it."""
    tables = connection.introspection.table_names()
    if not tables:
        return
    if words := holds.words_of_hold():
        raise BackupRefused(words)
    if BeatLease._meta.db_table in tables and is_beating():
        raise BackupRefused(LIVE)
    raise BackupRefused(f"目标数据库不是空的（已有{len(tables)}张表）。请新建一个空的数据库。")


def is_beating() -> bool:
    return BeatLease.objects.filter(expires_at__gt=timezone.now()).exists()


def require_empty_storage() -> None:
    folders, files = as_kept().listdir("")
    if files or any(_holds_something(folder) for folder in folders):
        raise BackupRefused("文件的存放处不是空的。恢复只进空的地方。")


def _holds_something(folder: str) -> bool:
    folders, files = as_kept().listdir(folder)
    return bool(files) or any(_holds_something(f"{folder}/{one}") for one in folders)
