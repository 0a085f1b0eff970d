"""`script/bench migrate N --keep DIR`: the newest migrations on a copy of N seeded cases.

DIR is what `script/bench scale N --keep DIR` of an earlier version left; it stays as it was, but
for `--stay`. For
each migration the table says how long it took, and for how long which table could not be written
or not even be read: such a lock is held to the end of the transaction that took it.
"""

import argparse
import os
import sys
import threading
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import django
import psycopg2

from tests.temporary_services import CARELESS, ServiceMissingError, postgresql

# Locks of tables that hold up whoever writes; of these the last holds up whoever reads as well.
BLOCKING: Final = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
READERS_TOO: Final = BLOCKING[-1]
LOOK_SECONDS: Final = 0.005
# Longer than this nobody should wait on a table that people read and write all day.
LONGEST: Final = 1.0
HOT: Final = frozenset(
    {
        "accounts_auditevent", "accounts_user", "applications_application",
        "applications_material", "applications_materialpage", "django_session",
        "enterprises_enterprise", "files_storedfile", "notices_delivery", "notices_notice",
        "reviews_opinion", "reviews_reviewtable", "reviews_revision", "cards_card",
        "cards_filing",
    }
)  # fmt: skip
HELD: Final = """
    SELECT DISTINCT pg_class.relname, pg_locks.mode
    FROM pg_locks JOIN pg_class ON pg_class.oid = pg_locks.relation
    WHERE granted AND pid <> pg_backend_pid() AND relkind = 'r' AND mode = ANY(%s)
      AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass
class Watch:
    """Looks at the locks of a database, a hundred times a second and more, until it is stopped."""

    address: dict[str, Any]
    longest: dict[tuple[str, bool], float] = field(default_factory=lambda: defaultdict(float))
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        since: dict[tuple[str, bool], float] = {}
        with closing(psycopg2.connect(**self.address)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                while not self.over.wait(LOOK_SECONDS):
                    cursor.execute(HELD, [list(BLOCKING)])
                    now = time.monotonic()
                    held = {(table, mode == READERS_TOO) for table, mode in cursor.fetchall()}
                    since = {one: since.get(one, now) for one in held}
                    for one, began in since.items():
                        # As long as it may have been: from the look before.
                        self.longest[one] = max(self.longest[one], now - began + LOOK_SECONDS)


@dataclass(frozen=True)
class Migrated:
    """One migration: how long it took, and the longest lock of each table that it held up."""

    name: str
    seconds: float
    locks: dict[tuple[str, bool], float]

    @property
    def too_long(self) -> list[str]:
        return [table for (table, _), held in self.locks.items() if table in HOT and held > LONGEST]


def main(arguments: list[str]) -> int:
    """0 when no table in daily use was held up for over a second, 1 when one was, 2 in between."""
    parser = argparse.ArgumentParser(prog="script/bench migrate", description=__doc__)
    parser.add_argument("size", type=int, metavar="N", help="多少件的数据库")
    parser.add_argument("--keep", type=Path, required=True, metavar="DIR", help="scale 留下的目录")
    parser.add_argument(
        "--stay", action="store_true", help="迁移后的取代原来的，下次从这里开始量（以后的迁移）"
    )
    chosen = parser.parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.scale.settings"
    if not (chosen.keep / "data").is_dir():
        print(
            f"“{chosen.keep}”里没有数据库，请先用 script/bench scale --keep 建。", file=sys.stderr
        )
        return 2
    try:
        with postgresql(kept=chosen.keep, options={**CARELESS, "max_wal_size": "8GB"}) as server:
            os.environ["DATABASE_URL"] = f"{server}/postgres"
            os.environ["TEST_TEMPLATE"] = "template1"
            django.setup()
            found = migrate(chosen.size, stay=chosen.stay)
    except ServiceMissingError as problem:
        print(problem, file=sys.stderr)
        return 2
    print(text(chosen.size, found))
    return 1 if any(one.too_long for one in found) else 0


def migrate(size: int, *, stay: bool) -> list[Migrated]:
    """On a copy, which goes when it is done, or stays in place of what was copied."""
    databases = import_module("tests.benchmarks.scale.databases")
    seeded = databases.name_of(size)
    copy = f"{seeded}_migrated"
    databases.work_on("postgres")
    _execute(f'DROP DATABASE IF EXISTS "{copy}"')
    _execute(f'CREATE DATABASE "{copy}" TEMPLATE "{seeded}"')
    databases.work_on(copy)
    is_whole = False
    try:
        found = [_one(app, name) for app, name in _pending()]
        databases.put_mark(databases.SEEDED)
        is_whole = True
        return found
    finally:
        databases.work_on("postgres")
        gone = seeded if is_whole and stay else copy
        _execute(f'DROP DATABASE "{gone}" WITH (FORCE)')
        if gone == seeded:
            _execute(f'ALTER DATABASE "{copy}" RENAME TO "{seeded}"')


def _execute(statement: str) -> None:
    connection = import_module("django.db").connection
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _pending() -> list[tuple[str, str]]:
    executing = import_module("django.db.migrations.executor")
    executor = executing.MigrationExecutor(import_module("django.db").connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _ in plan]


def _one(app: str, name: str) -> Migrated:
    connection = import_module("django.db").connection
    given = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    watch = Watch({key: given[key] for key in names if key in given})
    looking = threading.Thread(target=watch.look)
    looking.start()
    start = time.monotonic()
    try:
        import_module("django.core.management").call_command("migrate", app, name, verbosity=0)
    finally:
        seconds = time.monotonic() - start
        watch.over.set()
        looking.join()
    print(f"{app}.{name} {seconds:.2f}", file=sys.stderr, flush=True)
    return Migrated(f"{app}.{name}", seconds, dict(watch.longest))


def text(size: int, found: list[Migrated]) -> str:
    lines = [f"{size} 件；{len(found)} 个迁移，共 {sum(one.seconds for one in found):.1f} 秒"]
    for one in found:
        lines.append(f"{one.seconds:8.2f}  {one.name}")
        for (table, reads), held in sorted(one.locks.items(), key=lambda lock: -lock[1]):
            mark = "  ← 超过1秒" if table in one.too_long else ""
            lines.append(f"{held:18.2f}  {table}{'（也不能读）' if reads else ''}{mark}")
    return "\n".join(lines)
