"""Several queries as one statement, each with an order and an end of its own."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet


def union_all(branches: "Sequence[QuerySet[Any, Any]]") -> tuple[str, list[Any]]:
    """The statement and its values. Django's own union lets no branch end on SQLite."""
    compiled = [branch.query.sql_with_params() for branch in branches]
    parts = [f"SELECT * FROM ({sql}) branch{place}" for place, (sql, _) in enumerate(compiled)]  # noqa: S608
    return " UNION ALL ".join(parts), [one for _, several in compiled for one in several]
