"""Signature fields of a form: their places on the page, and the blanks that they show."""

from dataclasses import dataclass
from typing import Final

# The field of the certification; the others are named by the codes of their departments.
STATION: Final = "station"
STATION_TITLE: Final = "服务站"
# Under this name a form keeps what each field says while unsigned, until it is certified.
BLANKS: Final = "Blanks"
# Under this name it keeps the structure elements that are to hold the fields, likewise.
FORMS: Final = "Forms"


@dataclass(frozen=True)
class Box:
    """A rectangle on the page, in whole points from the lower left corner."""

    left: int
    bottom: int
    right: int
    top: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.top - self.bottom


def field_title(department: str) -> str:
    """What is to be filled in a department's field, as a reader for the blind says it."""
    return f"{department}办理意见及签章"
