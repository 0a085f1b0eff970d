"""Figures of the home pages: what is late, due today, under way and done, counted by hand.

The 23rd of November 2026 is a Monday; office hours end at 18:00.
"""

import re
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEvent, User
from applications.workflow import Status
from enterprises.models import Enterprise
from reviews.models import ReviewTable
from tests.conftest import ClientOf
from tests.factories import (
    ApplicationFactory,
    EnterpriseFactory,
    ReviewTableFactory,
    agent_of,
    standing_page,
)
from tests.reviews.conftest import on, sign_off

pytestmark = pytest.mark.django_db


def figures(client: Client, now: datetime) -> dict[str, tuple[str, str]]:
    """By name the number and its remark."""
    with time_machine.travel(now, tick=False):
        page = client.get("/").text
    cards = re.findall(r'<li class="figure-card.*?</li>', page, re.DOTALL)
    found = [re.sub(r"<[^>]+>", " ", card).split() for card in cards]
    return {words[0]: (words[1], "".join(words[2:])) for words in found}


@pytest.fixture
def two_signed(tax_liaison: User) -> ReviewTable:
    """Tax and police, due on Wednesday the 25th at 18:00, have not signed."""
    with time_machine.travel(on(23, 10), tick=False):
        table: ReviewTable = ReviewTableFactory.create(due_at=on(26, 18))
    table.opinions.parallel().update(due_at=on(25, 18))
    sign_off(table, "commerce", "social", by=tax_liaison, moment=on(24, 9))
    return table


def test_an_officer_reads_what_is_late_and_due_over_all_lists(
    client_of: ClientOf, officer: User, two_signed: ReviewTable
) -> None:
    with time_machine.travel(on(23, 10), tick=False):
        for due in (on(25, 18), on(26, 18), on(27, 18)):
            ApplicationFactory.create(status=Status.SUBMITTED, due_at=due)
        waiting: Enterprise = EnterpriseFactory.create(
            pending=True, waiting_since=on(24, 9), due_days=2, due_at=on(26, 9)
        )
        agent_of(waiting)
        standing_page(waiting, 2)
        ApplicationFactory.create(status=Status.RETURNED, due_at=on(30, 18))

    assert figures(client_of(officer), on(26, 10)) == {
        "超时": ("3件", "预审1、核验1、部门1"),
        "今天到期": ("1件", "预审1"),
        "待预审": ("3件", ""),
        "待核验企业": ("1家", ""),
        "部门审核中": ("1件", ""),
        "等企业": ("1件", ""),
    }


def test_a_day_without_anything_pressing_says_so(client_of: ClientOf, officer: User) -> None:
    shown = figures(client_of(officer), on(26, 10))
    assert shown["超时"] == ("0件", "没有超时的")
    assert shown["今天到期"] == ("0件", "今天没有到期的")


def test_the_head_of_the_station_reads_what_all_owe_and_a_supervisor_his_own(
    client_of: ClientOf, station_head: User, supervisor: User, two_signed: ReviewTable
) -> None:
    assert figures(client_of(station_head), on(25, 10))["今天到期"] == (
        "2件",
        "区税务局1、区公安局1",
    )
    late = figures(client_of(station_head), on(26, 10))
    assert late["超时"] == ("2件", "区税务局1、区公安局1")
    assert late["审核中"] == ("1张", "没有暂停的")
    assert figures(client_of(supervisor), on(26, 10))["超时"] == ("1件", "区税务局1")


def test_while_the_clock_stands_nothing_is_late_and_the_pause_is_counted(
    client_of: ClientOf, station_head: User, two_signed: ReviewTable
) -> None:
    case = two_signed.application
    type(case).objects.filter(pk=case.pk).update(status=Status.SUPPLEMENTING)
    shown = figures(client_of(station_head), on(26, 10))
    assert shown["超时"] == ("0件", "没有超时的")
    assert shown["审核中"] == ("1张", "其中1张等企业补充")


@pytest.mark.parametrize(
    ("concluded", "words"),
    [
        ([(10, 5), (10, 6), (11, 2)], ("1张", "上月全月2张，少1张")),
        ([(10, 31), (11, 1), (11, 2)], ("2张", "上月全月1张，多1张")),
        ([(9, 30)], ("0张", "上月全月也是0张")),
    ],
)
def test_what_a_month_concluded_stands_beside_the_month_before(
    concluded: list[tuple[int, int]],
    words: tuple[str, str],
    client_of: ClientOf,
    station_head: User,
) -> None:
    for month, day in concluded:
        at = on(1, 12).replace(month=month, day=day)
        ReviewTableFactory.create(status="concluded", concluded_at=at)
    assert figures(client_of(station_head), on(26, 10))["本月办结"] == words


def test_a_leader_calls_and_chases_who_is_late_from_his_home(
    client_of: ClientOf, supervisor: User, tax_liaison: User, two_signed: ReviewTable
) -> None:
    two_signed.opinions.filter(department__code="tax").update(assignee=tax_liaison)
    client = client_of(supervisor)
    opinion = two_signed.opinions.get(department__code="tax")
    with time_machine.travel(on(26, 10), tick=False):
        page = client.get("/").text
        assert f'href="tel:{tax_liaison.phone}"' in page
        assert tax_liaison.phone
        answer = client.post(
            f"/reviews/tables/{two_signed.pk}/chase/",
            {"opinion": opinion.pk, "home": "1"},
            follow=True,
        )
    assert answer.redirect_chain == [("/", 302)]
    assert "已催办区税务局。" in answer.text
    event = AuditEvent.objects.get(action="opinion.chase")
    assert event.actor == supervisor


def test_a_supervisor_of_a_department_chases_no_other(
    client_of: ClientOf, supervisor: User, two_signed: ReviewTable
) -> None:
    other = two_signed.opinions.get(department__code="police")
    with time_machine.travel(on(26, 10), tick=False):
        client_of(supervisor).post(f"/reviews/tables/{two_signed.pk}/chase/", {"opinion": other.pk})
    assert not AuditEvent.objects.filter(action="opinion.chase").exists()
