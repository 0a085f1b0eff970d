"""Tables for spreadsheet programs, in which no cell becomes a formula.

What people typed may begin as a formula does, and a program that opens the table would run it
(CSV injection, as OWASP describes it). Every table that leaves the portal is written here.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from core.downloads import disposition
from core.text import printable

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

# Also in full width, as the programs of East Asia read them.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# The mark by which spreadsheet programs recognise UTF-8.
BYTE_ORDER_MARK: Final = "\ufeff"
# In characters: an identity number with room to spare.
COLUMN_WIDTH: Final = 24
# More columns than any of our tables has.
MOST_WIDE: Final = 40
# Excel's own limit of a cell, with room.
LONGEST: Final = 32_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Echo:
    """A file for the csv module that hands back what is written."""

    def write(self, line: str) -> str:
        return line


def as_text(value: Any) -> Any:
    """A text that looks like a formula gets the sign that makes it text; numbers stay numbers.

    Controls in rows from before the canonical form are left out: no sheet can hold them.
    """
    if not isinstance(value, str):
        return value
    shown = printable(value)
    return f"'{shown}" if shown.startswith(FORMULA_STARTS) else shown


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV file line by line, the byte order mark first."""
    writer = csv.writer(_Echo())
    mark = BYTE_ORDER_MARK
    for row in rows:
        yield mark + writer.writerow([as_text(value) for value in row])
        mark = ""


def csv_response(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV file to keep, `name` with its ending."""
    return HttpResponse("".join(csv_lines(rows)), headers=_headers(name))


def csv_stream(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """The same for a table too long to hold in memory."""
    return StreamingHttpResponse(csv_lines(rows), headers=_headers(name))


def xlsx_stream(name: str, rows: Iterable[Sequence[Any]]) -> FileResponse:
    """A workbook of one sheet, however long: a row is written to disk before the next is read.

    The first row is the head. Numbers stay numbers, everything else is a text.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True})
        sheet = book.add_worksheet()
        sheet.set_column(0, MOST_WIDE, COLUMN_WIDTH, text)
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(place, column, value)
                else:
                    words = printable(str(value or ""))[:LONGEST]
                    sheet.write_string(place, column, words, text if place else bold)
    file.seek(0)
    return FileResponse(file, content_type=XLSX, headers=_disposition(name))


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Type": "text/csv; charset=utf-8",
        **_disposition(name),
    }


def _disposition(name: str) -> dict[str, str]:
    return {"Content-Disposition": disposition(name)}


def xlsx_table(rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet, every cell a text: long numbers keep all their digits."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts, start=1):
            write_text(sheet.cell(row, column), text)
    for column in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = COLUMN_WIDTH
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def write_text(cell: "Cell | MergedCell", text: str) -> None:
    """Fill a cell of an xlsx sheet: a text, whatever it begins with and however many digits."""
    cell.value = printable(text)
    cell.data_type = "s"
    cell.number_format = "@"
