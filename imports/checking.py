"""What would come of each row of a table: nothing is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final, TypeVar

from imports.cells import CellRefused
from imports.kinds import ImportKind, Problem, ReadRow, RowVerdict
from imports.models import ImportRow
from imports.reading import Cell, SheetRow

CHUNK: Final = 500
Thing = TypeVar("Thing")
BLANK: Final = ("", None)


def read_row(
    kind: ImportKind, line: int, cells: Sequence[Cell], places: Mapping[str, int]
) -> ReadRow:
    """The values of a row; what cannot be read, and what is needed and blank, are problems."""
    row = ReadRow(line, {})
    for column in kind.columns:
        place = places.get(column.code)
        if place is None:
            continue
        cell = cells[place] if place < len(cells) else ""
        try:
            value = column.read(cell)
        except CellRefused as refused:
            row.problems.append(Problem(column.label, str(refused)))
            continue
        if value in BLANK and column.is_needed and not column.may_be_blank:
            row.problems.append(Problem(column.label, "没有填写。"))
            continue
        row.values[column.code] = value
    return row


def examine(
    kind: ImportKind,
    rows: Iterable[SheetRow],
    places: Mapping[str, int],
    *,
    told: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[SheetRow, RowVerdict]]:
    """Each row with its verdict, some hundred at a time; `told` hears how many are done."""
    memory: Any = kind.begin()
    done = 0
    for chunk in chunks(rows, CHUNK):
        read = [
            replace(read_row(kind, row.line, row.cells, places), answer=row.answer) for row in chunk
        ]
        yield from zip(chunk, kind.examine(read, memory), strict=True)
        done += len(chunk)
        told(done)


def outcome_of(verdict: RowVerdict) -> str:
    if verdict.problems:
        return ImportRow.Outcome.ERROR
    if verdict.is_asked:
        return ImportRow.Outcome.ASKED
    if verdict.before is None:
        return ImportRow.Outcome.NEW
    if verdict.before == verdict.after:
        return ImportRow.Outcome.SAME
    return ImportRow.Outcome.CHANGED


def chunks(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    rest = iter(things)
    while chunk := list(islice(rest, size)):
        yield chunk
