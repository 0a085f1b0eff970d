"""A measure beside what it is held against, and the table that is printed."""

import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Measure:
    """One line: what was measured, how much, and the most that the requirement allows."""

    what: str
    measured: float
    most: float
    unit: str
    note: str = ""
    # Met in another way that the requirement allows, which the note says.
    is_met_otherwise: bool = False

    @property
    def verdict(self) -> str:
        return "达到" if self.is_met_otherwise or self.measured <= self.most else "未达到"


# A page that takes less need not take the same at any size.
QUICK = 0.030


def growth(what: str, few: list[float], many: list[float], *, most: float) -> Measure:
    """How much longer a page takes of many rows than of few, from seconds measured of each.

    Met where the ratio of the medians is, and where the page of many takes under 30 ms.
    """
    then = median(many)
    note = f"{median(few) * 1000:.0f} ms，{then * 1000:.0f} ms"
    is_quick = then < QUICK
    words = f"{note}，不到{QUICK * 1000:.0f} ms" if is_quick else note
    return Measure(what, ratio(many, few), most, "倍", words, is_quick)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@dataclass(frozen=True)
class Cost:
    """Seconds of one call: by the clock, and of this process's own computing."""

    elapsed: float
    computed: float


def cost(work: Callable[[], object]) -> Cost:
    """What one call costs. On a busy machine the clock counts other people's work too."""
    start, computed = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - start, time.process_time() - computed)


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Of the medians; the two were measured in turns, so that noise falls on both alike."""
    return median(ours) / median(theirs)


def width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def lines(measures: list[Measure]) -> list[str]:
    """The table, a line a measure, columns aligned."""
    head = ("项目", "实测", "上限", "结果", "说明")
    rows = [head] + [
        (m.what, f"{m.measured:.2f} {m.unit}", f"{m.most:g} {m.unit}", m.verdict, m.note)
        for m in measures
    ]
    widths = [max(width(row[column]) for row in rows) for column in range(len(head))]
    return [
        "  ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def megabytes(status: str, key: str) -> float:
    """A line of /proc/PID/status, which counts in KiB."""
    found = re.search(rf"^{key}:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
