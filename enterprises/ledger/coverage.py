"""Coverage of the ledger: told, applied and holding against all that qualify.

All that qualify: every row that was not checked and found wanting. Those nobody has checked count
until somebody has, and 暂不需要 counts: who wants no card now was told nevertheless (ADR 55).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from django.db.models import Count, Q
from django.utils import timezone

from enterprises.models import BLANK, Demand, Enterprise

By = Literal["trade", "town", "kind"]
UNKNOWN: Final = {"trade": "未填行业", "town": "未填镇街", "kind": "未填类型"}
KINDS: Final = dict(Enterprise.Kind.choices)


@dataclass(frozen=True)
class CoverageLine:
    """Enterprises of one trade, town or kind: all that qualify, and how many are so far.

    `by` and `value` are the filter of the ledger that lists them.
    """

    label: str
    qualified: int
    told: int
    applied: int
    holding: int
    by: str = ""
    value: str = ""

    def share(self, count: int) -> int:
        """In whole percent, of all that qualify."""
        return round(100 * count / self.qualified) if self.qualified else 0

    @property
    def told_share(self) -> int:
        return self.share(self.told)

    @property
    def applied_share(self) -> int:
        return self.share(self.applied)

    @property
    def holding_share(self) -> int:
        return self.share(self.holding)


def coverage(*, by: By | None, upto: date | None = None) -> list[CoverageLine]:
    """A line for each value of `by`, the largest first, the unknown last; without it one line.

    `upto`: as it stood at the end of that day.
    """
    if by is None:
        return [coverage_total(upto)]
    counted = Demand.objects.qualifying().order_by().values(by).annotate(**_counts(upto))
    lines = [
        CoverageLine(
            _label(by, row[by]), row["qualified"], row["told"], row["applied"], row["holding"],
            by, row[by] or BLANK,
        )
        for row in counted
        if row["qualified"]
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (line.value == BLANK, -line.qualified, line.label))


def coverage_total(upto: date | None = None) -> CoverageLine:
    """All trades and towns together."""
    row = Demand.objects.qualifying().aggregate(**_counts(upto))
    return CoverageLine("全部", row["qualified"], row["told"], row["applied"], row["holding"])


def _counts(upto: date | None) -> dict[str, Count]:
    columns = {
        "qualified": "added_at", "told": "told_at", "applied": "applied_at", "holding": "held_at"
    }  # fmt: skip
    there = _by_end_of("added_at", upto)
    return {
        name: Count("pk", filter=there & _by_end_of(column, upto))
        for name, column in columns.items()
    }


def _by_end_of(column: str, day: date | None) -> Q:
    if day is None:
        return Q(**{f"{column}__isnull": False})
    return Q(**{f"{column}__lt": _next_midnight(day)})


def _next_midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _label(by: By, value: str) -> str:
    return (KINDS.get(value, value) if by == "kind" else value) or UNKNOWN[by]
