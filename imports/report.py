"""Rows of a batch as the report shows them: problems, and old and new beside each other."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.text import brief
from imports.cells import shown
from imports.kinds import ImportKind
from imports.models import ImportBatch, ImportRow
from imports.reading import from_json

# Of one cell; who wants the whole opens the row or the file.
MOST_WORDS = 60
BADGES = {
    ImportRow.Outcome.ERROR: "late",
    ImportRow.Outcome.ASKED: "act",
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
    is_new: bool
    path: str
    # The cell by which people know the row, where it is asked about or does not say it itself.
    name: str


def shown_rows(kind: ImportKind, batch: ImportBatch, rows: Iterable[ImportRow]) -> list[ShownRow]:
    place = batch.places.get(next((one.code for one in kind.columns if one.is_needed), ""))
    return [
        ShownRow(
            row,
            BADGES[ImportRow.Outcome(row.outcome)],
            list(_differences(kind, row)),
            not row.before,
            kind.path_of(row.target) if row.target and _is_there(row) else "",
            _cell(row, place) if row.candidates or row.before else "",
        )
        for row in rows
    ]


def _cell(row: ImportRow, place: int | None) -> str:
    if place is None or place >= len(row.cells):
        return ""
    return shown(from_json(row.cells[place]))


def _is_there(row: ImportRow) -> bool:
    return row.undone_at is None or row.outcome != ImportRow.Outcome.NEW


def _differences(kind: ImportKind, row: ImportRow) -> Iterable[CellDifference]:
    for column in kind.columns:
        before, after = row.before.get(column.code), row.after.get(column.code)
        if before == after or column.code not in row.after:
            continue
        was, becomes = (kind.words_of(column.code, value) for value in (before, after))
        if was != becomes:
            mask = column.mask or (lambda words: words)
            yield CellDifference(
                column.label, brief(mask(was), MOST_WORDS), brief(mask(becomes), MOST_WORDS)
            )
