"""Rows in bulk: COPY on PostgreSQL, `executemany` on SQLite.

The rows of one sheet differ in few columns. All others hold what a pattern row holds (cipher text
included), what is named once, or the model's own default; so a column that a model gains is filled
as well. Values that differ are texts, whole numbers or None; moments are naive UTC.
"""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Field, JSONField, Model

from core.fields import Sealed
from tests.benchmarks.scale.databases import require_mark

Value = str | int | None
Row = tuple[Value, ...]
# Above this the indexes are made anew when all rows are there, instead of growing with each.
WORTH_REBUILDING: Final = 5_000
WORKERS: Final = 2
SEEDING: Final = (
    "SET session_replication_role = replica",
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '512MB'",
)


class Sheet:
    """Rows of one model that wait to be written. `add` takes the differing values in order."""

    def __init__(
        self, model: type[Model], differing: Sequence[str], constants: dict[str, Value]
    ) -> None:
        self.model = model
        self._differing, self._constants = differing, constants
        self._rows: list[Row] = []
        fields = {one.attname: one for one in model._meta.concrete_fields}
        places = {place: fields[name] for place, name in enumerate(differing)}
        self._sealed = {place: one for place, one in places.items() if isinstance(one, Sealed)}
        self.add: Callable[[Row], None] = self._add_sealed if self._sealed else self._rows.append
        self.columns = [*(fields[name].column for name in differing), *constants]

    def _add_sealed(self, row: Row) -> None:
        values = list(row)
        for place, field in self._sealed.items():
            values[place] = sealed(field, values[place])
        self._rows.append(tuple(values))

    def take(self) -> list[Row]:
        """What was added since the last time."""
        rows = self._rows[:]
        self._rows.clear()
        return rows

    @property
    def template(self) -> str:
        """A line of COPY, with a place for each differing value."""
        fixed = [escaped(str(value)).replace("%", "%%") for value in self._constants.values()]
        return "\t".join(["%s"] * len(self._differing) + fixed)

    def insert(self, rows: list[Row]) -> None:
        """On SQLite, where the constants stand in the statement itself."""
        fixed = ["NULL" if one is None else _quoted(one) for one in self._constants.values()]
        places = ", ".join(["?"] * len(self._differing) + fixed)
        names = ", ".join(f'"{name}"' for name in self.columns)
        table = self.model._meta.db_table
        connection.ensure_connection()
        connection.connection.executemany(
            f'INSERT INTO "{table}" ({names}) VALUES ({places})',  # noqa: S608
            rows,
        )


