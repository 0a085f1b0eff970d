"""Reads a spreadsheet file into rows, apart from this process; refusals are sentences."""

import json
import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings

from files.apart import run_apart
from files.refusals import readable_size
from imports import limits

READER: Final = [sys.executable, "-m", "imports.sheet_reader"]
TIMEOUT_SECONDS: Final = 60
AS_XLSX: Final = "请用表格软件打开，另存为xlsx格式（“Excel 工作簿”），再上传。"

REFUSALS: Final = {
    limits.LOCKED: "这个文件设有打开密码，读不了。请去掉密码另存一份，再上传。",
    limits.MACROS: f"这个文件带有宏，为安全起见不收。{AS_XLSX}",
    limits.OLD_FORMAT: f"这是旧的xls格式，或者不是表格。{AS_XLSX}",
    limits.OTHER_FORMAT: f"这个文件不是xlsx表格。{AS_XLSX}",
    limits.NOT_A_SHEET: f"这个文件看不出是表格（xlsx或csv）。{AS_XLSX}",
    limits.TOO_LARGE_INSIDE: (
        f"这个文件展开后超过{readable_size(limits.MOST_UNZIPPED)}，没有读取。"
        "请删去图片、多余的工作表和格式，或者分成几个文件。"
    ),
    limits.TOO_MANY_ROWS: f"一个文件最多{limits.MOST_ROWS}行，请分成几个文件。",
    limits.TOO_MANY_COLUMNS: f"一张表最多{limits.MOST_COLUMNS}列，请删去不用的列。",
    limits.EMPTY: "这个文件里没有内容。请核对是不是保存在了别的文件里。",
    limits.UNREADABLE: "文件有损坏或不完整，打不开。请用表格软件打开，另存一份再上传。",
    limits.TOO_COMPLEX: "这张表太大或太散，没能读完。请只留有内容的行和列，另存一份再上传。",
}
NOTES: Final = {
    "formulas": "表里有公式，按表格软件上次算出的结果读取；没有结果的当作空白。",
    "others": "只读了第一张有内容的工作表，另有{}张没有读。",
    "hidden": "有{}张隐藏的工作表没有读。",
}

Cell = str | int | float | bool | date


class SheetRefused(Exception):
    """The file cannot be read as a table; the words say why and what to do."""


@dataclass(frozen=True)
class SheetRow:
    """`line` is the number that a spreadsheet program shows; `answer` what people said of it."""

    line: int
    cells: list[Cell]
    answer: str = ""


@dataclass(frozen=True)
class ImportedSheet:
    """`merged`: the first and last cell of each merged range near the top, counted from 0."""

    name: str
    rows: list[SheetRow]
    notes: list[str]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()

    @property
    def is_plain_text(self) -> bool:
        """A text without columns: a list, where its head says so, and otherwise no table."""
        return not self.name and all(len(row.cells) < 2 for row in self.rows)


def read_sheet(data: bytes) -> ImportedSheet:
    """The first visible sheet that holds something. Raises SheetRefused."""
    if len(data) > settings.MAX_UPLOAD_BYTES:
        raise SheetRefused(
            f"文件有{readable_size(len(data))}，最多{readable_size(settings.MAX_UPLOAD_BYTES)}。"
            "请删去图片和多余的工作表，或者分成几个文件。"
        )
    try:
        finished = run_apart(READER, data, seconds=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise SheetRefused(REFUSALS[limits.TOO_COMPLEX]) from error
    if finished.returncode != 0:
        status = finished.returncode
        raise SheetRefused(REFUSALS.get(status, REFUSALS[limits.TOO_COMPLEX]))
    found = json.loads(finished.stdout)
    rows = [SheetRow(line, [from_json(cell) for cell in cells]) for line, cells in found["rows"]]
    notes = [NOTES[code].format(count) for code, count in found["notes"]]
    merged = [(tuple(first), tuple(last)) for first, last in found["merged"]]
    return ImportedSheet(found["sheet"], rows, notes, merged)


def as_json(cell: Cell) -> Any:
    """A cell as it is kept in a row's `raw`."""
    if isinstance(cell, datetime):
        return {"d": cell.isoformat("T", "minutes")}
    return {"d": cell.isoformat()} if isinstance(cell, date) else cell


def from_json(kept: Any) -> Cell:
    if isinstance(kept, dict):
        moment = datetime.fromisoformat(kept["d"])
        return moment if "T" in kept["d"] else moment.date()
    if isinstance(kept, float) and not math.isfinite(kept):
        return ""
    cell: Cell = kept
    return cell
