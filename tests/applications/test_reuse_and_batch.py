"""A second applicant brings five files at the most; several drafts go at once, each for itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.dossier.loading import load_dossier
from applications.models import Applicant, Application
from applications.services import intake, moves
from applications.services.perform import MoveRefused
from applications.services.reuse import reuse_dealings
from enterprises.models import Enterprise, StandingDocument
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    material_page,
    picture,
    standing_page,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of: ClientOf, agent: User) -> Client:
    """The agent's browser."""
    return client_of(agent)


@pytest.fixture
def second(submitted: Application, agent: User) -> Application:
    """A draft for a second applicant, with nothing uploaded for it yet."""
    applicant: Applicant = ApplicantFactory.create(enterprise=submitted.enterprise, name="李样例")
    return intake.start_application(applicant, by=agent)


# Reuse ------------------------------------------------------------------------------------------


def test_a_second_applicant_takes_no_more_than_five_uploads_and_a_letter(
    second: Application, agent: User
) -> None:
    """Even when no proof at all is left to the review table. The letter may be one for both."""
    reuse_dealings(second, by=agent)
    to_upload = [item.number for item in load_dossier(second).items if not item.pages]
    assert to_upload == [1, 6, 7, 8, 9, 10]


def test_what_was_typed_beside_the_proof_is_taken_over_with_it(
    second: Application, submitted: Application, agent: User
) -> None:
    facts = {"economy": "VNM"}
    source = submitted.materials.get(number=5)
    source.facts = facts
    source.save()
    reuse_dealings(second, by=agent)
    assert second.materials.get(number=5).facts == facts


def test_three_are_enough_where_the_table_stands_in(second: Application, agent: User) -> None:
    for number in (5, 6, 7):
        intake.choose_review_table(second, number, chosen=True, by=agent)
    assert [item.number for item in load_dossier(second).missing] == [1, 8, 9, 10]


def test_the_page_offers_the_proof_of_dealings_of_another_application(
    desk: Client, second: Application, submitted: Application
) -> None:
    page = desk.get(second.get_absolute_url()).content.decode()
    assert "材料5沿用张样例的申请，不用重传" in page
    where = reverse("applications:material_reuse", args=[second.pk])
    page = desk.post(where, follow=True).content.decode()
    assert "材料5已沿用，共1页" in page
    assert "不用重传" not in page
    mine = second.materials.get(number=5).pages.get()
    theirs = submitted.materials.get(number=5).pages.get()
    assert mine.file_id == theirs.file_id
    event = AuditEvent.objects.get(action="material.reuse")
    assert event.after == {"material": 5, "application": submitted.reference}


def test_a_colleagues_visa_is_not_offered_but_an_older_contract_is(
    desk: Client, second: Application, submitted: Application, agent: User
) -> None:
    newer = ApplicationFactory.create(
        applicant__enterprise=submitted.enterprise, applicant__name="王样例", submitted=True
    )
    proof = newer.materials.get(number=5)
    proof.facts = {**proof.facts, "evidence": "visa"}
    proof.save()
    assert "材料5沿用张样例的申请" in desk.get(second.get_absolute_url()).text
    own = submitted.materials.get(number=5)
    own.facts = {**own.facts, "evidence": "visa"}
    own.save()
    assert "不用重传" not in desk.get(second.get_absolute_url()).text
    with pytest.raises(intake.IntakeRefused, match="没有可以沿用的材料5"):
        reuse_dealings(second, by=agent)


def test_taking_over_twice_does_no_harm(second: Application, agent: User) -> None:
    assert reuse_dealings(second, by=agent) == 1
    assert reuse_dealings(second, by=agent) == 1
    assert second.materials.get(number=5).pages.count() == 1


def test_nothing_is_taken_from_another_enterprise(
    second: Application, agent: User, submitted: Application
) -> None:
    other = ApplicationFactory.create(submitted=True)
    material_page(other, 5, picture(5, "theirs"))
    submitted.materials.get(number=5).pages.update(superseded_at=timezone.now())
    with pytest.raises(intake.IntakeRefused, match="没有可以沿用的材料5"):
        reuse_dealings(second, by=agent)


def test_what_is_submitted_stays_as_it_is(submitted: Application, agent: User) -> None:
    with pytest.raises(intake.IntakeRefused, match="材料5现在不能修改"):
        reuse_dealings(submitted, by=agent)


# A lapsed document ------------------------------------------------------------------------------


def lapse(enterprise: Enterprise, kind: int) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    StandingDocument.objects.filter(enterprise=enterprise, kind=kind).update(valid_until=yesterday)


def test_a_lapsed_document_is_named_and_stops_the_submission(
    desk: Client, ready_draft: Application, agent: User
) -> None:
    lapse(ready_draft.enterprise, 3)
    page = desk.get(ready_draft.get_absolute_url()).content.decode()
    assert "已过期" in page
    with pytest.raises(MoveRefused, match="材料3 企业年度纳税证明"):
        moves.submit(ready_draft, by=agent)
    page = desk.get(reverse("applications:material", args=[ready_draft.pk, 3])).content.decode()
    assert "已经过期，请上传新的" in page