class Store:
    """Where the sheets of all rooms are written. `copies` counts what went to each model."""

    def __init__(self, count: int) -> None:
        require_mark()
        self.sheets: list[Sheet] = []
        self.copies: dict[str, int] = {}
        self._is_postgresql = connection.vendor == "postgresql"
        self._is_large = self._is_postgresql and count > WORTH_REBUILDING
        self._pool = ThreadPoolExecutor(WORKERS) if self._is_large else None
        self._under_way: list[Future[None]] = []

    def together(self) -> AbstractContextManager[object]:
        """Within it all is written: few rows at once, many as they come."""
        return nullcontext() if self._is_large else transaction.atomic()

    def sheet(
        self,
        model: type[Model],
        *differing: str,
        pattern: Model | None = None,
        **constants: Any,
    ) -> Sheet:
        """A sheet whose other columns hold `constants`, else what `pattern` holds, else defaults.

        Names are those of attributes, such as `enterprise_id`.
        """
        held = _stored(pattern) if pattern else {}
        fields = [one for one in model._meta.concrete_fields if not one.generated]
        unknown = {*differing, *constants} - {one.attname for one in fields}
        if unknown:
            raise ValueError(f"{model._meta.label} has no {sorted(unknown)}")
        fixed: dict[str, Value] = {}
        for field in fields:
            if field.attname in differing:
                continue
            if field.attname in constants:
                fixed[str(field.column)] = prepared(field, constants[field.attname])
            elif field.column in held:
                fixed[str(field.column)] = held[field.column]
            elif not field.primary_key:
                fixed[str(field.column)] = prepared(field, _default(field))
        sheet = Sheet(model, differing, fixed)
        self.sheets.append(sheet)
        return sheet

    def flush(self) -> None:
        """Write all that waits."""
        for sheet in self.sheets:
            rows = sheet.take()
            if not rows:
                continue
            label = sheet.model._meta.label
            self.copies[label] = self.copies.get(label, 0) + len(rows)
            if not self._is_postgresql:
                sheet.insert(rows)
            elif self._pool is None:
                _copy(sheet, rows)
            else:
                self._wait_for(WORKERS * 2)
                self._under_way.append(self._pool.submit(_copy_apart, sheet, rows))

    def begin(self) -> None:
        """Let the indexes of a large seeding rest until its end."""
        if self._is_large:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE pg_index SET indisready = false FROM pg_class"
                    " WHERE pg_class.oid = indrelid AND relname = ANY(%s)",
                    [self._tables()],
                )

    def end(self) -> None:
        """Write the rest, make the indexes, and let the planner know of it all."""
        self.flush()
        self._wait_for(0)
        tables = self._tables()
        if self._pool is not None:
            work = [f'REINDEX TABLE "{table}"' for table in tables]
            list(self._pool.map(_run_apart, work))
            list(self._pool.map(_run_apart, [f'VACUUM (ANALYZE) "{table}"' for table in tables]))
            self._pool.map(lambda _: connection.close(), range(WORKERS))
            self._pool.shutdown()
        models = {one.model for one in self.sheets}
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
                cursor.execute(statement)
            cursor.execute("ANALYZE")

    def _tables(self) -> list[str]:
        """The largest first, so that no thread ends long after the other."""
        sizes: dict[str, int] = {}
        for sheet in self.sheets:
            table = sheet.model._meta.db_table
            sizes[table] = max(sizes.get(table, 0), self.copies.get(sheet.model._meta.label, 0))
        return sorted(sizes, key=lambda table: -sizes[table])

    def _wait_for(self, most: int) -> None:
        while len(self._under_way) > most:
            self._under_way.pop(0).result()


def prepared(field: "Field[Any, Any]", value: Any) -> Value:
    """As the column holds it, in the one form that both databases read."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(field, JSONField):
        return json.dumps(field.get_prep_value(value), ensure_ascii=False)
    found = field.get_prep_value(value)
    if isinstance(found, bool):
        return int(found)
    return found if found is None or isinstance(found, int) else str(found)


@lru_cache(maxsize=100_000)
def sealed(field: "Field[Any, Any]", value: Value) -> Value:
    """An encrypted column's content; the same of the same text, which nothing here compares."""
    found: Value = field.get_prep_value(field.to_python(value))
    return found


def moment_text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _default(field: "Field[Any, Any]") -> Any:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return datetime.now(UTC)
    return field.get_default()


def _quoted(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _stored(pattern: Model) -> dict[str, Value]:
    """What the pattern's row holds by column, without its own number."""
    fields = [
        one for one in pattern._meta.concrete_fields if not one.generated and not one.primary_key
    ]
    names = ", ".join(f'CAST("{one.column}" AS text)' for one in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {names} FROM "{pattern._meta.db_table}" WHERE id = %s',  # noqa: S608
            [pattern.pk],
        )
        [row] = cursor.fetchall()
    return dict(zip((str(one.column) for one in fields), row, strict=True))


def _lines(template: str, rows: Iterable[Row]) -> str:
    return "\n".join([template % row for row in rows]) + "\n"


def _copy(sheet: Sheet, rows: list[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in sheet.columns)
    command = f"COPY \"{sheet.model._meta.db_table}\" ({names}) FROM STDIN WITH (NULL 'None')"
    with connection.cursor() as cursor:
        cursor.copy_expert(command, io.StringIO(_lines(sheet.template, rows)))


def _copy_apart(sheet: Sheet, rows: list[Row]) -> None:
    """In a thread, over a connection of its own."""
    _prepare()
    _copy(sheet, rows)


def _run_apart(statement: str) -> None:
    _prepare()
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _prepare() -> None:
    if connection.connection is None:
        with connection.cursor() as cursor:
            for statement in SEEDING:
                cursor.execute(statement)
