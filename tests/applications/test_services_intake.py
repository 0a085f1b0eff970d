from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from accounts.models import AuditEvent, User
from applications.dossier.loading import load_dossier
from applications.models import Applicant, Application, Correction, MaterialPage
from applications.services import intake, moves
from applications.services.pages import stack_of
from applications.services.perform import MoveRefused
from enterprises.models import Enterprise, StandingPage
from files.refusals import ScanRefused
from materials import samples, stack
from materials.stack import add_page, remove_page
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CorrectionFactory,
    id_number,
    picture,
    standing_page,
)


@pytest.fixture(scope="session")
def photo() -> bytes:
    return samples.photo(0, taken_on=date.today())  # noqa: DTZ011


@pytest.fixture(scope="session")
def other_photo() -> bytes:
    return samples.photo(3, taken_on=date.today())  # noqa: DTZ011


@pytest.fixture
def returned(submitted: Application) -> Application:
    """Material 8 and material 1 are to be corrected."""
    for number in (1, 8):
        CorrectionFactory.create(application=submitted, number=number, sent=True)
    Application.objects.filter(pk=submitted.pk).update(status="returned")
    submitted.refresh_from_db()
    return submitted


class TestApplicants:
    def test_the_same_person_is_not_registered_twice(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        ApplicantFactory.create(enterprise=enterprise, id_number=id_number(7))
        twin = ApplicantFactory.build(enterprise=enterprise, id_number=id_number(7))

        with pytest.raises(intake.IntakeRefused, match=r"500\*+") as refusal:
            intake.save_applicant(twin, changed=["name"], by=agent)

        assert id_number(7) not in str(refusal.value)

    def test_another_enterprise_may_register_the_same_person(
        self, enterprise: Enterprise, other_enterprise: Enterprise, agent: User
    ) -> None:
        ApplicantFactory.create(enterprise=other_enterprise, id_number=id_number(7))
        applicant = ApplicantFactory.build(enterprise=enterprise, id_number=id_number(7))

        intake.save_applicant(applicant, changed=["name"], by=agent)

        assert applicant.pk

    def test_facts_that_were_submitted_do_not_change(
        self, submitted: Application, agent: User
    ) -> None:
        submitted.applicant.name = "别的名字"

        with pytest.raises(intake.IntakeRefused, match="申请已提交"):
            intake.save_applicant(submitted.applicant, changed=["name"], by=agent)

    def test_facts_change_when_their_correction_was_asked_for(
        self, returned: Application, agent: User
    ) -> None:
        asked = CorrectionFactory.create(application=returned, number=0, sent=True)
        returned.applicant.post = "董事长"

        intake.save_applicant(returned.applicant, changed=["post"], by=agent)

        asked.refresh_from_db()
        assert asked.replaced_at
        assert Applicant.objects.get(pk=returned.applicant_id).post == "董事长"

    def test_the_trail_names_the_fields_and_no_number(self, applicant: Applicant) -> None:
        intake.save_applicant(applicant, changed=["id_number"], by=applicant.enterprise.people()[0])

        event = AuditEvent.objects.get(action="applicant.change")
        assert event.after == {"fields": ["id_number"]}


class TestStarting:
    def test_a_draft_has_the_ten_materials(self, applicant: Applicant, agent: User) -> None:
        application = intake.start_application(applicant, by=agent)

        assert application.status == "draft"
        assert [m.number for m in application.materials.all()] == list(range(1, 11))

    def test_the_reference_bears_the_year_of_the_station(
        self, applicant: Applicant, agent: User
    ) -> None:
        with time_machine.travel(datetime(2026, 12, 31, 16, 30, tzinfo=UTC), tick=False):
            application = intake.start_application(applicant, by=agent)
        assert application.reference.split("-")[1] == "2027"

    def test_starting_again_leads_to_the_one_in_progress(
        self, draft: Application, agent: User
    ) -> None:
        assert intake.start_application(draft.applicant, by=agent) == draft

    def test_the_enterprises_materials_are_there_for_its_next_applicant(
        self, ready_draft: Application, enterprise: Enterprise, agent: User
    ) -> None:
        second = intake.start_application(ApplicantFactory.create(enterprise=enterprise), by=agent)

        labels = [item.label for item in load_dossier(second).items]
        by_table = ["由审核表替代"] * 2  # as for the applicant before
        assert labels == [
            "没有写明申请人",
            *["已上传"] * 3,
            "待上传",
            *by_table,
            *["待上传"] * 3,
        ]


class TestUploading:
    def test_an_accepted_picture_becomes_a_page_with_what_was_found(
        self, draft: Application, agent: User, photo: bytes
    ) -> None:
        report = add_page(stack_of(draft, 8), data=photo, name="照片.jpg", by=agent)

        assert report.accepted
        stored = MaterialPage.objects.get().file
        assert (stored.width, stored.height, stored.media_type) == (550, 733, "image/jpeg")
        assert stored.original_name == "照片.jpg"
        assert stored.uploaded_by == agent

    def test_a_refused_picture_leaves_what_was_there(
        self, draft: Application, agent: User, photo: bytes
    ) -> None:
        add_page(stack_of(draft, 8), data=photo, name="照片.jpg", by=agent)

        report = add_page(stack_of(draft, 8), data=picture(9), name="签名.jpg", by=agent)

        assert not report.accepted
        assert MaterialPage.objects.current().get().file.original_name == "照片.jpg"
        assert AuditEvent.objects.filter(action="material.refuse").count() == 1

    def test_a_new_photo_takes_the_place_of_the_old_which_stays_on_record(
        self, draft: Application, agent: User, photo: bytes, other_photo: bytes
    ) -> None:
        add_page(stack_of(draft, 8), data=photo, name="旧.jpg", by=agent)
        add_page(stack_of(draft, 8), data=other_photo, name="新.jpg", by=agent)

        item = load_dossier(draft).item(8)
        assert [page.file.original_name for page in item.pages] == ["新.jpg"]
        assert [page.file.original_name for page in item.earlier] == ["旧.jpg"]

    def test_the_same_photo_twice_is_one(
        self, draft: Application, agent: User, photo: bytes
    ) -> None:
        add_page(stack_of(draft, 8), data=photo, name="照片.jpg", by=agent)
        add_page(stack_of(draft, 8), data=photo, name="照片.jpg", by=agent)

        assert MaterialPage.objects.count() == 1

    def test_pages_stand_in_the_order_in_which_they_came(
        self, draft: Application, agent: User
    ) -> None:
        for text in ("one", "two", "three"):
            add_page(stack_of(draft, 5), data=picture(5, text), name=f"{text}.jpg", by=agent)

        names = [page.file.original_name for page in load_dossier(draft).item(5).pages]
        assert names == ["one.jpg", "two.jpg", "three.jpg"]

    def test_a_page_of_material_1_belongs_to_the_enterprise(
        self, draft: Application, agent: User
    ) -> None:
        add_page(stack_of(draft, 1), data=picture(1), name="公函.jpg", by=agent)

        assert StandingPage.objects.get().document.enterprise == draft.enterprise
        assert not MaterialPage.objects.exists()

    def test_uploading_takes_back_the_choice_of_the_review_table(
        self, draft: Application, agent: User
    ) -> None:
        intake.choose_review_table(draft, 5, chosen=True, by=agent)

        add_page(stack_of(draft, 5), data=picture(5), name="合同.jpg", by=agent)

        assert not draft.materials.get(number=5).by_review_table

    def test_a_file_that_the_scanner_does_not_clear_is_not_kept(
        self, draft: Application, agent: User, settings: Any
    ) -> None:
        settings.CLAMD_SOCKET = "/nowhere/clamd.sock"

        with pytest.raises(ScanRefused):
            add_page(stack_of(draft, 5), data=picture(5), name="合同.jpg", by=agent)

        assert load_dossier(draft).item(5).label == "待上传"

    def test_there_is_a_limit_to_the_pages(
        self, draft: Application, agent: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stack, "MOST_PAGES", 1)
        add_page(stack_of(draft, 5), data=picture(5, "one"), name="1.jpg", by=agent)

        with pytest.raises(stack.PageRefused, match="最多1页"):
            add_page(stack_of(draft, 5), data=picture(5, "two"), name="2.jpg", by=agent)


class TestPlaces:
    def test_pages_are_numbered_1_2_3_as_they_come(self, draft: Application, agent: User) -> None:
        for text in "abc":
            data = picture(5, text)
            add_page(stack_of(draft, 5), data=data, name=f"{text}.jpg", by=agent)

        pages = MaterialPage.objects.current().filter(material__number=5)
        assert list(pages.values_list("file__original_name", "position")) == [
            ("a.jpg", 1),
            ("b.jpg", 2),
            ("c.jpg", 3),
        ]

    def test_what_is_left_closes_up_and_the_next_comes_last(
        self, draft: Application, agent: User
    ) -> None:
        for text in "abc":
            add_page(stack_of(draft, 5), data=picture(5, text), name=f"{text}.jpg", by=agent)
        first = MaterialPage.objects.order_by("pk")[0]

        remove_page(stack_of(draft, 5), first, by=agent)
        add_page(stack_of(draft, 5), data=picture(5, "d"), name="d.jpg", by=agent)

        pages = MaterialPage.objects.current().filter(material__number=5)
        assert list(pages.values_list("file__original_name", "position")) == [
            ("b.jpg", 1),
            ("c.jpg", 2),
            ("d.jpg", 3),
        ]


class TestReviewTable:
    @pytest.mark.parametrize("number", [3, 5, 6, 7])
    def test_four_materials_can_be_replaced_by_the_review_table(
        self, draft: Application, agent: User, number: int
    ) -> None:
        intake.choose_review_table(draft, number, chosen=True, by=agent)

        assert load_dossier(draft).item(number).label == "由审核表替代"

    @pytest.mark.parametrize("number", [1, 2, 4, 8, 9, 10])
    def test_the_others_cannot(self, draft: Application, agent: User, number: int) -> None:
        with pytest.raises(intake.IntakeRefused, match="不能由审核表替代"):
            intake.choose_review_table(draft, number, chosen=True, by=agent)


class TestLocks:
    @pytest.mark.parametrize("number", range(1, 11))
    def test_nothing_changes_once_it_is_submitted(
        self, submitted: Application, agent: User, number: int
    ) -> None:
        with pytest.raises(intake.IntakeRefused, match="现在不能修改"):
            add_page(stack_of(submitted, number), data=picture(number), name="x.jpg", by=agent)

    def test_only_what_was_ticked_unlocks(self, returned: Application) -> None:
        unlocked = [item.number for item in load_dossier(returned).items if item.is_unlocked]

        assert unlocked == [1, 8]

    def test_a_page_of_a_locked_material_cannot_be_removed(
        self, returned: Application, agent: User
    ) -> None:
        page = MaterialPage.objects.get(material__number=10)

        with pytest.raises(intake.IntakeRefused):
            remove_page(stack_of(returned, 10), page, by=agent)


class TestCorrecting:
    def test_replacing_and_answering_lead_to_a_resubmission(
        self, returned: Application, agent: User, photo: bytes, settings: Any
    ) -> None:
        settings.RECOGNITION = "off"
        with pytest.raises(MoveRefused, match=r"还有2项没有完成：材料1 .*、材料8 "):
            moves.resubmit(returned, by=agent)

        add_page(stack_of(returned, 8), data=photo, name="新照片.jpg", by=agent)
        asked = Correction.objects.get(number=1)
        intake.answer_correction(asked, answer="公章在第二页", by=agent)
        moves.resubmit(returned, by=agent)

        returned.refresh_from_db()
        assert returned.status == "submitted"
        assert not returned.corrections.open().exists()

    def test_the_faulted_file_again_corrects_nothing(
        self, returned: Application, agent: User, photo: bytes, other_photo: bytes
    ) -> None:
        MaterialPage.objects.filter(material__number=8).delete()
        add_page(stack_of(returned, 8), data=photo, name="照片.jpg", by=agent)
        returned.corrections.update(replaced_at=None)

        with pytest.raises(intake.IntakeRefused, match="和原来的一模一样，没有替换"):
            add_page(stack_of(returned, 8), data=photo, name="照片.jpg", by=agent)
        assert load_dossier(returned).item(8).label == "需要补正"

        for _ in ("click", "double click"):
            add_page(stack_of(returned, 8), data=other_photo, name="新照片.jpg", by=agent)
        assert load_dossier(returned).item(8).label == "已更正"

    def test_removing_the_page_alone_corrects_nothing(
        self, returned: Application, agent: User
    ) -> None:
        page = MaterialPage.objects.get(material__number=8)

        remove_page(stack_of(returned, 8), page, by=agent)

        assert load_dossier(returned).item(8).label == "需要补正"

    def test_a_new_letter_leaves_the_other_applications_version_alone(
        self, returned: Application, enterprise: Enterprise, agent: User
    ) -> None:
        other = ApplicationFactory.create(
            applicant=ApplicantFactory.create(enterprise=enterprise), submitted=True
        )
        before = load_dossier(other).item(1).document

        add_page(stack_of(returned, 1), data=picture(1, "new"), name="新公函.jpg", by=agent)

        assert load_dossier(other).item(1).document == before
        assert load_dossier(returned).item(1).label == "已更正"

    def test_an_answer_comes_too_late_after_the_resubmission(
        self, returned: Application, agent: User
    ) -> None:
        for correction in returned.corrections.all():
            intake.answer_correction(correction, answer="如实", by=agent)
        moves.resubmit(returned, by=agent)

        with pytest.raises(intake.IntakeRefused, match="已经提交"):
            intake.answer_correction(returned.corrections.all()[0], answer="改口", by=agent)

    def test_an_answer_handed_in_is_not_rewritten_when_the_case_comes_back(
        self, returned: Application, agent: User
    ) -> None:
        for correction in returned.corrections.all():
            intake.answer_correction(correction, answer="如实", by=agent)
        handed_in = returned.corrections.first()
        moves.resubmit(returned, by=agent)
        CorrectionFactory.create(application=returned, number=9, sent=True)
        Application.objects.filter(pk=returned.pk).update(status="returned")
        assert handed_in is not None
        handed_in.refresh_from_db()

        with pytest.raises(intake.IntakeRefused, match="已经提交，不能再改说明"):
            intake.answer_correction(handed_in, answer="改口", by=agent)

        handed_in.refresh_from_db()
        assert handed_in.answer == "如实"

    def test_what_was_not_told_yet_is_not_answered(
        self, returned: Application, agent: User
    ) -> None:
        untold = CorrectionFactory.create(application=returned, number=9)

        with pytest.raises(intake.IntakeRefused, match="不能再改说明"):
            intake.answer_correction(untold, answer="如实", by=agent)

        untold.refresh_from_db()
        assert untold.answer == ""


class TestWithdrawing:
    def test_what_the_departments_have_is_withdrawn_with_its_table(
        self, submitted: Application, agent: User
    ) -> None:
        Application.objects.filter(pk=submitted.pk).update(status="in_review")

        with pytest.raises(MoveRefused, match="刚刚送部门审核"):
            moves.withdraw(submitted, reason="不去了", by=agent)

    def test_a_draft_can_be_withdrawn_and_the_applicant_apply_anew(
        self, draft: Application, agent: User
    ) -> None:
        moves.withdraw(draft, reason="填错了", by=agent)

        assert intake.start_application(draft.applicant, by=agent) != draft


def test_loading_a_dossier_costs_the_same_however_many_pages(
    draft: Application, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        standing_page(draft.enterprise, 4, picture(4, str(number)))

    with django_assert_max_num_queries(5):
        assert len(load_dossier(draft).item(4).pages) == 8
