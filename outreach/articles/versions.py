"""Two versions of a text side by side: which lines went and which came."""

import difflib
from dataclasses import dataclass


@dataclass(frozen=True)
class ComparedLine:
    """`sign` is "kept", "gone" or "new"."""

    sign: str
    text: str


SIGNS = {"  ": "kept", "- ": "gone", "+ ": "new"}


def compared(before: str, after: str) -> list[ComparedLine]:
    """Line by line, in the order of the newer one."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [ComparedLine(SIGNS[one[:2]], one[2:]) for one in lines if one[:2] in SIGNS]
