"""What people type into a cell: texts, whole numbers as texts, and days in every usual form."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError

from core import text
from core.form_text import FIRST_DAY, LAST_DAY, no_website
from imports.limits import MOST_TEXT
from imports.reading import Cell

# Digits that a spreadsheet program keeps of a number; the rest it makes zeros.
EXACT_DIGITS: Final = 15
# Day 1 of Excel, with the leap day of 1900 that it believes in.
EPOCH: Final = date(1899, 12, 30)
SERIALS: Final = range(18_000, 110_000)
SERIAL: Final = re.compile(r"[0-9]{5,6}(?:\.0*)?")
PARTED: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
WHOLE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
TIME_OF_DAY: Final = re.compile(r"[T\s]?[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?(?:\.0+)?$")

Reader = Callable[[Cell], Any]


class CellRefused(Exception):
    """What stands there is not what the column holds; the words say what it should be."""


def shown(cell: Cell) -> str:
    """A cell as a text, as it is shown and written back."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def line_of(cell: Cell, *, most: int = MOST_TEXT) -> str:
    """Free text on one line. Raises CellRefused."""
    return _bounded(text.line(shown(cell)), most)


def name_of(cell: Cell, *, most: int = 120) -> str:
    """Name of a person or a company, in which no website stands. Raises CellRefused."""
    name = _bounded(text.name(shown(cell)), most)
    try:
        no_website(name)
    except ValidationError as website:
        raise CellRefused("".join(website.messages)) from None
    return name


def number_of(cell: Cell, *, most: int = 40) -> str:
    """Numbers and codes: half width, no blanks, upper case. Raises CellRefused."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if is_number and abs(float(cell)) >= 10**EXACT_DIGITS:  # type: ignore[arg-type]
        raise CellRefused(
            f"这一格是数字格式，超过{EXACT_DIGITS}位的数字末尾已经变成0。"
            "请把这一列的格式设为“文本”，再重新填写。"
        )
    plain = text.dashes_as_hyphens(text.compact(shown(cell))).lstrip("'").replace("-", "")
    return _bounded(plain.upper(), most)


def day_of(cell: Cell) -> date | None:
    """A day; None of a blank cell. Raises CellRefused."""
    if isinstance(cell, date):
        return _usual(cell.date() if isinstance(cell, datetime) else cell)
    if isinstance(cell, bool):
        raise _no_day(cell)
    plain = text.dashes_as_hyphens(text.compact(shown(cell))).lstrip("'")
    if not plain:
        return None
    plain = TIME_OF_DAY.sub("", plain)
    match = PARTED.fullmatch(plain) or WHOLE.fullmatch(plain)
    if match:
        try:
            return _usual(date(*map(int, match.groups())))
        except ValueError:
            raise _no_day(cell) from None
    if SERIAL.fullmatch(plain) and int(float(plain)) in SERIALS:
        return _usual(EPOCH + timedelta(days=int(float(plain))))
    raise _no_day(cell)


def _usual(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise CellRefused(f"“{day.isoformat()}”不合常理，请核对年份。")
    return day


def _no_day(cell: Cell) -> CellRefused:
    words = text.brief(text.line(shown(cell)), 20)
    return CellRefused(f"“{words}”不是一个日期，请写成2026-03-02的样子。")


def _bounded(plain: str, most: int) -> str:
    if len(plain) > most:
        # Of a longer cell no more was read.
        count = f"超过{MOST_TEXT}" if len(plain) > MOST_TEXT else f"有{len(plain)}"
        raise CellRefused(
            f"这一格{count}个字，这一列最多写{most}个字。请缩短；看看是不是整段文字粘到了一格里。"
        )
    return plain
