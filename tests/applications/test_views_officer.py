"""The officer's list and pre-review: what is seen, noted, returned and declined."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Applicant, Application, ReturnReason
from applications.services import corrections, intake, moves
from applications.services.pages import stack_of
from applications.workflow import Status
from enterprises.models import Enterprise, StandingPage
from materials.catalogue import check_list
from materials.numbers import MaterialNumber
from materials.reasons import REASONS
from materials.reasons_later import REASONS as REASONS_LATER
from materials.stack import add_page, remove_page
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    EnterpriseFactory,
    UserFactory,
    material_page,
    picture,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of: ClientOf, officer: User) -> Client:
    """The officer's browser."""
    return client_of(officer)


def address(name: str, application: Application, *rest: int) -> str:
    return reverse(f"applications:{name}", args=[application.pk, *rest])


def read(client: Client, application: Application, **query: int) -> str:
    response = client.get(address("pre_review", application), query)
    assert response.status_code == 200
    return response.content.decode()


def note(client: Client, application: Application, number: int, **data: Any) -> Any:
    data.setdefault("seen", application.status_since.isoformat())
    return client.post(address("correction_note", application, number), data, follow=True)


def send_back(client: Client, application: Application, **said: Any) -> str:
    data = {
        "seen": application.status_since.isoformat(),
        "correction": [c.pk for c in application.corrections.noted()],
        "unread": list(range(11)),
        "is_sure": "on",
    } | said
    response = client.post(address("send_back", application), data, follow=True)
    return response.content.decode()


def is_served(client: Client, where: str) -> bool:
    response = client.get(where)
    return bool(response.status_code == 200 and response.getvalue())


def replace(application: Application, number: int) -> None:
    material = application.materials.get(number=number)
    material.pages.current().update(superseded_at=timezone.now())
    material_page(application, number, picture(number, "new"))
    intake.mark_replaced(application, number)


@pytest.fixture
def resubmitted(submitted: Application, agent: User, officer: User) -> Application:
    """Returned for photo and signature; the photo replaced, the signature explained."""
    corrections.note(submitted, number=8, words="照片背景不是白色。", by=officer)
    corrections.note(submitted, number=9, words="签名太细。", by=officer)
    moves.send_back(submitted, by=officer)
    replace(submitted, 8)
    intake.answer_correction(
        submitted.corrections.get(number=9), answer="这支笔只有这么粗。", by=agent
    )
    moves.resubmit(submitted, by=agent)
    return submitted


# The list ---------------------------------------------------------------------------------------


def listed(client: Client, **query: str) -> list[int]:
    response = client.get(reverse("applications:list"), query)
    assert response.status_code == 200
    return [application.pk for application in response.context["page"]]


def test_the_longest_wait_comes_first_and_what_is_over_last(
    desk: Client, enterprise: Enterprise
) -> None:
    def waiting(status: Status, days: int) -> int:
        made = ApplicationFactory.create(
            applicant=ApplicantFactory.create(enterprise=enterprise), submitted=True, status=status
        )
        since = timezone.now() - timedelta(days=days)
        Application.objects.filter(pk=made.pk).update(status_since=since)
        return int(made.pk)

    over_long_ago = waiting(Status.DECLINED, 90)
    fresh = waiting(Status.SUBMITTED, 1)
    in_review = waiting(Status.IN_REVIEW, 9)
    old = waiting(Status.SUBMITTED, 4)
    over_lately = waiting(Status.ENDORSED, 2)
    assert listed(desk) == [old, fresh, in_review, over_lately, over_long_ago]


def test_drafts_are_not_the_stations_to_see(desk: Client, draft: Application) -> None:
    assert listed(desk) == []
    assert desk.get(address("pre_review", draft)).status_code == 404


@pytest.fixture
def two_cases(submitted: Application) -> tuple[Application, Application]:
    other = EnterpriseFactory.create(name="重庆市万州区海蓝机械有限公司")
    returned = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=other, name="欧阳试样"),
        submitted=True,
        status=Status.RETURNED,
    )
    return submitted, returned


