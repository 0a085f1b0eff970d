"""What another station sets up otherwise, as parts of one file: each room declares its own.

A room names its parts in its AppConfig (`station_parts`, dotted names of `StationPart` classes);
`script/manage station` reads and writes the file (ADR 62).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from core.declarations import declared

NUL: Final = "\x00"


class Faults:
    """What is wrong with a file, each with its place; every reader gives what it could read."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []

    def add(self, place: str, words: str) -> None:
        self.found.append({"place": place, "words": words})

    def rows(self, raw: Any, place: str, *, most: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each row of a list with its place, as in departments[2]."""
        if not isinstance(raw, list) or len(raw) > most:
            self.add(place, f"应是最多{most}项的列表。")
            return
        for number, row in enumerate(raw, start=1):
            if isinstance(row, Mapping):
                yield f"{place}[{number}]", row
            else:
                self.add(f"{place}[{number}]", "应是一组名称和值。")

    def only(self, row: Mapping[str, Any], place: str, known: Collection[str]) -> None:
        if unknown := sorted(str(key)[:40] for key in set(row) - set(known)):
            self.add(place, f"不认识：{'、'.join(unknown)}。可以写的有：{'、'.join(known)}。")

    def text(
        self,
        row: Mapping[str, Any],
        key: str,
        place: str,
        *,
        most: int,
        pattern: str = "",
        example: str = "",
        required: bool = True,
        lines: bool = False,
    ) -> str:
        value = row.get(key, "")
        where = f"{place}.{key}"
        if not isinstance(value, str) or NUL in value or (not lines and "\n" in value):
            self.add(where, "应是一行文字。" if not lines else "应是文字。")
            return ""
        if not value.strip():
            if required:
                self.add(where, f"没有填写{f'，例如{example}' if example else ''}。")
            return ""
        if len(value) > most:
            self.add(where, f"最多{most}个字，现在是{len(value)}个字。")
        elif pattern and not re.fullmatch(pattern, value):
            self.add(where, f"“{value[:40]}”不对，应像“{example}”这样。")
        return value

    def whole(self, row: Mapping[str, Any], key: str, place: str, *, least: int, most: int) -> int:
        value = row.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.add(f"{place}.{key}", f"应是{least}到{most}的整数。")
            return least
        return value

    def flag(self, row: Mapping[str, Any], key: str, place: str) -> bool:
        value = row.get(key, False)
        if not isinstance(value, bool):
            self.add(f"{place}.{key}", "应是 true 或 false。")
        return value is True

    def day(
        self, row: Mapping[str, Any], key: str, place: str, *, required: bool = True
    ) -> date | None:
        value = row.get(key)
        if value in (None, "") and not required:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.add(f"{place}.{key}", "应是日期，如 2026-01-31。")
            return None

    def decimal(self, row: Mapping[str, Any], key: str, place: str) -> Decimal | None:
        try:
            value = Decimal(str(row.get(key)))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or value != value.quantize(Decimal("0.01")):
            self.add(f"{place}.{key}", "应是数，最多两位小数。")
            return None
        return value


class StationPart:
    """One part of the file, by its `code`; `label` is what people call it."""

    code: str = ""
    label: str = ""

    def export(self) -> Any:
        """What holds here, as JSON values; what `load` brings back gives the same again."""
        raise NotImplementedError

    def check(self, data: Any, faults: Faults) -> None:
        """Say everything that is wrong with this part; nothing is written."""
        raise NotImplementedError

    def load(self, data: Any) -> int:
        """Write what differs from what is here; how many things that was."""
        raise NotImplementedError


def station_parts() -> list[StationPart]:
    """In the rooms' order, in which they are loaded."""
    return [part() for part in declared("station_parts")]
