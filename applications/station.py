"""Usual reasons of a return at a station, as a part of its file (ADR 62)."""

from collections.abc import Mapping
from typing import Any, Final

from applications.models import ReturnReason
from core.station_parts import Faults, StationPart
from materials.numbers import MaterialNumber

MOST: Final = 300
NUMBERS: Final = frozenset({0, *MaterialNumber})
KEYS: Final = ("code", "numbers", "defect", "mend", "example")


class ReasonsPart(StationPart):
    code = "return_reasons"
    label = "退回原因"

    def export(self) -> list[dict[str, Any]]:
        rows = ReturnReason.objects.filter(is_active=True).order_by("code")
        return [{key: getattr(one, key) for key in KEYS} for one in rows]

    def check(self, data: Any, faults: Faults) -> None:
        codes = []
        for place, row in faults.rows(data, self.code, most=MOST):
            faults.only(row, place, KEYS)
            codes.append(faults.text(row, "code", place, most=6))
            faults.text(row, "defect", place, most=120)
            faults.text(row, "mend", place, most=200)
            faults.text(row, "example", place, most=120, required=False)
            numbers = row.get("numbers")
            # Empty for what occurs in the national system alone.
            if not isinstance(numbers, list) or not _known(numbers):
                faults.add(f"{place}.numbers", "应是材料编号的列表，0表示填写的信息。")
        if len(set(codes)) < len(codes):
            faults.add(self.code, "有两条退回原因的编号相同。")

    def load(self, data: Any) -> int:
        """One that the file does not have is used no more; what was told keeps its words."""
        before = {row["code"]: row for row in self.export()}
        wanted = {row["code"]: _columns(row) for row in data}
        gone = ReturnReason.objects.filter(code__in=set(before) - set(wanted))
        count = gone.update(is_active=False)
        for code, row in wanted.items():
            if before.get(code) != row:
                ReturnReason.objects.update_or_create(
                    code=code, defaults={**row, "is_active": True}
                )
                count += 1
        return count


def _known(numbers: list[Any]) -> bool:
    return all(isinstance(one, int) and one in NUMBERS for one in numbers)


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row.get(key, "") for key in KEYS}