@pytest.mark.embedded
def test_the_list_finds_by_status_enterprise_applicant_and_reference(
    desk: Client, two_cases: tuple[Application, Application]
) -> None:
    first, second = two_cases
    assert listed(desk, status="returned") == [second.pk]
    assert listed(desk, q="海蓝") == [second.pk]
    assert listed(desk, q="张样例") == [first.pk]
    assert listed(desk, q="91500101YYYY00012R") == [first.pk]
    assert listed(desk, q=second.reference) == [second.pk]
    assert second.pk in listed(desk, q=str(second.pk))
    assert listed(desk, q="海蓝", status="submitted") == []
    assert listed(desk, q="查无此人") == []
    # A part in any case, one character too; nothing by what the list does not show.
    for words in ("张样", "yyyy00012", "样例"):
        assert listed(desk, q=words) == [first.pk]
    for words in ("欧", "欧阳 试"):
        assert listed(desk, q=words) == [second.pk]
    for words in ("oysy", first.applicant.phone):
        assert listed(desk, q=words) == []


@pytest.mark.parametrize(
    "query", [{"status": "nonsense"}, {"q": "a\0b"}, {"q": "9" * 40}, {"page": "x"}, {"page": "9"}]
)
def test_the_list_bears_nonsense(
    desk: Client, submitted: Application, query: dict[str, str]
) -> None:
    response = desk.get(reverse("applications:list"), query)
    assert response.status_code == 200
    assert ("没有符合" in response.text) or (submitted.reference in response.text)


def test_a_status_that_does_not_exist_is_said_so(desk: Client, submitted: Application) -> None:
    response = desk.get(reverse("applications:list"), {"status": "nonsense"})
    assert "没有“nonsense”这种状态" in response.content.decode()


def test_the_list_shows_no_personal_number(desk: Client, submitted: Application) -> None:
    page = desk.get(reverse("applications:list")).content.decode()
    assert submitted.applicant.name in page
    assert submitted.applicant.id_number not in page
    assert submitted.applicant.passport_number not in page


def test_a_resubmitted_case_is_marked_in_the_list(desk: Client, resubmitted: Application) -> None:
    assert "补正后重交" in desk.get(reverse("applications:list")).content.decode()


def test_thirty_a_page_and_the_conditions_are_kept(
    desk: Client, enterprise: Enterprise, agent: User
) -> None:
    _submit_many(enterprise, 31)
    response = desk.get(reverse("applications:list"), {"status": "submitted"})
    assert len(response.context["page"]) == 30
    following = response.context["page"].next
    assert following.startswith("?status=submitted&page=")
    second = desk.get(f"{reverse('applications:list')}{following}")
    assert len(second.context["page"]) == 1
    assert not {one.pk for one in second.context["page"]} & {
        one.pk for one in response.context["page"]
    }


