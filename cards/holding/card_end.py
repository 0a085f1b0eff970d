"""Reads what the command `card_end` is given, and answers it; never raises."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from cards.holding.ends import reckon_ends, require_order
from cards.holding.refusals import CardRefused
from core.form_text import FIRST_DAY, LAST_DAY
from core.text import brief, compact, line
from materials.economies import NAMES

DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_SHOWN: Final = 40


class EndUnreadable(Exception):
    """The words say what cannot be read, and how it is to be written."""


def card_end(
    issued: str, card_until: str, passport_until: str, economies: Sequence[str]
) -> dict[str, Any]:
    """What `reckon_ends` says of these days, as JSON values. Raises Unreadable."""
    issued_on = read_day("--issued", issued)
    until = read_day("--card-until", card_until)
    passport = read_day("--passport-until", passport_until)
    own = read_economies(economies)
    try:
        require_order(issued_on=issued_on, card_until=until, passport_until=passport, economies=own)
    except CardRefused as refused:
        raise EndUnreadable(str(refused)) from refused
    ends = reckon_ends(card_until=until, passport_until=passport, economies=own)
    return {
        "ends": ends.day.isoformat(),
        "because": ends.because,
        "economies": {code: day.isoformat() for code, day in ends.economies.items()},
    }


def read_day(option: str, written: str) -> date:
    """2026-03-02, also in full width. Raises Unreadable."""
    plain = compact(written)
    try:
        day = date.fromisoformat(plain) if DAY.fullmatch(plain) else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise EndUnreadable(
            f"{option}的“{_shown(written)}”不是一个日期，请写成2026-03-02的样子，"
            f"在{FIRST_DAY.year}年到{LAST_DAY.year}年之间。"
        )
    return day


def read_economies(written: Sequence[str]) -> dict[str, date | None]:
    """CODE=DATE each; CODE= and CODE alone end with the card. Raises Unreadable."""
    own: dict[str, date | None] = {}
    for one in written:
        name, _, day = compact(one).partition("=")
        code = name.upper()
        if code not in NAMES:
            raise EndUnreadable(
                f"--economy的“{_shown(name)}”不是卡背面会有的经济体，"
                f"请用三个字母的代码：{'、'.join(NAMES)}。"
            )
        if code in own:
            raise EndUnreadable(f"{NAMES[code]}（{code}）写了两次，请只留一次。")
        own[code] = read_day(f"--economy {code}", day) if day else None
    return own


def _shown(written: str) -> str:
    return brief(line(written), LONGEST_SHOWN)
