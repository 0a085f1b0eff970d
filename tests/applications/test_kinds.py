"""The later services as kinds of application: their lists, and what needs which."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.dossier.loading import load_dossier
from applications.kinds import (
    BESIDE,
    CARD_MAKING,
    DAMAGED,
    LEFT,
    LOST,
    PASSPORT_CHANGED,
    SERVICES,
    Kind,
    table_code,
)
from applications.models import Applicant, Application, MaterialPage
from applications.services import intake, moves
from applications.services.corrections import note_each
from applications.services.intake import IntakeRefused
from applications.services.perform import AlreadyDone, MoveRefused
from applications.services.starting import needs_table, start_service
from files.models import StoredFile
from notices.models import Notice
from parameters.models import Parameter, ParameterValue
from parameters.services import set_value
from reviews.services import circulation
from tests.conftest import ClientOf
from tests.factories import ApplicationFactory, CorrectionFactory, fill, material_page

pytestmark = pytest.mark.django_db
TEN = list(range(1, 11))


@pytest.fixture
def endorsed(enterprise: object, applicant: Applicant, agent: User) -> Application:
    """The applicant's first application, which the departments endorsed."""
    return ApplicationFactory.create(applicant=applicant, submitted=True, status="endorsed")


def begin(applicant: Applicant, kind: str, by: User, **more: object) -> Application:
    return start_service(applicant, kind=kind, by=by, **more).application  # type: ignore[arg-type]


def numbers(application: Application) -> list[int]:
    return list(application.materials.values_list("number", flat=True))


# What is asked for -------------------------------------------------------------------------------

LISTS = {
    ("new", ""): TEN,
    ("renew", ""): [*TEN, 12, 13],
    ("replace", "passport_changed"): [10, 12, 13, 14, 15],
    ("replace", "damaged"): [10, 12, 13, 14],
    ("replace", "wrong_data"): [10, 12, 13, 14],
    ("replace", "late_approvals"): [10, 12, 13, 14],
    ("reissue", "lost"): [14, 16],
    ("reissue", "stolen"): [14, 16],
    ("early_print", ""): [17],
    ("passport_only", ""): [10],
    ("cancel", "left"): [18],
    ("cancel", "retired"): [18],
    ("cancel", "changed_role"): [18],
    ("cancel", "lost"): [18],
    ("cancel", "expired"): [18],
    ("cancel", "misused"): [18],
    ("cancel", "replaced"): [18],
}


def test_the_lists_of_materials_are_those_of_the_published_guidance() -> None:
    found = {
        (kind, cause.code): list(service.numbers(cause.code))
        for kind, service in SERVICES.items()
        for cause in service.causes
    }
    found |= {
        (kind, ""): list(service.numbers())
        for kind, service in SERVICES.items()
        if not service.causes
    }
    assert found == LISTS


def test_what_leads_to_a_card_and_what_costs_something() -> None:
    assert {"new", "renew", "replace", "reissue"} == CARD_MAKING
    assert {"cancel"} == BESIDE
    free = {kind for kind, service in SERVICES.items() if not service.fee_code}
    assert free == {"passport_only", "cancel"}


def test_only_a_first_card_and_a_renewal_go_to_the_departments_as_long_as_nobody_sets_it() -> None:
    assert {kind for kind in SERVICES if needs_table(kind)} == {"new", "renew"}


def test_the_station_sets_which_kinds_go_to_the_departments(
    applicant: Applicant, agent: User, officer: User
) -> None:
    before = begin(applicant, Kind.CANCEL, agent, cause=LEFT)
    set_value(
        Parameter.objects.get(code=table_code(Kind.REISSUE)),
        ParameterValue(value=1, valid_from=timezone.localdate(), source="市政府外办来电"),
        by=officer,
    )
    assert begin(applicant, Kind.REISSUE, agent, cause=LOST).needs_table
    assert not before.needs_table


# Beginning ---------------------------------------------------------------------------------------


def test_a_draft_has_the_materials_of_its_kind_and_cause(applicant: Applicant, agent: User) -> None:
    draft = begin(applicant, Kind.REPLACE, agent, cause=PASSPORT_CHANGED)
    assert (draft.status, draft.kind, draft.needs_table) == ("draft", "replace", False)
    assert numbers(draft) == [10, 12, 13, 14, 15]
    assert draft.title == f"{applicant.name}的换卡申请"