def _submit_many(enterprise: Enterprise, count: int) -> None:
    """Without materials: the list does not read them."""
    now = timezone.now()
    applicants = [ApplicantFactory.build(enterprise=enterprise) for _ in range(count)]
    Applicant.objects.bulk_create(applicants)
    Application.objects.bulk_create(
        Application(
            enterprise=enterprise,
            applicant=applicant,
            status=Status.SUBMITTED,
            submitted_at=now,
            consented_processing_at=now,
            consented_sharing_at=now,
            created_by=enterprise.agents.get().user,
        )
        for applicant in applicants
    )


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_costs_the_same_for_one_and_for_fifty(
    desk: Client,
    enterprise: Enterprise,
    agent: User,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    _submit_many(enterprise, count)
    with django_assert_max_num_queries(10):
        assert len(listed(desk)) == min(count, 30)


# Reading ----------------------------------------------------------------------------------------


def test_a_new_case_opens_with_the_typed_facts_and_all_ten_materials(
    desk: Client, submitted: Application
) -> None:
    response = desk.get(address("pre_review", submitted))
    sheets = response.context["review"].sheets
    assert [sheet.number for sheet in sheets] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert response.context["sheet"].number == MaterialNumber.FACTS
    page = response.content.decode()
    assert "重庆市万州区样例贸易有限公司" in page
    assert "由审核表替代" in page
    assert "由谁办：<strong>服务站专员</strong>" in page


def test_next_goes_page_by_page_through_all_materials(desk: Client, submitted: Application) -> None:
    material_page(submitted, 5, picture(5, "second"))
    response = desk.get(address("pre_review", submitted))
    seen = [(response.context["sheet"].number, response.context["page_number"])]
    while response.context["next_stop"]:
        number, page = response.context["next_stop"]
        response = desk.get(address("pre_review", submitted), {"material": number, "page": page})
        seen.append((response.context["sheet"].number, response.context["page_number"]))
    expected = [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (5, 2)]
    assert seen == [*expected, (6, 1), (7, 1), (8, 1), (9, 1), (10, 1)]


def test_the_picture_and_the_machines_findings_stand_side_by_side(
    desk: Client, submitted: Application
) -> None:
    photo = submitted.materials.get(number=8).pages.get()
    photo.warnings = [{"code": "blurred", "message": "照片有些模糊。请换清晰的照片。"}]
    photo.save()
    page = read(desk, submitted, material=8)
    assert reverse("applications:page_file", args=[submitted.pk, 8, photo.pk]) in page
    assert "照片有些模糊。请换清晰的照片。" in page
    assert "550×733像素" in page


@pytest.mark.parametrize("query", [{"material": 99}, {"material": 8, "page": 7}, {"page": 0}])
def test_an_address_that_names_no_picture_falls_back(
    desk: Client, submitted: Application, query: dict[str, int]
) -> None:
    read(desk, submitted, **query)


def test_numbers_are_masked_until_a_click_that_the_trail_records(
    desk: Client, submitted: Application, officer: User
) -> None:
    applicant = submitted.applicant
    numbers = [applicant.id_number, applicant.phone, applicant.passport_number]
    page = read(desk, submitted, material=0)
    assert not [number for number in numbers if number in page]
    assert f"{applicant.id_number[:3]}***********{applicant.id_number[-4:]}" in page
    response = desk.post(address("reveal", submitted) + "?material=0", follow=True)
    page = response.content.decode()
    assert [number for number in numbers if number in page] == numbers
    event = AuditEvent.objects.get(action="applicant.reveal")
    assert (event.actor, event.object_id) == (officer, str(applicant.pk))
    assert event.after == {"application": submitted.reference}


def test_the_number_that_the_picture_shows_is_shown(desk: Client, submitted: Application) -> None:
    applicant = submitted.applicant
    page = read(desk, submitted, material=10)
    assert applicant.passport_number in page
    assert applicant.id_number not in page
    assert "显示完整号码" not in page
    # No picture shows the number of material 6, which the review table replaces.
    assert applicant.id_number not in read(desk, submitted, material=6)


def test_who_else_has_the_case_open_is_said_for_ten_minutes(
    desk: Client, client_of: ClientOf, submitted: Application, other_officer: User
) -> None:
    others = client_of(other_officer)
    assert "也打开了这件申请" not in read(others, submitted)
    assert "服务站专员 专员乙也打开了这件申请" in read(desk, submitted)
    assert "专员甲也打开了这件申请" in read(others, submitted)
    assert AuditEvent.objects.filter(action="application.open").count() == 2  # one a person
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert "也打开了这件申请" not in read(desk, submitted)


def test_a_reveal_ends_after_ten_minutes_and_covers_one_case(
    desk: Client, submitted: Application, two_cases: tuple[Application, Application]
) -> None:
    other = two_cases[1]
    desk.post(address("reveal", submitted))
    assert submitted.applicant.id_number in read(desk, submitted, material=0)
    assert other.applicant.id_number not in read(desk, other, material=0)
    session = desk.session
    session["revealed"]["until"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    session.save()
    assert submitted.applicant.id_number not in read(desk, submitted, material=0)


def test_a_code_given_elsewhere_is_a_hint_and_so_is_an_unverified_enterprise(
    desk: Client, submitted: Application
) -> None:
    Enterprise.objects.update(credit_code="91500000YYYY00013B", status="pending")
    page = read(desk, submitted, material=2)
    assert "代码第3至8位是500000，不是本区的500101" in page
    assert "这家企业现在是“待核验”" in page


def test_reading_costs_at_most_twelve_queries(
    desk: Client, resubmitted: Application, officer: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 11):
        corrections.note(resubmitted, number=number, words="要改。", by=officer)
    read(desk, resubmitted)  # the first page of a session also writes it
    with django_assert_max_num_queries(12):
        page = read(desk, resubmitted)
    assert resubmitted.reference in page
    assert "要改。" in page


# Noting -----------------------------------------------------------------------------------------


def test_usual_reasons_and_own_words_are_noted_together(
    desk: Client, submitted: Application
) -> None:
    response = note(desk, submitted, 8, reasons=["R26", "R29"], words="领口有反光，请重拍。")
    assert "已记下3个问题" in response.content.decode()
    assert "已记下的问题（3个）" in response.content.decode()
    noted = list(submitted.corrections.noted())
    assert (noted[0].number, str(noted[0].reason)[:3]) == (8, "R26")
    assert noted[0].words == "照片不是白底。"
    assert noted[0].mend == "请上传白色背景、没有阴影的照片。"
    assert noted[0].example == "浅蓝、浅灰或有阴影的背景都不算白底。"
    assert (noted[2].words, noted[2].mend, noted[2].reason) == ("领口有反光，请重拍。", "", None)
    assert len(noted) == 3


def test_noting_nothing_is_refused_in_place(desk: Client, submitted: Application) -> None:
    response = note(desk, submitted, 8)
    assert response.status_code == 422
    assert "请勾选常见问题，或写明哪里不对、怎么改。" in response.content.decode()
    assert not submitted.corrections.exists()


def test_words_that_are_too_long_come_back_to_the_officer(
    desk: Client, submitted: Application
) -> None:
    words = "很长" * 251
    page = note(desk, submitted, 8, words=words).content.decode()
    assert "最多写500个字，现在是502个字" in page
    assert words in page


def test_a_reason_of_another_material_is_not_a_choice(desk: Client, submitted: Application) -> None:
    response = note(desk, submitted, 8, reasons=["R04"])
    assert response.status_code == 422
    assert "没有“R04”这一条常见问题" in response.content.decode()


def test_a_material_that_annex_3_does_not_have_is_not_found(
    desk: Client, submitted: Application
) -> None:
    assert note(desk, submitted, 11, words="要改。").status_code == 404


def test_a_double_click_notes_once(desk: Client, submitted: Application) -> None:
    for _ in range(2):
        note(desk, submitted, MaterialNumber.FACTS, words="职务写错了。")
    assert submitted.corrections.count() == 1


def test_what_was_noted_can_be_taken_back_and_twice_does_no_harm(
    desk: Client, submitted: Application, officer: User
) -> None:
    noted = corrections.note(submitted, number=8, words="太暗。", by=officer)
    where = address("correction_drop", submitted, noted.pk) + "?material=8&page=1"
    for _ in range(2):
        response = desk.post(where, {"seen": submitted.status_since.isoformat()})
        assert response.status_code == 302
        assert response["Location"] == f"/applications/{submitted.pk}/pre-review/?material=8&page=1"
    assert not submitted.corrections.exists()


def test_a_correction_of_another_case_is_not_dropped(
    desk: Client, two_cases: tuple[Application, Application], officer: User
) -> None:
    first, second = two_cases
    noted = corrections.note(first, number=8, words="太暗。", by=officer)
    desk.post(address("correction_drop", second, noted.pk))
    assert first.corrections.filter(pk=noted.pk).exists()


# Deciding ---------------------------------------------------------------------------------------


def test_returning_tells_everything_at_once_and_leaves_a_page_to_read(
    desk: Client, submitted: Application
) -> None:
    note(desk, submitted, 8, words="太暗。")
    note(desk, submitted, 9, words="太细。")
    assert "退回补正（一次性告知2个问题）" in read(desk, submitted)
    page = send_back(desk, submitted)
    assert "已把2个问题一次性告知企业" in page
    assert "等企业补正后重新提交" in page
    assert "记下问题" not in page
    assert "需要补正" in page
    submitted.refresh_from_db()
    assert submitted.status == "returned"


def test_a_second_click_on_return_counts_as_done(desk: Client, submitted: Application) -> None:
    note(desk, submitted, 8, words="太暗。")
    data = {
        "seen": submitted.status_since.isoformat(),
        "correction": [submitted.corrections.get().pk],
        "unread": list(range(11)),
        "is_sure": "on",
    }
    for _ in range(2):
        response = desk.post(address("send_back", submitted), data, follow=True)
        assert "已把1个问题一次性告知企业" in response.content.decode()
    assert submitted.changes.count() == 1


def test_without_anything_noted_there_is_no_return(desk: Client, submitted: Application) -> None:
    assert "退回补正（" not in read(desk, submitted)
    assert "还没有记下任何问题" in send_back(desk, submitted)


def test_the_second_officer_is_told_and_keeps_the_words(
    desk: Client, client_of: ClientOf, submitted: Application, other_officer: User
) -> None:
    seen = submitted.status_since.isoformat()
    other_desk = client_of(other_officer)
    note(other_desk, submitted, 8, words="太暗。")
    send_back(other_desk, submitted)
    page = note(desk, submitted, 9, words="签名太细。", seen=seen).content.decode()
    assert "服务站专员 专员乙已于" in page
    assert "您写的内容没有保存：“签名太细。”" in page
    assert submitted.corrections.count() == 1


def test_a_page_opened_before_the_resubmission_decides_nothing(
    desk: Client, resubmitted: Application
) -> None:
    old = (resubmitted.status_since - timedelta(hours=1)).isoformat()
    page = note(desk, resubmitted, 9, words="签名太细。", seen=old).content.decode()
    assert "已退回并重新提交过，没有办理" in page
    response = desk.post(
        address("decline", resubmitted), {"reason": "不符合条件。", "seen": old}, follow=True
    )
    assert "已退回并重新提交过，没有办理" in response.content.decode()
    resubmitted.refresh_from_db()
    assert resubmitted.status == "submitted"
    assert not resubmitted.corrections.noted().exists()


def test_declining_asks_for_a_reason_and_then_ends_the_case(
    desk: Client, submitted: Application
) -> None:
    where = address("decline", submitted)
    assert "不能再补正" in desk.get(where).content.decode()
    seen = submitted.status_since.isoformat()
    response = desk.post(where, {"reason": "  ", "seen": seen})
    assert response.status_code == 422
    assert "请写明不予办理的原因" in response.content.decode()
    response = desk.post(where, {"reason": "社保不足6个月。", "seen": seen}, follow=True)
    assert "企业会收到原因" in response.content.decode()
    submitted.refresh_from_db()
    assert (submitted.status, submitted.changes.get().reason) == ("declined", "社保不足6个月。")
    assert desk.get(where).status_code == 302


def test_what_was_noted_and_never_told_is_gone_once_the_case_is_decided(
    desk: Client, submitted: Application, officer: User
) -> None:
    corrections.note(submitted, number=8, words="照片太暗。", by=officer)
    moves.decline(submitted, reason="不符合条件。", by=officer)
    page = read(desk, submitted, material=8)
    assert submitted.reference in page
    assert "不予办理" in page
    assert "已记1个问题" not in page
    assert "照片太暗。" not in page


# After a resubmission ---------------------------------------------------------------------------


def test_the_officer_lands_on_what_changed(desk: Client, resubmitted: Application) -> None:
    response = desk.get(address("pre_review", resubmitted))
    assert [sheet.number for sheet in response.context["review"].sheets][:3] == [8, 9, 0]
    assert response.context["sheet"].number == 8
    page = response.content.decode()
    assert "企业已按退回的要求补正，2项有变动" in page
    assert "已更正" in page
    assert "已说明" in page


def test_what_is_only_explained_is_not_called_corrected_meanwhile(
    desk: Client, submitted: Application, agent: User, officer: User
) -> None:
    for number in (0, 9):
        corrections.note(submitted, number=number, words="请核对。", by=officer)
    moves.send_back(submitted, by=officer)
    for noted in submitted.corrections.all():
        intake.answer_correction(noted, answer="如实。", by=agent)

    review = desk.get(address("pre_review", submitted)).context["review"]
    sheets = {sheet.number: sheet for sheet in review.sheets}

    assert [sheets[number].tags[0].label for number in (0, 9)] == ["已说明", "已说明"]


def test_the_previous_picture_stands_beside_the_new_one(
    desk: Client, resubmitted: Application
) -> None:
    old, new = resubmitted.materials.get(number=8).pages.order_by("id")
    page = read(desk, resubmitted, material=8)
    for picture_of in (old, new):
        where = reverse("applications:page_file", args=[resubmitted.pk, 8, picture_of.pk])
        assert f'src="{where}"' in page
        assert is_served(desk, where)
    assert "补正之前的版本" in page
    assert "补正时新传" in page


def test_the_agents_explanation_is_shown_with_what_was_asked(
    desk: Client, resubmitted: Application
) -> None:
    page = read(desk, resubmitted, material=9)
    assert "签名太细。" in page
    assert "这支笔只有这么粗。" in page
    assert "补正之前的版本" not in page


def test_a_replaced_document_of_the_enterprise_shows_its_earlier_version(
    desk: Client, submitted: Application, agent: User, officer: User
) -> None:
    seen_before = submitted.enterprise.documents.get(kind=1).pages.get()
    corrections.note(submitted, number=1, words="公函没有盖章。", by=officer)
    moves.send_back(submitted, by=officer)
    page = submitted.enterprise.documents.get(kind=1).pages.get()
    letter = stack_of(submitted, 1)
    add_page(letter, data=picture(1, "stamped"), name="盖章公函.jpg", by=agent)
    added = StandingPage.objects.get(document__version=2, position=2)
    remove_page(stack_of(submitted, 1), added.document.pages.get(file=page.file), by=agent)
    moves.resubmit(submitted, by=agent)
    text = read(desk, submitted)
    for number in (seen_before.pk, added.pk):
        where = reverse("applications:page_file", args=[submitted.pk, 1, number])
        assert f'src="{where}"' in text
        assert is_served(desk, where)


@pytest.fixture
def two_of_three_replaced(submitted: Application, agent: User, officer: User) -> Application:
    """Material 5 has three pages; the second and the third came anew after a return."""
    for text in ("two", "three"):
        material_page(submitted, 5, picture(5, text))
    corrections.note(submitted, number=5, words="后两页不清楚。", by=officer)
    moves.send_back(submitted, by=officer)
    for position in (2, 3):
        add_page(
            stack_of(submitted, 5),
            data=picture(5, f"new {position}"),
            name="合同.jpg",
            by=agent,
            instead_of=submitted.materials.get(number=5).pages.current().get(position=position),
        )
    moves.resubmit(submitted, by=agent)
    return submitted


def test_the_officer_lands_on_the_page_that_changed(
    desk: Client, two_of_three_replaced: Application
) -> None:
    response = desk.get(address("pre_review", two_of_three_replaced))
    assert (response.context["sheet"].number, response.context["page_number"]) == (5, 2)
    assert "补正时新传的页" in response.content.decode()
    assert [old.position for old in response.context["earlier"]] == [2]


def test_beside_each_page_stands_the_one_whose_place_it_took(
    desk: Client, two_of_three_replaced: Application
) -> None:
    where = address("pre_review", two_of_three_replaced)
    beside = {
        place: [
            old.position
            for old in desk.get(where, {"material": 5, "page": place}).context["earlier"]
        ]
        for place in (1, 2, 3)
    }
    assert beside == {1: [], 2: [2], 3: [3]}


def test_a_page_that_was_taken_out_is_still_shown(
    desk: Client, submitted: Application, agent: User, officer: User
) -> None:
    gone = material_page(submitted, 5, picture(5, "two"))
    corrections.note(submitted, number=5, words="第2页与本件无关。", by=officer)
    moves.send_back(submitted, by=officer)
    remove_page(stack_of(submitted, 5), gone, by=agent)
    moves.resubmit(submitted, by=agent)
    response = desk.get(address("pre_review", submitted))
    assert [old.pk for old in response.context["earlier"]] == [gone.pk]


def test_a_draft_picture_that_the_officer_never_saw_is_not_shown_as_previous(
    desk: Client, submitted: Application, agent: User, officer: User
) -> None:
    material = submitted.materials.get(number=8)
    never_seen = material_page(submitted, 8, picture(8, "before submitting"))
    material.pages.filter(pk=never_seen.pk).update(superseded_at=timezone.now())
    corrections.note(submitted, number=8, words="太暗。", by=officer)
    moves.send_back(submitted, by=officer)
    replace(submitted, 8)
    moves.resubmit(submitted, by=agent)
    response = desk.get(address("pre_review", submitted))
    previous = response.context["sheet"].previous
    assert [page.pk for page in previous] == [material.pages.order_by("id")[0].pk]


# Who may, and in which status -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.RETURNED, "等企业补正后重新提交"),
        (Status.IN_REVIEW, "五个部门正在审核"),
        (Status.SUPPLEMENTING, "等企业补充材料后提交"),
        (Status.ENDORSED, "由企业下载审核表，到国家系统填报并上传"),
        (Status.DECLINED, "已不予办理，原因已告知企业"),
        (Status.WITHDRAWN, "企业已撤回这件申请"),
    ],
)
def test_in_any_other_status_the_page_is_for_reading_and_says_what_comes(
    desk: Client, submitted: Application, status: Status, words: str
) -> None:
    Application.objects.update(status=status)
    page = read(desk, submitted, material=8)
    assert words in page
    assert "记下问题" not in page
    assert "不予办理</a>" not in page


