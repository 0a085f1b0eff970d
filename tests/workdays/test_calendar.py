"""Expected days are copied by hand from the notices of 2024 to 2026 and from the law."""

from datetime import UTC, date, datetime, time

import pytest
from django.apps import apps
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from workdays.calendar import (
    STATION_TIME,
    build_calendar,
    bundled_calendar,
    load_calendar,
    local,
)
from workdays.models import HolidayNotice, StationClosure, WorkdayOverride
from workdays.seed import seed_overrides

CALENDAR = bundled_calendar()
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STATION_TIME)


@pytest.mark.parametrize(
    ("year", "count"),
    [(2025, 248), (2026, 248)],
)
def test_a_published_year_has_the_known_number_of_working_days(year: int, count: int) -> None:
    assert CALENDAR.count_working_days(date(year - 1, 12, 31), date(year, 12, 31)) == count


@pytest.mark.parametrize(
    "day",
    [
        "2025-01-26",
        "2025-02-08",
        "2025-04-27",
        "2025-09-28",
        "2025-10-11",
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ],
)
def test_a_make_up_weekend_day_is_worked(day: str) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day))
    assert CALENDAR.why(date.fromisoformat(day)) == "调休上班"


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-01-02", "元旦"),
        ("2026-02-16", "春节"),
        ("2026-04-06", "清明节"),
        ("2026-05-05", "劳动节"),
        ("2026-06-19", "端午节"),
        ("2026-09-25", "中秋节"),
        ("2026-10-03", "国庆节"),
        ("2026-11-21", "周末"),
    ],
)
def test_a_day_off_says_why(day: str, why: str) -> None:
    assert not CALENDAR.is_working(date.fromisoformat(day))
    assert CALENDAR.why(date.fromisoformat(day)) == why


def test_a_plain_weekday_is_worked() -> None:
    assert CALENDAR.is_working(date(2026, 11, 23))
    assert CALENDAR.why(date(2026, 11, 23)) == "工作日"


def test_years_without_a_notice_are_provisional() -> None:
    assert not CALENDAR.is_provisional(2026)
    assert CALENDAR.is_provisional(2027)


def test_a_span_is_provisional_when_it_touches_a_provisional_year() -> None:
    assert CALENDAR.is_provisional_between(date(2026, 12, 30), date(2027, 1, 5))
    assert not CALENDAR.is_provisional_between(date(2026, 12, 28), date(2026, 12, 31))


def test_a_provisional_year_has_weekends_and_the_thirteen_statutory_days() -> None:
    statutory = {
        "2027-01-01": "元旦",
        "2027-02-05": "春节",
        "2027-02-06": "春节",
        "2027-02-07": "春节",
        "2027-02-08": "春节",
        "2027-04-05": "清明节",
        "2027-05-01": "劳动节",
        "2027-05-02": "劳动节",
        "2027-06-09": "端午节",
        "2027-09-15": "中秋节",
        "2027-10-01": "国庆节",
        "2027-10-02": "国庆节",
        "2027-10-03": "国庆节",
    }
    for day, name in statutory.items():
        assert not CALENDAR.is_working(date.fromisoformat(day))
        assert CALENDAR.why(date.fromisoformat(day)) == name
    # 261 weekdays, of which seven are statutory holidays.
    assert CALENDAR.count_working_days(date(2026, 12, 31), date(2027, 12, 31)) == 254


def test_past_the_lunar_table_the_solar_holidays_remain() -> None:
    assert CALENDAR.why(date(2060, 10, 1)) == "国庆节"
    assert CALENDAR.why(date(2060, 2, 2)) == "工作日"


def test_a_closing_day_of_the_station_is_no_working_day() -> None:
    calendar = build_calendar([], {date(2026, 11, 24): "机房停电检修"})
    assert not calendar.is_working(date(2026, 11, 24))
    assert calendar.why(date(2026, 11, 24)) == "本站休息：机房停电检修"


def test_a_closing_day_on_a_weekend_is_still_called_a_weekend() -> None:
    calendar = build_calendar([], {date(2026, 11, 21): "机房停电检修"})
    assert calendar.why(date(2026, 11, 21)) == "周末"


def test_rows_of_a_year_replace_the_bundled_notice() -> None:
    calendar = build_calendar([(date(2026, 1, 1), False, "元旦", 2026)], {})
    assert calendar.is_working(date(2026, 1, 2))
    assert not calendar.is_working(date(2026, 1, 4))


def test_a_day_announced_by_itself_does_not_publish_its_year() -> None:
    calendar = build_calendar([(date(2027, 9, 3), False, "纪念日", None)], {})
    assert not calendar.is_working(date(2027, 9, 3))
    assert calendar.is_provisional(2027)
    assert not calendar.is_working(date(2027, 10, 1))


