"""Periods and those before them, written out; office seconds by place and day by day."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from reports.stage.content import ReportFigure
from reports.stage.forms import PeriodForm
from reports.stage.periods import Period, PeriodRefused, read_period, usual_periods
from reports.stage.sections.times import eightieth, middle
from workdays.calendar import STATION_TIME, bundled_calendar
from workdays.clock import PauseSpan
from workdays.office_clock import OfficeClock
from workdays.office_time import office_time


def period(first: str, last: str) -> Period:
    return read_period(first, last)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-10-31"), "2026年11月"),
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28"), "2026年3月"),
        (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31"), "2026年第一季度"),
        (("2026-07-01", "2026-12-31"), ("2026-01-01", "2026-06-30"), "2026年下半年"),
        (("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31"), "2026年"),
        # No quarter, though three months: as many days before.
        (("2026-02-01", "2026-04-30"), ("2025-11-04", "2026-01-31"), "2026年2月1日至4月30日"),
        (("2026-11-16", "2026-11-30"), ("2026-11-01", "2026-11-15"), "2026年11月16日至11月30日"),
        (("2026-11-30", "2026-11-30"), ("2026-11-29", "2026-11-29"), "2026年11月30日"),
    ],
)
def test_a_period_is_compared_with_the_one_before(
    now: tuple[str, str], before: tuple[str, str], words: str
) -> None:
    assert period(*now).before == period(*before)
    assert period(*now).words == words


@pytest.mark.parametrize(
    "days",
    [
        ("2026-11-30", "2026-11-01"), ("2026-02-30", "2026-03-01"), ("十一月", ""),
        ("1999-01-01", "1999-02-01"), ("2020-01-01", "2026-01-01"),
    ],
)  # fmt: skip
def test_two_days_that_are_no_period_are_refused_in_words(days: tuple[str, str]) -> None:
    with pytest.raises(PeriodRefused, match=r"。$"):
        read_period(*days)


def test_usual_periods_of_a_day() -> None:
    found = {name: (one.first, one.last) for name, one in usual_periods(date(2026, 11, 30))}
    assert found == {
        "上月": (date(2026, 10, 1), date(2026, 10, 31)),
        "本月到今天": (date(2026, 11, 1), date(2026, 11, 30)),
        "上季度": (date(2026, 7, 1), date(2026, 9, 30)),
        "本季度到今天": (date(2026, 10, 1), date(2026, 11, 30)),
        "上年": (date(2025, 1, 1), date(2025, 12, 31)),
        "本年到今天": (date(2026, 1, 1), date(2026, 11, 30)),
    }


def test_what_is_open_is_counted_at_the_end_or_now() -> None:
    november = period("2026-11-01", "2026-11-30")
    with time_machine.travel(datetime(2026, 11, 20, 10, tzinfo=STATION_TIME), tick=False):
        assert november.until == datetime(2026, 11, 20, 10, tzinfo=STATION_TIME)
        assert november.day_until == date(2026, 11, 20)
        assert november.is_running
    with time_machine.travel(datetime(2026, 12, 20, tzinfo=STATION_TIME), tick=False):
        assert november.until == datetime(2026, 12, 1, tzinfo=STATION_TIME)
        assert november.day_until == date(2026, 11, 30)


def test_changes_are_said_in_words() -> None:
    assert ReportFigure("x", "用时", 1.8, "个工作日", 2.1).change == "少0.3个工作日"
    assert ReportFigure("x", "办结率", 96, "%", 90).change == "多6个百分点"
    assert ReportFigure("x", "件数", 3, "件", 3).change == "持平"
    assert ReportFigure("x", "用时", None, "个工作日", 2.0).change == ""


def test_the_middle_and_four_in_five() -> None:
    assert (middle([]), eightieth([])) == (None, None)
    assert (middle([3, 1, 2]), middle([1, 2, 3, 10])) == (2.0, 2.5)
    assert eightieth([5, 1, 4, 2, 3]) == 4
    assert eightieth([7]) == 7


CALENDAR = bundled_calendar()
CLOCK = OfficeClock(CALENDAR, date(2026, 1, 1), date(2026, 12, 31))
# From the Spring Festival with its make-up days to after the National Day.
MOMENTS = st.integers(
    min_value=int(datetime(2026, 2, 1, tzinfo=STATION_TIME).timestamp()),
    max_value=int(datetime(2026, 10, 31, tzinfo=STATION_TIME).timestamp()),
)


@given(
    start=MOMENTS, days=st.integers(0, 20), held=st.tuples(st.integers(0, 99), st.integers(0, 99))
)
def test_both_ways_give_the_same_office_time(start: int, days: int, held: tuple[int, int]) -> None:
    begun = datetime.fromtimestamp(start, tz=STATION_TIME)
    done = begun + timedelta(days=days, hours=3)
    since = begun + timedelta(hours=held[0])
    until = since + timedelta(hours=held[1])
    slow = office_time(begun, done, CALENDAR, [PauseSpan(since, until, "补充")])
    pauses = [(int(since.timestamp()), int(until.timestamp()))]
    assert CLOCK.used(start, int(done.timestamp()), pauses) == slow.total_seconds()


def test_working_days_are_counted_as_deadlines_count_them() -> None:
    """Friday to Tuesday is two; a pause of Monday morning takes Monday."""
    start, end = (
        int(datetime(2026, 11, day, 10, tzinfo=STATION_TIME).timestamp()) for day in (20, 24)
    )
    assert CLOCK.days(start, end) == 2
    morning = PauseSpan(
        datetime(2026, 11, 23, 9, tzinfo=STATION_TIME),
        datetime(2026, 11, 23, 12, tzinfo=STATION_TIME),
        "补充",
    )
    assert CLOCK.days(start, end, [morning]) == 1


def test_nobody_reports_on_days_that_have_not_begun() -> None:
    today = date(2026, 11, 26)
    ahead = PeriodForm({"first": "2026-11-27", "last": "2026-12-31"}, today=today)
    assert ahead.errors == {"first": ["这一期还没有开始，没有可以报告的。请选今天或以前的日期。"]}
    begun = PeriodForm({"first": "2026-11-26", "last": "2026-12-31"}, today=today)
    assert begun.is_valid()
