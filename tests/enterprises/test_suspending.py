"""A suspended enterprise begins and submits nothing, and is told why and until when."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AuditEvent, User
from applications.kinds import LEFT
from applications.models import Applicant, Application
from applications.services.intake import IntakeRefused, start_application
from applications.services.moves import resubmit, submit
from applications.services.perform import MoveRefused
from applications.services.starting import start_service
from applications.workflow import Status
from enterprises.models import Enterprise
from enterprises.suspending import set_suspension
from tests.conftest import ClientOf
from tests.reviews.conftest import on

pytestmark = pytest.mark.django_db


def suspend(enterprise: Enterprise, officer: User) -> None:
    set_suspension(
        enterprise,
        starts_on=date(2026, 11, 20),
        ends_on=date(2026, 11, 25),
        reason="两次未按期交回商务旅行卡",
        by=officer,
    )


@time_machine.travel(on(23, 10), tick=False)
def test_it_cannot_begin_an_application_and_is_told_why_and_until_when(
    applicant: Applicant, agent: User, officer: User, client_of: ClientOf
) -> None:
    suspend(applicant.enterprise, officer)
    with pytest.raises(IntakeRefused, match=r"到2026年11月25日（含当天）为止.*两次未按期交回"):
        start_application(applicant, by=agent)
    page = client_of(agent).post(
        reverse("applications:start", args=[applicant.pk]), {"again": "1"}, follow=True
    )
    assert "两次未按期交回商务旅行卡" in page.content.decode()
    assert not Application.objects.exists()


@time_machine.travel(on(23, 10), tick=False)
def test_it_can_submit_neither_a_draft_nor_what_was_returned(
    ready_draft: Application, agent: User, officer: User
) -> None:
    suspend(ready_draft.enterprise, officer)
    with pytest.raises(MoveRefused, match="两次未按期交回"):
        submit(ready_draft, by=agent)
    Application.objects.update(status=Status.RETURNED)
    ready_draft.refresh_from_db()
    with pytest.raises(MoveRefused, match="两次未按期交回"):
        resubmit(ready_draft, by=agent)


def test_the_last_day_counts_and_the_next_is_free_without_anybody_doing_anything(
    enterprise: Enterprise, officer: User
) -> None:
    suspend(enterprise, officer)
    suspended = {}
    for day in (19, 20, 25, 26):
        with time_machine.travel(on(day, 10), tick=False):
            suspended[day] = Enterprise.objects.get().is_suspended
    assert suspended == {19: False, 20: True, 25: True, 26: False}


@time_machine.travel(on(23, 10), tick=False)
def test_without_a_last_day_it_lasts_until_it_is_lifted(
    enterprise: Enterprise, officer: User
) -> None:
    set_suspension(
        enterprise, starts_on=date(2026, 1, 1), ends_on=None, reason="取消申请资格", by=officer
    )
    assert "没有定期限" in enterprise.suspended_words
    set_suspension(enterprise, starts_on=None, ends_on=None, reason="", by=officer)
    assert Enterprise.objects.get().suspended_words == ""


@time_machine.travel(on(23, 10), tick=False)
def test_the_same_once_more_is_no_second_event(enterprise: Enterprise, officer: User) -> None:
    suspend(enterprise, officer)
    suspend(enterprise, officer)
    assert AuditEvent.objects.filter(action="enterprise.suspend").count() == 1


@time_machine.travel(on(23, 10), tick=False)
def test_both_pages_of_the_enterprise_say_so(
    enterprise: Enterprise, agent: User, officer: User, client_of: ClientOf
) -> None:
    suspend(enterprise, officer)
    for person, name in ((agent, "detail"), (officer, "station_detail")):
        page = client_of(person).get(reverse(f"enterprises:{name}", args=[enterprise.pk]))
        assert "两次未按期交回商务旅行卡" in page.content.decode()


@time_machine.travel(on(23, 10), tick=False)
def test_it_gets_no_further_card_and_may_still_cancel_one(
    applicant: Applicant, agent: User, officer: User
) -> None:
    suspend(applicant.enterprise, officer)
    with pytest.raises(IntakeRefused, match="两次未按期交回"):
        start_service(applicant, kind="renew", by=agent)

    begun = start_service(applicant, kind="cancel", cause=LEFT, by=agent)

    assert begun.application.kind == "cancel"


@time_machine.travel(on(23, 10), tick=False)
def test_it_is_told_before_it_prepares_anything(
    ready_draft: Application, agent: User, officer: User, client_of: ClientOf
) -> None:
    suspend(ready_draft.enterprise, officer)
    client = client_of(agent)
    for url in (ready_draft.get_absolute_url(), reverse("applications:applicant_new")):
        page = client.get(url).content.decode()
        assert "两次未按期交回商务旅行卡" in page
    assert "恢复之后再提交" in client.get(ready_draft.get_absolute_url()).content.decode()
