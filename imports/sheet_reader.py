"""A program of its own: reads an xlsx or csv file from standard input, writes its cells as JSON.

It runs apart from the web process because a small file may unpack to any size: here a hunger for
memory or an endless loop ends this process and nothing else. The exit status says what was wrong.
A cell is a text, a number, a truth, or {"d": "2026-03-02"} for a day, with T14:30 where it has a
time; blank ends of rows and blank rows are left out, and each row stands behind the number that a
spreadsheet program shows.
"""

import codecs
import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from imports.limits import (
    CPU_SECONDS,
    EMPTY,
    HEAD_WITHIN,
    LOCKED,
    MACROS,
    MEMORY,
    MOST_COLUMNS,
    MOST_PARTS,
    MOST_ROWS,
    MOST_TEXT,
    MOST_UNZIPPED,
    NOT_A_SHEET,
    OLD_FORMAT,
    OTHER_FORMAT,
    TOO_COMPLEX,
    TOO_LARGE_INSIDE,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
    UNREADABLE,
)

ZIP, COMPOUND = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
CHUNK = 1024**2
# The sheet that the portal's own templates explain themselves on.
EXPLANATIONS = "填写说明"

Cells = list[Any]


class SheetUnusable(Exception):
    """Carries the exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read(data: bytes) -> dict[str, Any]:
    """The sheet that counts, as JSON values. Raises Unusable."""
    if not data.strip():
        raise SheetUnusable(EMPTY)
    if data.startswith(ZIP):
        return read_workbook(data, has_formulas=look_inside(data))
    if data.startswith(COMPOUND):
        raise SheetUnusable(LOCKED if ENCRYPTED in data else OLD_FORMAT)
    return read_commas(data)


def look_inside(data: bytes) -> bool:
    """Unpack every part, keep none, and tell whether there are formulas. Raises Unusable."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        names = {part.filename for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise SheetUnusable(LOCKED)
        if any(name.endswith("vbaProject.bin") for name in names):
            raise SheetUnusable(MACROS)
        if "xl/workbook.xml" not in names:
            raise SheetUnusable(OTHER_FORMAT)
        if len(parts) > MOST_PARTS:
            raise SheetUnusable(TOO_COMPLEX)
        left, found = MOST_UNZIPPED, False
        for part in parts:
            is_sheet = part.filename.startswith("xl/worksheets/")
            with packed.open(part) as stream:
                while piece := stream.read(CHUNK):
                    left -= len(piece)
                    if left < 0:
                        raise SheetUnusable(TOO_LARGE_INSIDE)
                    found = found or (is_sheet and FORMULA.search(piece) is not None)
        return found


def read_workbook(data: bytes, *, has_formulas: bool) -> dict[str, Any]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    chosen, rows, others, hidden = None, [], 0, 0
    for place, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet or about.name == EXPLANATIONS:
            continue
        sheet = book.get_sheet_by_index(place)
        if about.visible != SheetVisibleEnum.Visible:
            hidden += bool(sheet.height)
        elif chosen is not None:
            others += bool(sheet.height)
        else:
            found = list(bounded(lines_of(sheet)))
            if found:
                chosen, rows = sheet, found
    if chosen is None:
        raise SheetUnusable(EMPTY)
    notes = [["formulas", 1]] if has_formulas else []
    notes += [["others", others]] if others else []
    notes += [["hidden", hidden]] if hidden else []
    merged = [
        [first, second]
        for first, second in chosen.merged_cell_ranges or ()
        if second[0] <= HEAD_WITHIN * 2
    ]
    return {"sheet": chosen.name, "rows": rows, "notes": notes, "merged": merged}


def lines_of(sheet: CalamineSheet) -> Iterator[tuple[int, Iterable[Any]]]:
    """Each row with its number as people see it; the reader begins with the first filled row."""
    start = sheet.start
    if start is None:
        return
    left_out = [""] * start[1]
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, cells if len(cells) >= sheet.total_width else [*left_out, *cells]


def read_commas(data: bytes) -> dict[str, Any]:
    text = decode(data)
    if "\x00" in text:
        raise SheetUnusable(NOT_A_SHEET)
    first = text[: text.find("\n")] if "\n" in text else text
    # Without any of them it is a list in one column, if its head says so.
    mark = max(",\t;，", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    rows = list(bounded((reader.line_num, cells) for cells in reader))
    if not rows:
        raise SheetUnusable(EMPTY)
    return {"sheet": "", "rows": rows, "notes": [], "merged": []}


def decode(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else what Chinese Windows writes."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetUnusable(NOT_A_SHEET)


def bounded(rows: Iterable[tuple[int, Iterable[Any]]]) -> Iterator[tuple[int, Cells]]:
    """Rows that hold something, within the limits. Raises Unusable."""
    count = 0
    for number, cells in rows:
        kept = [plain(cell) for cell in cells]
        while kept and kept[-1] == "":
            kept.pop()
        if not kept:
            continue
        count += 1
        if count > MOST_ROWS + HEAD_WITHIN:
            raise SheetUnusable(TOO_MANY_ROWS)
        if len(kept) > MOST_COLUMNS:
            raise SheetUnusable(TOO_MANY_COLUMNS)
        yield number, kept


def plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        has_time = cell.hour or cell.minute
        return {"d": cell.isoformat("T", "minutes") if has_time else cell.date().isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, bool | int | float):
        return cell
    text = str(cell).strip()
    return text[: MOST_TEXT + 1]


def confine() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open("/proc/self/statm", encoding="ascii") as file:
        taken = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))


def main() -> int:
    data = sys.stdin.buffer.read()
    confine()
    try:
        found = read(data)
    except SheetUnusable as unusable:
        return unusable.status
    except PasswordError:
        return LOCKED
    except MemoryError:
        return TOO_COMPLEX
    except (CalamineError, zipfile.BadZipFile, csv.Error, OSError, ValueError, EOFError):
        return UNREADABLE
    except (NotImplementedError, RuntimeError):
        # A way of packing or locking that Python does not know.
        return UNREADABLE
    json.dump(found, sys.stdout, ensure_ascii=True, separators=(",", ":"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
