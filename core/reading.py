"""Readers of plain request parameters, bounded: anybody may write anything there.

int() takes the digits of any script, minds more than 4300 of them, and gives numbers that no
column holds; PostgreSQL takes no NUL.
"""

from collections.abc import Iterable
from typing import Final, overload

from core.text import line

# The largest primary key.
MOST: Final = 2**63 - 1
MOST_DIGITS: Final = len(str(MOST))


@overload
def whole_number(
    text: str | None, *, least: int = 0, most: int = MOST, default: int = 0
) -> int: ...


@overload
def whole_number(
    text: str | None, *, least: int = 0, most: int = MOST, default: None
) -> int | None: ...


def whole_number(
    text: str | None, *, least: int = 0, most: int = MOST, default: int | None = 0
) -> int | None:
    """The number that the digits 0 to 9 write; `default` for anything else or out of bounds.

    Without other words it is 0, which is nobody's primary key.
    """
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        return default
    number = int(text)
    return number if least <= number <= most else default


def whole_numbers(texts: Iterable[str]) -> set[int]:
    """Those of the texts that are numbers, such as primary keys that were ticked."""
    numbers = (whole_number(text, default=None) for text in texts)
    return {number for number in numbers if number is not None}


def line_of_text(text: str | None) -> str:
    """What was typed, in its canonical form."""
    return line(text or "")
