"""Databases of the benchmark's own: made, marked, kept, and told from any other."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connection

from tests import kept_schema
from tests.temporary_services import database_program

# In a comment on the database, or in SQLite's number for whoever made the file.
EMPTY: Final = "scale_empty"
MARK: Final = "portal scale benchmark"
SEEDED: Final = f"{MARK}, seeded"
SQLITE_MARK: Final = 1_094_861_636


class NotOursError(Exception):
    """The database holds no mark of the benchmark: perhaps it is somebody's."""


def put_mark(mark: str = MARK) -> None:
    """Mark the database that the connection leads to."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA application_id = {SQLITE_MARK}")
        else:
            name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
            cursor.execute(f"COMMENT ON DATABASE {name} IS '{mark}'")


def mark() -> str:
    """The mark of the database that the connection leads to; empty for any other."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA application_id")
            return MARK if cursor.fetchone()[0] == SQLITE_MARK else ""
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        )
        found = cursor.fetchone()[0] or ""
        return found if found.startswith(MARK) else ""


def require_mark() -> None:
    """Raise NotOursError for a database that the benchmark did not make itself."""
    if not mark():
        name = connection.settings_dict["NAME"]
        raise NotOursError(f"数据库“{name}”不是测量自己建的，没有写入任何内容。")


def name_of(count: int) -> str:
    return f"scale_{count}"


def work_on(name: str) -> None:
    """Let the portal's connection lead to this database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = name


def make(count: int) -> bool:
    """Go to the database of so many cases, migrated; made and marked where it is not there.

    True when it holds its cases already, from a run whose databases were kept.
    """
    name = name_of(count)
    if not _is_there(name):
        if not _is_there(EMPTY):
            _create(EMPTY)
            _load_kept_schema()
            call_command("migrate", verbosity=0)
        _create(name, template=EMPTY)
        put_mark()
        return False
    work_on(name)
    if mark() != SEEDED:
        raise NotOursError(f"数据库“{name}”上次没有写完。请删除所在的目录再运行。")
    before = _migrations()
    call_command("migrate", verbosity=0)
    if _migrations() > before:
        # What a migration wrote is known to the planner, as autovacuum sees to elsewhere.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
    return True


def _migrations() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        return int(cursor.fetchone()[0])


def _is_there(name: str) -> bool:
    work_on("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _create(name: str, template: str = "template1") -> None:
    work_on("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    work_on(name)


def _load_kept_schema() -> None:
    """What the tests keep of the migrations; `migrate` adds what is missing, or does it all."""
    kept = kept_schema.kept(".sql")
    if kept.exists():
        found = connection.settings_dict
        address = (
            f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}"
            f"/{found['NAME']}"
        )
        command = [database_program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(kept)]
        subprocess.run([*command, address], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """A SQLite database in this file, made, migrated and marked."""
    if path.exists():
        raise NotOursError(f"“{path}”已经存在，没有写入任何内容。")
    kept_schema.copy_to(path, kept_schema.kept(".sqlite3"))
    work_on(str(path))
    call_command("migrate", verbosity=0)
    put_mark()
    try:
        yield
    finally:
        connection.close()
