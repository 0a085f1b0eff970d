"""Workbooks for the tests of imports, written as people and their programs write them."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

Row = Sequence[Any]


def workbook(*rows: Row, **sheets: Sequence[Row]) -> bytes:
    """One sheet 一 with these rows, and more by name; dates are Excel's dates."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in {"一": rows, **sheets}.items():
            sheet = book.add_worksheet(name)
            for place, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(place, column, cell, day)
                    else:
                        sheet.write(place, column, cell)
    return written.getvalue()


def repacked(data: bytes, *, more: dict[str, bytes]) -> bytes:
    """The same file with further parts, as macros and bombs come along."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, old.read(part))
        for name, content in more.items():
            new.writestr(name, content)
    return written.getvalue()
