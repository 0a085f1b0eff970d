"""Who is reminded of what, when, and never twice."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import User
from applications.models import Application
from notices.models import Notice
from reviews.models import Opinion, Reminder, ReviewTable
from reviews.reminders import find_due, send_due_reminders
from reviews.services import circulation
from tests.factories import SHEETS, ReviewTableFactory
from tests.reviews.conftest import Station
from workdays.calendar import load_calendar
from workdays.models import StationClosure

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def circulated(station: Station, submitted: Application) -> ReviewTable:
    """On Monday 23 November at 10:00: four are due on Wednesday, all on Thursday, at 18:00."""
    with time_machine.travel(at(23, 10), tick=False):
        form = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    Notice.objects.all().delete()
    return form


def told(form: ReviewTable, code: str) -> list[str]:
    opinion = form.opinions.get(department__code=code)
    found = Notice.objects.filter(cause__startswith=f"reviews:opinion:{opinion.pk}:")
    return sorted(found.values_list("recipient__name", flat=True))


def test_nothing_is_sent_before_the_last_day(circulated: ReviewTable) -> None:
    assert send_due_reminders(at(24, 17)) == 0


def test_at_opening_on_the_last_day_each_of_the_four_is_reminded_once(
    circulated: ReviewTable,
) -> None:
    assert send_due_reminders(at(25, 9)) == 4
    assert send_due_reminders(at(25, 9, 1)) == 0
    assert told(circulated, "tax") == ["区税务局联络员"]


def test_two_hours_before_the_deadline_comes_one_more(circulated: ReviewTable) -> None:
    send_due_reminders(at(25, 9))
    assert send_due_reminders(at(25, 15, 59)) == 0
    assert send_due_reminders(at(25, 16)) == 4


def test_who_has_signed_is_not_reminded(station: Station, circulated: ReviewTable) -> None:
    station.sign(circulated, "tax")
    Notice.objects.all().delete()
    assert send_due_reminders(at(25, 9)) == 3
    assert told(circulated, "tax") == []


def test_foreign_affairs_is_not_reminded_while_it_cannot_sign(circulated: ReviewTable) -> None:
    send_due_reminders(at(26, 9))
    assert told(circulated, "foreign_affairs") == []


def digests() -> list[str]:
    found = Notice.objects.filter(cause__startswith="reviews:overdue:")
    return sorted(found.values_list("recipient__name", flat=True))


def test_overdue_the_supervisor_and_the_officer_hear_too_and_later_the_head(
    circulated: ReviewTable, supervisor: User, station_head: User
) -> None:
    send_due_reminders(at(26, 9))
    assert told(circulated, "tax") == ["区税务局联络员"]
    assert digests() == ["专员甲", "税务分管领导"]
    Notice.objects.all().delete()
    send_due_reminders(at(27, 9))
    assert digests() == ["专员甲", "服务站站长", "税务分管领导"]


def test_the_mail_leads_whoever_acts_to_the_opinion_and_whoever_reads_to_the_table(
    circulated: ReviewTable, supervisor: User
) -> None:
    send_due_reminders(at(26, 9))
    tax = circulated.opinions.get(department__code="tax")
    acting = Notice.objects.get(recipient__name="区税务局联络员")
    assert (acting.path, acting.action_label) == (f"/reviews/opinions/{tax.pk}/", "填写并签署")
    assert "下一步：打开下面的页面，填写意见" in acting.body
    reading = Notice.objects.get(recipient=supervisor)
    assert (reading.path, reading.action_label) == (
        f"/reviews/tables/{circulated.pk}/",
        "查看审核表",
    )
    assert "请督促上列人员尽快办理" in reading.body
    assert "您不用签署" in reading.body


def test_nothing_is_sent_outside_office_hours_or_at_weekends(circulated: ReviewTable) -> None:
    for moment in (at(26, 8, 59), at(26, 12, 30), at(26, 18, 30), at(28, 10), at(29, 10)):
        assert send_due_reminders(moment) == 0


def test_after_days_without_beat_only_the_newest_is_sent(circulated: ReviewTable) -> None:
    # Four liaisons, and the officer once of all.
    assert send_due_reminders(at(30, 9)) == 5


def test_while_the_enterprise_supplements_who_waits_for_it_is_not_reminded(
    station: Station, circulated: ReviewTable
) -> None:
    """The licence and the proofs of tax and insurance: the police alone need nothing of them."""
    with time_machine.travel(at(24, 10), tick=False):
        items = {2: "请重扫", 3: "请补充", 7: "请补充"}
        circulation.ask_supplement(circulated, items, by=station.officer)
    Notice.objects.all().delete()
    assert send_due_reminders(at(25, 9)) == 1
    assert told(circulated, "police") == ["区公安局联络员"]


def test_a_reminder_is_kept_with_the_names_of_those_it_went_to(
    circulated: ReviewTable, supervisor: User
) -> None:
    send_due_reminders(at(26, 9))
    rows = Reminder.objects.filter(opinion__department__code="tax")
    assert [(row.kind, row.moment, row.sent_at, row.told) for row in rows] == [
        ("overdue", at(26, 9), at(26, 9), "区税务局联络员、税务分管领导")
    ]


def test_a_clock_that_jumps_ahead_and_back_repeats_nothing(circulated: ReviewTable) -> None:
    assert send_due_reminders(at(25, 10)) == 4
    # An hour ahead of the true 15:10, which is the time two hours before the deadline.
    assert send_due_reminders(at(25, 16, 10)) == 4
    assert send_due_reminders(at(25, 15, 11)) == 0
    assert send_due_reminders(at(25, 16)) == 0
    assert send_due_reminders(at(25, 16, 11)) == 0


def test_a_clock_set_back_brings_no_older_reminder_after_a_newer_one(
    circulated: ReviewTable,
) -> None:
    # Beat was away in the morning, so that the first reminder of the day was never sent.
    assert send_due_reminders(at(25, 16, 10)) == 4
    assert send_due_reminders(at(25, 15, 10)) == 0


def test_two_sweeps_at_once_send_once(
    circulated: ReviewTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has looked up what is due before the first has written down what it sent."""
    calendar = load_calendar()
    seen_by_both = list(find_due(calendar, at(25, 9)))
    assert len(seen_by_both) == 4
    assert send_due_reminders(at(25, 9)) == 4
    monkeypatch.setattr("reviews.reminders.find_due", lambda *_: seen_by_both)
    assert send_due_reminders(at(25, 9)) == 0


