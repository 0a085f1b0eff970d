"""Values of a station's parameters, as a part of its file (ADR 62)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from accounts.audit import record
from core.station_parts import Faults, StationPart
from parameters.models import FRACTIONAL, Parameter, ParameterValue, Unit

MOST: Final = 400
MOST_VALUES: Final = 100
KEYS: Final = ("value", "text", "valid_from", "valid_to", "source", "source_on", "is_confirmed")


class ParametersPart(StationPart):
    code = "parameters"
    label = "参数"

    def export(self) -> list[dict[str, Any]]:
        rows = Parameter.objects.prefetch_related("values").order_by("code")
        return [{"code": one.code, "values": _values(one)} for one in rows]

    def check(self, data: Any, faults: Faults) -> None:
        known = {one.code: one for one in Parameter.objects.all()}
        seen: set[str] = set()
        for place, row in faults.rows(data, self.code, most=MOST):
            faults.only(row, place, ("code", "values"))
            code = faults.text(row, "code", place, most=60)
            if code and code not in known:
                faults.add(f"{place}.code", f"门户里没有代码为“{code}”的参数。")
            elif code in seen:
                faults.add(f"{place}.code", f"“{code}”写了两次。")
            elif code:
                self._check_values(known[code], row.get("values"), place, faults)
            seen.add(code)

    def _check_values(self, parameter: Parameter, raw: Any, place: str, faults: Faults) -> None:
        days = []
        for where, row in faults.rows(raw, f"{place}.values", most=MOST_VALUES):
            faults.only(row, where, KEYS)
            first = faults.day(row, "valid_from", where)
            last = faults.day(row, "valid_to", where, required=False)
            faults.day(row, "source_on", where, required=False)
            faults.text(row, "source", where, most=200, example="本站约定")
            faults.flag(row, "is_confirmed", where)
            if first and last and last < first:
                faults.add(f"{where}.valid_to", "早于 valid_from。")
            if parameter.is_text:
                faults.text(row, "text", where, most=300)
            elif (value := faults.decimal(row, "value", where)) is not None:
                self._check_bounds(parameter, value, where, faults)
            days.append(first)
        if not days:
            faults.add(f"{place}.values", f"“{parameter}”至少要有一个数值。")
        if len(set(days)) < len(days):
            faults.add(f"{place}.values", f"“{parameter}”有两个数值从同一天起。")

    def _check_bounds(
        self, parameter: Parameter, value: Decimal, where: str, faults: Faults
    ) -> None:
        if not parameter.least <= value <= parameter.most:
            least, most = parameter.least.normalize(), parameter.most.normalize()
            faults.add(f"{where}.value", f"“{parameter}”应在{least:f}和{most:f}之间。")
        elif Unit(parameter.unit) not in FRACTIONAL and value != value.to_integral_value():
            faults.add(f"{where}.value", f"“{parameter}”应是整数。")

    def load(self, data: Any) -> int:
        """What the file does not name stays as it is."""
        known = {one.code: one for one in Parameter.objects.prefetch_related("values")}
        return sum(self._set(known[row["code"]], row["values"]) for row in data)

    def _set(self, parameter: Parameter, values: list[Mapping[str, Any]]) -> bool:
        wanted = [_columns(parameter, row) for row in values]
        before = [_columns(parameter, row) for row in _values(parameter)]
        if sorted(wanted, key=_first) == before:
            return False
        parameter.values.exclude(valid_from__in=[_first(row) for row in wanted]).delete()
        for row in wanted:
            parameter.values.update_or_create(valid_from=row["valid_from"], defaults=row)
        parameter.version += 1
        parameter.save(update_fields=["version"])
        record("parameter.change", parameter, by=None, after={"code": parameter.code})
        return True


def _values(parameter: Parameter) -> list[dict[str, Any]]:
    """The oldest first."""
    return [_row(value) for value in sorted(parameter.values.all(), key=lambda v: v.valid_from)]


def _row(value: ParameterValue) -> dict[str, Any]:
    said = (
        {"text": value.text} if value.value is None else {"value": f"{value.value.normalize():f}"}
    )
    return {
        **said,
        "valid_from": value.valid_from.isoformat(),
        "valid_to": value.valid_to.isoformat() if value.valid_to else None,
        "source": value.source,
        "source_on": value.source_on.isoformat() if value.source_on else None,
        "is_confirmed": value.is_confirmed,
    }


def _columns(parameter: Parameter, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "value": None if parameter.is_text else Decimal(str(row["value"])),
        "text": row.get("text", "") if parameter.is_text else "",
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row.get("valid_to")),
        "source": row["source"],
        "source_on": _day(row.get("source_on")),
        "is_confirmed": bool(row.get("is_confirmed", False)),
    }


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _first(row: Mapping[str, Any]) -> date:
    first: date = row["valid_from"]
    return first
