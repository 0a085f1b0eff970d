from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Application
from enterprises.models import Enterprise
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import material_page, picture


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    """The agent's."""
    return client_of(agent)


def test_everything_is_on_one_page_with_its_link_and_the_numbers_masked(
    client: Client, ready_draft: Application, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        text = client.get(f"/applications/{ready_draft.pk}/check/").text

    assert "91500101YYYY00012R" in text
    assert ready_draft.applicant.id_number not in text
    for number in range(1, 11):
        assert f"/applications/{ready_draft.pk}/materials/{number}/" in text


def test_the_pictures_the_pinyin_and_every_typed_fact_are_there_each_with_its_link(
    client: Client, ready_draft: Application
) -> None:
    applicant = ready_draft.applicant
    applicant.surname, applicant.given_names = "FANG", ""
    applicant.save()
    contract = material_page(ready_draft, 5, picture(5))
    dealings = contract.material
    dealings.by_review_table = False
    dealings.facts = {
        "economy": "VNM",
        "evidence": "contract",
        "company": "重庆市万州区样例贸易有限公司",
        "dated_on": "2026-05-12",
    }
    dealings.save()
    text = client.get(f"/applications/{ready_draft.pk}/check/").text

    of_applicant = f"/applications/applicants/{applicant.pk}/edit/"
    back = f"?next=%2Fapplications%2F{ready_draft.pk}%2F"
    of_enterprise = f"/enterprises/{ready_draft.enterprise_id}/edit/{back}"
    for label, value, link in (
        ("姓（拼音）", "FANG", f"{of_applicant}#id_surname"),
        ("名（拼音）", "没有填写", f"{of_applicant}#id_given_names"),
        ("职务", applicant.post, f"{of_applicant}#id_post"),
        ("企业类型", "非公有制企业", f"{of_enterprise}#id_kind"),
        ("联系人", "联系人", f"{of_enterprise}#id_contact_name"),
    ):
        row = text.partition(f"<dt>{label}</dt>")[2].partition("</dd>")[0]
        assert value in row
        assert link in row
    where = f"/applications/{ready_draft.pk}/materials"
    for material in ready_draft.materials.filter(number__in=[8, 9, 10]):
        assert f"{where}/{material.number}/pages/{material.pages.get().pk}/thumb/" in text
    assert f"{where}/5/pages/{contract.pk}/thumb/" in text
    assert "2026年5月12日" in text
    assert "越南" in text


def test_the_numbers_show_after_a_click_that_is_recorded(
    client: Client, ready_draft: Application, agent: User
) -> None:
    response = client.post(f"/applications/{ready_draft.pk}/check/reveal/", follow=True)

    assert ready_draft.applicant.id_number in response.text
    assert AuditEvent.objects.get(action="applicant.reveal").actor == agent


def test_the_agent_ticks_nothing_for_the_applicant(
    client: Client, ready_draft: Application
) -> None:
    """Who agreed, when and how stands there; without it the page leads to where it is asked for."""
    text = client.get(f"/applications/{ready_draft.pk}/check/").text
    assert "张样例</strong>（" in text
    assert "签字的授权书" in text
    assert 'type="checkbox"' not in text
    ready_draft.consents.update(superseded_at=timezone.now())

    text = client.get(f"/applications/{ready_draft.pk}/check/").text
    refused = client.post(f"/applications/{ready_draft.pk}/submit/", follow=True)

    assert "提交申请</button>" not in text
    assert f'href="/applications/{ready_draft.pk}/consent/"' in text
    assert "还没有申请人本人的同意" in refused.text
    ready_draft.refresh_from_db()
    assert ready_draft.status == "draft"


def test_submitting_tells_the_station_once(
    client: Client, ready_draft: Application, officer: User
) -> None:
    address = f"/applications/{ready_draft.pk}/submit/"

    first = client.post(address, follow=True)
    second = client.post(address, follow=True)

    assert "已提交，由服务站预审" in first.text
    assert "已提交，由服务站预审" in second.text
    ready_draft.refresh_from_db()
    assert ready_draft.status == "submitted"
    assert ready_draft.consented_sharing_at
    assert ready_draft.changes.count() == 1
    assert Notice.objects.filter(recipient=officer).count() == 1


def test_an_unverified_enterprise_drafts_but_does_not_submit(
    client: Client, ready_draft: Application, enterprise: Enterprise
) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(status="pending")

    page = client.get(f"/applications/{ready_draft.pk}/check/")
    response = client.post(f"/applications/{ready_draft.pk}/submit/", follow=True)

    assert "暂不能提交，已填的内容都会保留" in page.text
    assert "提交申请</button>" not in page.text
    assert "尚未通过服务站核验" in response.text
    ready_draft.refresh_from_db()
    assert ready_draft.status == "draft"


def test_a_draft_with_gaps_is_told_which(client: Client, draft: Application) -> None:
    page = client.get(f"/applications/{draft.pk}/check/")
    response = client.post(f"/applications/{draft.pk}/submit/", follow=True)

    assert "还有10项材料没有准备好" in page.text
    assert "还有10项没有完成：材料1 企业申请公函及公司简介" in response.text


def test_what_is_submitted_is_not_checked_again(client: Client, submitted: Application) -> None:
    response = client.get(f"/applications/{submitted.pk}/check/")

    assert response["Location"] == f"/applications/{submitted.pk}/"


def test_only_its_own_agent_submits(
    client_of: ClientOf, other_agent: User, officer: User, ready_draft: Application
) -> None:
    address = f"/applications/{ready_draft.pk}/submit/"

    assert client_of(other_agent).post(address).status_code == 404
    assert client_of(officer).post(address).status_code == 403