def test_the_stations_head_reads_and_cannot_act(
    client_of: ClientOf, station_head: User, submitted: Application, officer: User
) -> None:
    corrections.note(submitted, number=8, words="太暗。", by=officer)
    head = client_of(station_head)
    page = read(head, submitted)
    assert "太暗。" in page
    assert "记下问题" not in page
    assert "退回补正（" not in page
    assert note(head, submitted, 8, words="也要改。").status_code == 403


def test_a_departments_supervisor_finds_nothing(
    client_of: ClientOf, supervisor: User, submitted: Application
) -> None:
    assert client_of(supervisor).get(address("pre_review", submitted)).status_code == 404


def test_others_are_kept_out(
    client_of: ClientOf, client: Client, agent: User, tax_liaison: User, submitted: Application
) -> None:
    where = address("pre_review", submitted)
    for person in (agent, tax_liaison):
        assert client_of(person).get(where).status_code == 403
    assert client.get(where).status_code == 302


def test_revealing_is_not_open_to_a_get(desk: Client, submitted: Application) -> None:
    assert desk.get(address("reveal", submitted)).status_code == 405


# Ticking off ------------------------------------------------------------------------------------


def tick(client: Client, application: Application, number: int, *rules: str, **data: Any) -> Any:
    data = {"seen": application.status_since.isoformat(), "ticked": rules} | data
    return client.post(address("reading_save", application, number), data, follow=True)


