import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import AuditEvent, User
from applications.forms import ApplicantForm
from applications.models import Applicant, Application, Correction
from applications.services import corrections, intake, moves
from core.versions import fingerprint
from enterprises.models import Enterprise
from enterprises.services import DocumentStack
from materials.stack import add_page
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CorrectionFactory,
    ReviewTableFactory,
    id_number,
    picture,
)


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    """The agent's."""
    return client_of(agent)


@pytest.fixture
def returned(submitted: Application) -> Application:
    CorrectionFactory.create(application=submitted, number=8, sent=True)
    CorrectionFactory.create(application=submitted, number=0, words="职务与公函不一致", sent=True)
    Application.objects.filter(pk=submitted.pk).update(status="returned")
    submitted.refresh_from_db()
    return submitted


def answer_address(application: Application) -> str:
    return f"/applications/{application.pk}/corrections/answer/"


def person(**changed: str) -> dict[str, str]:
    return {
        "name": "张样例",
        "post": "总经理",
        "id_number": id_number(31),
        "phone": "13900001234",
        "passport_number": "EA1234567",
        "passport_expires_on": "2033-05-12",
        **changed,
    }


def test_a_case_under_review_is_read_in_few_queries(
    client: Client, submitted: Application, officer: User, django_assert_max_num_queries: Any
) -> None:
    Application.objects.filter(pk=submitted.pk).update(status="in_review", handled_by=officer)
    ReviewTableFactory.create(application=submitted)
    with django_assert_max_num_queries(12):
        page = client.get(submitted.get_absolute_url())
    assert "贵单位无需操作" in page.text
    assert 'aria-label="本案各页"' in page.text


class TestList:
    def test_shows_ones_own_applications_alone(
        self, client: Client, draft: Application, other_enterprise: Enterprise
    ) -> None:
        other = ApplicantFactory.create(enterprise=other_enterprise, name="别家的人")
        ApplicationFactory.create(applicant=other)

        text = client.get("/applications/").text

        assert draft.reference in text
        assert "正在准备，请贵单位备齐材料后提交" in text
        assert "别家的人" not in text

    @pytest.mark.parametrize("count", [1, 50])
    def test_costs_the_same_for_one_and_for_fifty(
        self,
        client: Client,
        enterprise: Enterprise,
        count: int,
        django_assert_max_num_queries: Any,
    ) -> None:
        for applicant in ApplicantFactory.create_batch(count, enterprise=enterprise):
            ApplicationFactory.create(applicant=applicant)

        with django_assert_max_num_queries(8):
            page = client.get("/applications/")
        assert page.status_code == 200
        assert page.text.count("样例申请人") >= min(count, 30)

    def test_has_nothing_for_those_who_administer(self, client_of: ClientOf, auditor: User) -> None:
        assert client_of(auditor).get("/applications/").status_code == 403


