"""The agent's way through a case: four proofs in one act, no second start, back from anywhere."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from applications.dossier.loading import load_dossier
from applications.models import Application
from applications.services import intake
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CorrectionFactory,
    ReviewTableFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of: ClientOf, agent: User) -> Client:
    return client_of(agent)


def by_table(application: Application) -> list[int]:
    chosen = application.materials.filter(by_review_table=True)
    return list(chosen.values_list("number", flat=True))


# Four proofs in one act ---------------------------------------------------------------------------


def test_all_four_are_left_to_the_table_in_one_act(desk: Client, draft: Application) -> None:
    page = desk.get(draft.get_absolute_url()).text
    assert "材料3、5、6、7都由审核表替代，不用上传" in page
    where = reverse("applications:leave_to_table", args=[draft.pk])
    page = desk.post(where, follow=True).text
    assert by_table(draft) == [3, 5, 6, 7]
    assert "材料3、5、6、7由审核表替代，不用上传。" in page
    assert "都由审核表替代" not in page
    assert "由审核表替代，不用上传。" not in desk.post(where, follow=True).text


def test_what_was_submitted_stays_as_it_is(desk: Client, submitted: Application) -> None:
    before = by_table(submitted)
    desk.post(reverse("applications:leave_to_table", args=[submitted.pk]))
    assert by_table(submitted) == before == [6, 7]


def test_the_choice_is_carried_to_the_next_applicant_who_may_change_it(
    desk: Client, draft: Application, agent: User
) -> None:
    intake.leave_all_to_the_table(draft, by=agent)
    intake.choose_review_table(draft, 6, chosen=False, by=agent)
    person = ApplicantFactory.create(enterprise=draft.enterprise, name="李样例")
    page = desk.post(reverse("applications:start", args=[person.pk]), follow=True).text
    assert "材料3、5、7照上一件申请由审核表替代，不用上传；可以逐项改为上传。" in page
    following = person.applications.get()
    assert by_table(following) == [3, 5, 7]
    assert load_dossier(following).item(3).label == "由审核表替代"
    desk.post(reverse("applications:material_choose", args=[following.pk, 3]), {"chosen": "upload"})
    assert by_table(following) == [5, 7]


def test_another_enterprises_choice_is_not_carried(draft: Application, agent: User) -> None:
    other = ApplicationFactory.create(submitted=True)
    assert by_table(other) == [6, 7]
    person = ApplicantFactory.create(enterprise=draft.enterprise)
    assert by_table(intake.start_application(person, by=agent)) == []


# A person just approved ---------------------------------------------------------------------------


@pytest.fixture
def endorsed(applicant: Any, agent: User) -> Application:
    application: Application = ApplicationFactory.create(
        applicant=applicant, created_by=agent, submitted=True, status="endorsed"
    )
    return application


def test_beside_a_person_just_approved_a_new_case_is_warned_of(
    desk: Client, endorsed: Application
) -> None:
    where = reverse("applications:start", args=[endorsed.applicant_id])
    page = desk.get(reverse("applications:applicants")).text
    assert "审核通过，卡可能正在办理" in page
    assert f'action="{where}"' not in page
    assert f'href="{where}"' in page
    for answer in (desk.get(where), desk.post(where)):
        assert "张样例的申请已经审核通过" in answer.text
        assert f'href="{endorsed.get_absolute_url()}">接着办审核通过的那一件' in answer.text
    assert endorsed.applicant.applications.count() == 1
    desk.post(where, {"again": "yes"})
    assert endorsed.applicant.applications.open().count() == 1


def test_of_others_nothing_is_asked(desk: Client, applicant: Any) -> None:
    page = desk.get(reverse("applications:applicants")).text
    where = reverse("applications:start", args=[applicant.pk])
    assert f'action="{where}"' in page
    assert "卡可能正在办理" not in page
    assert applicant.applications.count() == 0
    answer = desk.post(where)
    assert answer.headers["Location"] == applicant.applications.get().get_absolute_url()


# Locked facts -------------------------------------------------------------------------------------


def test_before_it_opens_it_says_that_the_facts_are_locked_and_why(
    desk: Client, submitted: Application
) -> None:
    assert "信息已随申请提交，现在不能修改" in desk.get(reverse("applications:applicants")).text
    assert "申请人信息已随申请提交，现在不能修改" in desk.get(submitted.get_absolute_url()).text
    where = reverse("applications:applicant_edit", args=[submitted.applicant_id])
    page = desk.get(where).text
    assert f"{submitted.reference}现在是“待预审”，填写的信息已随申请提交，不能修改。" in page
    assert "请联系服务站" in page
    assert 'name="post"' not in page
    assert "保存</button>" not in page


def test_while_only_the_passport_is_asked_for_only_its_facts_are_open(
    desk: Client, submitted: Application
) -> None:
    CorrectionFactory.create(application=submitted, number=10, sent=True)
    Application.objects.filter(pk=submitted.pk).update(status="returned")
    page = desk.get(reverse("applications:applicant_edit", args=[submitted.applicant_id])).text
    assert "只能修改护照号码、有效期和姓名拼音" in page
    closed = re.findall(r'<input[^>]*name="(\w+)"[^>]*\sdisabled', page)
    assert sorted(closed) == ["id_number", "name", "phone", "post"]


# The way back -------------------------------------------------------------------------------------


def test_from_every_page_of_a_case_one_gets_back_to_it(
    desk: Client, ready_draft: Application
) -> None:
    case = ready_draft.get_absolute_url()
    page = ready_draft.materials.get(number=8).pages.get()
    addresses = [
        *(reverse("applications:material", args=[ready_draft.pk, n]) for n in range(1, 11)),
        reverse("applications:material_validity", args=[ready_draft.pk, 3]),
        reverse("letters:of_application", args=[ready_draft.pk]),
        reverse("applications:check", args=[ready_draft.pk]),
        reverse("applications:withdraw", args=[ready_draft.pk]),
        reverse("applications:applicant_edit", args=[ready_draft.applicant_id]),
        reverse("applications:page_remove", args=[ready_draft.pk, 8, page.pk]),
        reverse("applications:page_replace", args=[ready_draft.pk, 8, page.pk]),
        f"{reverse('enterprises:edit', args=[ready_draft.enterprise_id])}?next={case}",
    ]
    for address in addresses:
        assert f'href="{case}"' in desk.get(address).text, address


def test_and_from_the_pages_of_its_table(desk: Client, submitted: Application) -> None:
    Application.objects.filter(pk=submitted.pk).update(status="in_review")
    submitted.refresh_from_db()
    table = ReviewTableFactory.create(application=submitted)
    for view, pk in (
        ("reviews:table_detail", table.pk),
        ("reviews:table_time", table.pk),
        ("reviews:withdraw", submitted.pk),
    ):
        page = desk.get(reverse(view, args=[pk])).text
        assert f'href="{submitted.get_absolute_url()}"' in page, view


def test_every_material_leads_on_to_what_is_still_missing(desk: Client, draft: Application) -> None:
    for number in range(1, 10):
        page = desk.get(reverse("applications:material", args=[draft.pk, number])).text
        following = reverse("applications:material", args=[draft.pk, number + 1])
        assert f'href="{following}">下一项：材料{number + 1}' in page


def test_the_enterprises_facts_changed_on_the_way_lead_back_to_the_case(
    desk: Client, draft: Application
) -> None:
    enterprise = draft.enterprise
    where = f"{reverse('enterprises:edit', args=[enterprise.pk])}?next={draft.get_absolute_url()}"
    check = desk.get(reverse("applications:check", args=[draft.pk])).text.replace("%2F", "/")
    assert f'href="{where}#id_name"' in check
    data = {
        "name": enterprise.name,
        "credit_code": enterprise.credit_code,
        "kind": enterprise.kind,
        "registration_authority": enterprise.registration_authority,
        "address": enterprise.address,
        "contact_name": "新联系人",
        "contact_phone": enterprise.contact_phone,
    }
    assert desk.post(where, data).headers["Location"] == draft.get_absolute_url()
    data["name"] = "重庆市万州区改名贸易有限公司"
    page = desk.post(where, data, follow=True).text
    licence = reverse("applications:material", args=[draft.pk, 2])
    assert f'<a href="{licence}">请上传变更后的营业执照</a>' in page
    elsewhere = where.replace(draft.get_absolute_url(), "https://example.org/")
    data["contact_name"] = "又一位"
    assert desk.post(elsewhere, data).headers["Location"] == enterprise.get_absolute_url()