def test_rules_are_ticked_off_and_the_next_page_opens(desk: Client, submitted: Application) -> None:
    response = tick(desk, submitted, 9, *check_list(9), next="10-1")
    assert response.context["sheet"].number == 10
    assert [sheet.number for sheet in response.context["review"].to_read if sheet.is_read] == [9]
    assert "已逐条核对1项，共9项" in response.content.decode()


def test_a_rule_that_was_left_out_leaves_the_material_unread(
    desk: Client, submitted: Application
) -> None:
    response = tick(desk, submitted, 9, check_list(9)[0])
    sheet = response.context["sheet"]
    assert (sheet.number, sheet.is_read, sheet.ticked) == (9, False, [check_list(9)[0]])


def test_ticks_that_a_colleague_made_since_are_not_overwritten(
    desk: Client, client_of: ClientOf, submitted: Application
) -> None:
    page = desk.get(address("pre_review", submitted), {"material": 9})
    opened_at = page.context["reading_form"]["opened_at"].value()
    first, second = check_list(9)[:2]
    colleague = UserFactory.create(officer=True, name="王专员")
    tick(client_of(colleague), submitted, 9, first)
    told = tick(desk, submitted, 9, second, opened_at=opened_at)
    assert "王专员" in told.text
    assert "您这次的没有记下" in told.text
    assert f"您勾了而没有勾在现在这一页的：{second}" in told.text
    assert submitted.readings.get().ticked == [first]
    # Who has seen it may go on from there.
    seen = told.context["reading_form"]["opened_at"].value()
    tick(desk, submitted, 9, first, second, opened_at=seen)
    assert submitted.readings.get().ticked == [first, second]


