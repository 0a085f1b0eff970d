"""Rows from before the canonical form, brought into it by a migration of their room."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models


def make_canonical(
    rows: "models.QuerySet[Any]", forms: Mapping[str, Callable[[str], str]]
) -> list[int]:
    """Write each column of text in its form; returns the primary keys of the rows that changed.

    What would not fit its column, or is somebody else's already where it must be unique, stays
    as it is.
    """
    changed = []
    for row in rows.only("pk", *forms).order_by("pk").iterator():
        new = {column: form(getattr(row, column)) for column, form in forms.items()}
        new = {column: text for column, text in new.items() if _may_become(row, column, text)}
        if new:
            rows.filter(pk=row.pk).update(**new)
            changed.append(row.pk)
    return changed


def _may_become(row: models.Model, column: str, text: str) -> bool:
    field: Any = row._meta.get_field(column)
    if text == getattr(row, column) or not text:
        return False
    if field.max_length is not None and len(text) > field.max_length:
        return False
    others = type(row)._base_manager.exclude(pk=row.pk)
    return not (field.unique and others.filter(**{f"{column}__iexact": text}).exists())
