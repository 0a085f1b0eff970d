"""Who is reminded of what, when, and never twice."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import User
from applications.models import Application
from notices.models import Notice
from reviews.models import ReviewForm
from reviews.reminders import send_due_reminders
from reviews.services import circulation
from tests.reviews.conftest import Station

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def circulated(station: Station, submitted: Application) -> ReviewForm:
    """On Monday 23 November at 10:00: four are due on Wednesday, all on Thursday, at 18:00."""
    with time_machine.travel(at(23, 10), tick=False):
        form = circulation.circulate(submitted, by=station.officer)
    Notice.objects.all().delete()
    return form


def told(form: ReviewForm, code: str) -> list[str]:
    opinion = form.opinions.get(department__code=code)
    found = Notice.objects.filter(cause__startswith=f"reviews:opinion:{opinion.pk}:")
    return sorted(found.values_list("recipient__name", flat=True))


def test_nothing_is_sent_before_the_last_day(circulated: ReviewForm) -> None:
    assert send_due_reminders(at(24, 17)) == 0


def test_at_opening_on_the_last_day_each_of_the_four_is_reminded_once(
    circulated: ReviewForm,
) -> None:
    assert send_due_reminders(at(25, 9)) == 4
    assert send_due_reminders(at(25, 9, 1)) == 0
    assert told(circulated, "tax") == ["区税务局联络员"]


def test_two_hours_before_the_deadline_comes_one_more(circulated: ReviewForm) -> None:
    send_due_reminders(at(25, 9))
    assert send_due_reminders(at(25, 15, 59)) == 0
    assert send_due_reminders(at(25, 16)) == 4


def test_who_has_signed_is_not_reminded(station: Station, circulated: ReviewForm) -> None:
    station.sign(circulated, "tax")
    Notice.objects.all().delete()
    assert send_due_reminders(at(25, 9)) == 3
    assert told(circulated, "tax") == []


def test_foreign_affairs_is_not_reminded_while_it_cannot_sign(circulated: ReviewForm) -> None:
    send_due_reminders(at(26, 9))
    assert told(circulated, "foreign_affairs") == []


def test_overdue_the_supervisor_hears_too_and_later_the_head(
    circulated: ReviewForm, supervisor: User, station_head: User
) -> None:
    send_due_reminders(at(26, 9))
    assert told(circulated, "tax") == ["区税务局联络员", "税务分管领导"]
    Notice.objects.all().delete()
    send_due_reminders(at(27, 9))
    assert told(circulated, "tax") == ["区税务局联络员", "服务站站长", "税务分管领导"]


def test_nothing_is_sent_outside_office_hours_or_at_weekends(circulated: ReviewForm) -> None:
    for moment in (at(26, 8, 59), at(26, 12, 30), at(26, 18, 30), at(28, 10), at(29, 10)):
        assert send_due_reminders(moment) == 0


def test_after_days_without_beat_only_the_newest_is_sent(circulated: ReviewForm) -> None:
    assert send_due_reminders(at(30, 9)) == 4


def test_while_the_enterprise_supplements_nobody_is_reminded(
    station: Station, circulated: ReviewForm
) -> None:
    with time_machine.travel(at(24, 10), tick=False):
        circulation.ask_supplement(circulated, {10: "请重扫"}, by=station.officer)
    assert send_due_reminders(at(25, 9)) == 0
