"""Submitting, returning, answering and declining: what each needs and what goes with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Application, Correction, ReturnReason
from applications.services import corrections, intake, moves
from applications.services.pages import stack_of
from applications.services.perform import AlreadyDone, MoveRefused
from applications.workflow import Status
from enterprises.models import Enterprise
from files.models import Recognition, StoredFile
from materials.numbers import MaterialNumber
from materials.stack import add_page
from notices.models import Notice
from tests.factories import CorrectionFactory, material_page, picture

pytestmark = pytest.mark.django_db


def submit(application: Application, by: User) -> None:
    moves.submit(application, by=by)


def returned(application: Application, officer: User, *numbers: int) -> Application:
    """The application as the agent gets it back, one correction for each number."""
    for number in numbers:
        corrections.note(application, number=number, words=f"第{number}项要改。", by=officer)
    moves.send_back(application, by=officer)
    return application


def replace(application: Application, number: int) -> None:
    """What `add_page` leaves behind when the agent replaces a single picture."""
    material = application.materials.get(number=number)
    material.pages.current().update(superseded_at=timezone.now())
    material_page(application, number, picture(number, "new"))
    intake.mark_replaced(application, number)


# Submitting -------------------------------------------------------------------------------------


def test_a_complete_draft_is_submitted_and_the_officers_are_told(
    ready_draft: Application, agent: User, officer: User
) -> None:
    submit(ready_draft, agent)
    ready_draft.refresh_from_db()
    assert ready_draft.status == "submitted"
    assert ready_draft.submitted_at is not None
    given_at = ready_draft.consents.get().given_at
    assert ready_draft.consented_processing_at == ready_draft.consented_sharing_at == given_at
    notice = Notice.objects.get(recipient=officer)
    assert notice.subject == "新申请待预审：重庆市万州区样例贸易有限公司 张样例"
    assert notice.path == f"/applications/{ready_draft.pk}/pre-review/"
    event = AuditEvent.objects.get(action="application.submit")
    assert (event.actor, event.before, event.after["status"]) == (
        agent,
        {"status": "draft"},
        "submitted",
    )


def test_submitting_pins_and_freezes_the_enterprises_documents(
    ready_draft: Application, agent: User
) -> None:
    submit(ready_draft, agent)
    pinned = ready_draft.materials.filter(number__lte=4).select_related("document")
    assert [material.document.kind for material in pinned if material.document] == [1, 2, 3, 4]
    assert all(material.document and material.document.frozen_at for material in pinned)


def test_a_missing_material_is_named_and_nothing_is_submitted(
    draft: Application, agent: User
) -> None:
    with pytest.raises(MoveRefused, match="还有10项没有完成：材料1 企业申请公函及公司简介、材料2"):
        submit(draft, agent)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_nothing_is_submitted_without_the_applicants_own_consent(
    ready_draft: Application, agent: User
) -> None:
    ready_draft.consents.update(superseded_at=timezone.now())
    with pytest.raises(MoveRefused, match="还没有申请人本人的同意"):
        moves.submit(ready_draft, by=agent)
    ready_draft.refresh_from_db()
    assert (ready_draft.status, ready_draft.consented_sharing_at) == ("draft", None)


def test_an_enterprise_that_is_not_verified_cannot_submit(
    ready_draft: Application, agent: User
) -> None:
    Enterprise.objects.update(status="pending")
    ready_draft.refresh_from_db()
    with pytest.raises(MoveRefused, match="贵单位尚未通过服务站核验"):
        submit(ready_draft, agent)


def asked(application: Application, number: int) -> Recognition:
    """A machine was asked just now to read this picture."""
    page = application.materials.get(number=number).pages.current().get()
    return Recognition.objects.create(file=page.file, kind=Recognition.Kind.TEXT)


def test_while_a_machine_reads_the_new_passport_nothing_is_submitted(
    ready_draft: Application, agent: User, settings: Any
) -> None:
    settings.RECOGNITION = "on"
    recognition = asked(ready_draft, 10)
    with pytest.raises(MoveRefused, match="正在识别刚上传的材料10，请等几十秒再提交。"):
        submit(ready_draft, agent)
    ready_draft.refresh_from_db()
    assert ready_draft.status == "draft"
    recognition.state = Recognition.State.FAILED
    recognition.save()
    submit(ready_draft, agent)
    assert ready_draft.status == "submitted"


@pytest.mark.parametrize(("recognition", "minutes"), [("on", 3), ("off", 0)])
def test_a_machine_that_is_dead_or_off_holds_nobody(
    ready_draft: Application, agent: User, settings: Any, recognition: str, minutes: int
) -> None:
    settings.RECOGNITION = recognition
    asked(ready_draft, 10)
    StoredFile.objects.update(created_at=timezone.now() - timedelta(minutes=minutes))
    submit(ready_draft, agent)
    assert ready_draft.status == "submitted"


@pytest.mark.parametrize("status", ["returned", "supplementing"])
def test_while_a_machine_reads_nothing_is_handed_in_again(
    submitted: Application, agent: User, settings: Any, status: str
) -> None:
    settings.RECOGNITION = "on"
    CorrectionFactory.create(application=submitted, number=10, sent=True)
    Application.objects.filter(pk=submitted.pk).update(status=status)
    replace(submitted, 10)
    recognition = asked(submitted, 10)
    for _ in range(2):
        with pytest.raises(MoveRefused, match="正在识别刚上传的材料10"):
            hand_in_again(submitted, agent, status)
    recognition.state = Recognition.State.FAILED
    recognition.save()
    hand_in_again(submitted, agent, status)
    submitted.refresh_from_db()
    assert submitted.status not in ("returned", "supplementing")


def hand_in_again(application: Application, by: User, status: str) -> None:
    if status == "returned":
        moves.resubmit(application, by=by)
    else:
        due_at = timezone.now() + timedelta(days=3)
        moves.answer_supplement(application, by=by, due_at=due_at)


def test_a_second_click_on_submit_does_nothing_again(
    ready_draft: Application, agent: User, officer: User
) -> None:
    submit(ready_draft, agent)
    with pytest.raises(AlreadyDone):
        submit(ready_draft, agent)
    assert ready_draft.changes.count() == 1
    assert Notice.objects.filter(recipient=officer).count() == 1


def test_an_officer_cannot_submit_for_the_enterprise(
    ready_draft: Application, officer: User
) -> None:
    with pytest.raises(MoveRefused, match="您的角色不能办理“提交”"):
        submit(ready_draft, officer)


# Noting -----------------------------------------------------------------------------------------


def test_what_is_noted_is_not_told_before_the_return(
    submitted: Application, agent: User, officer: User
) -> None:
    corrections.note(submitted, number=8, words="  背景不是白色。 ", by=officer)
    noted = submitted.corrections.get()
    assert (noted.number, noted.words, noted.sent_at) == (8, "背景不是白色。", None)
    assert not Notice.objects.filter(recipient=agent).exists()


def test_noting_the_same_twice_keeps_one(submitted: Application, officer: User) -> None:
    for _ in range(2):
        corrections.note(submitted, number=8, words="背景不是白色。", by=officer)
    assert submitted.corrections.count() == 1
    assert AuditEvent.objects.filter(action="correction.note").count() == 1


def test_empty_words_are_refused_and_none_of_several_is_noted(
    submitted: Application, officer: User
) -> None:
    with pytest.raises(MoveRefused, match="请写明哪里不对"):
        corrections.note_each(
            submitted, number=8, reasons=ReturnReason.objects.all()[:1], words="  ", by=officer
        )
    assert not submitted.corrections.exists()


def test_an_agent_cannot_note(submitted: Application, agent: User) -> None:
    with pytest.raises(MoveRefused, match="您的角色不能办理“退回补正”"):
        corrections.note(submitted, number=8, words="太暗。", by=agent)


def test_what_was_noted_can_be_dropped_and_what_was_told_cannot(
    submitted: Application, officer: User
) -> None:
    dropped = corrections.note(submitted, number=8, words="太暗。", by=officer)
    corrections.drop(dropped, by=officer)
    assert not submitted.corrections.exists()
    told = corrections.note(submitted, number=9, words="太细。", by=officer)
    moves.send_back(submitted, by=officer)
    with pytest.raises(MoveRefused):
        corrections.drop(told, by=officer)
    assert submitted.corrections.count() == 1


# Returning --------------------------------------------------------------------------------------


def test_everything_noted_is_told_at_once_in_one_notice(
    submitted: Application, agent: User, officer: User
) -> None:
    returned(submitted, officer, 9, MaterialNumber.FACTS, 8)
    submitted.refresh_from_db()
    assert submitted.status == "returned"
    assert submitted.corrections.open().count() == 3
    notice = Notice.objects.get(recipient=agent)
    assert "1. 填写的信息：第0项要改。" in notice.body
    assert "2. 材料8 申请人照片：第8项要改。" in notice.body
    assert "3. 材料9 申请人签名：第9项要改。" in notice.body


def test_a_return_without_anything_noted_is_refused(submitted: Application, officer: User) -> None:
    with pytest.raises(MoveRefused, match="还没有记下任何问题"):
        moves.send_back(submitted, by=officer)


def test_a_return_is_refused_when_a_colleague_has_noted_more_since(
    submitted: Application, officer: User, other_officer: User
) -> None:
    seen = corrections.note(submitted, number=8, words="太暗。", by=officer)
    corrections.note(submitted, number=9, words="太细。", by=other_officer)
    with pytest.raises(MoveRefused, match="要补正的问题有增减，没有退回"):
        moves.send_back(submitted, by=officer, seen=[seen.pk])
    submitted.refresh_from_db()
    assert submitted.status == "submitted"
    assert not submitted.corrections.filter(sent_at__isnull=False).exists()


def test_only_the_ticked_items_unlock(submitted: Application, agent: User, officer: User) -> None:
    returned(submitted, officer, 8)
    with pytest.raises(intake.IntakeRefused, match="材料9“申请人签名”现在不能修改"):
        add_page(stack_of(submitted, 9), data=picture(9), name="签名.jpg", by=agent)
    report = add_page(stack_of(submitted, 8), data=b"", name="照片.jpg", by=agent)
    assert not report.accepted  # the file is judged, so the material is not locked


def test_the_second_officer_is_told_who_returned_it(
    submitted: Application, officer: User, other_officer: User
) -> None:
    returned(submitted, officer, 8)
    with pytest.raises(MoveRefused, match=r"服务站专员 专员甲已于.*办理“退回补正”"):
        moves.decline(submitted, reason="不符合条件。", by=other_officer)
    with pytest.raises(AlreadyDone):
        moves.send_back(submitted, by=officer)
    submitted.refresh_from_db()
    assert submitted.status == "returned"


# Answering --------------------------------------------------------------------------------------


def test_a_ticked_item_that_was_not_touched_stops_the_resubmission(
    submitted: Application, agent: User, officer: User
) -> None:
    returned(submitted, officer, 8, 9)
    replace(submitted, 8)
    with pytest.raises(MoveRefused, match="还有1项没有完成：材料9 申请人签名"):
        moves.resubmit(submitted, by=agent)


def test_replacing_or_explaining_every_item_resubmits_and_resolves_them(
    submitted: Application, agent: User, officer: User
) -> None:
    returned(submitted, officer, 8, 9)
    replace(submitted, 8)
    signature = submitted.corrections.get(number=9)
    intake.answer_correction(signature, answer="这是本人签名，与护照一致。", by=agent)
    moves.resubmit(submitted, by=agent)
    submitted.refresh_from_db()
    assert submitted.status == "submitted"
    assert not submitted.corrections.open().exists()
    assert submitted.corrections.filter(resolved_at__isnull=False).count() == 2
    told = Notice.objects.get(recipient=officer, subject__startswith="已补正，待预审")
    assert told.path.endswith("/pre-review/")


def test_typed_facts_that_were_ticked_must_be_corrected_too(
    submitted: Application, agent: User, officer: User
) -> None:
    returned(submitted, officer, MaterialNumber.FACTS)
    with pytest.raises(MoveRefused, match="还有未改正的内容：填写的信息"):
        moves.resubmit(submitted, by=agent)
    applicant = submitted.applicant
    applicant.post = "销售部经理"
    intake.save_applicant(applicant, changed=["post"], by=agent)
    moves.resubmit(submitted, by=agent)
    submitted.refresh_from_db()
    assert submitted.status == "submitted"


def test_a_replaced_standing_document_is_pinned_anew_and_the_old_version_stays(
    submitted: Application, agent: User, officer: User
) -> None:
    returned(submitted, officer, 1)
    letter = stack_of(submitted, 1)
    add_page(letter, data=picture(1, "new"), name="新公函.jpg", by=agent)
    intake.mark_replaced(submitted, 1)
    moves.resubmit(submitted, by=agent)
    document = submitted.materials.get(number=1).document
    assert document is not None
    assert (document.version, document.frozen_at is not None) == (2, True)
    assert submitted.enterprise.documents.filter(kind=1, version=1).exists()


def test_an_officer_cannot_resubmit(submitted: Application, officer: User) -> None:
    returned(submitted, officer, 8)
    with pytest.raises(MoveRefused, match="您的角色不能办理“补正后提交”"):
        moves.resubmit(submitted, by=officer)


def test_a_second_round_of_corrections_starts_clean(
    submitted: Application, agent: User, officer: User
) -> None:
    returned(submitted, officer, 8)
    replace(submitted, 8)
    moves.resubmit(submitted, by=agent)
    returned(submitted, officer, 9)
    assert [correction.number for correction in submitted.corrections.open()] == [9]
    with pytest.raises(MoveRefused, match="材料9"):
        moves.resubmit(submitted, by=agent)


# Declining --------------------------------------------------------------------------------------


def test_declining_tells_the_enterprise_why(
    submitted: Application, agent: User, officer: User
) -> None:
    moves.decline(submitted, reason="社保不足6个月，满6个月后可以重新申请。", by=officer)
    submitted.refresh_from_db()
    assert submitted.status == "declined"
    assert submitted.changes.get().reason == "社保不足6个月，满6个月后可以重新申请。"
    assert "满6个月后可以重新申请" in Notice.objects.get(recipient=agent).body


@pytest.mark.parametrize("reason", ["", "   "])
def test_declining_needs_a_reason(submitted: Application, officer: User, reason: str) -> None:
    with pytest.raises(MoveRefused, match="需要写明原因"):
        moves.decline(submitted, reason=reason, by=officer)
    submitted.refresh_from_db()
    assert submitted.status == "submitted"


@pytest.mark.parametrize("status", [s for s in Status if s != Status.SUBMITTED])
def test_only_a_submitted_application_can_be_returned_or_declined(
    submitted: Application, officer: User, status: Status
) -> None:
    Application.objects.filter(pk=submitted.pk).update(status=status)
    Correction.objects.create(application=submitted, number=8, words="太暗。", created_by=officer)
    with pytest.raises(MoveRefused):
        moves.send_back(submitted, by=officer)
    with pytest.raises(MoveRefused):
        moves.decline(submitted, reason="不符合条件。", by=officer)
    submitted.refresh_from_db()
    assert submitted.status == status


def test_the_waiting_time_starts_anew_with_each_move(submitted: Application, officer: User) -> None:
    Application.objects.update(status_since=timezone.now() - timedelta(days=3))
    moves.decline(submitted, reason="不符合条件。", by=officer)
    submitted.refresh_from_db()
    assert timezone.now() - submitted.status_since < timedelta(minutes=1)
