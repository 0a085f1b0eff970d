"""The head of a table: which row it is, which column holds what, and its name for remembering."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core import text
from core.crypto import keyed_hash
from imports.cells import shown
from imports.kinds import Column, ImportKind
from imports.limits import HEAD_WITHIN
from imports.reading import ImportedSheet, SheetRow

# Marks and notes that people put around a head: ＊卡号（必填）：
AROUND = re.compile(r"[\s*＊:：、，,。._/\\-]+|[（(\[【][^）)\]】]*[）)\]】]")
# Written by the portal beside rows that it could not take; never a column of the kind.
PROBLEMS = "问题"


@dataclass(frozen=True)
class Layout:
    """Where the table begins, its heads as they stand, and the place of each column found."""

    head_line: int
    heads: list[str]
    places: dict[str, int]
    # How many of the sheet's rows are above the first row of the table.
    skipped: int

    @property
    def head_hash(self) -> str:
        return hash_of(self.heads)


def plain_head(head: str) -> str:
    """A head for comparing: without marks, notes, blanks and case."""
    return AROUND.sub("", text.half_width(text.line(head)).replace("（", "(").lower())


def hash_of(heads: Sequence[str]) -> str:
    return keyed_hash("\x1f".join(plain_head(head) for head in heads))


def find_layout(
    kind: ImportKind,
    sheet: ImportedSheet,
    remembered: Mapping[str, Mapping[str, int]] | None = None,
) -> Layout | None:
    """The row with most known heads among the first ones; None where none has two.

    One alone is a head where it stands alone and is all that the kind needs: a list of names.

    A head of two rows, as merged cells make it, is read as one: 护照 over 号码 is 护照号码.
    `remembered` are the places that people chose, by the head's hash.
    """
    known = names_of(kind)
    best: Layout | None = None
    best_score = (1, False)
    for index, row in enumerate(sheet.rows[:HEAD_WITHIN]):
        heads = [shown(cell) for cell in row.cells]
        tries = [(heads, index + 1, True)]
        if index + 1 < len(sheet.rows):
            tries.append((_combined(sheet, row, sheet.rows[index + 1]), index + 2, False))
        for candidate, skipped, is_one_row in tries:
            layout = Layout(row.line, candidate, _places(candidate, known), skipped)
            chosen = (remembered or {}).get(layout.head_hash)
            if chosen is not None:
                return Layout(row.line, candidate, dict(chosen), skipped)
            # A title over a head of one row makes no head of two.
            score = len(layout.places), is_one_row
            if score > best_score and (len(layout.places) > 1 or _is_list(kind, layout)):
                best, best_score = layout, score
    return best


def _is_list(kind: ImportKind, layout: Layout) -> bool:
    filled = [head for head in layout.heads if head]
    return len(filled) == 1 and not missing(kind, layout.places)


def names_of(kind: ImportKind) -> dict[str, str]:
    """The codes of the columns by every head they go by."""
    return {
        plain_head(name): column.code
        for column in kind.columns
        for name in (column.label, *column.aliases)
    }


def missing(kind: ImportKind, places: Mapping[str, int]) -> list[Column]:
    return [column for column in kind.columns if column.is_needed and column.code not in places]


def _places(heads: Sequence[str], known: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, head in enumerate(heads):
        code = known.get(plain_head(head))
        if code is not None:
            places.setdefault(code, place)
    return places


def _combined(sheet: ImportedSheet, upper: SheetRow, lower: SheetRow) -> list[str]:
    """Two rows as one head; what a merged cell says above holds for all that it covers."""
    above = [shown(cell) for cell in upper.cells]
    below = [shown(cell) for cell in lower.cells]
    width = max(len(above), len(below))
    above += [""] * (width - len(above))
    below += [""] * (width - len(below))
    for (top, left), (_, right) in sheet.merged:
        if top == upper.line - 1 and left < width:
            for place in range(left, min(right + 1, width)):
                above[place] = above[left]
    return [f"{first}{second}" for first, second in zip(above, below, strict=True)]