def test_ones_own_ticks_of_a_moment_ago_overtake_nobody(
    desk: Client, submitted: Application
) -> None:
    page = desk.get(address("pre_review", submitted), {"material": 9})
    opened_at = page.context["reading_form"]["opened_at"].value()
    for count in (1, 2):
        tick(desk, submitted, 9, *check_list(9)[:count], opened_at=opened_at)
    assert submitted.readings.get().ticked == list(check_list(9)[:2])


def test_what_is_replaced_has_to_be_read_anew(
    desk: Client, submitted: Application, agent: User, officer: User
) -> None:
    for number in (8, 9):
        tick(desk, submitted, number, *check_list(number))
    corrections.note(submitted, number=8, words="照片太暗。", by=officer)
    moves.send_back(submitted, by=officer)
    replace(submitted, 8)
    moves.resubmit(submitted, by=agent)
    response = desk.get(address("pre_review", submitted))
    read = {sheet.number: sheet.is_read for sheet in response.context["review"].sheets}
    assert (read[8], read[9]) == (False, True)


def test_a_rule_that_is_none_is_refused_without_a_trace(
    desk: Client, submitted: Application
) -> None:
    response = tick(desk, submitted, 9, "随便写的")
    assert "要求有变动，没有保存" in response.content.decode()
    assert not submitted.readings.exists()
    assert tick(desk, submitted, 11).status_code == 404


