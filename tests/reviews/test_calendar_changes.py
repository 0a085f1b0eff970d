"""A notice that is missing, and a deadline that was computed while one was entered."""

from datetime import date, datetime

import pytest
import time_machine

from accounts.models import User
from notices.missing_notices import tell_of_missing_holiday_notices
from notices.models import Notice
from reviews.models import ReviewTable
from tests.reviews.conftest import on
from tests.workdays.test_holiday_notices import DAYS_2027, as_csv
from wanzhou_abtc.schedule import BEAT_SCHEDULE
from workdays.calendar import STATION_TIME, load_calendar
from workdays.following import catch_up_with_calendar
from workdays.holiday_notices import enter_notice, missing_years, parse_notice
from workdays.tasks import catch_up

pytestmark = pytest.mark.django_db


def on_day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STATION_TIME)


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), [2027]),
        (date(2027, 1, 4), [2027]),
        (date(2027, 11, 1), [2027, 2028]),
    ],
)
def test_from_november_the_next_years_notice_is_missed(today: date, years: list[int]) -> None:
    assert missing_years(load_calendar(), today) == years


def test_the_officers_are_told_of_a_missing_notice_once_a_month_in_office_hours(
    officer: User,
) -> None:
    def tell(text: str) -> int:
        with time_machine.travel(on_day(text), tick=False):
            return tell_of_missing_holiday_notices()

    assert tell("2026-10-30T10:00") == 0
    assert tell("2026-11-01T10:00") == 0  # a Sunday
    assert tell("2026-11-02T08:00") == 0
    assert tell("2026-11-02T09:30") == 1
    assert tell("2026-11-30T10:00") == 0
    assert tell("2026-12-01T10:00") == 1
    notice = Notice.objects.filter(recipient=officer).first()
    assert notice is not None
    assert notice.subject == "2027年节假日安排还没有录入"
    enter_notice(parse_notice(as_csv(DAYS_2027).encode(), 2027), by=None)
    assert tell("2027-01-04T10:00") == 0


def test_a_deadline_from_the_old_calendar_is_mended_once(
    on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    """As if it had been circulated in the moment in which the calendar changed."""
    on_the_clock.opinions.filter(department__code="tax").update(due_at=on(24, 18))
    with time_machine.travel(on(23, 12), tick=False):
        catch_up()
        assert catch_up_with_calendar() == []
    assert on_the_clock.opinions.get(department__code="tax").due_at == on(25, 18)
    notice = Notice.objects.get(recipient=tax_liaison)
    assert "原为2026年11月24日18:00，现为2026年11月25日18:00" in notice.body


def test_nothing_is_written_where_all_deadlines_agree(on_the_clock: ReviewTable) -> None:
    with time_machine.travel(on(23, 12), tick=False):
        assert catch_up_with_calendar() == []
    assert not Notice.objects.exists()


def test_beat_looks_after_the_calendar() -> None:
    tasks = [entry["task"] for entry in BEAT_SCHEDULE.values()]
    assert "workdays.catch_up" in tasks
    assert "notices.ask_for_holiday_notice" in tasks
    assert "reviews.remind" in tasks
