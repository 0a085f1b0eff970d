"""A dump read into an empty, migrated database, line by line, in the caller's transaction."""

import io
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import connection

from backups.dumping import FORMAT, TableContent
from backups.kinds import FOR_COPY, FOR_SQLITE, Conversion
from backups.refusals import NotGood
from backups.tables import HeldTable, tables

ROWS_AT_ONCE: Final = 2000
BROKEN: Final = "备份的数据库读到一半就断了，或者内容不对。"


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines, each with its end. Raises NotGood where the stream ends early."""
    unpacker, rest = zlib.decompressobj(wbits=31), b""
    try:
        for piece in pieces:
            *whole, rest = (rest + unpacker.decompress(piece)).split(b"\n")
            for line in whole:
                yield line + b"\n"
        *whole, rest = (rest + unpacker.flush()).split(b"\n")
    except zlib.error as error:
        raise NotGood(BROKEN) from error
    for line in whole:
        yield line + b"\n"
    if rest or not unpacker.eof:
        raise NotGood(BROKEN)


class DumpParts:
    """The stream taken apart: first what stands in front, then table by table."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.lines = lines
        head = self._told()
        if head.get("format") != FORMAT:
            raise NotGood("备份的数据库不是这个版本能读的。")
        self.migrations: list[list[str]] = head["migrations"]
        self.numbers: dict[str, int] = {}

    def tables(self) -> Iterator[tuple[str, list[str], Iterator[bytes]]]:
        """Name, columns and rows of each; the rows are read before the next one is asked for."""
        while "table" in (told := self._told()):
            yield told["table"], told["columns"], self._rows()
        self.numbers = told["numbers"]
        self.rows: int = self._told()["rows"]
        if next(self.lines, None) is not None:
            raise NotGood(BROKEN)

    def _rows(self) -> Iterator[bytes]:
        for line in self.lines:
            if line[:1] != b"[":
                self.end: dict[str, Any] = json.loads(line)
                return
            yield line
        raise NotGood(BROKEN)

    def _told(self) -> dict[str, Any]:
        try:
            told = json.loads(next(self.lines))
        except (StopIteration, ValueError) as error:
            raise NotGood(BROKEN) from error
        if not isinstance(told, dict):
            raise NotGood(BROKEN)
        return told


def load(parts: DumpParts) -> None:
    """Fill every table. What points to nothing is found at the latest after its table."""
    known = {table.name: table for group in tables() for table in group}
    ends = {group[-1].name for group in tables()}
    with connection.cursor() as cursor:
        _empty(cursor, list(known.values()))
        seen = set()
        for name, columns, lines in parts.tables():
            table = known.get(name)
            if table is None or columns != [column.name for column in table.columns]:
                raise NotGood(f"备份里的表 {name} 与这个版本的门户不同。")
            _fill(cursor, table, lines)
            seen.add(name)
            if name in ends:
                _check_pointers(cursor)
        if seen != known.keys():
            raise NotGood(f"备份里缺少表：{'、'.join(sorted(known.keys() - seen))}。")
        for name, last in parts.numbers.items():
            _number_on(cursor, known[name], last)


def _empty(cursor: Any, all_tables: list[HeldTable]) -> None:
    """Without what the migrations put there; the trail, which only grows, has nothing yet."""
    if connection.vendor == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in all_tables)
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
        return
    cursor.execute("PRAGMA defer_foreign_keys = ON")
    for table in reversed(all_tables):
        cursor.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 # our own names
    cursor.execute("DELETE FROM sqlite_sequence")


def _fill(cursor: Any, table: HeldTable, lines: Iterator[bytes]) -> None:
    if connection.vendor == "postgresql":
        _copy(cursor, table, lines)
    else:
        _insert(cursor, table, lines)


def _copy(cursor: Any, table: HeldTable, lines: Iterator[bytes]) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    command = f'COPY "{table.name}" ({names}) FROM STDIN'
    conversions = [FOR_COPY.get(column.kind) for column in table.columns]
    for batch in _batches(lines):
        text = "".join(_copy_line(row, conversions) for row in batch)
        cursor.copy_expert(command, io.StringIO(text))


def _copy_line(row: list[Any], conversions: list[Conversion | None]) -> str:
    return (
        "\t".join(
            r"\N" if value is None else convert(value) if convert else value
            for value, convert in zip(row, conversions, strict=True)
        )
        + "\n"
    )


def _insert(cursor: Any, table: HeldTable, lines: Iterator[bytes]) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join(["%s"] * len(table.columns))
    sql = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 # our own names
    found = ((place, FOR_SQLITE.get(one.kind)) for place, one in enumerate(table.columns))
    conversions = [(place, convert) for place, convert in found if convert]
    for batch in _batches(lines):
        for row in batch:
            for place, convert in conversions:
                if row[place] is not None:
                    row[place] = convert(row[place])
        cursor.executemany(sql, batch)


def _batches(lines: Iterator[bytes]) -> Iterator[list[list[Any]]]:
    batch = []
    for line in lines:
        batch.append(json.loads(line))
        if len(batch) == ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _check_pointers(cursor: Any) -> None:
    """Now, and not of all tables at the end, for which the server would keep a list in memory."""
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _number_on(cursor: Any, table: HeldTable, last: int) -> None:
    """The next row gets the number that it would have had, also where the last ones are gone."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
            [f'"{table.name}"', table.key.name, last],
        )
        return
    cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table.name])
    if not cursor.rowcount:
        cursor.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last]
        )


def require(found: dict[str, TableContent], told: dict[str, TableContent]) -> None:
    """Raise NotGood where a table does not hold what the manifest says."""
    other = sorted(name for name in found.keys() | told.keys() if found.get(name) != told.get(name))
    if other:
        raise NotGood(f"恢复出来的表与备份不一致：{'、'.join(other)}。")


def check_all_pointers() -> None:
    """Every key that points to another row finds it; raises IntegrityError."""
    if connection.vendor == "sqlite":
        connection.check_constraints()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
