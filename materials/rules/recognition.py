"""What recognition reads in a material, and what that is held against."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from files.recognition import Reading
from materials.findings import Finding, Findings, MaterialFacts


@dataclass(frozen=True)
class RecognitionRule:
    """`reader` is what is looked for; `judge` holds what was read against what was typed.

    `unread` is said where a picture could not be read at all, `source` where what was read is
    held against something that nobody typed as such.
    """

    reader: Literal["text", "face"]
    judge: Callable[[Reading, Findings, MaterialFacts, date], None]
    unread: Finding
    source: str = ""
