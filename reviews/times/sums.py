"""Sums of times, and whose they are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final


@dataclass(frozen=True)
class Whose:
    """A department's answers; with `of_tables` the whole tables that it, or with None all, had."""

    department: int | None
    of_tables: bool = False


ALL_TABLES: Final = Whose(None, of_tables=True)
# So many of the slowest tables are known by number.
MOST_SLOW: Final = 5


@dataclass(frozen=True, order=True)
class SlowTable:
    """Sorts as the slowest first: fewest negative days, then seconds, then the oldest."""

    minus_days: int
    minus_seconds: int
    pk: int

    @property
    def days(self) -> int:
        return -self.minus_days

    @property
    def seconds(self) -> int:
        return -self.minus_seconds


@dataclass
class TimesSum:
    """What came together: times in seconds of office time, but days in working days.

    Of a department's answers also each time that was used (`uses`); of all tables how many took
    how many days, as their deadline counts them, and the slowest.
    """

    count: int = 0
    late: int = 0
    response: int = 0
    used: int = 0
    longest: int = 0
    whole: int = 0
    plain_count: int = 0
    plain_days: int = 0
    uses: list[int] = field(default_factory=list)
    days: Counter[int] = field(default_factory=Counter)
    slowest: list[SlowTable] = field(default_factory=list)

    def add(
        self, *, is_late: bool, response: int, used: int, whole: int, plain_days: int | None
    ) -> None:
        """One more; `plain_days` is None of a table that was paused."""
        self.count += 1
        self.late += is_late
        self.response += response
        self.used += used
        self.longest = max(self.longest, used)
        self.whole += whole
        if plain_days is not None:
            self.plain_count += 1
            self.plain_days += plain_days

    def add_table(self, pk: int, days: int, seconds: int) -> None:
        """Of all tables: how long one took, by its deadline's count and by the clock."""
        self.days[days] += 1
        slow = SlowTable(-days, -seconds, pk)
        if len(self.slowest) < MOST_SLOW or slow < self.slowest[-1]:
            self.slowest = sorted([*self.slowest, slow])[:MOST_SLOW]

    @property
    def each_of_days(self) -> list[int]:
        return sorted(self.days.elements())

    def settle(self) -> None:
        """In one order, whatever the rows came in."""
        self.uses.sort()


COLUMNS: Final = (
    "count", "late", "response", "used", "longest", "whole", "plain_count", "plain_days",
)  # fmt: skip
# By the first day of a month.
Months = Mapping[date, Mapping[Whose, TimesSum]]


def together(several: Iterable[TimesSum]) -> TimesSum:
    """All of these as one."""
    found, longest = TimesSum(), 0
    for one in several:
        longest = max(longest, one.longest)
        for name in COLUMNS:
            setattr(found, name, getattr(found, name) + getattr(one, name))
        found.uses += one.uses
        found.days += one.days
        found.slowest += one.slowest
    found.longest = longest
    found.slowest = sorted(found.slowest)[:MOST_SLOW]
    found.settle()
    return found


def first_of(day: date) -> date:
    return day.replace(day=1)
