"""Calendar of working days: whether a day is one, and why. Deadlines are reckoned over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import IntegerField, Value

from workdays.models import StationClosure, WorkdayOverride
from workdays.seed import SpecialDay, bundled_days, bundled_years
from workdays.statutory_days import statutory_days

STATION_TIME = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
SATURDAY = 5
PROVISIONAL_NOTE = "节假日安排未公布，暂按法定节假日推算"

# date, is_working, name, and the year of the notice or None for a day announced by itself
OverrideRow = tuple[date, bool, str, int | None]


def local(moment: datetime) -> datetime:
    """`moment` by the station's clock. Raises ValueError for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError(f"时刻 {moment.isoformat()} 没有时区。")
    return moment.astimezone(STATION_TIME)


@dataclass(frozen=True)
class OfficeHours:
    """The periods of a working day in which the station is open, in order."""

    periods: tuple[tuple[time, time], ...]

    @property
    def day_seconds(self) -> int:
        """Of a whole working day."""
        return sum(_seconds_of(closes) - _seconds_of(opens) for opens, closes in self.periods)

    def opening_of(self, day: date) -> datetime:
        return datetime.combine(day, self.periods[0][0], STATION_TIME)

    def closing_of(self, day: date) -> datetime:
        return datetime.combine(day, self.periods[-1][1], STATION_TIME)

    def spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The day's periods as moments."""
        return [
            (
                datetime.combine(day, opens, STATION_TIME),
                datetime.combine(day, closes, STATION_TIME),
            )
            for opens, closes in self.periods
        ]


def _seconds_of(moment: time) -> int:
    return (moment.hour * 60 + moment.minute) * 60 + moment.second


@dataclass(frozen=True)
class Calendar:
    """Working days as they were known when it was loaded. Notices win over the plain week."""

    special_days: Mapping[date, SpecialDay]
    published_years: frozenset[int]
    closures: Mapping[date, str]
    hours: OfficeHours

    def is_working(self, day: date) -> bool:
        return day not in self.closures and self._is_working_in_china(day)

    def why(self, day: date) -> str:
        """What makes `day` a working day or a day off, in a few Chinese characters."""
        special = self.special_days.get(day)
        statutory = self._statutory_days(day.year).get(day)
        if day in self.closures and self._is_working_in_china(day):
            return f"本站休息：{self.closures[day]}"
        if special:
            return "调休上班" if special.is_working else special.name
        if statutory:
            return statutory
        return "周末" if day.weekday() >= SATURDAY else "工作日"

    def is_provisional(self, year: int) -> bool:
        """Is the notice of `year` still missing?"""
        return year not in self.published_years

    def is_provisional_between(self, first: date, last: date) -> bool:
        """Does any day from `first` to `last`, both included, lie in a provisional year?"""
        return any(self.is_provisional(year) for year in range(first.year, last.year + 1))

    def add_working_days(self, day: date, n: int) -> date:
        """The `n`-th working day after `day`; `day` itself for 0. ValueError for less."""
        if n < 0:
            raise ValueError(f"工作日数不能是负数，实际为{n}。")
        while n:
            day += ONE_DAY
            n -= self.is_working(day)
        return day

    def count_working_days(self, after: date, last: date) -> int:
        """Working days later than `after` and not later than `last`."""
        days = (last - after).days
        return sum(self.is_working(after + ONE_DAY * step) for step in range(1, days + 1))

    def is_open(self, moment: datetime) -> bool:
        """Is the station open at `moment`? At the very moment of closing it still is."""
        moment = local(moment)
        return self.is_working(moment.date()) and any(
            opens <= moment <= closes for opens, closes in self.hours.spans_of(moment.date())
        )

    def next_open_moment(self, moment: datetime) -> datetime:
        """`moment` itself while the station is open, otherwise when it opens next."""
        moment = local(moment)
        if self.is_open(moment):
            return moment
        if self.is_working(moment.date()):
            for opens, _ in self.hours.spans_of(moment.date()):
                if moment < opens:
                    return opens
        return self.hours.opening_of(self.add_working_days(moment.date(), 1))

    def _is_working_in_china(self, day: date) -> bool:
        special = self.special_days.get(day)
        if special:
            return special.is_working
        return day.weekday() < SATURDAY and day not in self._statutory_days(day.year)

    def _statutory_days(self, year: int) -> Mapping[date, str]:
        return statutory_days(year) if self.is_provisional(year) else {}


def build_calendar(rows: Iterable[OverrideRow], closures: Mapping[date, str]) -> Calendar:
    """A calendar from rows. A year without a notice among them falls back on the bundled one."""
    rows = list(rows)
    entered = {year for _, _, _, year in rows if year is not None}
    special = {day: known for day, known in bundled_days().items() if day.year not in entered}
    special |= {day: SpecialDay(is_working, name) for day, is_working, name, _ in rows}
    return Calendar(
        special_days=special,
        published_years=bundled_years() | entered,
        closures=closures,
        hours=OfficeHours(settings.OFFICE_HOURS),
    )


def load_calendar() -> Calendar:
    """The calendar as it stands in the database, in one query."""
    rows = WorkdayOverride.objects.order_by().annotate(is_closure=Value(False))
    closures = StationClosure.objects.order_by().annotate(
        is_working=Value(False), year=Value(None, IntegerField()), is_closure=Value(True)
    )
    found = rows.values_list("date", "is_working", "name", "notice__year", "is_closure").union(
        closures.values_list("date", "is_working", "reason", "year", "is_closure"), all=True
    )
    special: list[OverrideRow] = []
    closed: dict[date, str] = {}
    for day, is_working, words, year, is_closure in found:
        if is_closure:
            closed[day] = words
        else:
            special.append((day, is_working, words, year))
    return build_calendar(special, closed)


def next_open_moment(moment: datetime) -> datetime:
    """`moment` itself while the station is open, otherwise when it opens next; one query."""
    return load_calendar().next_open_moment(moment)


def bundled_calendar() -> Calendar:
    """The calendar without a database: bundled notices only, no closing days of the station."""
    return build_calendar([], {})
