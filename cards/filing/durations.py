"""How long a wait usually takes: what is published, and what our own cases took."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

from cards.models import Filing
from cards.workflow import Stage
from parameters.values import ParameterMissing, Parameters

# Fewer cases say nothing of the next one.
ENOUGH: Final = 10
# The newest that ended; older ones tell of other times.
MOST: Final = 500
# Of each wait the days on which it begins and ends.
WAITS: Final[Mapping[Stage, tuple[str, str]]] = {
    Stage.FILED: ("filed_on", "accepted_on"),
    Stage.PAID: ("paid_on", "passed_on"),
    Stage.PASSED: ("passed_on", "printed_on"),
    Stage.PRINTED: ("printed_on", "ready_on"),
}
COLUMNS: Final = tuple(dict.fromkeys(column for wait in WAITS.values() for column in wait))


@dataclass(frozen=True)
class Range:
    """In calendar days; `most` is the 80th percentile."""

    count: int
    middle: int
    most: int

    @property
    def words(self) -> str:
        return f"本站{self.count}件：一半在{self.middle}天内，八成在{self.most}天内"


def own_ranges(stages: Collection[Stage] = tuple(WAITS)) -> dict[Stage, Range]:
    """Of each of these waits that enough of our cases went through, in one query; of none, none."""
    waits = {stage: days for stage, days in WAITS.items() if stage in stages}
    if not waits:
        return {}
    newest = Filing.objects.filter(accepted_on__isnull=False) | Filing.objects.filter(
        passed_on__isnull=False
    )
    rows = list(newest.order_by("-pk").values(*COLUMNS)[:MOST])
    found = {}
    for stage, (begin, end) in waits.items():
        taken = sorted(days for row in rows if (days := _days(row[begin], row[end])) is not None)
        if len(taken) >= ENOUGH:
            eighth = taken[math.ceil(0.8 * len(taken)) - 1]
            found[stage] = Range(len(taken), math.ceil(median(taken)), eighth)
    return found


def published(stage: Stage, parameters: Parameters) -> str:
    """通常3至5个工作日（来源，未经市政府外办确认）; empty where nothing is published."""
    code = f"cards.usual.{stage}"
    try:
        least, most = parameters.row(f"{code}.least"), parameters.row(f"{code}.most")
    except ParameterMissing:
        return ""
    if least.number == most.number:
        return f"通常{most.words}左右（{most.source_words}）"
    sources = dict.fromkeys((least.source_words, most.source_words))
    return f"通常{least.number:f}至{most.words}（{'；'.join(sources)}）".replace(".00", "")


def _days(begin: date | None, end: date | None) -> int | None:
    """None where one was not entered, or both are out of order."""
    if begin is None or end is None or end < begin:
        return None
    return (end - begin).days
