"""时限明细, and what the review table's page shows of time: chasing and reminders."""

import re
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from applications.workflow import Status
from reviews.models import Pause, Reminder, ReviewTable
from reviews.reminders import send_due_reminders
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory
from tests.reviews.conftest import on, sign_off

pytestmark = pytest.mark.django_db


def text_of(client_of: ClientOf, person: User, form: ReviewTable, name: str = "table_time") -> str:
    with time_machine.travel(on(24, 10), tick=False):
        answer = client_of(person).get(reverse(f"reviews:{name}", args=[form.pk]))
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def words_of(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_it_counts_day_by_day(
    client_of: ClientOf, officer: User, on_the_clock: ReviewTable
) -> None:
    shown = text_of(client_of, officer, on_the_clock)
    assert "2026年11月23日 星期一 起算当日不计 不计" in shown
    assert "2026年11月25日 星期三 工作日 第2个工作日" in shown
    assert "逐日计算：区商务委、区税务局、区公安局、区人力社保局，2个工作日" in shown
    assert "逐日计算：区政府外办、全表办结，3个工作日" in shown
    assert "时限2026年11月25日 18:00。" in shown
    assert "还剩1个工作日，11月25日18:00前" in shown


def test_a_pause_is_shown_with_reason_who_and_when(
    client_of: ClientOf, officer: User, tax_liaison: User, on_the_clock: ReviewTable
) -> None:
    Pause.objects.create(
        table=on_the_clock,
        by=tax_liaison,
        reason="要求企业补充材料",
        started_at=on(24, 9, 30),
        ended_at=on(24, 9, 45),
    )
    shown = text_of(client_of, officer, on_the_clock)
    assert (
        "2026年11月24日 09:30起，到2026年11月24日 09:45。由区税务局 区税务局联络员提出。" in shown
    )
    assert "暂停：要求企业补充材料 不计" in shown


def test_an_open_pause_says_that_the_clock_stands_still(
    client_of: ClientOf, officer: User, on_the_clock: ReviewTable
) -> None:
    Application.objects.update(status=Status.SUPPLEMENTING)
    Pause.objects.create(
        table=on_the_clock, by=officer, reason="要求企业补充材料", started_at=on(23, 15)
    )
    shown = text_of(client_of, officer, on_the_clock)
    assert "现在暂停计时" in shown
    assert "还没有结束" in shown
    assert "已暂停计时" in shown


def test_a_pause_after_the_signature_leaves_the_signed_deadline_alone(
    client_of: ClientOf, officer: User, tax_liaison: User, on_the_clock: ReviewTable
) -> None:
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(23, 16))
    Pause.objects.create(
        table=on_the_clock,
        by=officer,
        reason="要求企业补充材料",
        started_at=on(23, 17),
        ended_at=on(24, 9, 30),
    )
    shown = text_of(client_of, officer, on_the_clock)
    assert "2026年11月23日 16:00办完，用时0个工作日，没有超过时限。" in shown
    assert "逐日计算：区税务局，2个工作日" in shown
    assert "逐日计算：区商务委、区公安局、区人力社保局，2个工作日" in shown


def test_what_was_signed_late_says_so(
    client_of: ClientOf, officer: User, tax_liaison: User, on_the_clock: ReviewTable
) -> None:
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(26, 10))
    shown = text_of(client_of, officer, on_the_clock)
    assert "2026年11月26日 10:00办完，用时3个工作日，超过时限。" in shown


def test_a_deadline_that_the_calendar_no_longer_gives_is_explained(
    client_of: ClientOf, officer: User, tax_liaison: User, on_the_clock: ReviewTable
) -> None:
    on_the_clock.opinions.filter(department__code="tax").update(due_at=on(26, 18))
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(24, 9))
    shown = text_of(client_of, officer, on_the_clock)
    assert "办理当时按上面的时限；按现在的日历计算是2026年11月25日 18:00。" in shown


def test_a_provisional_year_is_marked_day_by_day(client_of: ClientOf, officer: User) -> None:
    moment = on(23, 10).replace(month=12, day=31)
    form = ReviewTableFactory.create(
        circulated_at=moment, due_at=moment.replace(year=2027, month=1)
    )
    shown = text_of(client_of, officer, form)
    assert "节假日安排未公布，暂按法定节假日推算。通知录入后自动重算" in shown
    assert "元旦（暂定）" in shown


