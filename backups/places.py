"""Where backups lie: a folder with snapshots, and a pool of files that many snapshots share.

    snapshots/20261130T151502Z-1a2b3c4d/   the manifest and the pieces (manifests.py)
    pool/ab/ab12…                          a stored file, encrypted once
    drills/…json                           what drills came to

What is under way bears a name that begins with a dot. It gets its own name when it was written
down to the disk and read again, so that whatever bears one is whole.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from backups.refusals import BackupRefused
from core.faults import fault_words

SNAPSHOT: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
OBJECT: Final = re.compile(r"[0-9a-f]{64}")
MAKING: Final = ".making-"
LEAVING: Final = ".leaving-"
BUSY: Final = "这个位置正有另一次备份或清理在进行，请等它结束。"
S3: Final = "还不能直接备份到 S3。请备份到文件夹，再由存储自己的同步工具送出去。"


class BackupPlace:
    """A folder of backups."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pool = root / "pool"
        self.snapshots = root / "snapshots"
        self.drills = root / "drills"

    @classmethod
    def at(cls, address: str) -> "BackupPlace":
        """By what somebody wrote; raises BackupRefused for what is no folder."""
        if "://" in address:
            raise BackupRefused(S3 if address.startswith("s3://") else "备份的位置应是文件夹。")
        return cls(Path(address).expanduser().absolute())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """For one at a time; what a killed one left is cleared first."""
        try:
            for folder in (self.root, self.pool, self.snapshots, self.drills):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (self.root / "lock").open("a")
        except OSError as error:
            raise BackupRefused(f"备份的位置不能用：{fault_words(error)}。") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BackupRefused(BUSY) from error
            self._clear()
            yield

    @contextmanager
    def read_locked(self) -> Iterator[None]:
        """So that nothing is removed meanwhile, where that can be: a copy may be read-only."""
        try:
            lock = (self.root / "lock").open("a")
        except OSError:
            yield
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError as error:
                raise BackupRefused(BUSY) from error
            yield

    def _clear(self) -> None:
        for path in self.snapshots.iterdir():
            if path.name.startswith((MAKING, LEAVING)):
                shutil.rmtree(path)

    def names(self) -> list[str]:
        """Of the snapshots, the oldest first."""
        if not self.snapshots.is_dir():
            return []
        return sorted(one.name for one in self.snapshots.iterdir() if SNAPSHOT.fullmatch(one.name))

    def begin(self, name: str) -> Path:
        """A folder in which a snapshot is made; it has one for files, too."""
        making = self.snapshots / f"{MAKING}{name}"
        (making / "pool").mkdir(mode=0o700, parents=True)
        return making

    def accept(self, made: Path, name: str) -> Path:
        """Give a snapshot its name. It lies on the disk by then; so does its name afterwards."""
        final = self.snapshots / name
        made.rename(final)
        sync(self.snapshots)
        return final

    def object_path(self, name: str) -> Path:
        return self.pool / name[:2] / name

    def has(self, name: str) -> bool:
        path = self.object_path(name)
        return path.is_file() and path.stat().st_size > 0

    def keep(self, made: Path) -> None:
        """Take a file into the pool, which lies on the disk and was read again."""
        final = self.object_path(made.name)
        final.parent.mkdir(mode=0o700, exist_ok=True)
        made.rename(final)

    def objects(self) -> Iterator[str]:
        for folder in self.pool.iterdir():
            for path in folder.iterdir():
                if OBJECT.fullmatch(path.name):
                    yield path.name

    def discard(self, name: str) -> None:
        """Take a snapshot away: first its name, so that half of one is never taken for one."""
        leaving = self.snapshots / f"{LEAVING}{name}"
        (self.snapshots / name).rename(leaving)
        shutil.rmtree(leaving)

    def discard_object(self, name: str) -> None:
        self.object_path(name).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have what was written to a file, or to a folder's list of names, lie on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
