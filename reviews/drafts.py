"""Draft of an opinion: what a liaison has filled in, before it is stored or signed."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Draft:
    """`answers` by the codes of the section's fields, `conclusion` as `Opinion.Conclusion`."""

    answers: dict[str, Any]
    words: str
    conclusion: str
