"""Expected deadlines are worked out by hand on the printed calendars of 2025 to 2027."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workdays.calendar import (
    STATION_TIME,
    Calendar,
    OfficeHours,
    build_calendar,
    bundled_calendar,
)
from workdays.clock import (
    DayLine,
    PauseSpan,
    Remaining,
    ReminderKind,
    ReminderMoment,
    arithmetic,
    deadline,
    paused_days,
    remaining,
    reminder_moments,
)

CALENDAR = bundled_calendar()
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 30)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=STATION_TIME)
)
DAYS = st.integers(1, 12)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STATION_TIME)


def pause(started: str, ended: str | None, reason: str = "等待企业补充材料") -> PauseSpan:
    return PauseSpan(at(started), at(ended) if ended else None, reason)


@st.composite
def some_pauses(draw: st.DrawFn) -> list[PauseSpan]:
    starts = draw(st.lists(MOMENTS, max_size=4))
    return [
        PauseSpan(start, start + timedelta(minutes=draw(st.integers(0, 20_000))), "等待")
        for start in starts
    ]


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2025-07-29", "2025-08-01"),
        ("2025-09-26", "2025-09-30"),
        ("2025-09-30", "2025-10-11"),
        ("2025-12-31", "2026-01-06"),
        ("2026-02-13", "2026-02-25"),
        ("2026-04-30", "2026-05-08"),
        ("2026-09-18", "2026-09-22"),
        ("2026-09-30", "2026-10-10"),
        ("2026-11-20", "2026-11-25"),
    ],
)
@pytest.mark.parametrize("hour", ["00:00", "10:00", "18:30", "23:59"])
def test_three_working_days_end_on_the_known_day_whatever_the_hour(
    start: str, day: str, hour: str
) -> None:
    assert deadline(at(f"{start}T{hour}"), 3, CALENDAR) == at(f"{day}T18:00")


def test_what_arrives_on_a_day_off_is_counted_from_the_next_working_day() -> None:
    assert deadline(at("2026-11-21T10:00"), 1, CALENDAR) == at("2026-11-23T18:00")


def test_a_closing_day_of_the_station_moves_the_deadline() -> None:
    calendar = build_calendar([], {date(2026, 11, 24): "搬迁"})
    assert deadline(at("2026-11-20T10:00"), 3, calendar) == at("2026-11-26T18:00")


@given(start=MOMENTS, later=st.integers(0, 100_000), days=DAYS, pauses=some_pauses())
def test_a_later_start_never_gives_an_earlier_deadline(
    start: datetime, later: int, days: int, pauses: list[PauseSpan]
) -> None:
    moved = start + timedelta(minutes=later)
    assert deadline(moved, days, CALENDAR, pauses) >= deadline(start, days, CALENDAR, pauses)


@given(start=MOMENTS, n=DAYS, m=DAYS, pauses=some_pauses())
def test_n_days_then_m_days_is_n_plus_m_days(
    start: datetime, n: int, m: int, pauses: list[PauseSpan]
) -> None:
    first = deadline(start, n, CALENDAR, pauses)
    assert deadline(first, m, CALENDAR, pauses) == deadline(start, n + m, CALENDAR, pauses)


@given(start=MOMENTS, days=DAYS, pauses=some_pauses())
def test_pauses_add_exactly_the_working_days_that_they_take(
    start: datetime, days: int, pauses: list[PauseSpan]
) -> None:
    due = deadline(start, days, CALENDAR, pauses).date()
    taken = [day for day in paused_days(pauses, CALENDAR) if start.date() < day <= due]
    assert CALENDAR.count_working_days(start.date(), due) == days + len(taken)


@given(start=MOMENTS, days=DAYS, first=DAYS, length=st.integers(1, 5))
def test_a_pause_of_whole_working_days_moves_the_deadline_by_as_many(
    start: datetime, days: int, first: int, length: int
) -> None:
    assume(first <= days)
    begins = CALENDAR.add_working_days(start.date(), first)
    ends = CALENDAR.add_working_days(begins, length - 1)
    hours = CALENDAR.hours
    stop = PauseSpan(hours.opening_of(begins), hours.closing_of(ends), "等待")
    plain = deadline(start, days, CALENDAR)
    moved = CALENDAR.add_working_days(plain.date(), length)
    assert deadline(start, days, CALENDAR, [stop]) == hours.closing_of(moved)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        # Within one day, overnight, over a weekend, and twice on the same day.
        ([pause("2026-11-24T10:00", "2026-11-24T11:00")], "2026-11-26T18:00"),
        ([pause("2026-11-23T17:00", "2026-11-24T09:30")], "2026-11-27T18:00"),
        ([pause("2026-11-25T10:00", "2026-11-30T10:00")], "2026-12-01T18:00"),
        (
            [
                pause("2026-11-24T09:00", "2026-11-24T10:00"),
                pause("2026-11-24T15:00", "2026-11-24T16:00"),
            ],
            "2026-11-26T18:00",
        ),
        # No office time is lost: over lunch, at night, at the weekend, for no time at all.
        ([pause("2026-11-24T12:00", "2026-11-24T14:00")], "2026-11-25T18:00"),
        ([pause("2026-11-23T18:00", "2026-11-24T09:00")], "2026-11-25T18:00"),
        ([pause("2026-11-21T09:00", "2026-11-22T18:00")], "2026-11-25T18:00"),
        ([pause("2026-11-24T10:00", "2026-11-24T10:00")], "2026-11-25T18:00"),
        # On the day of receipt, which is not counted anyway, and after the deadline.
        ([pause("2026-11-20T14:00", "2026-11-20T17:00")], "2026-11-25T18:00"),
        ([pause("2026-11-26T10:00", "2026-11-26T11:00")], "2026-11-25T18:00"),
    ],
)
def test_a_working_day_with_a_pause_in_office_hours_is_not_counted(
    pauses: list[PauseSpan], due: str
) -> None:
    assert deadline(at("2026-11-20T10:00"), 3, CALENDAR, pauses) == at(due)


def test_an_open_pause_is_reckoned_up_to_now() -> None:
    pauses = [pause("2026-11-24T10:00", None)]
    due = deadline(at("2026-11-20T10:00"), 3, CALENDAR, pauses, at("2026-11-26T11:00"))
    assert due == at("2026-11-30T18:00")


def test_an_open_pause_without_now_is_refused() -> None:
    with pytest.raises(ValueError, match="暂停尚未结束"):
        deadline(at("2026-11-20T10:00"), 3, CALENDAR, [pause("2026-11-24T10:00", None)])


def test_an_open_pause_survives_a_clock_that_was_set_back() -> None:
    pauses = [pause("2026-11-24T10:00", None)]
    due = deadline(at("2026-11-20T10:00"), 3, CALENDAR, pauses, at("2026-11-24T09:30"))
    assert due == at("2026-11-25T18:00")


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="早于"):
        paused_days([pause("2026-11-24T10:00", "2026-11-24T09:00")], CALENDAR)


@pytest.mark.parametrize("days", [0, -1])
def test_fewer_than_one_day_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="不少于1"):
        deadline(at("2026-11-20T10:00"), days, CALENDAR)


def test_the_arithmetic_is_shown_day_by_day() -> None:
    pauses = [pause("2026-10-09T10:00", "2026-10-09T11:00")]
    lines = arithmetic(at("2026-09-30T10:00"), 2, CALENDAR, pauses)
    assert lines == [
        DayLine(date(2026, 9, 30), False, "起算当日不计", 0, False),
        DayLine(date(2026, 10, 1), False, "国庆节", 0, False),
        DayLine(date(2026, 10, 2), False, "国庆节", 0, False),
        DayLine(date(2026, 10, 3), False, "国庆节", 0, False),
        DayLine(date(2026, 10, 4), False, "国庆节", 0, False),
        DayLine(date(2026, 10, 5), False, "国庆节", 0, False),
        DayLine(date(2026, 10, 6), False, "国庆节", 0, False),
        DayLine(date(2026, 10, 7), False, "国庆节", 0, False),
        DayLine(date(2026, 10, 8), True, "工作日", 1, False),
        DayLine(date(2026, 10, 9), False, "暂停：等待企业补充材料", 1, False),
        DayLine(date(2026, 10, 10), True, "调休上班", 2, False),
    ]


def test_the_arithmetic_marks_provisional_days() -> None:
    lines = arithmetic(at("2026-12-31T10:00"), 1, CALENDAR)
    assert [(line.date, line.why, line.is_provisional) for line in lines] == [
        (date(2026, 12, 31), "起算当日不计", False),
        (date(2027, 1, 1), "元旦", True),
        (date(2027, 1, 2), "周末", True),
        (date(2027, 1, 3), "周末", True),
        (date(2027, 1, 4), "工作日", True),
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-20T10:00", Remaining(3, "ok", "还剩3个工作日，11月25日18:00前")),
        ("2026-11-22T10:00", Remaining(3, "ok", "还剩3个工作日，11月25日18:00前")),
        ("2026-11-24T23:59", Remaining(1, "ok", "还剩1个工作日，11月25日18:00前")),
        ("2026-11-25T00:00", Remaining(0, "today", "今天到期，18:00前")),
        ("2026-11-25T18:00", Remaining(0, "today", "今天到期，18:00前")),
        ("2026-11-25T18:01", Remaining(0, "late", "已超时限，不足1个工作日")),
        # A working day over is a whole one: not at its first minute, nor before it closes.
        ("2026-11-26T00:10", Remaining(0, "late", "已超时限，不足1个工作日")),
        ("2026-11-26T17:59", Remaining(0, "late", "已超时限，不足1个工作日")),
        ("2026-11-26T18:00", Remaining(-1, "late", "已超1个工作日")),
        ("2026-11-29T10:00", Remaining(-2, "late", "已超2个工作日")),
        ("2026-11-30T10:00", Remaining(-2, "late", "已超2个工作日")),
        ("2026-11-30T18:00", Remaining(-3, "late", "已超3个工作日")),
    ],
)
def test_what_remains_is_said_in_words(now: str, expected: Remaining) -> None:
    assert remaining(at("2026-11-25T18:00"), at(now), CALENDAR) == expected


def test_a_deadline_of_next_year_names_the_year() -> None:
    left = remaining(at("2026-01-06T18:00"), at("2025-12-31T10:00"), CALENDAR)
    assert left.label == "还剩3个工作日，2026年1月6日18:00前"


@pytest.mark.parametrize("now", ["2026-12-31T10:00", "2027-01-06T10:00", "2027-01-07T10:00"])
def test_a_deadline_in_a_year_without_a_notice_says_so(now: str) -> None:
    left = remaining(at("2027-01-06T18:00"), at(now), CALENDAR)
    assert left.note == "节假日安排未公布，暂按法定节假日推算"
    assert left.words == f"{left.label}（节假日安排未公布，暂按法定节假日推算）"


def test_a_deadline_of_a_published_year_has_no_remark() -> None:
    left = remaining(at("2026-12-31T18:00"), at("2027-01-02T10:00"), CALENDAR)
    assert (left.note, left.words) == ("", left.label)


def test_an_open_pause_is_said_instead_of_what_remains() -> None:
    pauses = [pause("2026-11-24T10:00", None)]
    left = remaining(at("2026-11-25T18:00"), at("2026-11-26T10:00"), CALENDAR, pauses)
    assert (left.state, left.label) == ("paused", "已暂停计时：等待企业补充材料")


def test_a_pause_that_is_over_no_longer_shows() -> None:
    pauses = [pause("2026-11-23T10:00", "2026-11-23T11:00")]
    left = remaining(at("2026-11-25T18:00"), at("2026-11-25T10:00"), CALENDAR, pauses)
    assert left.state == "today"


def test_reminders_come_before_the_deadline_and_at_each_opening_after_it() -> None:
    moments = reminder_moments(
        at("2026-11-20T10:00"), at("2026-11-26T18:00"), CALENDAR, until=at("2026-12-01T08:00")
    )
    assert moments == [
        ReminderMoment(ReminderKind.LAST_DAY, at("2026-11-26T09:00")),
        ReminderMoment(ReminderKind.TWO_HOURS, at("2026-11-26T16:00")),
        ReminderMoment(ReminderKind.OVERDUE, at("2026-11-27T09:00"), 1),
        ReminderMoment(ReminderKind.OVERDUE, at("2026-11-30T09:00"), 2),
    ]


def test_nothing_is_reminded_of_before_it_was_opened() -> None:
    moments = reminder_moments(
        at("2026-11-26T15:30"), at("2026-11-26T18:00"), CALENDAR, until=at("2026-11-26T20:00")
    )
    assert moments == [ReminderMoment(ReminderKind.TWO_HOURS, at("2026-11-26T16:00"))]


def test_a_deadline_on_what_became_a_day_off_is_reminded_of_on_the_working_day_before() -> None:
    calendar = build_calendar([], {date(2026, 11, 26): "搬迁"})
    moments = reminder_moments(
        at("2026-11-20T10:00"), at("2026-11-26T18:00"), calendar, until=at("2026-11-27T09:00")
    )
    assert moments == [
        ReminderMoment(ReminderKind.LAST_DAY, at("2026-11-25T09:00")),
        ReminderMoment(ReminderKind.TWO_HOURS, at("2026-11-25T16:00")),
        ReminderMoment(ReminderKind.OVERDUE, at("2026-11-27T09:00"), 1),
    ]


@given(start=MOMENTS, days=DAYS)
def test_every_reminder_lies_within_office_hours(start: datetime, days: int) -> None:
    due = deadline(start, days, CALENDAR)
    moments = reminder_moments(start, due, CALENDAR, until=due + timedelta(days=15))
    assert [moment.kind for moment in moments[:2]] == [
        ReminderKind.LAST_DAY,
        ReminderKind.TWO_HOURS,
    ]
    assert all(CALENDAR.is_open(moment.at) for moment in moments)


def open_from(*periods: tuple[time, time]) -> Calendar:
    return replace(CALENDAR, hours=OfficeHours(periods))


@pytest.mark.parametrize(
    ("periods", "warned"),
    [
        # Of one short period: two hours before 10:00 nobody is there yet.
        ([(time(9), time(10))], "2026-11-26T09:00"),
        ([(time(9), time(11))], "2026-11-26T09:00"),
        ([(time(9), time(11, 1))], "2026-11-26T09:01"),
        # Two hours before fall into the break: the end of what precedes it.
        ([(time(9), time(12)), (time(14), time(15))], "2026-11-26T12:00"),
        ([(time(9), time(12)), (time(14), time(16))], "2026-11-26T14:00"),
        # Three periods, the last two short.
        ([(time(9), time(10)), (time(11), time(12)), (time(15), time(16))], "2026-11-26T12:00"),
    ],
)
def test_an_office_day_of_few_or_short_periods_is_warned_of_while_somebody_is_there(
    periods: list[tuple[time, time]], warned: str
) -> None:
    calendar = open_from(*periods)
    due = deadline(at("2026-11-24T09:30"), 2, calendar)
    assert due == datetime.combine(date(2026, 11, 26), periods[-1][1], STATION_TIME)
    moments = reminder_moments(at("2026-11-24T09:30"), due, calendar, until=due)
    assert moments == [
        ReminderMoment(ReminderKind.LAST_DAY, at("2026-11-26T09:00")),
        ReminderMoment(ReminderKind.TWO_HOURS, at(warned)),
    ]


def test_a_pause_counts_in_the_one_period_of_a_day_and_not_outside_of_it() -> None:
    calendar = open_from((time(8, 30), time(12)))
    afternoon = [pause("2026-11-24T12:00", "2026-11-24T18:00")]
    noon = [pause("2026-11-24T11:59", "2026-11-24T18:00")]
    assert deadline(at("2026-11-23T09:00"), 1, calendar, afternoon) == at("2026-11-24T12:00")
    assert deadline(at("2026-11-23T09:00"), 1, calendar, noon) == at("2026-11-25T12:00")
