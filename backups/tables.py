"""Which tables a backup holds, with their columns, in an order in which they can be filled."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from backups.kinds import HeldColumn, column_of


@dataclass(frozen=True)
class HeldTable:
    """`parents`: the other tables that its rows point to. `numbered`: the database counts `key`."""

    name: str
    key: HeldColumn
    columns: tuple[HeldColumn, ...]
    parents: frozenset[str]
    numbered: bool


def tables() -> list[list[HeldTable]]:
    """In groups: what a group points to stands in it or in one before it.

    A group is a single table, except where tables point to each other.
    """
    left = {table.name: table for table in _all()}
    groups: list[list[HeldTable]] = []
    while left:
        free = [table for table in left.values() if not table.parents & left.keys() - {table.name}]
        # Where none is free, they point to each other; then all that is left goes together.
        groups += [[table] for table in free] or [list(left.values())]
        for table in free or list(left.values()):
            del left[table.name]
    return groups


def _all() -> Iterator[HeldTable]:
    """Every table of every model, those between two models too, each once."""
    seen = set()
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.proxy or not meta.managed or meta.swapped or meta.db_table in seen:
            continue
        seen.add(meta.db_table)
        yield _table(model)


def _table(model: type[models.Model]) -> HeldTable:
    meta = model._meta
    fields = [field for field in meta.local_concrete_fields if not field.generated]
    targets = [one.related_model for one in fields if one.is_relation and one.related_model]
    return HeldTable(
        name=meta.db_table,
        key=column_of(meta.pk),
        columns=tuple(column_of(field) for field in fields),
        parents=frozenset(target._meta.db_table for target in targets),
        numbered=isinstance(meta.pk, models.AutoField | models.BigAutoField),
    )
