"""Periods of a report, and the period before each, with which it is compared.

A calendar month, quarter, half-year or year is compared with the one before it; any other period
with as many days right before its first.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from accounts.filters import midnight
from core.dates import month_words, months_later, span_words

ONE_DAY: Final = timedelta(days=1)
# In months: what has a name of its own in the calendar.
YEAR, HALF, QUARTER, MONTH = 12, 6, 3, 1
# Nothing is older than the card itself, and nobody reports on what is decades away.
FIRST_YEAR, LAST_YEAR = 2000, 2100
HALVES: Final = {1: "上半年", 7: "下半年"}
QUARTERS: Final = {1: "第一季度", 4: "第二季度", 7: "第三季度", 10: "第四季度"}


class PeriodRefused(ValueError):
    """The two days make no period; the words say why."""


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return midnight(self.last + ONE_DAY)

    @property
    def until(self) -> datetime:
        """The moment at which what is open is counted: its end, or now while it still runs."""
        return min(self.end, timezone.now())

    @property
    def day_until(self) -> date:
        """The last day of it that has begun; the day before it where none has."""
        return max(min(self.last, timezone.localdate()), self.first - ONE_DAY)

    @property
    def is_running(self) -> bool:
        return self.end > timezone.now()

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def months(self) -> int:
        """How many months it is, where it is a month, quarter, half or year of the calendar."""
        for months in (YEAR, HALF, QUARTER, MONTH):
            begins = self.first.day == 1 and (self.first.month - 1) % months == 0
            if begins and self.last == months_later(self.first, months) - ONE_DAY:
                return months
        return 0

    @property
    def before(self) -> "Period":
        if months := self.months:
            return Period(months_later(self.first, -months), self.first - ONE_DAY)
        return Period(self.first - timedelta(days=self.days), self.first - ONE_DAY)

    @property
    def words(self) -> str:
        """2026年11月, 2026年第三季度, 2026年, or from day to day."""
        year = f"{self.first.year}年"
        match self.months:
            case 12:
                return year
            case 6:
                return f"{year}{HALVES[self.first.month]}"
            case 3:
                return f"{year}{QUARTERS[self.first.month]}"
            case 1:
                return month_words(self.first)
        return span_words(self.first, self.last)

    def month_label(self, day: date) -> str:
        """A month of it in a chart, where there is little room: 11月 within one year."""
        words = month_words(day)
        same = self.first.year == self.last.year
        return words.partition("年")[2] if same else words[2:]

    @property
    def query(self) -> str:
        """As an address carries it."""
        return f"from={self.first.isoformat()}&to={self.last.isoformat()}"


def read_period(first: str, last: str) -> Period:
    """From two days as 2026-11-30. Raises PeriodRefused."""
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise PeriodRefused("日期要写成2026-11-30这样。") from None
    return make_period(*days)


def make_period(first: date, last: date) -> Period:
    """Raises PeriodRefused."""
    if last < first:
        raise PeriodRefused("结束日期早于开始日期。")
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise PeriodRefused(f"年份应在{FIRST_YEAR}年到{LAST_YEAR}年之间。")
    if (last - first).days > 366 * 5:
        raise PeriodRefused("一次最多统计五年。")
    return Period(first, last)


def usual_periods(today: date) -> list[tuple[str, Period]]:
    """What is reported most often, by name: each that is over, and each that still runs."""
    found = []
    for months, name in ((MONTH, "月"), (QUARTER, "季度"), (YEAR, "年")):
        first = today.replace(day=1, month=(today.month - 1) // months * months + 1)
        earlier = months_later(first, -months)
        found.append((f"上{name}", Period(earlier, first - ONE_DAY)))
        found.append((f"本{name}到今天", Period(first, today)))
    return found
