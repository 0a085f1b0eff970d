"""An enterprise is reminded of what it is to correct or to supplement, with dates by hand.

The 23rd of November 2026 is a Monday; no holiday falls into the weeks after it.
"""

from datetime import datetime
from typing import Any

import pytest
import time_machine

from accounts.models import User
from applications.models import Application
from applications.reminders import remind_enterprises
from applications.services.perform import perform
from applications.workflow import Action, Status
from notices.conditions import why_not_needed
from notices.models import Notice
from tests.factories import ApplicantFactory, ApplicationFactory
from workdays.calendar import STATION_TIME

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STATION_TIME)


def moved(application: Application, action: Action, by: User, when: str) -> Application:
    with time_machine.travel(at(when), tick=False):
        perform(application, action, by=by, reason="原因")
    Notice.objects.all().delete()
    return application


@pytest.fixture
def returned(submitted: Application, officer: User) -> Application:
    """Returned on Tuesday the 24th: ten working days end on Tuesday, 8 December."""
    return moved(submitted, Action.RETURN, officer, "2026-11-24T11:00")


@pytest.fixture
def supplementing(submitted: Application, officer: User) -> Application:
    """Asked on Tuesday the 24th: five working days end on Tuesday, 1 December."""
    Application.objects.filter(pk=submitted.pk).update(status=Status.IN_REVIEW)
    return moved(submitted, Action.ASK_SUPPLEMENT, officer, "2026-11-24T11:00")


def test_it_hears_at_opening_of_its_last_day_and_once(returned: Application, agent: User) -> None:
    assert remind_enterprises(at("2026-12-07T17:00")) == 0
    assert remind_enterprises(at("2026-12-08T08:59")) == 0
    assert remind_enterprises(at("2026-12-08T09:00")) == 1
    assert remind_enterprises(at("2026-12-08T09:05")) == 0
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (agent, Notice.Kind.DEADLINE)
    assert notice.subject == f"今天到期：{returned.applicant.name}的补正"
    assert "请在今天（2026年12月8日18:00前）提交" in notice.body
    assert notice.path == returned.get_absolute_url()


def test_overdue_it_hears_on_the_first_and_on_every_fifth_working_day(
    returned: Application,
) -> None:
    days = [9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23]
    sent = [day for day in days if remind_enterprises(at(f"2026-12-{day:02d}T10:00"))]
    assert sent == [9, 16, 23]
    subjects = Notice.objects.order_by("pk").values_list("subject", flat=True)
    assert [subject.split("：")[0] for subject in subjects] == [
        "已超时限，不足1个工作日",
        "已超5个工作日",
        "已超10个工作日",
    ]


def test_a_supplement_is_reminded_of_too(supplementing: Application) -> None:
    assert remind_enterprises(at("2026-11-30T17:00")) == 0
    assert remind_enterprises(at("2026-12-01T09:00")) == 1
    assert "补充材料" in Notice.objects.get().subject


def test_what_was_answered_meanwhile_needs_no_reminder(returned: Application, agent: User) -> None:
    remind_enterprises(at("2026-12-08T09:00"))
    notice = Notice.objects.get()
    assert why_not_needed([notice]) == {}
    with time_machine.travel(at("2026-12-08T10:00"), tick=False):
        perform(returned, Action.RESUBMIT, by=agent)
    assert why_not_needed([notice]) == {notice.pk: "申请已是“待预审”"}
    assert remind_enterprises(at("2026-12-09T09:00")) == 0


def test_where_the_station_says_no_day_nobody_is_reminded(
    submitted: Application, officer: User, settings: Any
) -> None:
    settings.ANSWER_DAYS = {"corrections": 0, "supplement": 0}
    moved(submitted, Action.RETURN, officer, "2026-11-24T11:00")
    assert remind_enterprises(at("2027-03-01T10:00")) == 0


@pytest.mark.parametrize("action", [Action.RETURN, Action.RECALL])
def test_the_mail_that_asks_says_by_when(
    submitted: Application, officer: User, agent: User, action: Action
) -> None:
    if action == Action.RECALL:
        Application.objects.filter(pk=submitted.pk).update(status=Status.IN_REVIEW)
    with time_machine.travel(at("2026-11-24T11:00"), tick=False):
        perform(submitted, action, by=officer, reason="原因")
    body = Notice.objects.get(recipient=agent).body
    assert "下一步：请在2026年12月8日18:00前" in body


def test_the_sweep_costs_the_same_for_one_and_for_twenty(
    returned: Application, officer: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        applicant = ApplicantFactory.create(enterprise=returned.enterprise)
        one = ApplicationFactory.create(applicant=applicant, submitted=True)
        moved(one, Action.RETURN, officer, "2026-11-24T11:00")
    assert remind_enterprises(at("2026-12-08T09:00")) == 21
    with django_assert_max_num_queries(4):
        assert remind_enterprises(at("2026-12-08T09:01")) == 0
