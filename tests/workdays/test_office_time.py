"""Office hours between two moments, reckoned by hand."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from workdays.calendar import STATION_TIME, OfficeHours, bundled_calendar
from workdays.clock import PauseSpan
from workdays.office_time import office_time


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 23rd is a Monday, office hours are 9–12 and 14–18."""
    return datetime(2026, 11, day, hour, minute, tzinfo=STATION_TIME)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (on(23, 9), on(23, 18), 7),
        (on(23, 11), on(23, 15), 2),
        (on(23, 12, 30), on(23, 13, 30), 0),
        (on(20, 16), on(23, 10), 3),
        (on(21, 9), on(22, 18), 0),
        (on(23, 7), on(23, 22), 7),
        (on(23, 10), on(23, 10), 0),
    ],
)
def test_office_time_counts_office_hours_of_working_days(
    start: datetime, end: datetime, expected: int
) -> None:
    assert office_time(start, end, bundled_calendar()) == timedelta(hours=expected)


def test_office_time_leaves_out_pauses() -> None:
    pause = PauseSpan(on(23, 11), on(23, 15), "等企业补充材料")
    later = PauseSpan(on(23, 17), None, "等企业补充材料")
    used = office_time(on(23, 10), on(23, 18), bundled_calendar(), [pause, later])
    assert used == timedelta(hours=1 + 2)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([(time(9), time(12)), (time(14), time(18))], 7),
        ([(time(9), time(12))], 3),
        ([(time(14), time(18))], 4),
        ([(time(8), time(10)), (time(11), time(12)), (time(13), time(16))], 6),
    ],
)
def test_office_time_follows_the_periods_of_the_day(
    periods: list[tuple[time, time]], expected: int
) -> None:
    calendar = replace(bundled_calendar(), hours=OfficeHours(tuple(periods)))
    used = office_time(on(23, 0), on(24, 0), calendar)
    assert used == timedelta(hours=expected)
