"""The value of a parameter on a day, by its code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from parameters.models import ParameterValue


class ParameterMissing(LookupError):
    """Nobody has set this parameter; the sentence says where it is set."""

    def __init__(self, code: str) -> None:
        super().__init__(f"参数“{code}”还没有填写，请服务站在“参数”页面填写后再办理。")


@dataclass(frozen=True)
class Parameters:
    """What holds on `day`, read in one query; every room's values by code."""

    day: date
    rows: dict[str, ParameterValue]

    def row(self, code: str) -> ParameterValue:
        """The value with its source. Raises ParameterMissing."""
        if code not in self.rows:
            raise ParameterMissing(code)
        return self.rows[code]

    def number(self, code: str) -> int:
        """A whole number: of days, months, yuan without fen. Raises ParameterMissing."""
        return int(self.row(code).number)

    def amount(self, code: str) -> Decimal:
        """Yuan and fen. Raises ParameterMissing."""
        return self.row(code).number

    def text(self, code: str) -> str:
        return self.row(code).text

    def numbers(self, prefix: str) -> dict[str, int]:
        """All whole numbers whose code begins with `prefix`, by the rest of the code."""
        return {
            code.removeprefix(prefix): int(row.number)
            for code, row in self.rows.items()
            if code.startswith(prefix)
        }


def load_parameters(on: date | None = None) -> Parameters:
    """All parameters as of a day, today by default.

    The newest value that has begun counts, also past its end: the station is asked to renew it,
    and nothing stops meanwhile. Before the first value began, the first counts.
    """
    day = on or timezone.localdate()
    return Parameters(day, _holding(ParameterValue.objects.select_related("parameter"), day))


def number(code: str, on: date | None = None) -> int:
    """One whole number, for who needs no other. Raises ParameterMissing."""
    return _one(code, on).number(code)


def text(code: str, on: date | None = None) -> str:
    """One text, for who needs no other. Raises ParameterMissing."""
    return _one(code, on).text(code)


def _one(code: str, on: date | None) -> Parameters:
    day = on or timezone.localdate()
    rows = ParameterValue.objects.select_related("parameter").filter(parameter__code=code)
    return Parameters(day, _holding(rows, day))


def _holding(rows: Iterable[ParameterValue], day: date) -> dict[str, ParameterValue]:
    found: dict[str, ParameterValue] = {}
    for row in sorted(rows, key=lambda row: row.valid_from):
        if row.valid_from <= day or row.parameter.code not in found:
            found[row.parameter.code] = row
    return found