class TestApplicants:
    def test_an_applicant_is_added_and_the_application_started(
        self, client: Client, enterprise: Enterprise
    ) -> None:
        response = client.post(
            "/applications/applicants/new/", person() | {"then": "start"}, follow=True
        )

        application = Application.objects.get()
        assert response.redirect_chain[-1][0] == f"/applications/{application.pk}/"
        assert application.applicant.enterprise == enterprise
        assert "已完成 0/10" in response.text

    def test_numbers_are_tidied_and_then_stored_encrypted(self, client: Client) -> None:
        typed = person(id_number=f" {id_number(31)} ", passport_number="ｅａ 1234567")

        client.post("/applications/applicants/new/", typed | {"then": "list"})

        applicant = Applicant.objects.get()
        assert applicant.id_number == id_number(31)
        assert applicant.passport_number == "EA1234567"
        with connection.cursor() as cursor:
            cursor.execute("SELECT id_number, passport_number FROM applications_applicant")
            assert all(stored.startswith("k1:") for stored in cursor.fetchone())

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("id_number", "500101198005120018", "校验不符"),
            ("id_number", "50010119800512001", "少1位"),
            ("passport_number", "EO1234567", "是否应为"),
            ("phone", "无", "不像电话号码"),
            ("passport_expires_on", "12.05.2033", "没有认出这个日期"),
            ("passport_expires_on", "2020-01-01", "过期"),
            ("passport_expires_on", "2099-01-01", "不合常理"),
            ("name", "", "请填写申请人姓名"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, client: Client, field: str, typed: str, sentence: str
    ) -> None:
        response = client.post("/applications/applicants/new/", person(**{field: typed}))

        assert response.status_code == 422
        assert sentence in response.context["form"].errors[field][0]
        assert "总经理" in response.text
        assert not Applicant.objects.exists()

    def test_a_passport_must_be_good_for_another_year(
        self, applicant: Applicant, time_machine: Any
    ) -> None:
        time_machine.move_to("2032-05-13 09:00+08:00")

        form = ApplicantForm(person(), instance=applicant)

        assert "不足1年" in form.errors["passport_expires_on"][0]

    def test_a_person_who_is_there_already_is_told_without_the_number(
        self, client: Client, enterprise: Enterprise
    ) -> None:
        ApplicantFactory.create(enterprise=enterprise, id_number=id_number(31))

        response = client.post("/applications/applicants/new/", person())

        error = response.context["form"].errors["__all__"][0]
        assert "请直接选用" in error
        assert id_number(31) not in error

    def test_another_persons_passport_is_asked_about_without_the_number(
        self, client: Client, enterprise: Enterprise
    ) -> None:
        number = person()["passport_number"]
        ApplicantFactory.create(enterprise=enterprise, name="李样例", passport_number=number)

        response = client.post("/applications/applicants/new/", person())

        assert response.status_code == 422
        error = response.context["form"].errors["passport_number"][0]
        assert error.startswith("这个护照号码已登记给李样例")
        assert number not in error
        assert Applicant.objects.count() == 1

    def test_the_list_masks_every_number(self, client: Client, applicant: Applicant) -> None:
        text = client.get("/applications/applicants/").text

        assert applicant.name in text
        assert applicant.id_number[-4:] in text or "****" in text
        assert applicant.id_number not in text
        assert applicant.passport_number not in text
        assert applicant.phone not in text

    @pytest.mark.parametrize("count", [1, 50])
    def test_the_list_costs_the_same_for_one_and_for_fifty(
        self,
        client: Client,
        enterprise: Enterprise,
        count: int,
        django_assert_max_num_queries: Any,
    ) -> None:
        for applicant in ApplicantFactory.create_batch(count, enterprise=enterprise):
            ApplicationFactory.create(applicant=applicant)

        with django_assert_max_num_queries(8):
            page = client.get("/applications/applicants/")
        assert page.status_code == 200
        assert page.text.count("样例申请人") >= min(count, 30)

    def test_the_owner_corrects_with_the_numbers_in_sight(
        self, client: Client, applicant: Applicant
    ) -> None:
        address = f"/applications/applicants/{applicant.pk}/edit/"
        assert applicant.id_number in client.get(address).text

        client.post(address, person(name="张改名", seen_version=str(applicant.version)))

        applicant.refresh_from_db()
        assert applicant.name == "张改名"

    def test_a_submitted_applicant_stays_as_he_is(
        self, client: Client, submitted: Application
    ) -> None:
        address = f"/applications/applicants/{submitted.applicant_id}/edit/"

        response = client.post(address, person(name="张改名", seen_version="1"))

        assert response.status_code == 422
        assert "申请已提交" in response.text
        assert Applicant.objects.get().name == "张样例"

    def test_starting_twice_leads_to_the_same_application(
        self, client: Client, applicant: Applicant
    ) -> None:
        address = f"/applications/applicants/{applicant.pk}/start/"

        first, second = client.post(address), client.post(address)

        assert first["Location"] == second["Location"]
        assert Application.objects.count() == 1

    def test_somebody_elses_applicant_is_not_there(
        self, client_of: ClientOf, other_agent: User, applicant: Applicant
    ) -> None:
        client = client_of(other_agent)

        assert client.get(f"/applications/applicants/{applicant.pk}/edit/").status_code == 404
        assert client.post(f"/applications/applicants/{applicant.pk}/start/").status_code == 404


