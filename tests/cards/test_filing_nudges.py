"""Reminders of filings: who is told of what and when, once a case and period, in one notice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from cards.filing.nudges import remind_of_filings
from cards.filing.services import enter_step
from cards.models import Filing
from cards.workflow import StepCode, StepEntry
from notices.models import Notice
from tests.cards.conftest import endorse
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory

pytestmark = pytest.mark.django_db
# A Monday at 10:00 in Shanghai; office hours.
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def told() -> list[str]:
    return list(Notice.objects.filter(cause__startswith="cards:").values_list("subject", flat=True))


def day(number: int) -> Any:
    """At the same hour so many days later."""
    return time_machine.travel(START + timedelta(days=number), tick=False)


@pytest.fixture
def endorsed(applicant: Any, agent: User) -> Application:
    with day(0):
        return endorse(applicant, days=0)


def enter(application: Application, step: StepCode, by: User, **facts: str) -> None:
    enter_step(application, step, StepEntry(on=timezone.localdate(), **facts), by=by)


def test_a_case_that_nobody_touched_nudges_its_agent_after_thirty_days(
    endorsed: Application, agent: User
) -> None:
    for number in (1, 7, 28):
        with day(number):
            assert remind_of_filings() == 0
    # Day 31 is a Thursday.
    with day(31):
        assert remind_of_filings() == 1
        assert remind_of_filings() == 0
    notice = Notice.objects.get(cause__startswith="cards:")
    assert notice.recipient == agent
    assert notice.subject == "1件申请的国家系统进度请您看一看"
    assert endorsed.applicant.name in notice.body
    with day(45):
        assert remind_of_filings() == 0
    # Due again on day 61, a holiday; said on the next working day, 6 May.
    with day(64):
        assert remind_of_filings() == 0
    with day(65):
        assert remind_of_filings() == 1


def test_an_entry_begins_the_days_anew(endorsed: Application, agent: User) -> None:
    with day(28):
        enter(endorsed, StepCode.FILED, agent, number="SQ1")
    with day(31):
        assert remind_of_filings() == 0
    with day(59):
        assert remind_of_filings() == 1


def test_several_cases_come_in_one_notice(
    endorsed: Application, enterprise: Any, agent: User
) -> None:
    with day(0):
        endorse(ApplicantFactory.create(enterprise=enterprise, name="李样例"), days=0)
    with day(1):
        remind_of_filings()
    with day(31):
        assert remind_of_filings() == 1
    assert told() == ["2件申请的国家系统进度请您看一看"]


def test_an_invoice_that_did_not_come_reminds_on_its_day(
    endorsed: Application, agent: User
) -> None:
    with day(1):
        enter(endorsed, StepCode.FILED, agent, number="SQ1")
    with day(3):
        enter(endorsed, StepCode.PAID, agent)
    with day(21):
        enter(endorsed, StepCode.ACCEPTED, agent)
    with day(32):
        assert remind_of_filings() == 0
    # 30 days after payment on day 3; until day 35 the offices are closed for 清明.
    with day(35):
        assert remind_of_filings() == 0
    with day(36):
        assert remind_of_filings() == 1
    assert told() == ["发票还没有登记收到"]
    with day(37):
        enter(endorsed, StepCode.INVOICED, agent)
    with day(65):
        assert remind_of_filings() == 0


def test_what_is_over_reminds_of_nothing(endorsed: Application, agent: User) -> None:
    with day(2):
        enter(endorsed, StepCode.STOPPED, agent, words="不再需要。")
    with day(63):
        assert remind_of_filings() == 0
    assert Filing.objects.get().next_nudge_on is None


def test_outside_office_hours_nothing_is_said(endorsed: Application) -> None:
    with time_machine.travel(START + timedelta(days=31, hours=12), tick=False):
        assert remind_of_filings() == 0
    # A Saturday.
    with day(33):
        assert remind_of_filings() == 0


def test_a_run_costs_by_what_is_due(endorsed: Application, enterprise: Any, agent: User) -> None:
    with day(1):
        remind_of_filings()
        with CaptureQueriesContext(connection) as few:
            remind_of_filings()
        for _ in range(20):
            endorse(ApplicantFactory.create(enterprise=enterprise), days=0)
        remind_of_filings()
        with CaptureQueriesContext(connection) as many:
            remind_of_filings()
    assert len(many) == len(few)


def test_the_officer_finds_what_was_not_touched_for_long(
    client_of: ClientOf, officer: User, endorsed: Application, enterprise: Any, agent: User
) -> None:
    with day(0):
        other = endorse(ApplicantFactory.create(enterprise=enterprise, name="李样例"), days=0)
        remind_of_filings()
    with day(28):
        enter(other, StepCode.FILED, agent, number="SQ1")
    with day(35):
        page = client_of(officer).get(reverse("cards:filings")).text
        assert endorsed.applicant.name in page
        assert "李样例" not in page
        assert "35天前" in page
        assert "李样例" in client_of(officer).get(reverse("cards:filings"), {"show": "others"}).text
