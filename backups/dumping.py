"""The database as a stream of lines, from one moment, while the portal goes on.

A line that begins with `[` is a row. Each table ends with a line that counts its rows and hashes
them. The stream is the same from either database, whatever it came from.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from backups.kinds import reader
from backups.tables import HeldTable, tables

FORMAT: Final = 1
ROWS_AT_ONCE: Final = 2000
LEVEL: Final = 3
# Begun before the first look; from that look on, what others commit is not seen.
BEGIN: Final = {"postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "sqlite": "BEGIN"}


@dataclass(frozen=True)
class TableContent:
    """What a table holds: how many rows, and the SHA-256 of their lines."""

    rows: int
    sha256: str


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own on which nothing changes any more, and nobody waits for it."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute(BEGIN[own.vendor])
            cursor.execute("SELECT count(*) FROM django_migrations")
            cursor.fetchone()
        yield own
        with own.cursor() as cursor:
            cursor.execute("ROLLBACK")
    finally:
        own.close()


def applied(source: BaseDatabaseWrapper) -> list[list[str]]:
    """The migrations that this database went through."""
    return sorted(list(one) for one in MigrationRecorder(source).applied_migrations())


def packed(source: BaseDatabaseWrapper, found: dict[str, TableContent]) -> Iterator[bytes]:
    """The stream, compressed; `found` is filled with what each table holds."""
    packer = zlib.compressobj(LEVEL, wbits=31)
    for piece in _joined(lines(source, found)):
        if packed_piece := packer.compress(piece):
            yield packed_piece
    yield packer.flush()


def lines(source: BaseDatabaseWrapper, found: dict[str, TableContent]) -> Iterator[bytes]:
    yield _line({"format": FORMAT, "migrations": applied(source)})
    ordered = [table for group in tables() for table in group]
    for table in ordered:
        yield _line({"table": table.name, "columns": [column.name for column in table.columns]})
        digest, count = hashlib.sha256(), 0
        for row in rows(source, table):
            digest.update(row)
            count += 1
            yield row
        found[table.name] = TableContent(count, digest.hexdigest())
        yield _line({"end": table.name, "rows": count, "sha256": digest.hexdigest()})
    # Read last, so that no number of a row above is greater.
    yield _line({"numbers": numbers(source, ordered)})
    yield _line({"rows": sum(content.rows for content in found.values())})


def contents(source: BaseDatabaseWrapper) -> dict[str, TableContent]:
    """What each table holds now, without keeping any of it."""
    found: dict[str, TableContent] = {}
    for _ in lines(source, found):
        pass
    return found


def rows(source: BaseDatabaseWrapper, table: HeldTable) -> Iterator[bytes]:
    """Each row as a line, by its key; in constant memory."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    # Letters in the order of their codes, which SQLite has by nature.
    is_text = table.key.kind == "text" and source.vendor == "postgresql"
    order = f'"{table.key.name}"' + (' COLLATE "C"' if is_text else "")
    sql = f'SELECT {names} FROM "{table.name}" ORDER BY {order}'  # noqa: S608 # our own names
    conversions = _conversions(table)
    with source.chunked_cursor() as cursor:
        cursor.execute(sql)
        while batch := cursor.fetchmany(ROWS_AT_ONCE):
            for row in batch:
                values = list(row)
                for place, convert in conversions:
                    if values[place] is not None:
                        values[place] = convert(values[place])
                yield _line(values)


def numbers(source: BaseDatabaseWrapper, ordered: Iterable[HeldTable]) -> dict[str, int]:
    """The last number that the database gave out for a table, also for rows that are gone."""
    with source.cursor() as cursor:
        if source.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            given = dict(cursor.fetchall())
            return {table.name: given[table.name] for table in ordered if table.name in given}
        found = {}
        for table in ordered:
            if table.numbered:
                cursor.execute(
                    "SELECT pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', table.key.name]
                )
                [sequence] = cursor.fetchone()
                cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608
                last, is_called = cursor.fetchone()
                if is_called:
                    found[table.name] = last
        return found


def _conversions(table: HeldTable) -> list[tuple[int, Callable[[Any], Any]]]:
    found = ((place, reader(column)) for place, column in enumerate(table.columns))
    return [(place, convert) for place, convert in found if convert]


def _line(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _joined(pieces: Iterable[bytes], least: int = 256 * 1024) -> Iterator[bytes]:
    """Fewer and larger ones."""
    waiting, size = [], 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= least:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)
