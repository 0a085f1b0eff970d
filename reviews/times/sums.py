"""Sums of times, and whose they are."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Final


@dataclass(frozen=True)
class Whose:
    """A department's answers; with `of_tables` the whole tables that it, or with None all, had."""

    department: int | None
    of_tables: bool = False


ALL_TABLES: Final = Whose(None, of_tables=True)


@dataclass
class TimesSum:
    """What came together: times in seconds of office time, but `plain_days` in working days."""

    count: int = 0
    late: int = 0
    response: int = 0
    used: int = 0
    longest: int = 0
    whole: int = 0
    plain_count: int = 0
    plain_days: int = 0

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

    @property
    def values(self) -> tuple[int, ...]:
        return astuple(self)


COLUMNS: Final = tuple(field.name for field in fields(TimesSum))
# By the first day of a month.
Months = Mapping[date, Mapping[Whose, TimesSum]]


def first_of(day: date) -> date:
    return day.replace(day=1)
