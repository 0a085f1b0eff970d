"""Texts of the station's own that name a parameter or the station: `{code}` is filled in."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.conf import settings

from parameters.values import Parameters, load_parameters

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


class StationWords:
    """What stands for each `{code}` today; one query, however many texts are filled."""

    def __init__(self, parameters: Parameters | None = None) -> None:
        self.parameters = parameters or load_parameters()
        self._known: Mapping[str, str] = {
            **{code: _plain(row.words, row.value) for code, row in self.parameters.rows.items()},
            "district": settings.DISTRICT_NAME,
            "station": settings.STATION_NAME,
            "hotline": settings.HOTLINE,
        }

    def fill(self, text: str) -> str:
        """A code that nobody has set stays as it stands: it shows that it is missing."""
        return PLACEHOLDER.sub(lambda found: self._known.get(found[1], found[0]), text)

    @property
    def key(self) -> frozenset[tuple[str, str]]:
        """Equal for readings in which every text is filled the same."""
        return frozenset(self._known.items())

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(self.parameters.rows)

    def words(self, code: str) -> str:
        """The value with its unit, or nothing where nobody has set it."""
        row = self.parameters.rows.get(code)
        return row.words if row else ""


def _plain(words: str, value: Decimal | None) -> str:
    """A number without its unit: the sentence around it has one."""
    return words if value is None else f"{Decimal(value).normalize():f}"