def test_everybody_whom_the_table_concerns_reads_it(
    client_of: ClientOf,
    on_the_clock: ReviewTable,
    tax_liaison: User,
    supervisor: User,
    station_head: User,
) -> None:
    agent = on_the_clock.application.created_by
    for person in (agent, tax_liaison, supervisor, station_head):
        assert "逐日计算" in text_of(client_of, person, on_the_clock)


def test_another_enterprise_finds_nothing(
    client_of: ClientOf, on_the_clock: ReviewTable, other_agent: User
) -> None:
    answer = client_of(other_agent).get(reverse("reviews:table_time", args=[on_the_clock.pk]))
    assert answer.status_code == 404


def test_it_costs_few_queries(
    client_of: ClientOf,
    officer: User,
    on_the_clock: ReviewTable,
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(officer)
    for day in range(1, 8):
        Pause.objects.create(
            table=on_the_clock,
            by=officer,
            reason="补充",
            started_at=on(24, day),
            ended_at=on(24, day, 30),
        )
    with django_assert_max_num_queries(12):
        answer = client.get(reverse("reviews:table_time", args=[on_the_clock.pk]))
    assert answer.status_code == 200
    assert answer.text.count("补充") >= 7


# 催办 ---------------------------------------------------------------------------------------------


def chase(client_of: ClientOf, person: User, form: ReviewTable, opinion: object) -> str:
    with time_machine.travel(on(24, 10), tick=False):
        answer = client_of(person).post(
            reverse("reviews:chase", args=[form.pk]), {"opinion": opinion}, follow=True
        )
    return words_of(answer.content.decode())


def test_the_officer_chases_one_department_and_sees_it_on_record(
    client_of: ClientOf, officer: User, tax_liaison: User, on_the_clock: ReviewTable
) -> None:
    tax = on_the_clock.opinions.get(department__code="tax")
    shown = chase(client_of, officer, on_the_clock, tax.pk)
    assert "已催办区税务局。" in shown
    assert "催办过，11月24日 12:00之后可以再催" in shown
    assert "区税务局：专员催办（专员甲，11月24日 10:00）" in shown
    assert "告知：区税务局联络员" in shown


def test_a_double_click_sends_one(
    client_of: ClientOf,
    officer: User,
    commerce_liaison: User,
    tax_liaison: User,
    police_liaison: User,
    social_liaison: User,
    on_the_clock: ReviewTable,
) -> None:
    for _ in range(2):
        shown = chase(client_of, officer, on_the_clock, "all")
    assert Reminder.objects.count() == 4
    assert "两小时内只能催办一次，2026年11月24日12:00之后可以再催。" in shown


@pytest.mark.parametrize("opinion", ["", "0", "x", "²", "9" * 30])
def test_nonsense_is_refused_in_words(
    client_of: ClientOf, officer: User, on_the_clock: ReviewTable, opinion: str
) -> None:
    assert "不需要催办" in chase(client_of, officer, on_the_clock, opinion)


def test_a_liaison_chases_nobody(
    client_of: ClientOf, on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    answer = client_of(tax_liaison).post(reverse("reviews:chase", args=[on_the_clock.pk]))
    assert answer.status_code == 403
    shown = text_of(client_of, tax_liaison, on_the_clock, "table_detail")
    assert on_the_clock.number in shown
    assert "再提醒一次" not in shown


def test_a_liaison_sees_the_reminders_of_his_own_department(
    client_of: ClientOf, on_the_clock: ReviewTable, tax_liaison: User, police_liaison: User
) -> None:
    send_due_reminders(on(25, 9))
    shown = text_of(client_of, tax_liaison, on_the_clock, "table_detail")
    assert "区税务局：到期当天提醒" in shown
    assert "区公安局：到期当天提醒" not in shown
    agent = on_the_clock.application.created_by
    of_agent = text_of(client_of, agent, on_the_clock, "table_detail")
    assert on_the_clock.number in of_agent
    assert "提醒记录" not in of_agent


def test_the_tables_page_costs_few_queries_with_fifty_reminders(
    client_of: ClientOf,
    officer: User,
    on_the_clock: ReviewTable,
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(officer)
    tax = on_the_clock.opinions.get(department__code="tax")
    Reminder.objects.bulk_create(
        Reminder(
            opinion=tax,
            kind="chase",
            asked_by=officer,
            moment=on(24, 9, minute),
            sent_at=on(24, 9, minute),
        )
        for minute in range(50)
    )
    with django_assert_max_num_queries(12):
        answer = client.get(reverse("reviews:table_detail", args=[on_the_clock.pk]))
    assert answer.status_code == 200
    assert on_the_clock.number in answer.text
    assert "11月24日" in answer.text
