"""Backup, restore and move killed at random: nothing false may be called good afterwards.

A round starts one of the three as a process of its own and kills it, with all that it started, a
random time after it has begun to write. What is left is then looked at, by reading all of it:
whatever bears a snapshot's name, or would start, must be whole.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.db.utils import ConnectionHandler

from backups import holds
from backups.dumping import TableContent, contents
from backups.half_done import MARK
from backups.manifests import check_pieces, read_manifest, read_objects
from backups.moving import ASIDE
from backups.places import MAKING, BackupPlace
from backups.reading import read_database, read_files
from backups.sealing import unseal_small

ROOT: Final = Path(__file__).resolve().parents[2]
MANAGE: Final = ROOT / "tests" / "backups" / "kept" / "manage.py"
NOT_BEGUN, REFUSED, WHOLE = "还没有开始", "没做完，不能启动", "做完了，完整"
# Written by a return or a move itself, beside what came.
OWN: Final = frozenset({"accounts_auditevent", "backups_backuprun"})


class FalselyGoodError(AssertionError):
    """Something is called good, or would start, that is not whole."""


@dataclass
class Kills:
    """Rounds on a portal in a folder with SQLite, as a return made it.

    `longest` says how many seconds at most a process lives from its first trace on.
    """

    station: Path
    place: BackupPlace
    identity: Any
    chance: random.Random
    longest: Mapping[str, float]
    found: Counter[str] = field(default_factory=Counter)

    def round(self, what: str) -> str:
        with tempfile.TemporaryDirectory(prefix="portal-kills-") as folder:
            act: Callable[[Path], str] = getattr(self, what)
            words = act(Path(folder))
        self.found[f"{what}：{words}"] += 1
        return words

    def backup(self, _folder: Path) -> str:
        before = set(self.place.names())
        self._killed("backup", ["backup", str(self.place.root)], self.station)
        new = set(self.place.names()) - before
        for name in new:
            self.require_whole(name)
        return WHOLE if new else NOT_BEGUN

    def restore(self, folder: Path) -> str:
        into, key = folder / "new", folder / "key.txt"
        into.mkdir()
        key.write_text(str(self.identity))
        name = self.place.names()[-1]
        source = str(self.place.snapshots / name)
        arguments = ["restore", source, "--into", str(into), "--identity", str(key)]
        self._killed("restore", arguments, into)
        if (into / MARK).exists():
            return REFUSED
        if not tables_of(into / "db.sqlite3"):
            return NOT_BEGUN
        if holds.TABLE in tables_of(into / "db.sqlite3"):
            return REFUSED
        manifest = read_manifest(self.place.snapshots / name)
        require_same(into / "db.sqlite3", manifest.tables)
        for line in read_files(self.place.snapshots / name, [self.identity]):
            if (into / "files" / line.name).read_bytes() != self._kept(line.name):
                raise FalselyGoodError(f"恢复后文件不同：{line.name}")
        return WHOLE

    def move(self, folder: Path) -> str:
        """From one SQLite file into another; the old one is looked at as well."""
        station, target = folder / "station", folder / "target.sqlite3"
        shutil.copytree(self.station, station)
        told = contents_of(station / "db.sqlite3")
        (station / "env").write_text("BACKUP_TO=\n")
        self._killed("move", ["move", "--to", f"sqlite:///{target}"], station)
        require_same(station / "db.sqlite3", told)
        is_held = holds.TABLE in tables_of(station / "db.sqlite3")
        is_there = bool(tables_of(target)) and holds.TABLE not in tables_of(target)
        is_switched = str(target) in (station / "env").read_text()
        if is_there:
            require_same(target, told)
            if not is_held:
                raise FalselyGoodError("搬移后两个数据库都能启动。")
        elif is_switched:
            raise FalselyGoodError("已经改用还不完整的数据库。")
        if is_there and is_switched:
            return WHOLE
        return REFUSED if is_held else NOT_BEGUN

    def require_whole(self, name: str) -> None:
        """Everything that a snapshot's name promises, read with the private key."""
        folder = self.place.snapshots / name
        manifest = read_manifest(folder)
        check_pieces(folder, manifest.pieces)
        read_database(folder, [self.identity], manifest)
        lines = list(read_files(folder, [self.identity]))
        needed = {line.object for line in lines if line.object}
        if len(lines) != manifest.files or needed != read_objects(folder):
            raise FalselyGoodError(f"备份 {name} 的文件清单不完整。")
        for line in lines:
            plain = BytesIO()
            with self.place.object_path(str(line.object)).open("rb") as sealed:
                unseal_small(sealed, [self.identity], plain)
            if plain.getvalue() != self._kept(line.name):
                raise FalselyGoodError(f"备份 {name} 里的文件不同：{line.name}")

    def _kept(self, name: str) -> bytes:
        """A stored file as it lies in the portal that nobody kills."""
        return (self.station / "files" / name).read_bytes()

    def _killed(self, what: str, arguments: list[str], folder: Path) -> None:
        started = start(arguments, folder, self.identity)
        wait_for_trace(what, started, folder, self.place)
        try:
            started.wait(self.chance.uniform(0, self.longest[what]))
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def start(
    arguments: list[str], folder: Path, identity: Any, *, into: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    """A command of the portal in this folder, with SQLite there, in a session of its own."""
    chosen = {
        "DJANGO_SETTINGS_MODULE": "wanzhou_abtc.settings",
        "PORTAL_DATA": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "BACKUP_RECIPIENTS": str(identity.to_public()),
    }
    if arguments[0] == "move":
        # So that the file of keys says it, and the move writes the new one there.
        del chosen["DATABASE_URL"]
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, str(MANAGE), *arguments],
        cwd=ROOT,
        env=kept | chosen,
        stdout=into,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_for_trace(
    what: str, process: "subprocess.Popen[bytes]", folder: Path, place: BackupPlace
) -> None:
    """Return when it has left the first trace of its work, or has ended."""
    where, pattern = {
        "backup": (place.snapshots, f"{MAKING}*"),
        "restore": (folder, MARK),
        "move": (folder, f"{ASIDE}*"),
    }[what]
    while process.poll() is None and not any(where.glob(pattern)):
        time.sleep(0.005)


def seconds_of(arguments: list[str], folder: Path, identity: Any, place: BackupPlace) -> float:
    """How long it takes from its first trace on when nobody kills it."""
    process = start(arguments, folder, identity, into=subprocess.PIPE)
    wait_for_trace(arguments[0], process, folder, place)
    begun = time.monotonic()
    answer, _ = process.communicate()
    if process.returncode:
        raise FalselyGoodError(f"{arguments[0]} 没有做成：{answer.decode()}")
    return time.monotonic() - begun


def opened(path: Path) -> Any:
    """A connection to this SQLite file alone."""
    told = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "TIME_ZONE": None}
    return ConnectionHandler({"default": told})["default"]


def tables_of(path: Path) -> list[str]:
    if not path.exists():
        return []
    with closing(opened(path)) as database:
        names: list[str] = database.introspection.table_names()
        return names


def contents_of(path: Path) -> dict[str, TableContent]:
    with closing(opened(path)) as database:
        return contents(database)


def require_same(path: Path, told: Mapping[str, TableContent]) -> None:
    found = contents_of(path)
    other = [name for name in found.keys() | told.keys() if found.get(name) != told.get(name)]
    if set(other) - OWN:
        raise FalselyGoodError(f"表的内容不同：{other}")