def test_the_next_case_is_one_of_the_same_enterprise_before_the_longest_wait(
    desk: Client, submitted: Application, two_cases: tuple[Application, Application]
) -> None:
    Application.objects.filter(pk=two_cases[0].pk).update(
        status_since=timezone.now() - timedelta(days=9)
    )
    same = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=submitted.enterprise), submitted=True
    )
    response = desk.get(address("next_case", submitted))
    assert response["Location"] == address("pre_review", same)


def test_without_another_case_the_list_says_so(desk: Client, submitted: Application) -> None:
    response = desk.get(address("next_case", submitted), follow=True)
    assert "没有其他待预审的申请了" in response.content.decode()


# The usual reasons ------------------------------------------------------------------------------


def test_the_trades_twenty_five_reasons_and_their_parts_and_each_material_has_some() -> None:
    assert [reason.code for reason in REASONS] == [f"R{number:02d}" for number in range(1, 62)]
    seeded = [*REASONS, *REASONS_LATER]
    assert [reason.code for reason in REASONS_LATER] == [f"R{n}" for n in range(62, 74)]
    assert list(ReturnReason.objects.values_list("code", flat=True)) == [r.code for r in seeded]
    assert all(ReturnReason.objects.usual_for(n) for n in (*range(11), *range(12, 19)))
    assert [r.code for r in REASONS if not r.numbers] == ["R23", "R24"]


def test_what_is_offered_names_one_fault_each() -> None:
    """A letter that says 不是白底，或戴有色眼镜，或超过6个月 leaves the enterprise guessing."""
    offered = ReturnReason.objects.filter(is_active=True)
    bundled = [str(reason) for reason in offered if "，或" in reason.defect]
    assert not bundled
    of_photo = [reason.defect for reason in ReturnReason.objects.usual_for(8)]
    assert of_photo == [
        "照片的尺寸或格式不符合要求。",
        "这一项里上传的不是这份材料。",
        "照片不是白底。",
        "照片中戴有色眼镜。",
        "照片拍摄已超过6个月。",
        "照片模糊。",
        "照片上有反光。",
        "照片是翻拍的。",
    ]
    # The digits 1 to 9 tick them.
    assert all(len(ReturnReason.objects.usual_for(number)) <= 9 for number in range(1, 11))


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.code)
def test_every_reason_says_in_whole_sentences_what_is_wrong_and_how_to_mend_it(
    reason: Any,
) -> None:
    assert reason.defect.endswith("。")
    assert reason.mend.startswith("请") or "，请" in reason.mend
    assert reason.mend.endswith("。")
    assert len(reason.defect + reason.mend) <= 120
