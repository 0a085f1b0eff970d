"""The value of a parameter on a day, by its code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from parameters.models import Parameter, ParameterValue

VALUE_FIELDS: Final = [field.attname for field in ParameterValue._meta.concrete_fields]
PARAMETER_FIELDS: Final = [field.attname for field in Parameter._meta.concrete_fields]
CODE: Final = len(VALUE_FIELDS) + PARAMETER_FIELDS.index("code")
VALID_FROM: Final = VALUE_FIELDS.index("valid_from")


class ParameterMissing(LookupError):
    """Nobody has set this parameter; the sentence says where it is set."""

    def __init__(self, code: str) -> None:
        super().__init__(f"参数“{code}”还没有填写，请服务站在“参数”页面填写后再办理。")


class HoldingRows(Mapping[str, ParameterValue]):
    """The values that hold, by code; each is made when it is asked for.

    A page reads some hundred and needs a few, and a hundred objects take longer than the query.
    """

    def __init__(self, plain: dict[str, tuple[Any, ...]]) -> None:
        self._plain = plain
        self._made: dict[str, ParameterValue] = {}

    def __getitem__(self, code: str) -> ParameterValue:
        if code not in self._made:
            plain = self._plain[code]
            row = ParameterValue.from_db(None, VALUE_FIELDS, plain[: len(VALUE_FIELDS)])
            row.parameter = Parameter.from_db(None, PARAMETER_FIELDS, plain[len(VALUE_FIELDS) :])
            self._made[code] = row
        return self._made[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)


@dataclass(frozen=True)
class Parameters:
    """What holds on `day`, read in one query; every room's values by code."""

    day: date
    rows: HoldingRows

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
            code.removeprefix(prefix): self.number(code)
            for code in self.rows
            if code.startswith(prefix)
        }


def load_parameters(on: date | None = None) -> Parameters:
    """All parameters as of a day, today by default.

    The newest value that has begun counts, also past its end: the station is asked to renew it,
    and nothing stops meanwhile. Before the first value began, the first counts.
    """
    return _read({}, on)


def number(code: str, on: date | None = None) -> int:
    """One whole number, for who needs no other. Raises ParameterMissing."""
    return _read({"parameter__code": code}, on).number(code)


def text(code: str, on: date | None = None) -> str:
    """One text, for who needs no other. Raises ParameterMissing."""
    return _read({"parameter__code": code}, on).text(code)


def _read(chosen: dict[str, str], on: date | None) -> Parameters:
    day = on or timezone.localdate()
    of_parameter = [f"parameter__{name}" for name in PARAMETER_FIELDS]
    rows = ParameterValue.objects.filter(**chosen).order_by("valid_from")
    found: dict[str, tuple[Any, ...]] = {}
    for row in rows.values_list(*VALUE_FIELDS, *of_parameter).iterator(chunk_size=1000):
        if row[VALID_FROM] <= day or row[CODE] not in found:
            found[row[CODE]] = row
    return Parameters(day, HoldingRows(found))
