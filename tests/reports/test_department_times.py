"""First response and time used, by department and month, with figures reckoned by hand."""

from datetime import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.audit import record
from accounts.models import User
from reports.department_times import months
from reviews.models import Pause, ReviewTable
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory
from workdays.calendar import STATION_TIME

pytestmark = pytest.mark.django_db


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 23rd is a Monday, office hours are 9–12 and 14–18."""
    return datetime(2026, 11, day, hour, minute, tzinfo=STATION_TIME)


@pytest.fixture
def form(officer: User) -> ReviewTable:
    """Circulated on Friday the 20th at 16:00."""
    made: ReviewTable = ReviewTableFactory.create(
        circulated_by=officer, circulated_at=on(20, 16), due_at=on(24, 18)
    )
    return made


def signed(form: ReviewTable, code: str, by: User, at: datetime) -> None:
    form.opinions.filter(department__code=code).update(
        signed_at=at, signed_by=by, conclusion="agree"
    )


def test_a_department_is_measured_from_its_turn_to_its_signature(
    form: ReviewTable, officer: User, tax_liaison: User, foreign_liaison: User
) -> None:
    opinion = form.opinions.get(department__code="tax")
    with time_machine.travel(on(23, 9, 30), tick=False):
        record("material.view", form.application, by=tax_liaison)
    with time_machine.travel(on(23, 11), tick=False):
        record("opinion.draft", opinion, by=tax_liaison)
    signed(form, "tax", tax_liaison, on(23, 15))
    signed(form, "foreign_affairs", foreign_liaison, on(24, 18, 30))
    with time_machine.travel(on(24, 17), tick=False):
        (november,) = months(officer, 2026)
    tax, foreign = november.lines
    # Friday 16–18 and Monday 9–9:30; to the signature Friday 2, Monday 3 and 1.
    assert (tax.department, tax.count, tax.late) == ("区税务局", 1, 0)
    assert (tax.response, tax.used, tax.longest) == ("2.5", "6.0", "6.0")
    # From the fourth signature, Monday 15:00: 3 hours, and Tuesday's 7; half an hour too late.
    assert (foreign.department, foreign.late) == ("区政府外办", 1)
    assert (foreign.response, foreign.used) == ("10.0", "10.0")
    # The whole table's clock beside it: Friday 2, Monday 7 and Tuesday 7.
    assert (tax.whole, foreign.whole) == ("6.0", "16.0")


def test_what_is_open_and_overdue_counts_against_the_department(
    form: ReviewTable, officer: User, tax_liaison: User, client_of: ClientOf
) -> None:
    """Due on Tuesday the 24th at 18:00; foreign affairs, whose turn has not come, is not late."""
    signed(form, "tax", tax_liaison, on(24, 17))
    with time_machine.travel(on(24, 18), tick=False):
        assert [line.waiting_late for line in months(officer, 2026)[0].lines] == [0]
    with time_machine.travel(on(25, 9), tick=False):
        (november,) = months(officer, 2026)
        page = client_of(officer).get(reverse("department_times")).text
    assert [(line.department, line.count, line.waiting_late) for line in november.lines] == [
        ("区商务委", 0, 1),
        ("区税务局", 1, 0),
        ("区公安局", 0, 1),
        ("区人力社保局", 0, 1),
    ]
    assert "作废的轮次不计" in page


def test_what_a_pause_holds_is_not_late(form: ReviewTable, officer: User) -> None:
    form.application.status = "supplementing"
    form.application.save()
    with time_machine.travel(on(25, 9), tick=False):
        assert months(officer, 2026) == []


def test_a_void_round_counts_for_nobody(
    form: ReviewTable, officer: User, tax_liaison: User
) -> None:
    signed(form, "tax", tax_liaison, on(23, 10))
    ReviewTable.objects.update(status="void", voided_at=on(23, 11), void_reason="有误")
    with time_machine.travel(on(30, 9), tick=False):
        assert months(officer, 2026) == []


def test_a_pause_takes_time_off_whom_it_held_alone_and_off_the_whole(
    form: ReviewTable, officer: User, tax_liaison: User, police_liaison: User
) -> None:
    """Monday's morning is paused for the police; tax goes on."""
    pause = Pause.objects.create(
        table=form, by=officer, reason="护照", started_at=on(23, 9), ended_at=on(23, 12)
    )
    pause.going_on.add(form.opinions.get(department__code="tax").department)
    signed(form, "tax", tax_liaison, on(23, 15))
    signed(form, "police", police_liaison, on(23, 15))
    with time_machine.travel(on(23, 16), tick=False):
        tax, police = months(officer, 2026)[0].lines
    assert (tax.used, police.used) == ("6.0", "3.0")
    assert (tax.whole, police.whole) == ("3.0", "3.0")


def test_the_whole_tables_stand_below_the_departments(
    form: ReviewTable, officer: User, tax_liaison: User
) -> None:
    form.opinions.update(signed_at=on(23, 10), signed_by=tax_liaison, conclusion="agree")
    ReviewTable.objects.update(status="concluded", concluded_at=on(24, 18, 30))
    with time_machine.travel(on(25, 9), tick=False):
        line = months(officer, 2026)[0].lines[-1]
    # Friday 2, Monday 7, Tuesday 7; half an hour too late.
    assert (line.department, line.count, line.late, line.used) == ("全表办结", 1, 1, "16.0")
    assert line.response == "—"


def test_what_another_department_or_round_looked_at_is_no_response(
    form: ReviewTable, officer: User, tax_liaison: User, police_liaison: User
) -> None:
    for who, at in ((tax_liaison, on(20, 15)), (police_liaison, on(20, 17))):
        with time_machine.travel(at, tick=False):
            record("material.view", form.application, by=who)
    signed(form, "tax", tax_liaison, on(23, 10))
    with time_machine.travel(on(23, 11), tick=False):
        (november,) = months(officer, 2026)
    assert november.lines[0].response == "3.0"


def test_a_departments_supervisor_reads_his_own_alone(
    form: ReviewTable,
    officer: User,
    supervisor: User,
    tax_liaison: User,
    police_liaison: User,
    client_of: ClientOf,
) -> None:
    signed(form, "tax", tax_liaison, on(23, 10))
    signed(form, "police", police_liaison, on(23, 10))
    page = client_of(supervisor).get(reverse("department_times"), {"year": "2026"})
    assert "区税务局" in page.content.decode()
    assert "区公安局" not in page.content.decode()
    with time_machine.travel(on(23, 11), tick=False):
        sheet = client_of(officer).get(reverse("department_times_csv"), {"year": "2026"}).content
    assert sheet.decode("utf-8-sig").splitlines() == [
        "月份,部门,签署件数,按时,超时,超时未签,平均首次响应（小时）,平均用时（小时）,最长用时（小时）,"
        "自送审起平均（小时）",
        "2026年11月,区税务局,1,1,0,0,3.0,3.0,3.0,3.0",
        "2026年11月,区公安局,1,1,0,0,3.0,3.0,3.0,3.0",
    ]


def test_fifty_tables_cost_no_more_queries_than_one(
    officer: User,
    tax_liaison: User,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(officer)
    for _ in range(50):
        made = ReviewTableFactory.create(circulated_by=officer)
        made.opinions.update(signed_at=timezone.now(), signed_by=tax_liaison, conclusion="agree")
    with django_assert_max_num_queries(12):
        page = client.get(reverse("department_times")).content.decode()
    assert "50件" in page
