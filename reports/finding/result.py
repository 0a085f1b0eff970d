"""One thing found, and a group of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One thing found: its kind in a word, what it is, how it stands, where it leads."""

    kind: str
    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class ResultGroup:
    """Results of one kind; `is_cut`: there are more than are shown."""

    title: str
    results: Sequence[Result]
    is_cut: bool = False
