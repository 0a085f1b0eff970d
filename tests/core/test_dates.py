"""Dates and times in words."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from core.dates import (
    day_words,
    moment_label,
    moment_words,
    month_words,
    months_later,
    near_day_words,
    near_moment_label,
    near_moment_words,
    second_label,
    sheet_moment,
    span_words,
    time_words,
    weekday_words,
)

# Two minutes past two in the morning of 2 June in Chongqing.
MOMENT = datetime(2026, 6, 1, 18, 2, 5, tzinfo=UTC)
TODAY = "2026-11-23T10:00+08:00"


def rendered(text: str, **context: object) -> str:
    return engines["django"].from_string(text).render(context)


def test_days_are_written_without_leading_zeros() -> None:
    assert day_words(date(2026, 6, 2)) == "2026年6月2日"
    assert month_words(date(2026, 6, 2)) == "2026年6月"
    assert weekday_words(date(2026, 6, 2)) == "星期二"
    assert weekday_words(date(2026, 6, 7)) == "星期日"


def test_a_moment_is_written_by_the_stations_clock() -> None:
    assert day_words(MOMENT) == "2026年6月2日"
    assert month_words(datetime(2026, 5, 31, 16, tzinfo=UTC)) == "2026年6月"
    assert weekday_words(MOMENT) == "星期二"
    assert time_words(MOMENT) == "02:02"
    assert moment_words(MOMENT) == "2026年6月2日02:02"
    assert moment_label(MOMENT) == "2026年6月2日 02:02"
    assert sheet_moment(MOMENT) == "2026-06-02 02:02:05"
    assert second_label(MOMENT) == "2026年6月2日 02:02:05"


def test_the_year_is_left_out_where_it_is_plain() -> None:
    with time_machine.travel(TODAY, tick=False):
        assert near_moment_words(MOMENT) == "6月2日02:02"
        assert near_moment_label(MOMENT) == "6月2日 02:02"
        assert near_moment_label(MOMENT - timedelta(days=365)) == "2025年6月2日 02:02"
    assert near_day_words(date(2027, 1, 6), near=date(2026, 12, 31)) == "2027年1月6日"
    # It is already New Year's Day by the station's clock.
    assert near_day_words(date(2027, 1, 6), near=datetime(2026, 12, 31, 16, tzinfo=UTC)) == (
        "1月6日"
    )


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 6, 2), date(2026, 6, 2), "2026年6月2日"),
        (date(2026, 6, 2), date(2026, 7, 1), "2026年6月2日至7月1日"),
        (date(2026, 12, 31), date(2027, 1, 1), "2026年12月31日至2027年1月1日"),
    ],
)
def test_days_in_a_row_are_written_from_the_first_to_the_last(
    first: date, last: date, words: str
) -> None:
    assert span_words(first, last) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("day_words", "2026年6月2日"),
        ("weekday_words", "星期二"),
        ("moment_label", "2026年6月2日 02:02"),
        ("near_moment_label", "6月2日 02:02"),
        ("second_label", "2026年6月2日 02:02:05"),
    ],
)
@time_machine.travel(TODAY, tick=False)
def test_templates_write_dates_without_loading_anything(name: str, words: str) -> None:
    assert rendered("{{ at|%s }}" % name, at=MOMENT) == words  # noqa: UP031
    assert rendered("{{ at|%s }}" % name, at=None) == ""  # noqa: UP031


@pytest.mark.parametrize(
    "words", [day_words, time_words, moment_words, near_moment_words, moment_label, second_label]
)
def test_words_of_no_date_are_empty(words: Callable[[None], str]) -> None:
    assert words(None) == ""


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        moment_words(datetime(2026, 6, 2, 10))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 23), 1, date(2026, 12, 23)),
        (date(2026, 11, 23), 2, date(2027, 1, 23)),
        (date(2026, 11, 23), -12, date(2025, 11, 23)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_a_month_that_lacks_the_day_ends_a_term_on_its_last(
    day: date, months: int, later: date
) -> None:
    assert months_later(day, months) == later


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_a_term_keeps_the_day_or_shortens_it(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)