def test_the_review_table_stands_in_for_a_lapsed_tax_proof(
    ready_draft: Application, agent: User
) -> None:
    lapse(ready_draft.enterprise, 3)
    intake.choose_review_table(ready_draft, 3, chosen=True, by=agent)
    assert load_dossier(ready_draft).missing == []


def test_an_application_that_was_submitted_keeps_what_lapsed_since(
    submitted: Application,
) -> None:
    lapse(submitted.enterprise, 1)
    assert load_dossier(submitted).missing == []


# Several at once --------------------------------------------------------------------------------


@pytest.fixture
def three(ready_draft: Application, agent: User) -> list[Application]:
    """Two complete drafts and one with gaps."""
    made = [ready_draft]
    for name, complete in (("李样例", True), ("王样例", False)):
        applicant = ApplicantFactory.create(enterprise=ready_draft.enterprise, name=name)
        made.append(
            ApplicationFactory.create(applicant=applicant, created_by=agent, complete=complete)
        )
    return made


def statuses(applications: list[Application]) -> list[str]:
    return [Application.objects.get(pk=one.pk).status for one in applications]


def test_each_of_several_drafts_is_submitted_and_each_result_is_listed(
    desk: Client, three: list[Application]
) -> None:
    page = desk.get(reverse("applications:batch")).content.decode()
    assert page.count("可以提交") == 2
    assert page.count("还有7项没有完成") == 1
    data = {"application": [one.pk for one in three]}
    page = desk.post(reverse("applications:batch"), data).content.decode()
    assert statuses(three) == ["submitted", "submitted", "draft"]
    assert page.count("已提交，由服务站预审") == 2
    assert "没有提交" in page
    assert "还有7项没有完成：材料1 企业申请公函及公司简介" in page
    assert "（现有公函写明的是张样例、李样例，没有写明王样例）" in page


def test_a_draft_that_would_be_refused_is_not_called_ready(
    desk: Client, ready_draft: Application
) -> None:
    """A photo that says no date wants a confirmation, which has not been given."""
    photo = ready_draft.materials.get(number=8).pages.get()
    photo.warnings = [{"code": "photo_date_unknown", "message": "照片里没有记录拍摄日期。"}]
    photo.save()
    page = desk.get(reverse("applications:batch")).content.decode()
    assert "可以提交" not in page
    assert "还有1项没有完成：材料8 申请人照片（还要填写）" in page


def test_a_second_click_submits_nothing_again(desk: Client, three: list[Application]) -> None:
    data = {"application": [three[0].pk]}
    for _ in range(2):
        page = desk.post(reverse("applications:batch"), data).content.decode()
        assert "已提交，由服务站预审" in page
    assert three[0].changes.count() == 1


def test_the_page_lists_whose_consents_it_covers(desk: Client, three: list[Application]) -> None:
    three[0].consents.update(superseded_at=timezone.now())
    page = desk.get(reverse("applications:batch")).content.decode()
    assert page.count("可以提交") == 1
    assert "还没有申请人本人的同意。" in page
    for covered in (
        "<strong>李样例</strong>",
        "签字的授权书",
        "处理我的个人信息",
        "单独同意把我的个人信息提供给五个部门",
    ):
        assert covered in page
    data = {"application": [one.pk for one in three[:2]]}
    page = desk.post(reverse("applications:batch"), data).content.decode()
    assert statuses(three) == ["draft", "submitted", "draft"]
    assert "还没有申请人本人的同意" in page


def test_without_a_choice_nothing_is_submitted(desk: Client, three: list[Application]) -> None:
    response = desk.post(reverse("applications:batch"))
    assert response.status_code == 422
    assert "请勾选要提交的申请" in response.content.decode()
    assert statuses(three) == ["draft", "draft", "draft"]


def test_others_drafts_cannot_be_smuggled_in(
    three: list[Application], other_agent: User, client_of: ClientOf
) -> None:
    data = {"application": [three[0].pk, "x"]}
    page = client_of(other_agent).post(reverse("applications:batch"), data).content.decode()
    assert "没有找到勾选的申请" in page
    assert statuses(three)[0] == "draft"


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_costs_the_same_for_one_and_for_fifty(
    desk: Client,
    enterprise: Enterprise,
    agent: User,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    standing_page(enterprise, 1)
    for _ in range(count):
        ApplicationFactory.create(
            applicant=ApplicantFactory.create(enterprise=enterprise), created_by=agent
        )
    with django_assert_max_num_queries(12):
        page = desk.get(reverse("applications:batch"))
    assert page.status_code == 200
    assert page.text.count("样例申请人") >= count
