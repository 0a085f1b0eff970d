"""Names of companies that are nearly the same, found among many without comparing each with each.

Two cores are near where rapidfuzz says 70 of 100 and they begin alike, or where one is a part of
the other. The trade at the end, such as 进出口贸易, alone makes no two companies alike; and names
that differ in their figures are different ones: 第1分公司 and 第2分公司.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Final

from rapidfuzz import fuzz, process

from finding.search import LEAST, NEAR

FIGURES: Final = re.compile(r"[0-9]+")
# A company's own name stands first and has two characters at least: one of them is the same.
OWN: Final = 2
# So long is a part that counts wherever it stands.
PART: Final = 3
MOST: Final = 3


class NearIndex:
    """Cores by the characters that they begin with and that they hold, apart by their figures."""

    def __init__(self) -> None:
        self._keys: dict[str, list[Hashable]] = {}
        self._beginning: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._holding: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, core: str, key: Hashable) -> None:
        if len(core) < LEAST:
            return
        if core in self._keys:
            self._keys[core].append(key)
            return
        self._keys[core] = [key]
        figures = _figures(core)
        for character in set(core[:OWN]):
            self._beginning[figures, character].append(core)
        for character in set(core):
            self._holding[figures, character].append(core)

    def near(self, core: str) -> list[Hashable]:
        """Keys of what is near to this core, the likeliest first."""
        if len(core) < LEAST:
            return []
        figures = _figures(core)
        scores = dict.fromkeys(self._containing(core, figures), float(NEAR))
        for part in self._parts(core, figures):
            scores[part] = float(NEAR)
        for character in set(core[:OWN]):
            alike = self._beginning.get((figures, character), [])
            for other, score, _ in process.extract(
                core, alike, scorer=fuzz.ratio, score_cutoff=NEAR, limit=MOST
            ):
                scores[other] = score
        best = sorted(scores, key=lambda other: (-scores[other], other))[:MOST]
        return [key for other in best for key in self._keys[other]]

    def _parts(self, core: str, figures: str) -> Iterator[str]:
        """Known cores that are a part of this one."""
        for start in range(len(core)):
            for end in range(start + (PART if start else LEAST), len(core) + 1):
                part = core[start:end]
                if part in self._keys and _figures(part) == figures:
                    yield part

    def _containing(self, core: str, figures: str) -> Iterator[str]:
        """Known cores that this one is a part of."""
        rarest = min((self._holding.get((figures, one), []) for one in set(core)), key=len)
        for other in rarest:
            if core in other and (len(core) >= PART or other.startswith(core)):
                yield other


def _figures(core: str) -> str:
    return " ".join(FIGURES.findall(core))
