"""Rows of a batch as the report shows them: problems, and old and new beside each other."""

from collections.abc import Iterable
from dataclasses import dataclass

from imports.kinds import ImportKind
from imports.models import ImportRow

BADGES = {
    ImportRow.Outcome.ERROR: "late",
    ImportRow.Outcome.KEPT: "act",
    ImportRow.Outcome.CHANGED: "wait",
    ImportRow.Outcome.NEW: "done",
    ImportRow.Outcome.SAME: "void",
    ImportRow.Outcome.UNCHECKED: "wait",
}


@dataclass(frozen=True)
class CellDifference:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownRow:
    row: ImportRow
    badge: str
    differences: list[CellDifference]
    path: str


def shown_rows(kind: ImportKind, rows: Iterable[ImportRow]) -> list[ShownRow]:
    return [
        ShownRow(
            row,
            BADGES[ImportRow.Outcome(row.outcome)],
            list(_differences(kind, row)),
            kind.path_of(row.target) if row.target and _is_there(row) else "",
        )
        for row in rows
    ]


def _is_there(row: ImportRow) -> bool:
    return row.undone_at is None or row.outcome != ImportRow.Outcome.NEW


def _differences(kind: ImportKind, row: ImportRow) -> Iterable[CellDifference]:
    for column in kind.columns:
        before, after = row.before.get(column.code), row.after.get(column.code)
        if before == after:
            continue
        mask = column.mask or (lambda words: words)
        yield CellDifference(
            column.label,
            mask(kind.words_of(column.code, before)),
            mask(kind.words_of(column.code, after)),
        )