def test_what_was_signed_after_the_sweep_had_found_it_is_not_reminded(
    station: Station, circulated: ReviewTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list(find_due(load_calendar(), at(25, 9)))
    station.sign(circulated, "tax")
    Notice.objects.all().delete()
    monkeypatch.setattr("reviews.reminders.find_due", lambda *_: found)
    assert send_due_reminders(at(25, 9)) == 3
    assert told(circulated, "tax") == []


def test_foreign_affairs_hears_of_nothing_that_lies_before_its_turn(
    station: Station, circulated: ReviewTable
) -> None:
    """The four sign a day late, after the whole table was due: the next opening is the first."""
    with time_machine.travel(at(27, 10), tick=False):
        station.sign(circulated, "commerce", "tax", "police", "social")
    Notice.objects.all().delete()
    assert send_due_reminders(at(27, 10, 1)) == 0
    assert send_due_reminders(at(30, 9)) == 1


def test_a_table_that_was_recalled_is_not_reminded_of(
    station: Station, circulated: ReviewTable
) -> None:
    with time_machine.travel(at(24, 10), tick=False):
        circulation.recall(circulated, reason="单位名称有误", by=station.officer)
    assert send_due_reminders(at(26, 9)) == 0
    assert circulated.opinions.filter(lapsed_at=at(24, 10)).count() == 5


def test_the_morning_before_a_deadline_that_became_a_day_off_is_not_missed(
    circulated: ReviewTable,
) -> None:
    """Closed on Wednesday and Thursday, with the stored deadlines left as they were."""
    for day in (25, 26):
        StationClosure.objects.create(date=at(day, 0).date(), reason="停电")
    assert send_due_reminders(at(24, 9)) == 4
    assert told(circulated, "tax") == ["区税务局联络员"]


def test_after_two_days_without_beat_nothing_is_late_that_was_not(
    station: Station, circulated: ReviewTable
) -> None:
    with time_machine.travel(at(25, 17), tick=False):
        station.sign(circulated, "tax")
    Notice.objects.all().delete()
    # Three liaisons, and the officer once of all.
    assert send_due_reminders(at(27, 9)) == 4
    tax = circulated.opinions.get(department__code="tax")
    assert tax.signed_at is not None
    assert tax.signed_at <= tax.due_at


@pytest.mark.parametrize("count", [1, 20])
def test_the_sweep_costs_the_same_queries_for_one_case_and_for_many(
    station: Station, django_assert_max_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        ReviewTableFactory.create(
            circulated_by=station.officer, circulated_at=at(23, 10), due_at=at(26, 18)
        )
    Opinion.objects.parallel().update(due_at=at(25, 18))
    # One message to each liaison, of all that is his to sign.
    assert send_due_reminders(at(25, 9)) == 4
    assert Reminder.objects.count() == 4 * count
    # Two for the calendar, two for what is due, one for what the officer asked for, and one for
    # what is overdue.
    with django_assert_max_num_queries(6):
        assert send_due_reminders(at(25, 9, 1)) == 0


def test_a_deadline_in_a_year_without_a_notice_says_so_in_the_mail(
    station: Station, submitted: Application
) -> None:
    with time_machine.travel(datetime(2026, 12, 30, 10, tzinfo=SHANGHAI), tick=False):
        form = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    opened = Notice.objects.get(cause__endswith=":opened", recipient=station.liaisons["tax"])
    words = "2027年1月4日18:00（节假日安排未公布，暂按法定节假日推算）前"
    assert words in opened.body
    send_due_reminders(datetime(2027, 1, 4, 9, tzinfo=SHANGHAI))
    reminder = Notice.objects.get(
        cause__startswith=f"reviews:opinion:{form.opinions.get(department__code='tax').pk}:last"
    )
    assert words in reminder.body
