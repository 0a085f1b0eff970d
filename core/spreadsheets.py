"""Tables for spreadsheet programs, in which no cell becomes a formula.

What people typed may begin as a formula does, and a program that opens the table would run it
(CSV injection, as OWASP describes it). Every table that leaves the portal is written here.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

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
# Excel's own limit of a cell is a little more.
LONGEST_CELL: Final = 32_000
A4: Final = 9
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_TEXT: Final = {"strings_to_formulas": False, "strings_to_urls": False}
TEXT_LOOK: Final = {"num_format": "@", "valign": "top", "text_wrap": True}
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "cell": {},
    "ruled": {"border": 1, "font_size": 9},
    "head": {"bold": True, "bg_color": "#E4ECF4", "border": 1},
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "below": {"valign": "vcenter"},
}


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
    write_xlsx(file, "表", rows, [COLUMN_WIDTH] * MOST_WIDE)
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


@dataclass(frozen=True)
class PrintedPage:
    """A sheet for paper: landscape, as wide as the page, the heads on each; `below` ends it."""

    title: str
    subtitle: str
    below: str


def write_xlsx(
    file: BinaryIO,
    name: str,
    rows: Iterable[Sequence[Any]],
    widths: Sequence[int],
    *,
    page: PrintedPage | None = None,
) -> int:
    """A workbook of one sheet, written row by row without holding it; returns the rows but one.

    The first row holds the heads. Numbers stay numbers; every other cell is a text: none becomes a
    formula or a link, and long numbers keep their digits.
    """
    count = 0
    with xlsxwriter.Workbook(file, {**AS_TEXT, "constant_memory": True}) as book:
        sheet = book.add_worksheet(name)
        looks = {one: book.add_format({**TEXT_LOOK, **look}) for one, look in LOOKS.items()}
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, looks["cell"])
        first = _head_of_page(sheet, page, len(widths), looks) if page else 0
        look = looks["ruled"] if page else looks["cell"]
        for count, texts in enumerate(rows):
            for place, value in enumerate(texts):
                _write_cell(sheet, first + count, place, value, look if count else looks["head"])
        if page:
            sheet.merge_range(
                first + count + 2, 0, first + count + 2, len(widths) - 1, page.below, looks["below"]
            )
        else:
            sheet.freeze_panes(1, 0)
    return count


def _write_cell(sheet: Any, line: int, place: int, value: Any, look: Any) -> None:
    if isinstance(value, int | float):
        sheet.write_number(line, place, value, look)
    else:
        words = "" if value is None else str(value)
        sheet.write_string(line, place, printable(words)[:LONGEST_CELL], look)


def _head_of_page(sheet: Any, page: PrintedPage, columns: int, looks: dict[str, Any]) -> int:
    """Title and day above the table; the line on which the table begins."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.set_row(0, 30)
    sheet.merge_range(0, 0, 0, columns - 1, page.title, looks["title"])
    sheet.merge_range(1, 0, 1, columns - 1, page.subtitle, looks["below"])
    sheet.repeat_rows(2)
    return 2


def write_text(cell: "Cell | MergedCell", text: str) -> None:
    """Fill a cell of an xlsx sheet: a text, whatever it begins with and however many digits."""
    cell.value = printable(text)
    cell.data_type = "s"
    cell.number_format = "@"