class TestDetail:
    def test_a_draft_says_what_is_missing_and_leads_on_to_it(
        self, client: Client, draft: Application
    ) -> None:
        text = client.get(f"/applications/{draft.pk}/").text

        assert "还有10项材料没有准备好" in text
        assert "已完成 0/10" in text
        assert "继续：材料1" in text
        assert "核对并提交" not in text

    def test_a_complete_draft_leads_on_to_its_check(
        self, client: Client, ready_draft: Application
    ) -> None:
        text = client.get(f"/applications/{ready_draft.pk}/").text

        assert "已完成 10/10" in text
        assert f"/applications/{ready_draft.pk}/check/" in text

    @pytest.mark.parametrize(
        ("status", "sentence", "who"),
        [
            ("submitted", "服务站逐页预审材料", "服务站专员"),
            ("in_review", "五个部门正在审核，贵单位无需操作", "各部门联络员"),
            ("supplementing", "请补充下面列出的内容后提交", "贵单位经办人"),
            ("endorsed", "请下载审核表", "贵单位经办人"),
            ("declined", "情况变化后可以重新申请", "无需办理"),
            ("withdrawn", "需要时可以用原来的材料重新开始", "无需办理"),
        ],
    )
    def test_every_status_says_what_happens_next_and_who_acts(
        self, client: Client, submitted: Application, status: str, sentence: str, who: str
    ) -> None:
        Application.objects.filter(pk=submitted.pk).update(status=status)

        response = client.get(f"/applications/{submitted.pk}/")

        assert sentence in response.text
        assert response.context["next_step"].who == who

    def test_the_station_says_by_when_it_pre_reviews(
        self, client: Client, submitted: Application, settings: Any
    ) -> None:
        assert "力争1个工作日内" in client.get(f"/applications/{submitted.pk}/").text
        settings.STATION_DAYS = {"pre_review": 0}
        assert "力争" not in client.get(f"/applications/{submitted.pk}/").text

    def test_costs_few_queries(
        self, client: Client, returned: Application, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(12):
            page = client.get(f"/applications/{returned.pk}/")
        assert page.status_code == 200
        assert returned.reference in page.text

    def test_another_enterprise_finds_nothing(
        self, client_of: ClientOf, other_agent: User, submitted: Application
    ) -> None:
        assert client_of(other_agent).get(f"/applications/{submitted.pk}/").status_code == 404

    def test_a_liaison_finds_nothing(
        self, client_of: ClientOf, tax_liaison: User, submitted: Application
    ) -> None:
        assert client_of(tax_liaison).get(f"/applications/{submitted.pk}/").status_code == 404

    def test_an_officer_is_led_to_the_pre_review(
        self, client_of: ClientOf, officer: User, submitted: Application
    ) -> None:
        response = client_of(officer).get(f"/applications/{submitted.pk}/")

        assert response["Location"] == f"/applications/{submitted.pk}/pre-review/"


class TestCorrections:
    def test_everything_that_must_change_stands_on_top_with_its_link(
        self, client: Client, returned: Application
    ) -> None:
        text = client.get(f"/applications/{returned.pk}/").text

        assert "照片背景不是白色，请换白底照片。" in text
        assert "去替换材料8" in text
        assert "职务与公函不一致" in text
        assert "修改申请人信息" in text
        assert "重新提交</button>" not in text

    def test_a_shared_document_replaced_elsewhere_counts_in_both_lists(
        self, client: Client, submitted: Application, officer: User, agent: User
    ) -> None:
        """Another application of the enterprise has brought a new version of material 4."""
        CorrectionFactory.create(application=submitted, number=4, sent=True, created_by=officer)
        Application.objects.filter(pk=submitted.pk).update(status="returned")
        commitment = DocumentStack(submitted.enterprise, 4)
        add_page(commitment, data=picture(4, "anew"), name="新承诺书.jpg", by=agent)

        text = client.get(f"/applications/{submitted.pk}/").text

        assert "需要改正</span>" not in text
        assert text.count("已更正") == 2
        assert "已更正，旧页还在" in text
        material = client.get(f"/applications/{submitted.pk}/materials/4/").text
        assert "退回前的1页还在。不再需要的请删除。" in material
        assert "改好了，重新提交" in text

    def test_an_answer_is_kept_and_counts(self, client: Client, returned: Application) -> None:
        answers = {
            f"c{correction.pk}-answer": "情况属实，见公函第二段。"
            for correction in returned.corrections.all()
        }
        page = client.post(answer_address(returned), answers, follow=True)
        assert "已保存对“填写的信息”、“材料8 申请人照片”的说明。" in page.text
        # The facts, the photo, and the photo in the list of materials: nothing was changed.
        assert page.text.count("已说明") == 3
        assert "已更正" not in page.text

        response = client.post(f"/applications/{returned.pk}/resubmit/", follow=True)

        assert "已重新提交" in response.text
        returned.refresh_from_db()
        assert returned.status == "submitted"

    def test_an_answer_that_a_colleague_gave_meanwhile_is_not_overwritten_unread(
        self, client: Client, returned: Application
    ) -> None:
        correction = returned.corrections.get(number=8)
        address = answer_address(returned)
        name = f"c{correction.pk}"
        seen = re.search(
            rf'name="{name}-seen"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="{name}-seen"',
            client.get(f"/applications/{returned.pk}/").text,
        )
        assert seen
        typed = {f"{name}-seen": seen[1] or seen[2], f"{name}-answer": "我写的说明。"}
        correction.answer = "同事写的说明。"
        correction.save()

        response = client.post(address, typed)

        assert response.status_code == 422
        assert "现在存着的是“同事写的说明。”" in response.text
        assert "我写的说明。" in response.text
        correction.refresh_from_db()
        assert correction.answer == "同事写的说明。"
        again = response.context["wrong_answers"][0][1].data | {f"{name}-answer": "我写的说明。"}
        assert client.post(address, again).status_code == 302
        correction.refresh_from_db()
        assert correction.answer == "我写的说明。"

    def test_an_empty_answer_says_so_at_its_place(
        self, client: Client, returned: Application
    ) -> None:
        correction = returned.corrections.get(number=8)

        response = client.post(
            answer_address(returned),
            {f"c{correction.pk}-answer": "  "},
        )

        assert response.status_code == 422
        assert f'href="#id_c{correction.pk}-answer"' in response.text
        assert "说明是空的" in response.text

    def test_one_wrong_answer_takes_nothing_from_the_others(
        self, client: Client, returned: Application
    ) -> None:
        facts, photo = returned.corrections.order_by("number")
        typed = {f"c{facts.pk}-answer": "如实。", f"c{photo.pk}-answer": "长" * 501}

        response = client.post(answer_address(returned), typed)

        assert response.status_code == 422
        assert f'href="#id_c{photo.pk}-answer"' in response.text
        assert "长" * 501 in response.text
        assert list(returned.corrections.order_by("number").values_list("answer", flat=True)) == [
            "如实。",
            "",
        ]

    def test_what_a_colleague_wrote_beside_it_stays(
        self, client: Client, returned: Application
    ) -> None:
        """Sent untouched with the page, the empty field is no edit."""
        facts, photo = returned.corrections.order_by("number")
        seen = fingerprint("")
        photo.answer = "同事写的说明。"
        photo.save()
        typed = {
            f"c{facts.pk}-answer": "如实。",
            f"c{facts.pk}-seen": seen,
            f"c{photo.pk}-answer": "",
            f"c{photo.pk}-seen": seen,
        }

        assert client.post(answer_address(returned), typed).status_code == 302

        photo.refresh_from_db()
        assert photo.answer == "同事写的说明。"

    def test_an_answer_to_another_application_is_not_there(
        self, client: Client, returned: Application
    ) -> None:
        stranger = CorrectionFactory.create(sent=True)
        theirs = answer_address(stranger.application)

        assert client.post(theirs, {f"c{stranger.pk}-answer": "x"}).status_code == 404
        client.post(answer_address(returned), {f"c{stranger.pk}-answer": "x"})
        assert not Correction.objects.get(pk=stranger.pk).answer

    def test_resubmitting_too_early_says_what_is_missing(
        self, client: Client, returned: Application
    ) -> None:
        response = client.post(f"/applications/{returned.pk}/resubmit/", follow=True)

        assert "还有1项没有完成：材料8 申请人照片" in response.text

    def test_a_second_click_is_no_error(self, client: Client, returned: Application) -> None:
        returned.corrections.update(answer="如实")
        client.post(f"/applications/{returned.pk}/resubmit/")

        response = client.post(f"/applications/{returned.pk}/resubmit/", follow=True)

        assert "已重新提交" in response.text
        assert returned.changes.count() == 1


@pytest.mark.parametrize("status", ["submitted", "in_review"])
def test_what_was_told_and_answered_can_still_be_read(
    client: Client, submitted: Application, officer: User, agent: User, status: str
) -> None:
    corrections.note(submitted, number=9, words="签名太细。", by=officer)
    letter = moves.send_back(submitted, by=officer)
    asked = submitted.corrections.get()
    intake.answer_correction(asked, answer="这支笔只有这么粗。", by=agent)
    assert "上次告知的问题" not in client.get(f"/applications/{submitted.pk}/").text
    moves.resubmit(submitted, by=agent)
    Application.objects.filter(pk=submitted.pk).update(status=status)

    text = client.get(f"/applications/{submitted.pk}/").text

    told = text[text.index("上次告知的问题（1项）") : text.index("材料清单")]
    for words in ("签名太细。", "这支笔只有这么粗。", "已说明"):
        assert words in told
    assert f'href="/applications/{submitted.pk}/letters/{letter.pk}/"' in told


class TestWithdrawing:
    def test_needs_a_reason(self, client: Client, submitted: Application) -> None:
        response = client.post(f"/applications/{submitted.pk}/withdraw/", {"reason": ""})

        assert response.status_code == 422
        assert "请写明撤回的原因" in response.text

    def test_ends_the_application(self, client: Client, submitted: Application) -> None:
        address = f"/applications/{submitted.pk}/withdraw/"
        assert client.get(address).status_code == 200

        client.post(address, {"reason": "行程取消"})
        again = client.post(address, {"reason": "行程取消"}, follow=True)

        submitted.refresh_from_db()
        assert submitted.status == "withdrawn"
        assert "已撤回这件申请" in again.text
        assert AuditEvent.objects.filter(action="application.withdraw").count() == 1

    def test_of_what_the_departments_have_is_done_elsewhere(
        self, client: Client, submitted: Application
    ) -> None:
        Application.objects.filter(pk=submitted.pk).update(status="in_review")

        response = client.post(
            f"/applications/{submitted.pk}/withdraw/", {"reason": "行程取消"}, follow=True
        )

        assert "刚刚送部门审核" in response.text
        assert f"/reviews/applications/{submitted.pk}/withdraw/" in response.text
