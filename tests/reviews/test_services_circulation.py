"""Opening a round, pausing it, recalling it: what people find afterwards."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import AuditEvent, User
from applications.models import Application
from applications.services import intake, moves
from applications.services.pages import stack_of
from applications.services.perform import AlreadyDone, MoveRefused
from applications.services.readings import save_reading
from materials.catalogue import check_list
from materials.stack import add_page
from notices.models import Notice
from reviews.models import ReviewTable
from reviews.services import circulation, opinions
from reviews.signatures.models import Certificate
from tests.conftest import ClientOf
from tests.factories import SHEETS, ApplicationFactory, liaison
from tests.reviews.conftest import Station

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db


def due(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


@time_machine.travel(MONDAY, tick=False)
def test_four_departments_are_due_on_the_second_working_day_and_the_whole_on_the_third(
    station: Station, submitted: Application
) -> None:
    circulated = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    deadlines = {o.department.code: due(o.due_at) for o in circulated.opinions.all()}
    assert deadlines == {
        "commerce": "2026-11-25 18:00",
        "tax": "2026-11-25 18:00",
        "police": "2026-11-25 18:00",
        "social": "2026-11-25 18:00",
        "foreign_affairs": "2026-11-26 18:00",
    }
    assert due(circulated.due_at) == "2026-11-26 18:00"


def test_circulating_tells_the_four_liaisons_and_not_yet_foreign_affairs(
    station: Station, circulated: ReviewTable
) -> None:
    told = {
        notice.recipient.username
        for notice in Notice.objects.select_related("recipient")
        if notice.path.startswith("/reviews/opinions/")
    }
    four = {station.liaisons[code].username for code in ("commerce", "tax", "police", "social")}
    assert told == four


def test_circulating_moves_the_application_and_tells_the_agent(
    circulated: ReviewTable, agent: User
) -> None:
    circulated.application.refresh_from_db()
    assert circulated.application.status == "in_review"
    assert agent.notices.filter(subject__contains="正在部门审核").exists()


def test_what_nobody_went_through_is_not_sent_unasked(
    station: Station, submitted: Application
) -> None:
    save_reading(submitted, number=2, ticked=check_list(2), by=station.officer)
    save_reading(submitted, number=4, ticked=check_list(4)[:1], by=station.officer)
    with pytest.raises(circulation.NotGoneThrough) as refused:
        circulation.circulate(submitted, by=station.officer, despite_unread={0, 1, 3})
    # Materials 6 and 7 are replaced by the table.
    assert [sheet.number for sheet in refused.value.sheets] == [0, 1, 3, 4, 5, 8, 9, 10]
    submitted.refresh_from_db()
    assert submitted.status == "submitted"
    assert not ReviewTable.objects.exists()


def test_the_trail_keeps_what_was_sent_without_having_been_gone_through(
    station: Station, submitted: Application
) -> None:
    for number in range(11):
        if number not in (8, 10):
            save_reading(submitted, number=number, ticked=check_list(number), by=station.officer)
    circulation.circulate(submitted, by=station.officer, despite_unread={8, 10})
    event = AuditEvent.objects.get(action="review.circulate")
    assert event.actor == station.officer
    assert event.after["unread"] == [8, 10]


@time_machine.travel(MONDAY, tick=False)
def test_numbers_count_up_within_the_year(station: Station, submitted: Application) -> None:
    first = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    second = circulation.circulate(
        ApplicationFactory.create(submitted=True), by=station.officer, despite_unread=SHEETS
    )
    assert first.number == "万州ABTC审〔2026〕0001号"
    assert second.number == "万州ABTC审〔2026〕0002号"


def test_circulating_twice_is_a_double_click(station: Station, circulated: ReviewTable) -> None:
    with pytest.raises(AlreadyDone):
        circulation.circulate(circulated.application, by=station.officer, despite_unread=SHEETS)
    assert ReviewTable.objects.count() == 1


def test_a_second_officer_is_told_who_was_faster(
    circulated: ReviewTable, other_officer: User
) -> None:
    with pytest.raises(MoveRefused, match="服务站专员 专员甲已于"):
        circulation.circulate(circulated.application, by=other_officer, despite_unread=SHEETS)


def test_a_department_without_a_liaison_is_named_and_nothing_is_opened(
    station: Station, submitted: Application
) -> None:
    liaison = station.liaisons["police"]
    liaison.is_active = False
    liaison.save()
    with pytest.raises(MoveRefused, match="区公安局没有可用的联络员"):
        circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    submitted.refresh_from_db()
    assert submitted.status == "submitted"
    assert not ReviewTable.objects.exists()


def test_a_department_without_a_certificate_is_named_and_nothing_is_opened(
    station: Station, submitted: Application
) -> None:
    Certificate.objects.filter(department__code="tax").delete()
    with pytest.raises(MoveRefused, match="区税务局不能签署：区税务局没有有效的签名证书"):
        circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    assert not ReviewTable.objects.exists()


def test_the_form_keeps_the_facts_as_they_were(circulated: ReviewTable) -> None:
    applicant = circulated.application.applicant
    applicant.post = "董事长"
    applicant.save()
    circulated.refresh_from_db()
    assert circulated.facts["post"] == "总经理"
    assert circulated.facts["contact"] == "联系人　023-58000000"


def test_who_asked_reads_what_was_supplemented_and_the_officer_hears(
    station: Station, circulated: ReviewTable, agent: User, client_of: ClientOf
) -> None:
    police = station.liaisons["police"]
    circulation.ask_supplement(circulated, {10: "护照首页反光，请重新扫描。"}, by=police)
    heard = station.officer.notices.get(cause__startswith="reviews:pause:")
    assert heard.subject.startswith("区公安局要求补充材料：")
    assert "1. 材料10 护照首页彩色扫描件：护照首页反光，请重新扫描。" in heard.body
    page = f"/reviews/opinions/{circulated.opinions.get(department__code='police').pk}/"
    assert "材料10 护照首页彩色扫描件：还没有补充" in client_of(police).get(page).text

    intake.answer_correction(
        circulated.application.corrections.get(), answer="已当面核对原件。", by=agent
    )
    circulation.supplement(circulated.application, by=agent)
    text = client_of(police).get(page).text
    assert "没有换文件，只作了说明" in text
    assert "企业说明：已当面核对原件。" in text
    told = police.notices.get(cause__contains=":supplemented:")
    assert "（材料10 护照首页彩色扫描件）" in told.body
    tax = f"/reviews/opinions/{circulated.opinions.get(department__code='tax').pk}/"
    of_tax = client_of(station.liaisons["tax"]).get(tax).text
    assert circulated.number in of_tax
    assert "企业补充的内容" not in of_tax


def test_an_officer_who_asks_is_not_told_of_it(station: Station, circulated: ReviewTable) -> None:
    circulation.ask_supplement(circulated, {10: "请重新扫描。"}, by=station.officer)
    asked = Notice.objects.filter(subject__contains="补充")
    assert [notice.recipient for notice in asked] == [circulated.application.created_by]


def test_a_supplement_stops_the_clock_until_it_is_there(
    station: Station, submitted: Application, agent: User
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        form = circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)
    with time_machine.travel(datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI), tick=False):
        circulation.ask_supplement(
            form, {10: "护照首页反光，请重新扫描。"}, by=station.liaisons["police"]
        )
        form.application.refresh_from_db()
        assert form.application.status == "supplementing"
        assert form.pauses.get().reason == "等企业补充材料10（护照首页彩色扫描件）"
    with time_machine.travel(datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI), tick=False):
        correction = form.application.corrections.get()
        intake.answer_correction(correction, answer="已当面核对原件。", by=agent)
        circulation.supplement(form.application, by=agent)
    form.refresh_from_db()
    pause = form.pauses.get()
    assert pause.started_at == datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
    assert pause.ended_at == datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)
    # 24 and 25 November were not whole: two working days are given back.
    assert due(form.due_at) == "2026-11-30 18:00"
    assert due(form.opinions.get(department__code="police").due_at) == "2026-11-27 18:00"
    # Tax needs nothing of a passport, and went on.
    assert due(form.opinions.get(department__code="tax").due_at) == "2026-11-25 18:00"
    assert form.application.status == "in_review"


def test_only_what_was_asked_for_is_unlocked(
    station: Station, circulated: ReviewTable, agent: User
) -> None:
    circulation.ask_supplement(circulated, {10: "请重新扫描。"}, by=station.officer)
    application = Application.objects.get(pk=circulated.application_id)
    with pytest.raises(intake.IntakeRefused, match="材料8"):
        add_page(stack_of(application, 8), data=b"x", name="photo.jpg", by=agent)


def test_a_recalled_round_is_void_and_the_next_starts_afresh(
    station: Station, circulated: ReviewTable, agent: User
) -> None:
    station.sign(circulated, "tax")
    circulation.recall(circulated, reason="职务有误", by=station.officer)
    circulated.refresh_from_db()
    application = circulated.application
    application.refresh_from_db()
    assert (circulated.status, circulated.void_reason) == ("void", "职务有误")
    assert application.status == "returned"
    correction = application.corrections.open().get()
    intake.answer_correction(correction, answer="已核对，公函为准。", by=agent)
    moves.resubmit(application, by=agent)
    second = circulation.circulate(application, by=station.officer, despite_unread=SHEETS)
    assert (second.number, second.round) == (circulated.number, 2)
    assert second.opinions.signed().count() == 0
    assert second.verification_code != circulated.verification_code


def test_a_recall_needs_a_reason(station: Station, circulated: ReviewTable) -> None:
    with pytest.raises(MoveRefused, match="原因"):
        circulation.recall(circulated, reason="  ", by=station.officer)
    circulated.refresh_from_db()
    assert circulated.status == "open"


def test_withdrawing_voids_the_open_round(circulated: ReviewTable, agent: User) -> None:
    circulation.withdraw(circulated.application, reason="不再需要", by=agent)
    circulated.refresh_from_db()
    assert circulated.status == "void"
    assert circulated.void_reason == "企业撤回申请：不再需要"


def test_every_step_is_in_the_audit_trail(station: Station, circulated: ReviewTable) -> None:
    circulation.recall(circulated, reason="职务有误", by=station.officer)
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    for action in (
        "review.circulate",
        "application.circulate",
        "review.recall",
        "application.recall",
    ):
        assert actions.count(action) == 1


def told_that_it_is_void(table: ReviewTable) -> set[str]:
    notices = Notice.objects.filter(cause__startswith="reviews:", cause__endswith=":void")
    assert all(str(table) in notice.body or table.number in notice.body for notice in notices)
    return set(notices.values_list("recipient__username", flat=True))


def test_who_has_signed_and_who_was_to_sign_hear_that_a_round_is_void(
    station: Station, circulated: ReviewTable
) -> None:
    """Tax was signed by a colleague, social was handed to one; the police never looked."""
    signer = liaison("tax", name="税务同事", username="tax2")
    opinions.sign(station.draft(circulated, "tax"), by=signer)
    holder = liaison("social", name="社保同事", username="social2")
    circulated.opinions.filter(department__code="social").update(owner=holder, assignee=holder)
    bystander = liaison("police", username="police2")
    circulation.recall(circulated, reason="职务有误", by=station.officer)
    told = told_that_it_is_void(circulated)
    assert told == {
        station.liaisons["commerce"].username,
        "tax2",
        station.liaisons["police"].username,
        "social2",
        station.liaisons["foreign_affairs"].username,
    }
    assert bystander.username not in told


def test_an_enterprise_that_withdraws_has_the_same_people_told(
    station: Station, circulated: ReviewTable, agent: User
) -> None:
    circulation.withdraw(circulated.application, reason="不再需要", by=agent)
    everybody = {person.username for person in station.liaisons.values()}
    assert told_that_it_is_void(circulated) == everybody
    notice = Notice.objects.get(recipient=station.liaisons["tax"], cause__endswith=":void")
    assert notice.kind == Notice.Kind.INFO
    assert notice.path == f"/reviews/tables/{circulated.pk}/"


def test_a_void_round_ends_its_pause_and_its_unsigned_opinions(
    station: Station, circulated: ReviewTable
) -> None:
    station.sign(circulated, "tax")
    circulation.ask_supplement(circulated, {10: "请重新扫描。"}, by=station.officer)
    circulation.recall(circulated, reason="职务有误", by=station.officer)
    circulated.refresh_from_db()
    assert circulated.pauses.get().ended_at == circulated.voided_at
    lapsed = circulated.opinions.filter(lapsed_at=circulated.voided_at)
    assert set(lapsed.values_list("department__code", flat=True)) == {
        "commerce",
        "police",
        "social",
        "foreign_affairs",
    }
