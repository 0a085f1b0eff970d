"""Workbooks that leave: the empty template, and a file with its problems beside each row."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import xlsxwriter

from core.text import printable
from imports.cells import shown
from imports.heads import PROBLEMS, plain_head
from imports.kinds import ImportKind
from imports.models import ImportBatch, ImportRow
from imports.reading import from_json
from imports.sheet_reader import EXPLANATIONS

# Excel's own limit of a cell.
LONGEST: Final = 32_000


def template(kind: ImportKind) -> bytes:
    """The heads, needed ones marked by colour, and a sheet that explains each."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, OPTIONS) as book:
        text, needed, other = _formats(book)
        sheet = book.add_worksheet(kind.label)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(kind.columns):
            sheet.set_column(place, place, column.width, text)
            sheet.write_string(0, place, column.label, needed if column.is_needed else other)
        notes = book.add_worksheet(EXPLANATIONS)
        notes.set_column(0, 0, 18)
        notes.set_column(1, 1, 8)
        notes.set_column(2, 3, 50)
        for line, cells in enumerate(_explanations(kind)):
            for place, words in enumerate(cells):
                notes.write_string(line, place, words, other if line == 0 else text)
    return written.getvalue()


def _explanations(kind: ImportKind) -> Iterator[Sequence[str]]:
    yield ("列名", "必填", "怎么填", "例子")
    for column in kind.columns:
        is_needed = "必填" if column.is_needed else ""
        yield (column.label, is_needed, column.note, column.example)
    for words in kind.explanations:
        yield ("", "", words, "")


def with_problems(batch: ImportBatch) -> bytes:
    """The rows as they came, row by row, and behind them what is wrong with each.

    A column of problems from the last time is left out: it can be filled in and given again.
    """
    rows = batch.rows.order_by("line").iterator(chunk_size=500)
    lines = ((row.line, row.cells, _words(row)) for row in rows)
    titles = [(title.line, title.cells) for title in batch.titles.all()]
    return _workbook(batch, titles, lines)


def _workbook(
    batch: ImportBatch,
    titles: Iterable[tuple[int, list[object]]],
    lines: Iterable[tuple[int, list[object], str]],
) -> bytes:
    kept = [place for place, head in enumerate(batch.heads) if plain_head(head) != PROBLEMS]
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {**OPTIONS, "constant_memory": True}) as book:
        text, needed, other = _formats(book)
        sheet = book.add_worksheet("导入")
        sheet.set_column(0, len(kept) - 1, 18, text)
        sheet.set_column(len(kept), len(kept), 60, text)
        place = 0
        for _, cells in titles:
            _write(sheet, place, [shown(from_json(cell)) for cell in cells], text)
            place += 1
        _write(sheet, place, [batch.heads[one] for one in kept], other)
        sheet.write_string(place, len(kept), PROBLEMS, needed)
        for _, cells, words in lines:
            place += 1
            shown_cells = [shown(from_json(cell)) for cell in cells]
            _write(sheet, place, [shown_cells[c] if c < len(cells) else "" for c in kept], text)
            sheet.write_string(place, len(kept), words[:LONGEST], text)
    return written.getvalue()


def _write(sheet: object, place: int, texts: Sequence[str], look: object) -> None:
    """Every cell a text: nothing becomes a formula, and long numbers keep their digits."""
    for column, words in enumerate(texts):
        sheet.write_string(place, column, printable(words)[:LONGEST], look)  # type: ignore[attr-defined]


def _words(row: ImportRow) -> str:
    words = [f"{column}：{told}" if column else told for column, told in row.problems]
    if row.outcome == ImportRow.Outcome.ASKED:
        names = "、".join(label for _, label in row.candidates)
        words.append(f"与{names}名称相近，是同一家还是另一家？")
    return "".join(words)


OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def _formats(book: xlsxwriter.Workbook) -> tuple[object, object, object]:
    """Of plain cells, of needed heads, and of other heads."""
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    needed = book.add_format({"num_format": "@", "bold": True, "bg_color": "#FBE3CF"})
    other = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E4ECF4"})
    return text, needed, other
