"""Reads the economies of a card's back from one cell, as people write them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from core import text
from imports.cells import CellRefused, day_of
from materials.economies import NAMES

ALL: Final = frozenset({"全部", "16个", "16个经济体", "十六个", "全部16个", "ALL"})
# What other lists call them.
OTHER_NAMES: Final = {
    "印尼": "IDN", "巴新": "PNG", "俄罗斯联邦": "RUS", "大韩民国": "KOR", "文莱达鲁萨兰国": "BRN",
}  # fmt: skip
BY_NAME: Final = {name: code for code, name in NAMES.items()} | OTHER_NAMES
# Where one economy ends: never inside a date.
BETWEEN: Final = re.compile(r"[、，,;；\n]|\s+(?=[A-Za-z\u4e00-\u9fff])")
ONE: Final = re.compile(
    r"([A-Za-z]{3}|[\u4e00-\u9fff]+?)[=:：（(至到]*([0-9][0-9年月日/.\-]*)?止?[）)]*"
)


def read_economies(written: str) -> dict[str, date | None]:
    """日本、KOR、越南(2028-01-01) → JPN, KOR and VNM with its own day. Raises CellRefused."""
    plain = text.dashes_as_hyphens(text.half_width(text.line(written)))
    if plain.replace(" ", "").upper() in ALL:
        return dict.fromkeys(NAMES)
    found: dict[str, date | None] = {}
    for part in filter(None, (one.strip() for one in BETWEEN.split(plain))):
        match = ONE.fullmatch(part.replace(" ", ""))
        code = _code(match.group(1)) if match else None
        if match is None or code is None:
            raise CellRefused(
                f"“{text.brief(part, 20)}”不是卡背面会有的经济体。请写名称或三个字母的代码，"
                "用顿号分开，如：日本、KOR、越南(2028-01-01)。"
            )
        if code in found:
            raise CellRefused(f"{NAMES[code]}写了两次，请只留一次。")
        found[code] = day_of(match.group(2)) if match.group(2) else None
    return found


def _code(name: str) -> str | None:
    upper = name.upper()
    return upper if upper in NAMES else BY_NAME.get(name)


def write_economies(economies: Mapping[str, date | None]) -> str:
    """The one form that is compared and kept: JPN;VNM=2028-01-01, in the list's order."""
    parts = []
    for code in NAMES:
        if code in economies:
            until = economies[code]
            parts.append(f"{code}={until.isoformat()}" if until else code)
    return ";".join(parts)


def parse_economies(kept: str) -> dict[str, date | None]:
    """What `write_economies` wrote."""
    parts = [one.partition("=") for one in kept.split(";") if one]
    return {code: date.fromisoformat(day) if day else None for code, _, day in parts}


def economies_words(kept: str) -> str:
    """日本、越南（到2028-01-01）."""
    economies = parse_economies(kept)
    if len(economies) == len(NAMES) and not any(economies.values()):
        return "全部16个"
    return "、".join(
        f"{NAMES[code]}（到{day.isoformat()}）" if day else NAMES[code]
        for code, day in economies.items()
    )
