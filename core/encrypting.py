"""Columns that become encrypted: their rows, rewritten by a migration of their room.

The migration that changes the column runs before, in one of its own; this one stands outside a
transaction (`atomic = False`), so that no row is locked for longer than its batch, and goes on
where it was broken off.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db import migrations, models, transaction

from core.crypto import decrypt_bytes, encrypt_bytes, field_keys, key_of

BATCH: Final = 500


class BecomesEncrypted(migrations.AlterField):
    """The column's change. SQLite holds no column to its length: there nothing is to be rebuilt."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, before: Any, after: Any
    ) -> None:
        old = before.apps.get_model(app_label, self.model_name)._meta.get_field(self.name)
        # That of JSON holds its text to be JSON.
        if schema_editor.connection.vendor != "sqlite" or isinstance(old, models.JSONField):
            super().database_forwards(app_label, schema_editor, before, after)


def encrypt_rows(
    schema_editor: Any,
    columns: Mapping[str, Sequence[str]],
    *,
    pk: str = "id",
    is_hex: bool = False,
) -> None:
    """Encrypt these columns (table: columns) in every row in which they are plain."""
    for table, names in columns.items():
        for name in names:
            _encrypt_column(schema_editor.connection, table, name, pk, is_hex)


def _encrypt_column(connection: Any, table: str, name: str, pk: str, is_hex: bool) -> None:
    quote = connection.ops.quote_name
    write = (
        f"UPDATE {quote(table)} SET {quote(name)} = %s "  # noqa: S608
        f"WHERE {quote(pk)} = %s AND {quote(name)} = %s"
    )
    for rows in _batches(connection, table, name, pk):
        plain = [(key, text) for key, text in rows if text and not is_encrypted(text)]
        lines = [(_encrypted(text, is_hex), key, text) for key, text in plain]
        if lines:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.executemany(write, lines)


def _batches(connection: Any, table: str, name: str, pk: str) -> Iterator[list[tuple[Any, str]]]:
    quote = connection.ops.quote_name
    read = f"SELECT {quote(pk)}, {quote(name)} FROM {quote(table)}"  # noqa: S608
    after: Any = None
    while True:
        where = "" if after is None else f" WHERE {quote(pk)} > %s"
        with connection.cursor() as cursor:
            given = [] if after is None else [after]
            cursor.execute(f"{read}{where} ORDER BY {quote(pk)} LIMIT {BATCH}", given)
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _encrypted(text: str, is_hex: bool) -> str:
    return encrypt_bytes(bytes.fromhex(text) if is_hex else text.encode())


def is_encrypted(text: str) -> bool:
    """Whether a key at hand opens it."""
    if key_of(text) not in field_keys():
        return False
    try:
        decrypt_bytes(text)
    except (ImproperlyConfigured, ValueError):
        return False
    return True
