"""The economies that the card opens, with the stay in each and the day of that knowledge."""

from dataclasses import dataclass
from datetime import date

from materials.economies import ECONOMIES
from outreach.wording import StationWords

STAY = "cards.stay."


@dataclass(frozen=True)
class Stay:
    """`days` is empty where nobody has set it."""

    code: str
    name: str
    days: str
    source: str
    known_on: date | None


def stays(words: StationWords) -> list[Stay]:
    found = []
    for economy in ECONOMIES:
        row = words.parameters.rows.get(f"{STAY}{economy.code}")
        found.append(
            Stay(
                economy.code,
                economy.name,
                row.words if row else "",
                row.source_words if row else "",
                (row.source_on or row.valid_from) if row else None,
            )
        )
    return found
