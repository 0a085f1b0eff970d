"""The holidays of a year as people read them: from when to when, and which weekends are worked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.dates import near_day_words, span_words, weekday_words
from workdays.calendar import ONE_DAY, Calendar
from workdays.models import HolidayNotice, WorkdayOverride
from workdays.statutory_days import statutory_days

# date, is_working, name
Day = tuple[date, bool, str]


@dataclass(frozen=True)
class Holiday:
    """One holiday: `spans` are its days off, first and last; `worked` the weekend days moved."""

    name: str
    spans: list[tuple[date, date]]
    worked: list[date]

    @property
    def days_off(self) -> int:
        return sum((last - first).days + 1 for first, last in self.spans)

    @property
    def words(self) -> str:
        """As notices put it: 2026年10月1日至10月7日放假，共7天。10月10日（星期六）上班。"""
        off = "、".join(span_words(*span) for span in self.spans)
        worked = "、".join(_worked_words(day) for day in self.worked)
        said = f"{off}放假，共{self.days_off}天。" if off else ""
        return f"{said}{worked}上班。" if worked else said


@dataclass(frozen=True)
class Year:
    """`notice` is None while the year is provisional; then the statutory days stand in."""

    year: int
    notice: HolidayNotice | None
    holidays: list[Holiday]


def holidays(days: Iterable[Day]) -> list[Holiday]:
    """Days with the same name together, in the order in which their days off begin."""
    named: dict[str, list[Day]] = {}
    for day in sorted(days):
        named.setdefault(day[2], []).append(day)
    together = [
        Holiday(
            name,
            _spans([day for day, is_working, _ in found if not is_working]),
            [day for day, is_working, _ in found if is_working],
        )
        for name, found in named.items()
    ]
    return sorted(together, key=lambda one: one.spans[0][0] if one.spans else one.worked[0])


def range_words(days: Iterable[date]) -> str:
    """Days in a row as one: 2027年2月5日至2月12日、2027年2月14日; empty without any."""
    return "、".join(span_words(*span) for span in _spans(sorted(days)))


def _worked_words(day: date) -> str:
    return f"{near_day_words(day, near=day)}（{weekday_words(day)}）"


def _spans(days: list[date]) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and spans[-1][1] + ONE_DAY == day:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def overview(calendar: Calendar, today: date) -> list[Year]:
    """Every year that was entered, and this one and the next in any case; the newest first."""
    notices = {
        notice.year: notice
        for notice in HolidayNotice.objects.select_related("entered_by").prefetch_related("days")
    }
    single = list(
        WorkdayOverride.objects.filter(notice__isnull=True).values_list(
            "date", "is_working", "name"
        )
    )
    years = []
    for year in sorted({*notices, today.year, today.year + 1}, reverse=True):
        notice = notices.get(year)
        if notice:
            days = [(row.date, row.is_working, row.name) for row in notice.days.all()]
        elif calendar.is_provisional(year):
            days = [(day, False, name) for day, name in statutory_days(year).items()]
        else:
            days = [
                (day, special.is_working, special.name)
                for day, special in calendar.special_days.items()
                if day.year == year
            ]
        days += [day for day in single if day[0].year == year and day not in days]
        years.append(Year(year, notice, holidays(days)))
    return years
