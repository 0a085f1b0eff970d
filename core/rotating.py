"""Rotation of field keys: what is encrypted under an older key is written again under the first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import connections, models, router, transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from core.crypto import decrypt_bytes, encrypt_bytes, field_keys
from core.fields import Sealed, TrailJSONField
from core.models import KeyInUse

# Rows written in one transaction: so many are locked for a moment, and so many are done again
# after an interruption.
BATCH: Final = 500


@dataclass
class Rotation:
    """How far it is."""

    rewritten: int = 0
    left: int = 0


def encrypted_columns() -> Iterator[tuple[type[models.Model], list[Any]]]:
    """Each model of any room or library that has encrypted columns, with them."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        fields = [field for field in model._meta.local_fields if isinstance(field, Sealed)]
        if fields:
            yield model, fields


def rotate_fields(rotation: Rotation) -> None:
    """Encrypt every column anew under the key that writes. Safe to interrupt and to repeat."""
    for model, fields in encrypted_columns():
        _rotate(model, fields, rotation)


def _rotate(model: type[models.Model], fields: list[Any], rotation: Rotation) -> None:
    after: Any = None
    while rows := list(_old(model, fields, after)[:BATCH]):
        for number, field in enumerate(fields):
            pairs = [(row[0], row[1 + number]) for row in rows]
            old = [(pk, text) for pk, text in pairs if text and _is_old(text)]
            rotation.rewritten += _write(model, field, old)
        after = rows[-1][0]
    rotation.left += _old(model, fields, None).count()


def _old(model: type[models.Model], fields: list[Any], after: Any) -> Any:
    """Rows of which a column stands under an older key: primary key and the columns as stored."""
    raw = {f"raw_{field.attname}": Cast(F(field.attname), TextField()) for field in fields}
    old = Q()
    for name in raw:
        old |= (
            ~Q(**{f"{name}__startswith": f"{field_keys()[0]}:"})
            & ~Q(**{name: ""})
            & Q(**{f"{name}__isnull": False})
        )
    rows = model._base_manager.annotate(**raw).filter(old).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return rows.values_list("pk", *raw)


def keys_of_trails() -> set[str]:
    """Of the keys that are noted as needed, those under which a table that only grows has rows."""
    fixed = [
        (model, field.attname)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, TrailJSONField)
    ]
    noted = KeyInUse.objects.filter(kind=KeyInUse.Kind.FIELD).values_list("key_id", flat=True)
    return {key for key in noted if any(_has_rows(model, name, key) for model, name in fixed)}


def _has_rows(model: type[models.Model], name: str, key: str) -> bool:
    raw = Cast(F(name), TextField())
    rows = model._base_manager.annotate(raw=raw).filter(raw__startswith=f'"{key}:')
    return rows.order_by().exists()


def _is_old(text: str) -> bool:
    return not text.startswith(f"{field_keys()[0]}:")


def _write(model: type[models.Model], field: Any, old: list[tuple[Any, str]]) -> int:
    """Only over what was read: who wrote in between wrote under the new key."""
    if not old:
        return 0
    using = router.db_for_write(model)
    connection = connections[using]
    name = connection.ops.quote_name
    command = (
        f"UPDATE {name(model._meta.db_table)} SET {name(field.column)} = %s "  # noqa: S608
        f"WHERE {name(str(model._meta.pk.column))} = %s AND {name(field.column)} = %s"
    )
    lines = [(encrypt_bytes(decrypt_bytes(text)), pk, text) for pk, text in old]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.executemany(command, lines)
    return len(lines)
