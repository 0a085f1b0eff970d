"""First values of a room's parameters, for its data migration; from there on they are rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.apps.registry import Apps


@dataclass(frozen=True)
class Seed:
    """`value` in `unit`; a text where the unit is text. `valid_from` is that of the source."""

    code: str
    group: str
    name: str
    unit: str
    value: int | Decimal | str
    source: str
    source_on: date | None = None
    valid_from: date = date(2025, 7, 29)
    valid_to: date | None = None
    help: str = ""
    least: int = 0
    most: int = 100_000
    is_confirmed: bool = False


def seed(apps: Apps, seeds: Iterable[Seed]) -> None:
    """Add what is not there yet; what the station has set itself stays."""
    Parameter = apps.get_model("parameters", "Parameter")
    ParameterValue = apps.get_model("parameters", "ParameterValue")
    for one in seeds:
        parameter, _ = Parameter.objects.get_or_create(
            code=one.code,
            defaults={
                "group": one.group,
                "name": one.name,
                "unit": one.unit,
                "help": one.help,
                "least": one.least,
                "most": one.most,
            },
        )
        words = one.value if isinstance(one.value, str) else ""
        ParameterValue.objects.get_or_create(
            parameter=parameter,
            valid_from=one.valid_from,
            defaults={
                "value": None if words else Decimal(one.value),
                "text": words,
                "valid_to": one.valid_to,
                "source": one.source,
                "source_on": one.source_on,
                "is_confirmed": one.is_confirmed,
            },
        )