def test_a_second_click_gives_the_draft_that_is_there(applicant: Applicant, agent: User) -> None:
    first = start_service(applicant, kind=Kind.REISSUE, cause=LOST, by=agent)
    second = start_service(applicant, kind=Kind.REISSUE, cause=LOST, by=agent)
    assert (first.application, first.is_new) == (second.application, True)
    assert not second.is_new
    assert AuditEvent.objects.filter(action="application.start_service").count() == 1


@pytest.mark.parametrize(
    ("kind", "cause"), [("replace", ""), ("replace", "lost"), ("cancel", "x"), ("renew", "lost")]
)
def test_a_cause_that_its_kind_does_not_know_is_refused(
    applicant: Applicant, agent: User, kind: str, cause: str
) -> None:
    with pytest.raises(IntakeRefused, match="事由"):
        begin(applicant, kind, agent, cause=cause)
    assert not Application.objects.exists()


def test_one_person_has_one_card_under_way_and_a_cancellation_beside_it(
    applicant: Applicant, agent: User
) -> None:
    begin(applicant, Kind.REPLACE, agent, cause=DAMAGED)
    with pytest.raises(IntakeRefused, match=r"换卡申请.*还在办理.*先撤回"):
        begin(applicant, Kind.RENEW, agent)
    begin(applicant, Kind.CANCEL, agent, cause="replaced")
    assert applicant.applications.open().count() == 2