def test_a_notice_may_name_days_of_the_december_before() -> None:
    rows = [(date(2026, 12, 31), False, "元旦", 2027), (date(2027, 1, 1), False, "元旦", 2027)]
    calendar = build_calendar(rows, {})
    assert calendar.why(date(2026, 12, 31)) == "元旦"
    assert calendar.why(date(2026, 10, 7)) == "国庆节"
    assert not calendar.is_provisional(2027)


@given(day=DAYS, n=st.integers(0, 40), m=st.integers(0, 40))
def test_adding_working_days_twice_adds_their_sum(day: date, n: int, m: int) -> None:
    twice = CALENDAR.add_working_days(CALENDAR.add_working_days(day, n), m)
    assert twice == CALENDAR.add_working_days(day, n + m)


@given(day=DAYS, n=st.integers(1, 60))
def test_what_was_added_is_what_is_counted(day: date, n: int) -> None:
    last = CALENDAR.add_working_days(day, n)
    assert CALENDAR.is_working(last)
    assert CALENDAR.count_working_days(day, last) == n


def test_adding_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="不能是负数"):
        CALENDAR.add_working_days(date(2026, 11, 23), -1)


def test_office_hours_come_from_the_settings() -> None:
    assert CALENDAR.hours.opening_of(date(2026, 11, 23)) == at("2026-11-23T09:00")
    assert CALENDAR.hours.closing_of(date(2026, 11, 23)) == at("2026-11-23T18:00")
    assert CALENDAR.hours.periods == ((time(9), time(12)), (time(14), time(18)))


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        ("2026-11-23T08:59", False, "2026-11-23T09:00"),
        ("2026-11-23T09:00", True, "2026-11-23T09:00"),
        ("2026-11-23T12:30", False, "2026-11-23T14:00"),
        ("2026-11-23T18:00", True, "2026-11-23T18:00"),
        ("2026-11-23T18:01", False, "2026-11-24T09:00"),
        ("2026-11-20T23:00", False, "2026-11-23T09:00"),
        ("2026-10-01T10:00", False, "2026-10-08T09:00"),
        ("2026-10-10T10:00", True, "2026-10-10T10:00"),
    ],
)
def test_the_station_is_open_within_office_hours(moment: str, is_open: bool, opens: str) -> None:
    assert CALENDAR.is_open(at(moment)) is is_open
    assert CALENDAR.next_open_moment(at(moment)) == at(opens)


def test_a_time_of_another_zone_is_read_by_the_stations_clock() -> None:
    assert local(datetime(2026, 9, 30, 23, 0, tzinfo=UTC)) == at("2026-10-01T07:00")
    assert local(datetime(2026, 9, 30, 23, 0, tzinfo=UTC)).date() == date(2026, 10, 1)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="没有时区"):
        local(datetime(2026, 9, 30, 10, 0))  # noqa: DTZ001


@pytest.mark.django_db
def test_seeded_rows_say_the_same_as_the_bundled_notice() -> None:
    HolidayNotice.objects.all().delete()
    assert seed_overrides(2026, apps) == 39
    calendar = load_calendar()
    day = date(2026, 1, 1)
    while day.year == 2026:
        assert calendar.is_working(day) == CALENDAR.is_working(day)
        assert calendar.why(day) == CALENDAR.why(day)
        day = date.fromordinal(day.toordinal() + 1)


@pytest.mark.django_db
def test_seeding_twice_adds_nothing() -> None:
    seed_overrides(2025, apps)
    before = WorkdayOverride.objects.count()
    assert seed_overrides(2025, apps) == 0
    assert WorkdayOverride.objects.count() == before


@pytest.mark.django_db
def test_a_year_that_is_not_bundled_cannot_be_seeded() -> None:
    with pytest.raises(ValueError, match="2027年"):
        seed_overrides(2027, apps)


@pytest.mark.django_db
def test_the_calendar_is_loaded_in_one_query(django_assert_num_queries) -> None:
    StationClosure.objects.create(date=date(2026, 11, 24), reason="搬迁")
    with django_assert_num_queries(1):
        calendar = load_calendar()
        calendar.add_working_days(date(2026, 11, 20), 30)
    assert not calendar.is_working(date(2026, 11, 24))


@pytest.mark.django_db
def test_a_date_has_one_row_at_most() -> None:
    WorkdayOverride.objects.filter(date=date(2026, 10, 1)).delete()
    WorkdayOverride.objects.create(
        date=date(2026, 10, 1), is_working=False, name="国庆节", source="通知"
    )
    with pytest.raises(IntegrityError):
        WorkdayOverride.objects.create(
            date=date(2026, 10, 1), is_working=True, name="国庆节", source="通知"
        )


@pytest.mark.django_db
def test_a_closing_day_needs_a_reason() -> None:
    with pytest.raises(IntegrityError):
        StationClosure.objects.create(date=date(2026, 11, 24), reason="")
