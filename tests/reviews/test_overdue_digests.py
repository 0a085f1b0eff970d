"""Whoever watches over overdue opinions hears of all once a day; who signs, of his own at once.

The 23rd of November 2026 is a Monday.
"""

from datetime import datetime

import pytest
import time_machine

from accounts.models import User
from notices.conditions import why_not_needed
from notices.models import Delivery, Notice, Preferences
from reviews.models import ReviewTable
from reviews.reminders import send_due_reminders
from reviews.services.chasing import chase
from tests.factories import ReviewTableFactory
from tests.reviews.conftest import on, sign_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(on_the_clock: ReviewTable, officer: User) -> list[ReviewTable]:
    """Three tables whose departments are due on Wednesday the 25th at 18:00."""
    tables = [on_the_clock]
    with time_machine.travel(on(23, 10), tick=False):
        tables += ReviewTableFactory.create_batch(2, circulated_by=officer, due_at=on(26, 18))
    for table in tables:
        table.opinions.parallel().update(due_at=on(25, 18))
    return tables


def with_phone(person: User, phone: str) -> User:
    person.phone = phone
    person.save()
    return person


def test_a_supervisor_has_one_mail_a_day_with_all_and_the_numbers_to_call(
    three: list[ReviewTable], supervisor: User, tax_liaison: User, police_liaison: User
) -> None:
    with_phone(tax_liaison, "023-58001234")
    with_phone(police_liaison, "023-58005678")
    send_due_reminders(on(26, 9))
    send_due_reminders(on(26, 9, 1))
    notice = supervisor.notices.get()
    assert notice.subject == "3份部门意见已超时限：区税务局"
    for table in three:
        assert table.number in notice.body
    assert "由区税务局联络员（023-58001234）办理" in notice.body
    assert "023-58005678" not in notice.body
    assert "时限2026年11月25日18:00，已超时限，不足1个工作日" in notice.body
    assert "您不用签署" in notice.body
    send_due_reminders(on(27, 9))
    assert supervisor.notices.count() == 2
    assert "已超1个工作日" in supervisor.notices.latest("pk").body


def test_the_officer_hears_of_every_department_that_is_late(
    three: list[ReviewTable], officer: User, tax_liaison: User, police_liaison: User
) -> None:
    sign_off(three[0], "commerce", "social", by=tax_liaison, moment=on(24, 9))
    send_due_reminders(on(26, 9))
    notice = officer.notices.get(cause="reviews:overdue:20261126")
    assert notice.subject == "10份部门意见已超时限"
    assert f"区税务局：{three[0].number}" in notice.body
    assert f"区商务委：{three[0].number}" not in notice.body


def test_the_head_hears_from_the_second_working_day_on(
    three: list[ReviewTable], station_head: User
) -> None:
    send_due_reminders(on(26, 9))
    assert not station_head.notices.exists()
    send_due_reminders(on(27, 9))
    assert station_head.notices.get().subject == "12份部门意见已超时限"


def test_a_chase_of_what_is_overdue_makes_no_second_mail_to_the_supervisor(
    three: list[ReviewTable], supervisor: User, officer: User, tax_liaison: User
) -> None:
    send_due_reminders(on(26, 9))
    tax = three[0].opinions.get(department__code="tax")
    with time_machine.travel(on(26, 10), tick=False):
        chase(three[0], [tax.pk], by=officer)
    assert supervisor.notices.count() == 1


@pytest.mark.parametrize(
    ("moment", "subject"),
    [
        (on(25, 9), "今天到期：3份区税务局意见等您签署"),
        (on(25, 16), "还剩两个小时：3份区税务局意见等您签署"),
        (on(26, 9), "已超时限：3份区税务局意见等您签署"),
    ],
)
def test_several_acts_of_one_person_are_one_message(
    three: list[ReviewTable], tax_liaison: User, moment: datetime, subject: str
) -> None:
    send_due_reminders(moment)
    notice = tax_liaison.notices.get()
    assert (notice.subject, notice.path) == (subject, "/")
    for table in three:
        assert f"{table.number}　{table.application.enterprise.name}" in notice.body
    assert send_due_reminders(moment) == 0


def test_a_message_of_several_is_needed_while_one_of_them_waits(
    three: list[ReviewTable], tax_liaison: User
) -> None:
    send_due_reminders(on(25, 9))
    notice = tax_liaison.notices.get()
    with time_machine.travel(on(25, 9, 30), tick=False):
        for table in three[:2]:
            sign_off(table, "tax", by=tax_liaison, moment=on(25, 9, 10))
        assert why_not_needed([notice]) == {}
        sign_off(three[2], "tax", by=tax_liaison, moment=on(25, 9, 20))
        assert why_not_needed([notice]) == {notice.pk: "区税务局意见已签署等"}


def test_who_is_held_or_waits_for_his_turn_is_in_no_digest(
    on_the_clock: ReviewTable, officer: User, foreign_liaison: User
) -> None:
    send_due_reminders(on(27, 9))
    body = officer.notices.get().body
    assert "区政府外办" not in body
    Notice.objects.all().delete()
    on_the_clock.application.status = "supplementing"
    on_the_clock.application.save()
    assert send_due_reminders(on(30, 9)) == 0


def test_what_is_told_at_the_opening_goes_in_one_mail_that_nobody_puts_off(
    three: list[ReviewTable], supervisor: User, tax_liaison: User
) -> None:
    Preferences.objects.create(user=supervisor, email=False, digest=True)
    with time_machine.travel(on(26, 9), tick=False):
        send_due_reminders(on(26, 9))
    [delivery] = Delivery.objects.filter(notice__recipient=supervisor, channel="digest")
    assert delivery.next_attempt_at == on(26, 9, 1)
    assert not Delivery.objects.filter(notice__recipient=supervisor, channel="email").exists()