@pytest.mark.parametrize(("one", "other"), [("renew", "replace"), ("new", "renew")])
def test_the_database_keeps_two_for_a_card_apart(
    applicant: Applicant, one: str, other: str
) -> None:
    ApplicationFactory.create(applicant=applicant, kind=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationFactory.create(applicant=applicant, kind=other)
    ApplicationFactory.create(applicant=applicant, kind="cancel")
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationFactory.create(applicant=applicant, kind="cancel")


def test_a_first_application_may_begin_while_an_old_card_is_being_cancelled(
    applicant: Applicant, agent: User
) -> None:
    begin(applicant, Kind.CANCEL, agent, cause=LEFT)
    assert intake.start_application(applicant, by=agent).kind == "new"


@pytest.mark.parametrize("kind", ["early_print", "passport_only"])
def test_what_concerns_a_filing_needs_an_endorsed_application(
    applicant: Applicant, agent: User, kind: str
) -> None:
    with pytest.raises(IntakeRefused, match="审核通过"):
        begin(applicant, kind, agent)
    draft = ApplicationFactory.create(applicant=applicant)
    with pytest.raises(IntakeRefused, match="还在办理"):
        begin(applicant, kind, agent, follows=draft)


def test_beside_a_filing_another_passport_may_be_told(
    applicant: Applicant, agent: User, endorsed: Application
) -> None:
    draft = begin(applicant, Kind.PASSPORT_ONLY, agent, follows=endorsed)
    assert numbers(draft) == [10]
    assert not MaterialPage.objects.filter(material__application=draft).exists()


# What is taken over ------------------------------------------------------------------------------


def test_a_renewal_takes_over_what_is_still_valid(
    applicant: Applicant, agent: User, endorsed: Application
) -> None:
    begun = start_service(applicant, kind=Kind.RENEW, follows=endorsed, by=agent)
    dossier = load_dossier(begun.application)
    # 1 to 4 are the enterprise's and stand by themselves; 6 and 7 were left to the table then.
    assert [item.number for item in dossier.items if item.pages] == [1, 2, 3, 4, 5, 8, 9, 10]
    assert list(begun.taken_over) == [5, 8, 9, 10]
    assert [item.number for item in dossier.items if item.material.by_review_table] == [6, 7]
    assert dossier.item(5).material.facts == load_dossier(endorsed).item(5).material.facts
    shared = dossier.item(9).pages[0].file_id
    assert shared == load_dossier(endorsed).item(9).pages[0].file_id


def test_an_old_photo_an_old_proof_and_another_passport_are_not_taken_over(
    applicant: Applicant, agent: User, endorsed: Application
) -> None:
    photo = endorsed.materials.get(number=8).pages.get().file
    StoredFile.objects.filter(pk=photo.pk).update(created_at=timezone.now() - timedelta(days=190))
    dealings = endorsed.materials.get(number=5)
    dealings.facts = {**dealings.facts, "dated_on": "2024-01-05"}
    dealings.save(update_fields=["facts"])
    begun = start_service(
        applicant, kind=Kind.RENEW, follows=endorsed, is_same_passport=False, by=agent
    )
    assert list(begun.taken_over) == [9]


def test_a_passport_that_runs_out_within_a_year_is_not_taken_over(
    applicant: Applicant, agent: User, endorsed: Application
) -> None:
    Applicant.objects.filter(pk=applicant.pk).update(
        passport_expires_on=timezone.localdate() + timedelta(days=300)
    )
    applicant.refresh_from_db()
    begun = start_service(applicant, kind=Kind.RENEW, follows=endorsed, by=agent)
    assert 10 not in begun.taken_over


def test_the_passport_of_then_is_the_old_one_of_an_exchange(
    applicant: Applicant, agent: User, endorsed: Application
) -> None:
    begun = start_service(
        applicant,
        kind=Kind.REPLACE,
        cause=PASSPORT_CHANGED,
        follows=endorsed,
        is_same_passport=False,
        by=agent,
    )
    dossier = load_dossier(begun.application)
    old = load_dossier(endorsed).item(10).pages[0].file_id
    assert [page.file_id for page in dossier.item(15).pages] == [old]
    assert not dossier.item(10).pages


def test_pictures_of_the_card_are_taken_over(
    applicant: Applicant, agent: User, endorsed: Application
) -> None:
    front = endorsed.materials.get(number=9).pages.get().file
    begun = start_service(
        applicant, kind=Kind.REPLACE, cause=DAMAGED, pictures={12: front}, by=agent
    )
    assert list(begun.taken_over) == [12]


# Submitting --------------------------------------------------------------------------------------


def test_a_cancellation_asks_nobody_who_has_left_for_his_consent(
    applicant: Applicant, agent: User
) -> None:
    draft = begin(applicant, Kind.CANCEL, agent, cause=LEFT)
    material_page(draft, 18)
    moves.submit(draft, by=agent)
    draft.refresh_from_db()
    assert (draft.status, draft.consented_processing_at) == ("submitted", None)


def test_a_reissue_asks_for_one_consent_and_shares_with_no_department(
    applicant: Applicant, agent: User
) -> None:
    draft = ApplicationFactory.create(applicant=applicant, kind="reissue", cause=LOST)
    fill(draft)
    with pytest.raises(MoveRefused, match="本人的同意"):
        moves.submit(draft, by=agent)
    whole = ApplicationFactory.create(kind="reissue", cause=LOST, complete=True)
    moves.submit(whole, by=whole.created_by)
    whole.refresh_from_db()
    assert whole.consented_processing_at is not None
    assert whole.consented_sharing_at is None


def test_what_is_missing_is_named(applicant: Applicant, agent: User) -> None:
    draft = begin(applicant, Kind.REISSUE, agent, cause=LOST)
    with pytest.raises(MoveRefused, match="还有2项没有完成：材料14 情况说明、材料16 报案回执"):
        moves.submit(draft, by=agent)


# Deciding ----------------------------------------------------------------------------------------


@pytest.fixture
def reissue() -> Application:
    return ApplicationFactory.create(kind="reissue", cause=LOST, submitted=True)


def test_the_station_agrees_alone_and_the_enterprise_hears_of_it(
    reissue: Application, officer: User
) -> None:
    moves.approve(reissue, by=officer, despite_unread=(0, 14, 16))
    reissue.refresh_from_db()
    assert (reissue.status, reissue.public_label) == (
        "endorsed",
        "服务站已核准，请按下一步办理",
    )
    notice = Notice.objects.get(recipient=reissue.created_by)
    assert "服务站已核准补卡" in notice.subject
    assert "请到国家系统办理补卡并缴费" in notice.body


def test_a_second_click_of_the_same_officer_does_nothing(
    reissue: Application, officer: User
) -> None:
    moves.approve(reissue, by=officer, despite_unread=(0, 14, 16))
    with pytest.raises(AlreadyDone):
        moves.approve(reissue, by=officer, despite_unread=(0, 14, 16))


def test_another_officer_hears_who_was_first(
    reissue: Application, officer: User, other_officer: User
) -> None:
    moves.approve(reissue, by=officer, despite_unread=(0, 14, 16))
    with pytest.raises(MoveRefused, match=r"专员甲.*服务站核准"):
        moves.approve(reissue, by=other_officer, despite_unread=(0, 14, 16))


def test_what_was_not_gone_through_is_named_first(reissue: Application, officer: User) -> None:
    with pytest.raises(moves.SheetsUnread, match=r"材料14 情况说明.*仍要核准"):
        moves.approve(reissue, by=officer)
    moves.approve(reissue, by=officer, despite_unread=(0, 14, 16))
    event = AuditEvent.objects.get(action="application.approve_unread")
    assert event.after["unread"] == [0, 14, 16]


def test_while_something_is_noted_nothing_is_approved(reissue: Application, officer: User) -> None:
    CorrectionFactory.create(application=reissue, number=14)
    with pytest.raises(MoveRefused, match="退回补正"):
        moves.approve(reissue, by=officer, despite_unread=(0, 14, 16))


def test_what_needs_the_table_is_not_approved_by_the_station_alone(
    submitted: Application, officer: User
) -> None:
    with pytest.raises(MoveRefused, match="要送各部门审核"):
        moves.approve(submitted, by=officer, despite_unread=range(11))


def test_what_needs_no_table_is_not_circulated(reissue: Application, officer: User) -> None:
    with pytest.raises(MoveRefused, match="补卡申请不用送部门审核，由服务站核准"):
        circulation.circulate(reissue, by=officer, despite_unread=range(19))
    reissue.refresh_from_db()
    assert reissue.status == "submitted"


def test_a_later_material_is_corrected_as_any_other(reissue: Application, officer: User) -> None:
    note_each(reissue, number=16, reasons=[], words="不是报案回执。", by=officer)
    moves.send_back(reissue, by=officer)
    item = load_dossier(reissue).item(16)
    assert (item.state, item.is_unlocked) == ("to_correct", True)
    assert not load_dossier(reissue).item(14).is_unlocked
    material_page(reissue, 16)
    intake.mark_replaced(reissue, 16)
    moves.resubmit(reissue, by=reissue.created_by)
    reissue.refresh_from_db()
    assert reissue.status == "submitted"


# Typed facts -------------------------------------------------------------------------------------


def test_another_passport_may_be_typed_while_a_cancellation_is_with_the_station(
    applicant: Applicant, agent: User
) -> None:
    """The card that is cancelled is tied to the passport of then, which its own row keeps."""
    ApplicationFactory.create(applicant=applicant, kind="cancel", cause=LEFT, submitted=True)
    applicant.passport_number = "EK1234567"
    intake.save_applicant(applicant, changed=["passport_number"], by=agent)
    applicant.refresh_from_db()
    assert applicant.passport_number == "EK1234567"


def test_what_a_submitted_renewal_relies_on_stays(applicant: Applicant, agent: User) -> None:
    ApplicationFactory.create(applicant=applicant, kind="renew", submitted=True)
    applicant.post = "采购部经理"
    with pytest.raises(IntakeRefused, match="续办申请已提交"):
        intake.save_applicant(applicant, changed=["post"], by=agent)


# Pages -------------------------------------------------------------------------------------------


def test_the_agents_page_lists_what_its_kind_asks_for(
    applicant: Applicant, agent: User, client_of: ClientOf
) -> None:
    draft = begin(applicant, Kind.REISSUE, agent, cause=LOST)
    page = client_of(agent).get(draft.get_absolute_url()).content.decode()
    assert f"<h1>{applicant.name}的补卡申请</h1>" in page
    assert "事由：遗失" in page
    assert "材料14　情况说明" in page
    assert "材料8" not in page
    assert "由审核表替代，不用上传" not in page


@pytest.mark.parametrize("number", [1, 11, 12, 19, 999_999_999])
def test_a_material_that_is_not_asked_for_is_not_there(
    applicant: Applicant, agent: User, client_of: ClientOf, number: int
) -> None:
    draft = begin(applicant, Kind.REISSUE, agent, cause=LOST)
    for name in ("material", "material_choose", "material_upload", "material_facts"):
        address = reverse(f"applications:{name}", args=[draft.pk, number])
        client = client_of(agent)
        response = client.get(address) if name == "material" else client.post(address)
        assert response.status_code == 404, name


def test_each_later_material_has_its_page(
    applicant: Applicant, agent: User, client_of: ClientOf
) -> None:
    client = client_of(agent)
    for kind, cause in (("replace", PASSPORT_CHANGED), ("cancel", LEFT)):
        draft = begin(applicant, kind, agent, cause=cause)
        for item in load_dossier(draft).items:
            address = reverse("applications:material", args=[draft.pk, item.number])
            page = client.get(address)
            assert page.status_code == 200
            assert item.kind.rule in page.content.decode()


def approve(desk: Client, application: Application, **data: object) -> str:
    application.refresh_from_db()
    seen = {"seen": application.status_since.isoformat(), **data}
    address = reverse("applications:approve", args=[application.pk])
    return desk.post(address, seen, follow=True).content.decode()


def test_the_officer_sees_the_button_of_the_kind(
    reissue: Application, submitted: Application, officer: User, client_of: ClientOf
) -> None:
    desk = client_of(officer)
    page = desk.get(reverse("applications:pre_review", args=[reissue.pk])).content.decode()
    assert "材料齐全，核准补卡" in page
    assert "个部门审核</button>" not in page
    first = desk.get(reverse("applications:pre_review", args=[submitted.pk])).content.decode()
    assert "核准" not in first


def test_the_officer_confirms_what_he_has_not_gone_through(
    reissue: Application, officer: User, client_of: ClientOf
) -> None:
    desk = client_of(officer)
    page = approve(desk, reissue)
    assert "有3项没有逐条核对，还要核准吗？" in page
    address = reverse("applications:approve_confirm", args=[reissue.pk])
    data = {"seen": reissue.status_since.isoformat(), "unread": [0, 14, 16]}
    assert "要核准，请先勾选确认" in desk.post(address, data).content.decode()
    done = desk.post(address, {**data, "is_sure": "on"}, follow=True).content.decode()
    assert "已核准补卡，企业会收到通知。" in done
    reissue.refresh_from_db()
    assert reissue.status == "endorsed"


def test_a_page_from_before_a_return_approves_nothing(
    reissue: Application, officer: User, client_of: ClientOf
) -> None:
    page = approve(client_of(officer), reissue, seen="2026-01-01T00:00:00+08:00")
    assert "您打开这一页之后" in page
    reissue.refresh_from_db()
    assert reissue.status == "submitted"


def test_a_renewal_goes_to_the_departments_as_a_first_application_does(
    officer: User, client_of: ClientOf
) -> None:
    renewal = ApplicationFactory.create(kind="renew", submitted=True)
    page = client_of(officer).get(reverse("applications:pre_review", args=[renewal.pk]))
    assert "个部门审核</button>" in page.content.decode()
    assert "材料12 原卡正面" in page.content.decode()


def test_the_link_asks_the_applicant_for_one_consent_where_no_department_is_asked(
    agent: User, applicant: Applicant, client_of: ClientOf
) -> None:
    draft = begin(applicant, Kind.REISSUE, agent, cause=LOST)
    paper = client_of(agent).get(reverse("applications:consent_paper", args=[draft.pk]))
    assert "处理我的个人信息" in paper.content.decode()
    assert "个部门" not in paper.content.decode()


def test_lists_say_which_kind_it_is(
    applicant: Applicant, agent: User, reissue: Application, officer: User, client_of: ClientOf
) -> None:
    begin(applicant, Kind.REPLACE, agent, cause=DAMAGED)
    own = client_of(agent).get(reverse("applications:list")).content.decode()
    assert f"{applicant.name}（换卡）" in own
    desk = client_of(officer).get(reverse("applications:list")).content.decode()
    assert ">补卡</span>" in desk


def test_a_cancellation_without_consent_may_go_with_a_batch(
    applicant: Applicant, agent: User, client_of: ClientOf
) -> None:
    draft = begin(applicant, Kind.CANCEL, agent, cause=LEFT)
    material_page(draft, 18)
    client = client_of(agent)
    page = client.get(reverse("applications:batch")).content.decode()
    assert "还没有申请人本人的同意" not in page
    client.post(reverse("applications:batch"), {"application": [draft.pk]})
    draft.refresh_from_db()
    assert draft.status == "submitted"


def test_what_needs_no_table_is_not_offered_to_be_circulated_together(
    reissue: Application, officer: User, client_of: ClientOf
) -> None:
    address = reverse("reviews:circulate_batch", args=[reissue.enterprise_id])
    assert reissue.reference not in client_of(officer).get(address).content.decode()
