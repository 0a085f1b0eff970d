"""A portal of N cases with real small files, backed up and brought back where there is nothing.

`script/bench backup [N …]` times it; `script/bench kills [TIMES]` kills it at random.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import django
from django.db import connection, connections

from tests.benchmarks.scale import command
from tests.temporary_services import ServiceMissingError

ROOT: Final = Path(__file__).resolve().parents[2]
FILE_BYTES: Final = 20_000
ROWS_AT_ONCE: Final = 5_000
CASES_TO_KILL: Final = 60


def main(arguments: list[str]) -> int:
    """0 when everything came back, 1 when something did not, 2 when nothing could be measured."""
    parser = argparse.ArgumentParser(prog="script/bench backup", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000], metavar="N")
    parser.add_argument("--embedded", action="store_true", help="用 SQLite")
    chosen = parser.parse_args(arguments)
    good = True
    with _django(embedded=chosen.embedded):
        for count in chosen.sizes:
            with (
                tempfile.TemporaryDirectory(prefix="portal-backup-") as folder,
                _seeded(count, embedded=chosen.embedded) as words,
            ):
                print(f"{count} 件；{words}", flush=True)
                good = _timed(Path(folder)) and good
    return 0 if good else 1


def kills(arguments: list[str]) -> int:
    """1 as soon as something false is called good."""
    parser = argparse.ArgumentParser(prog="script/bench kills", description=kills.__doc__)
    parser.add_argument("times", nargs="?", type=int, default=60, metavar="TIMES")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    chosen = parser.parse_args(arguments)
    print(f"强制结束 {chosen.times} 次，--seed {chosen.seed}", flush=True)
    with _django(embedded=True), tempfile.TemporaryDirectory(prefix="portal-killed-") as folder:
        return _kill(Path(folder), chosen.times, random.Random(chosen.seed))


@contextmanager
def _django(*, embedded: bool) -> Iterator[None]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.scale.settings"
    try:
        with command.services(argparse.Namespace(embedded=embedded, keep=None, tuned=False)):
            django.setup()
            yield
            connections.close_all()
    except ServiceMissingError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)


@contextmanager
def _seeded(count: int, *, embedded: bool) -> Iterator[str]:
    databases = import_module("tests.benchmarks.scale.databases")
    settings = import_module("django.conf").settings
    if embedded:
        with databases.in_file(Path(settings.PORTAL_DATA) / f"{count}.sqlite3"):
            yield _filled(count)
    else:
        databases.make(count)
        yield _filled(count)


def _filled(count: int) -> str:
    seeding = import_module("tests.benchmarks.scale.seeding")
    words = command.seed(seeding, count)
    files = _real_files()
    seals = _real_seals()
    return f"{words}，{files} 个文件各 {FILE_BYTES // 1000} KB，{seals} 个封存"


def _real_files() -> int:
    """Bytes for each row that has none, and the row's hash and size of them."""
    storage = import_module("django.core.files.storage").default_storage
    content_file = import_module("django.core.files.base").ContentFile
    filler = random.Random(1).randbytes(FILE_BYTES)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, content FROM files_storedfile ORDER BY id")
        rows = cursor.fetchall()
        found = []
        for number, name in rows:
            if storage.exists(name):
                continue
            data = number.to_bytes(8) + filler[8:]
            storage.save(name, content_file(data))
            found.append((hashlib.sha256(data).hexdigest(), len(data), number))
        for start in range(0, len(found), ROWS_AT_ONCE):
            cursor.executemany(
                "UPDATE files_storedfile SET sha256 = %s, size = %s WHERE id = %s",
                found[start : start + ROWS_AT_ONCE],
            )
    return len(rows)


def _real_seals() -> int:
    """A chain that holds, in the place of the seeded one."""
    audit: Any = import_module("accounts.audit")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE accounts_auditseal")
        else:
            cursor.execute("DROP TRIGGER accounts_auditseal_no_delete")
            cursor.execute("DELETE FROM accounts_auditseal")
    # All of it, also what was seeded a moment ago: its rows are not in the order of their times.
    audit.SETTLED_AFTER = timedelta(minutes=-1)
    count = 0
    while audit.seal_batch():
        count += 1
    return count


