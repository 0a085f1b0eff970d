"""Periods for which 登记表 are asked, as pure arithmetic: those over on a day, and when due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cards.models import ReportPeriod
from core.dates import months_later

MONTHS_A_YEAR: Final = 12
NAMES: Final = {3: ("一", "二", "三", "四"), 6: ("上", "下")}


@dataclass(frozen=True)
class Span:
    """A period that is over; `starts_on` and `ends_on` both belong to it."""

    kind: ReportPeriod.Kind
    starts_on: date
    ends_on: date
    due_on: date

    @property
    def opens_on(self) -> date:
        """From when its report can be filled from the register."""
        return self.ends_on + timedelta(days=1)

    @property
    def label(self) -> str:
        """2026年第三季度, 2026年上半年, 2026年7月至8月, 2026年度."""
        year = self.starts_on.year
        if self.kind == ReportPeriod.Kind.YEAR:
            return f"{year}年度"
        first, last = self.starts_on.month, self.ends_on.month
        months = last - first + 1
        if months in NAMES:
            name = NAMES[months][(first - 1) // months]
            return f"{year}年第{name}季度" if months == 3 else f"{year}年{name}半年"
        return f"{year}年{first}月" + (f"至{last}月" if last > first else "")


def periods_over(day: date, *, months: int, due_days: int, year_due_days: int) -> Iterator[Span]:
    """The last period of `months` months and the last year that were over before this day.

    A number of months that does not divide the year is taken as a quarter: no report would begin
    in one year and end in the next. Twelve gives years alone.
    """
    months, start = _period_of(day, months)
    if months < MONTHS_A_YEAR:
        yield Span(
            ReportPeriod.Kind.PERIOD,
            months_later(start, -months),
            start - timedelta(days=1),
            start + timedelta(days=due_days - 1),
        )
    january = date(day.year, 1, 1)
    yield Span(
        ReportPeriod.Kind.YEAR,
        date(day.year - 1, 1, 1),
        january - timedelta(days=1),
        january + timedelta(days=year_due_days - 1),
    )


def periods_under_way(
    day: date, *, months: int, due_days: int, year_due_days: int
) -> Iterator[Span]:
    """The period and the year that this day is in, which are the next to be reported."""
    terms = {"months": months, "due_days": due_days, "year_due_days": year_due_days}
    months, start = _period_of(day, months)
    if months < MONTHS_A_YEAR:
        yield next(periods_over(months_later(start, months), **terms))
    yield from (
        span
        for span in periods_over(date(day.year + 1, 1, 1), **terms)
        if span.kind == ReportPeriod.Kind.YEAR
    )


def _period_of(day: date, months: int) -> tuple[int, date]:
    """How many months a period has, and the first day of the one that this day is in."""
    months = months if MONTHS_A_YEAR % months == 0 else 3
    return months, date(day.year, (day.month - 1) // months * months + 1, 1)
