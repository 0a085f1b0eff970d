"""The case on one page: the sentence for the caller, whose move it is, and who may see what."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Application
from applications.workflow import Status
from cards.workflow import StepCode
from reviews.models import Opinion
from tests.cards.conftest import endorse, walk
from tests.conftest import ClientOf
from tests.factories import ApplicationFactory, CardFactory, CorrectionFactory, ReviewTableFactory

pytestmark = pytest.mark.django_db
MOST_BYTES = 60 * 1024


def read(client: Client, case: Application) -> str:
    answer = client.get(f"/cases/{case.pk}/")
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def desk(officer: User, client_of: ClientOf) -> Client:
    return client_of(officer)


@pytest.fixture
def in_review(applicant: Any, agent: User) -> Application:
    application: Application = ApplicationFactory.create(
        applicant=applicant, submitted=True, status=Status.IN_REVIEW, created_by=agent
    )
    ReviewTableFactory.create(application=application)
    return application


def test_a_submitted_case_is_the_station_s_and_the_caller_does_nothing(
    desk: Client, submitted: Application
) -> None:
    page = read(desk, submitted)
    assert "服务站正在预审" in page
    assert "现在不用您做什么。" in page
    assert "由谁办：<strong>服务站专员</strong>" in page


def test_in_review_it_names_who_is_waited_for_with_telephone(
    desk: Client, in_review: Application, tax_liaison: User
) -> None:
    User.objects.filter(pk=tax_liaison.pk).update(phone="13600001111")
    opinions = Opinion.objects.filter(table__application=in_review)
    opinions.filter(department__code="tax").update(assignee=tax_liaison)
    opinions.filter(department__code="commerce").update(
        signed_at=timezone.now(), signed_by=tax_liaison, conclusion="agree"
    )
    page = read(desk, in_review)
    assert "送五个部门审核，已有1个签署，正在等区税务局、区公安局、区人力社保局" in page
    assert 'href="tel:13600001111"' in page
    assert "还没有轮到" in page


def test_what_is_to_be_mended_is_said_by_name(desk: Client, submitted: Application) -> None:
    CorrectionFactory.create(application=submitted, sent_at=timezone.now())
    Application.objects.filter(pk=submitted.pk).update(status=Status.RETURNED)
    page = read(desk, submitted)
    assert "有1处要改：材料8 申请人照片" in page
    assert "由谁办：<strong>企业经办人</strong>" in page


def test_an_endorsed_case_says_where_the_filing_is(
    desk: Client, applicant: Any, agent: User
) -> None:
    case = endorse(applicant)
    walk(case, StepCode.PAID, by=agent)
    page = read(desk, case)
    assert "您的申请审核已经通过，国家系统里" in page
    assert "“外交部审核中”，现在由外交部领事司办理" in page


def test_a_draft_is_there_as_a_draft_without_what_is_in_it(
    desk: Client, ready_draft: Application
) -> None:
    page = read(desk, ready_draft)
    assert "您的申请还没有提交" in page
    assert "还是企业的草稿" in page
    assert "pre-review" not in page


def test_an_opinion_s_draft_is_shown_as_one(desk: Client, in_review: Application) -> None:
    Opinion.objects.filter(table__application=in_review, department__code="tax").update(
        drafted_at=timezone.now(), conclusion="agree"
    )
    assert "草稿，还没签署" in read(desk, in_review)


def test_the_enterprise_s_numbers_are_masked_until_asked_for_on_record(
    desk: Client, submitted: Application, agent: User, officer: User
) -> None:
    User.objects.filter(pk=agent.pk).update(phone="13512345678")
    assert "13512345678" not in read(desk, submitted)
    assert "135****5678" in read(desk, submitted)
    assert desk.post(f"/cases/{submitted.pk}/reveal/")["Location"] == f"/cases/{submitted.pk}/"
    assert 'href="tel:13512345678"' in read(desk, submitted)
    event = AuditEvent.objects.get(action="enterprise.reveal")
    assert (event.object_id, event.actor_id) == (str(submitted.enterprise_id), officer.pk)


def test_a_department_leader_sees_his_tables_cases_without_the_enterprise_s_numbers(
    in_review: Application, supervisor: User, client_of: ClientOf
) -> None:
    submitted = ApplicationFactory.create(submitted=True)
    client = client_of(supervisor)
    page = read(client, in_review)
    assert "企业联系人" not in page
    assert "申请人照片" not in page
    assert f"/cases/{in_review.pk}/" in page
    assert "/pre-review/" not in page
    assert client.get(f"/cases/{submitted.pk}/").status_code == 404
    assert client.post(f"/cases/{in_review.pk}/reveal/").status_code == 404


def test_a_liaison_and_an_agent_have_no_such_page(
    in_review: Application, tax_liaison: User, agent: User, client_of: ClientOf
) -> None:
    for person in (tax_liaison, agent):
        assert client_of(person).get(f"/cases/{in_review.pk}/").status_code == 403


def test_every_page_of_a_case_leads_to_every_other(
    desk: Client, applicant: Any, agent: User
) -> None:
    case = endorse(applicant)
    walk(case, StepCode.ISSUED, by=agent)
    card = CardFactory.create(applicant=applicant, application=case)
    table = case.tables.get()
    pages = [
        f"/cases/{case.pk}/",
        f"/applications/{case.pk}/pre-review/",
        f"/reviews/tables/{table.pk}/",
        f"/cards/applications/{case.pk}/filing/",
        f"/cards/{card.pk}/",
    ]
    for page in pages:
        bar = desk.get(page).text.partition('aria-label="本案各页"')[2].partition("</nav>")[0]
        for other in pages:
            assert f'href="{other}"' in bar, (page, other)


def test_an_agent_is_led_from_the_letter_s_case_to_the_table_and_back(
    client_of: ClientOf, applicant: Any, agent: User
) -> None:
    case = endorse(applicant)
    table = case.tables.get()
    own = client_of(agent)
    for page in (f"/applications/{case.pk}/", f"/reviews/tables/{table.pk}/"):
        bar = own.get(page).text.partition('aria-label="本案各页"')[2].partition("</nav>")[0]
        assert f"/applications/{case.pk}/" in bar
        assert f"/reviews/tables/{table.pk}/" in bar
        assert "/cases/" not in bar


def test_it_costs_at_most_twelve_queries_and_little_to_read(
    desk: Client,
    applicant: Any,
    agent: User,
    in_review: Application,
    django_assert_max_num_queries: Any,
) -> None:
    filed = endorse(ApplicationFactory.create(submitted=True).applicant)
    walk(filed, StepCode.ISSUED, by=agent)
    CardFactory.create(applicant=filed.applicant, application=filed)
    read(desk, in_review)
    for case in (in_review, filed):
        with django_assert_max_num_queries(12):
            page = read(desk, case)
        assert len(page.encode()) < MOST_BYTES