# Timed --------------------------------------------------------------------------------------------


def _timed(folder: Path) -> bool:
    sealing = import_module("pyrage.x25519")
    identity = sealing.Identity.generate()
    (folder / "key.txt").write_text(str(identity))
    settings = import_module("django.conf").settings
    place, here = folder / "backups", {"PORTAL_DATA": str(settings.PORTAL_DATA)}
    connection.close()
    ours = {**here, "DATABASE_URL": _address(), "BACKUP_RECIPIENTS": str(identity.to_public())}
    good = _step("备份（第一次）", ["backup", str(place)], ours)
    good = _step("备份（再一次，没有新文件）", ["backup", str(place)], ours) and good
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    print(f"备份占 {size / 1_000_000:.0f} MB", flush=True)
    for words, address in _targets(folder):
        into = folder / f"into-{words}"
        arguments = ["restore", str(place), "--into", str(into), "--identity"]
        there = {"PORTAL_DATA": str(into), "DATABASE_URL": address}
        arguments.append(str(folder / "key.txt"))
        good = _step(f"恢复到空的 {words}", arguments, there) and good
    return good


def _address() -> str:
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**found)


def _targets(folder: Path) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder / 'into.sqlite3'}"
    if connection.vendor != "sqlite":
        name = f"{connection.settings_dict['NAME']}_returned"
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        connection.close()
        yield "PostgreSQL", f"{_address().rpartition('/')[0]}/{name}"


def _step(words: str, arguments: list[str], environment: dict[str, str]) -> bool:
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "wanzhou_abtc.settings", **environment},
        stdout=subprocess.PIPE,
        check=False,
    )
    seconds, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    answer: dict[str, Any] = json.loads(done.stdout)
    computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{words}：{seconds:.0f} 秒（计算 {computed:.0f} 秒），{answer.get('rows')} 行，"
        f"{answer.get('files')} 个文件，进程内存至今最高 {after.ru_maxrss / 1024:.0f} MB，"
        f"{'成功' if answer['good'] else answer.get('error')}",
        flush=True,
    )
    return bool(answer["good"])


# Killed -------------------------------------------------------------------------------------------


def _kill(folder: Path, times: int, chance: random.Random) -> int:
    killed = import_module("tests.benchmarks.killed")
    places = import_module("backups.places")
    settings = import_module("django.conf").settings
    identity = import_module("pyrage.x25519").Identity.generate()
    place, station, key = places.BackupPlace(folder / "backups"), folder / "station", "key.txt"
    (folder / key).write_text(str(identity))
    with _seeded(CASES_TO_KILL, embedded=True) as words:
        print(words, flush=True)
        origin = Path(connection.settings_dict["NAME"])
        connection.close()
        (settings.PORTAL_DATA / "db.sqlite3").write_bytes(origin.read_bytes())
    longest = {
        "backup": killed.seconds_of(
            ["backup", str(place.root)], Path(settings.PORTAL_DATA), identity, place
        )
    }
    station.mkdir()
    arguments = ["restore", str(place.root), "--into", str(station), "--identity"]
    longest["restore"] = killed.seconds_of(
        [*arguments, str(folder / key)], station, identity, place
    )
    # A move does what a return does, and a dump before.
    longest["move"] = longest["restore"] * 1.5
    rounds = killed.Kills(station, place, identity, chance, longest)
    for number in range(times):
        what = list(longest)[number % len(longest)]
        print(f"{number + 1}. {what}：{rounds.round(what)}", flush=True)
    for words, count in sorted(rounds.found.items()):
        print(f"{words}，{count} 次", flush=True)
    print(f"{times} 次强制结束，没有一次把不完整的当成好的", flush=True)
    return 0
