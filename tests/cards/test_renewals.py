"""Services on a card: what fits, what begins, loss, and cancellation with its receipt."""

import re
from datetime import date, datetime, timedelta

import pypdfium2
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.dossier.loading import load_dossier
from applications.kinds import LEFT, LOST, PASSPORT_CHANGED, REPLACED, STOLEN, Kind
from applications.models import Applicant, Application, Material
from applications.services import moves
from applications.services.intake import IntakeRefused, start_application
from cards.filing.services import EntryRefused, filing_of
from cards.holding.services import CardRefused, issue_card, mark
from cards.models import (
    Cancellation,
    Card,
    CardRequest,
    EconomyApproval,
    EventKind,
    Filing,
    Keeper,
    Lending,
    LossReport,
)
from cards.renewals import cancellations
from cards.renewals.cancellations import report_cancellation
from cards.renewals.fit import fits_of, fits_of_filing
from cards.renewals.letters import letter_for, render_letter, render_receipt
from cards.renewals.losses import report_found, report_loss
from cards.renewals.refusals import ServiceRefused
from cards.renewals.reminders import remind_of_cancellations
from cards.renewals.services import (
    begin_on_card,
    begin_on_filing,
    last_holder_of,
    old_card_of,
    report_done,
    require_applicant,
)
from core.crypto import keyed_hash
from core.dates import day_words
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CardFactory,
    material_page,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(applicant: Applicant, agent: User) -> Card:
    """In use, issued a year ago, good for four more."""
    return CardFactory.create(applicant=applicant)


def ending(card: Card, days: int) -> Card:
    """The same card, which ends in so many days."""
    end = timezone.localdate() + timedelta(days=days)
    card.issued_on = end - timedelta(days=1800)
    card.card_until = end
    card.save()
    return card


def why(card: Card) -> dict[str, str]:
    return {str(fit.service.kind): fit.why_not for fit in fits_of(card)}


def fitting(card: Card) -> set[str]:
    return {kind for kind, reason in why(card).items() if not reason}


# What fits ---------------------------------------------------------------------------------------


def test_a_card_in_use_may_be_exchanged_or_cancelled(card: Card) -> None:
    assert fitting(card) == {"replace", "cancel"}
    reasons = why(card)
    assert "到期前6个月起办理" in reasons["renew"]
    assert "请先挂失" in reasons["reissue"]


@pytest.mark.parametrize(("days", "expected"), [(200, False), (178, True), (0, True), (-3, True)])
def test_a_renewal_fits_from_six_months_before_the_end(
    card: Card, days: int, expected: bool
) -> None:
    assert ("renew" in fitting(ending(card, days))) is expected


def test_a_card_that_is_over_is_renewed_and_not_exchanged(card: Card) -> None:
    assert fitting(ending(card, -1)) == {"renew", "cancel"}


def test_a_lost_card_is_reissued_or_cancelled(card: Card, agent: User) -> None:
    mark(card, kind=EventKind.LOST, by=agent)
    assert fitting(card) == {"reissue", "cancel"}
    assert "找回了的请先登记找回" in why(card)["replace"]


def test_nothing_fits_a_card_that_is_cancelled(card: Card, agent: User) -> None:
    mark(card, kind=EventKind.CANCELLED, by=agent)
    assert fitting(card) == set()
    assert set(why(card).values()) == {"这张卡已经注销。要新卡请办新办。"}


def test_what_is_under_way_stands_beside_its_service(card: Card, agent: User) -> None:
    begun = begin_on_card(card, kind="replace", cause="damaged", by=agent)
    opened = {str(fit.service.kind): fit.opened for fit in fits_of(card)}
    assert opened["replace"] == begun.application


@pytest.fixture
def filing(applicant: Applicant, agent: User) -> Filing:
    """With the economies, which have said nothing yet."""
    application = ApplicationFactory.create(applicant=applicant, submitted=True, status="endorsed")
    filing = Filing.of(application)
    filing.stage, filing.filed_on = "passed", timezone.localdate()
    filing.save()
    return filing


def grant(filing: Filing, code: str, by: User) -> None:
    EconomyApproval.objects.create(
        filing=filing,
        economy=code,
        state="granted",
        on=timezone.localdate(),
        source="system",
        by=by,
    )


def test_early_printing_waits_for_a_first_approval(filing: Filing, agent: User) -> None:
    before = {str(fit.service.kind): fit.why_not for fit in fits_of_filing(filing)}
    assert before == {
        "early_print": "还没有登记任何经济体批复，不能提前制卡。",
        "passport_only": "",
    }
    grant(filing, "JPN", agent)
    assert all(fit.fits for fit in fits_of_filing(filing))


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("printed", "卡已经制好。要改的，领到卡后办换卡。"),
        ("issued", "卡已经制好。要改的，领到卡后办换卡。"),
        ("stopped", "国家系统已经停止办理这件申请。"),
    ],
)
def test_after_printing_neither_fits(filing: Filing, stage: str, words: str) -> None:
    filing.stage = stage
    assert {fit.why_not for fit in fits_of_filing(filing)} == {words}


# Beginning ---------------------------------------------------------------------------------------


def test_a_service_begins_from_its_card_once(card: Card, agent: User) -> None:
    first = begin_on_card(card, kind="replace", cause="damaged", words="卡面断裂", by=agent)
    second = begin_on_card(card, kind="replace", cause="damaged", by=agent)
    assert first.application == second.application
    request = CardRequest.objects.get()
    assert (request.card, request.words) == (card, "卡面断裂")


def test_what_does_not_fit_does_not_begin(card: Card, agent: User) -> None:
    with pytest.raises(ServiceRefused, match=r"现在不能办续办：卡.*到期前6个月起"):
        begin_on_card(card, kind="renew", by=agent)
    assert not Application.objects.exists()


def test_a_renewal_follows_the_application_of_its_card(applicant: Applicant, agent: User) -> None:
    first = ApplicationFactory.create(applicant=applicant, submitted=True, status="endorsed")
    card = ending(CardFactory.create(applicant=applicant, application=first), 90)
    begun = begin_on_card(card, kind="renew", by=agent)
    assert begun.application.follows == first
    assert list(begun.taken_over) == [5, 8, 9, 10]


def test_another_passport_than_the_cards_is_not_taken_over(
    applicant: Applicant, agent: User
) -> None:
    first = ApplicationFactory.create(applicant=applicant, submitted=True, status="endorsed")
    card = CardFactory.create(applicant=applicant, application=first)
    Applicant.objects.filter(pk=applicant.pk).update(passport_number="EK7654321")
    begun = begin_on_card(card, kind="replace", cause=PASSPORT_CHANGED, by=agent)
    assert list(begun.taken_over) == [15]


def test_a_card_from_before_the_portal_finds_its_person(agent: User, applicant: Applicant) -> None:
    card = CardFactory.create(applicant=applicant)
    Card.objects.filter(pk=card.pk).update(applicant=None)
    card.refresh_from_db()
    assert require_applicant(card) == applicant


def test_a_card_of_nobody_says_who_is_to_be_entered_first(agent: User, card: Card) -> None:
    Card.objects.filter(pk=card.pk).update(
        applicant=None, holder_hash=keyed_hash("x"), holder_name="早年持卡人"
    )
    card.refresh_from_db()
    with pytest.raises(ServiceRefused, match="请先在“申请人”里登记早年持卡人"):
        begin_on_card(card, kind="replace", cause="damaged", by=agent)


def test_a_filings_service_is_reported_done(filing: Filing, agent: User, officer: User) -> None:
    application = begin_on_filing(filing, kind="passport_only", by=agent).application
    today = timezone.localdate()
    with pytest.raises(ServiceRefused, match="还没有核准"):
        report_done(application, on=today, by=agent)
    material_page(application, 10)
    moves.submit(application, by=agent)
    moves.approve(application, by=officer, despite_unread=(0, 10))
    with pytest.raises(ServiceRefused, match="到今天之间"):
        report_done(application, on=today + timedelta(days=1), by=agent)
    report_done(application, on=today, by=agent)
    report_done(application, on=today, by=agent)
    application.refresh_from_db()
    assert (application.afterwards, CardRequest.objects.get().done_on) == ("over", today)
    assert "已于" in application.public_label


# Loss --------------------------------------------------------------------------------------------


def lose(card: Card, by: User, **more: object) -> LossReport:
    given: dict[str, object] = {
        "how": "lost",
        "noticed_at": timezone.now() - timedelta(hours=5),
        "last_holder": "林晓岚",
        **more,
    }
    return report_loss(card, by=by, **given)  # type: ignore[arg-type]


def test_a_loss_marks_the_card_at_once_and_keeps_who_had_it(
    card: Card, agent: User, officer: User
) -> None:
    report = lose(card, agent, where="仁川机场")
    card.refresh_from_db()
    assert (card.status, report.hours_since, report.last_holder) == ("lost", 5, "林晓岚")
    event = card.events.get(kind=EventKind.LOST)
    assert event.detail == "遗失，最后拿着卡的人：林晓岚，仁川机场"
    notice = Notice.objects.get(recipient=officer)
    assert "已挂失" in notice.subject
    assert "林晓岚" in notice.body


def test_a_second_click_reports_it_once(card: Card, agent: User) -> None:
    assert lose(card, agent) == lose(card, agent)
    assert card.events.filter(kind=EventKind.LOST).count() == 1


def test_a_loss_in_the_future_or_before_the_card_is_refused(card: Card, agent: User) -> None:
    with pytest.raises(ServiceRefused, match="时间还没有到"):
        lose(card, agent, noticed_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(CardRefused, match="早于发卡日期"):
        lose(card, agent, noticed_at=timezone.now() - timedelta(days=500))
    assert not LossReport.objects.exists()
    card.refresh_from_db()
    assert card.status == "in_use"


def test_a_card_that_is_found_is_used_again(card: Card, agent: User) -> None:
    lose(card, agent)
    report_found(card, by=agent)
    report_found(card, by=agent)
    card.refresh_from_db()
    assert card.status == "in_use"
    assert LossReport.objects.get().found_at is not None
    lose(card, agent)
    assert card.losses.count() == 2


def test_a_found_card_that_is_being_cancelled_is_handed_in_and_not_used(
    card: Card, agent: User
) -> None:
    cancellation = left(card, agent, cause=LOST)
    lose(card, agent)
    report_found(card, by=agent)
    card.refresh_from_db()
    cancellation.refresh_from_db()
    assert (card.status, cancellation.without_card) == ("cancelling", "")
    assert not cancellation.is_card_settled


def test_who_has_a_card_begins_no_new_application(
    card: Card, applicant: Applicant, agent: User
) -> None:
    with pytest.raises(IntakeRefused, match=r"已有一张商务旅行卡.*请办续办"):
        start_application(applicant, by=agent)
    mark(card, kind=EventKind.CANCELLED, by=agent)
    assert start_application(applicant, by=agent).kind == Kind.NEW


def test_a_cancelled_card_cannot_be_lost(card: Card, agent: User) -> None:
    mark(card, kind=EventKind.CANCELLED, by=agent)
    with pytest.raises(CardRefused, match="已注销"):
        lose(card, agent)


# Cancellation ------------------------------------------------------------------------------------


def left(card: Card, by: User, **more: object) -> Cancellation:
    given: dict[str, object] = {"cause": LEFT, "happened_on": timezone.localdate(), **more}
    return report_cancellation(card, by=by, **given)  # type: ignore[arg-type]


def agreed(cancellation: Cancellation, officer: User) -> Cancellation:
    """Its request was stamped, submitted and approved."""
    application = cancellation.application
    material_page(application, 18)
    moves.submit(application, by=application.created_by)
    moves.approve(application, by=officer, despite_unread=(0, 18))
    return Cancellation.objects.get(pk=cancellation.pk)


def endorse(application: Application) -> None:
    """As the signed table does."""
    Application.objects.filter(pk=application.pk).update(status="endorsed")


def test_a_holder_who_leaves_is_reported_with_a_deadline(card: Card, agent: User) -> None:
    cancellation = left(card, agent)
    card.refresh_from_db()
    today = timezone.localdate()
    assert (card.status, cancellation.due_on) == ("cancelling", today + timedelta(days=30))
    kinds = list(card.events.order_by("id").values_list("kind", flat=True))
    assert kinds == ["issued", "left", "cancel_asked"]
    assert cancellation.waits_for == ("打印注销申请，盖章后上传、提交", "企业经办人")
    assert left(card, agent) == cancellation


@pytest.mark.parametrize("days", [1, -500])
def test_a_day_that_cannot_be_is_refused(card: Card, agent: User, days: int) -> None:
    with pytest.raises(ServiceRefused):
        left(card, agent, happened_on=timezone.localdate() + timedelta(days=days))
    card.refresh_from_db()
    assert card.status == "in_use"
    assert not Application.objects.exists()


def test_it_goes_from_the_report_to_the_cancelled_card(
    card: Card, agent: User, officer: User
) -> None:
    today = timezone.localdate()
    cancellation = left(card, agent)
    with pytest.raises(ServiceRefused, match="还没有核准"):
        cancellations.complete(cancellation, on=today, by=officer)
    cancellation = agreed(cancellation, officer)
    assert cancellation.waits_for == ("把原卡交到服务站", "企业经办人")
    assert cancellation.application.afterwards == "agent"
    with pytest.raises(ServiceRefused, match="原卡还没有交回"):
        cancellations.complete(cancellation, on=today, by=officer)
    received = cancellations.receive_card(cancellation, on=today, handed_in_by="张三", by=officer)
    again = cancellations.receive_card(cancellation, on=today, handed_in_by="李四", by=officer)
    assert (again.handed_in_by, again.receipt_number) == ("张三", received.receipt_number)
    card.refresh_from_db()
    assert (card.custody, card.custody_note) == ("handed_in", received.receipt_number)
    done = cancellations.complete(received, on=today, by=officer)
    cancellations.complete(received, on=today, by=officer)
    card.refresh_from_db()
    assert (card.status, done.waits_for[0]) == ("cancelled", "已注销")
    application = Application.objects.get()
    assert (application.afterwards, done.next_reminder_on) == ("over", None)
    assert "注销" in application.public_label


def test_a_lost_card_cannot_be_handed_in_and_is_cancelled_all_the_same(
    card: Card, agent: User, officer: User
) -> None:
    lose(card, agent)
    cancellation = agreed(left(card, agent, cause=LOST), officer)
    assert cancellation.without_card == "卡已遗失"
    cancellations.complete(cancellation, on=timezone.localdate(), by=officer)
    card.refresh_from_db()
    assert card.status == "cancelled"


def test_a_cancellation_that_is_withdrawn_lets_the_card_be_used(card: Card, agent: User) -> None:
    cancellation = left(card, agent)
    moves.withdraw(cancellation.application, reason="持卡人不走了", by=agent)
    card.refresh_from_db()
    cancellation.refresh_from_db()
    assert (card.status, cancellation.is_open) == ("in_use", False)
    assert left(card, agent).pk != cancellation.pk


def test_a_lost_card_whose_cancellation_is_declined_is_still_lost(
    card: Card, agent: User, officer: User
) -> None:
    lose(card, agent)
    cancellation = left(card, agent, cause=LOST)
    material_page(cancellation.application, 18)
    moves.submit(cancellation.application, by=agent)
    moves.decline(cancellation.application, reason="没有盖章", by=officer)
    card.refresh_from_db()
    assert card.status == "lost"


def test_a_suspended_enterprise_may_still_cancel(card: Card, agent: User) -> None:
    card.enterprise.suspended_from = timezone.localdate()
    card.enterprise.suspended_until = timezone.localdate() + timedelta(days=90)
    card.enterprise.suspension_reason = "借卡给他人"
    card.enterprise.save()
    with pytest.raises(IntakeRefused):
        begin_on_card(card, kind="replace", cause="damaged", by=agent)
    assert left(card, agent).is_open


def test_a_new_card_waits_for_the_old_ones_cancellation(
    card: Card, agent: User, officer: User, client_of: ClientOf
) -> None:
    application = begin_on_card(card, kind="replace", cause="damaged", by=agent).application
    assert old_card_of(application) == card
    page = client_of(agent).get(reverse("cards:service", args=[application.pk]))
    assert "注销后才能制、领新卡" in page.content.decode()
    endorse(application)
    cancellation = agreed(left(card, agent, cause=REPLACED), officer)
    today = timezone.localdate()
    cancellations.receive_card(cancellation, on=today, handed_in_by="张三", by=officer)
    cancellations.complete(cancellation, on=today, by=officer)
    assert old_card_of(application) is None


def test_a_good_card_is_not_cancelled_for_a_new_one_before_that_is_approved(
    card: Card, agent: User, client_of: ClientOf
) -> None:
    desk = client_of(agent)
    address = reverse("cards:service_begin", args=[card.pk, "cancel"])
    given = {"cause": REPLACED, "happened_on": timezone.localdate().isoformat(), "words": ""}
    answer = desk.post(address, given)
    assert answer.status_code == 422
    assert "旧卡照常使用，到期为止。请先办续办或换卡" in answer.content.decode()
    application = begin_on_card(card, kind="replace", cause="damaged", by=agent).application
    page = desk.get(reverse("cards:service", args=[application.pk])).content.decode()
    assert "现在不用注销" in page
    assert address not in page
    words = desk.post(address, given).content.decode()
    assert f"换卡（{application.reference}）核准以后" in words
    card.refresh_from_db()
    assert card.status == "in_use"
    endorse(application)
    assert address in desk.get(reverse("cards:service", args=[application.pk])).content.decode()
    desk.post(address, given)
    card.refresh_from_db()
    assert card.status == "cancelling"


def test_a_card_that_is_lost_or_over_is_cancelled_for_a_new_one_at_once(
    card: Card, agent: User
) -> None:
    assert left(ending(card, -1), agent, cause=REPLACED).is_open


def test_a_holder_who_leaves_needs_no_new_card(
    card: Card, agent: User, client_of: ClientOf
) -> None:
    draft = begin_on_card(card, kind="replace", cause="damaged", by=agent).application
    today = timezone.localdate().isoformat()
    page = post(client_of(agent), "service_begin", card.pk, "cancel", cause=LEFT, happened_on=today)
    draft.refresh_from_db()
    assert draft.status == "withdrawn"
    assert f"（{draft.reference}）的草稿已一并撤回" in page


def test_what_was_submitted_for_one_who_leaves_is_asked_about(
    card: Card, agent: User, client_of: ClientOf
) -> None:
    case = begin_on_card(card, kind="replace", cause="damaged", by=agent).application
    now = timezone.now()
    Application.objects.filter(pk=case.pk).update(
        status="submitted", submitted_at=now, consented_processing_at=now, consented_sharing_at=now
    )
    today = timezone.localdate().isoformat()
    page = post(client_of(agent), "service_begin", card.pk, "cancel", cause=LEFT, happened_on=today)
    case.refresh_from_db()
    assert case.status == "submitted"
    assert f"（{case.reference}）已经提交，还在办理" in page


# Reminders ---------------------------------------------------------------------------------------


def test_an_enterprise_is_reminded_before_and_after_the_deadline_once_a_day(
    agent: User, applicant: Applicant, officer: User
) -> None:
    """Deadline in 30 days; reminded 7 days before, on the day after it, and every 7 days."""
    today = timezone.localdate()
    colleague = ApplicantFactory.create(enterprise=applicant.enterprise)
    for one in (applicant, colleague):
        left(CardFactory.create(applicant=one), agent)
    told: dict[int, int] = {}
    for day in range(50):
        remind_of_cancellations(today + timedelta(days=day))
        new = Notice.objects.filter(recipient=agent, cause__startswith="cards:cancel:")
        if new.count() > sum(told.values()):
            told[day] = new.count() - sum(told.values())
    assert told == {23: 1, 30: 1, 31: 1, 38: 1, 45: 1}
    late = Notice.objects.filter(recipient=officer, cause__startswith="cards:cancel-late:")
    assert late.count() == 3
    assert "2张商务旅行卡等您注销" in Notice.objects.filter(recipient=agent).latest("pk").subject


def test_what_is_over_reminds_nobody(card: Card, agent: User) -> None:
    cancellation = left(card, agent)
    moves.withdraw(cancellation.application, reason="不办了", by=agent)
    assert remind_of_cancellations(timezone.localdate() + timedelta(days=60)) == 0


# Letters -----------------------------------------------------------------------------------------


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return "".join("".join(texts).split())


def test_the_request_to_cancel_says_what_the_city_office_asks_for(card: Card, agent: User) -> None:
    """原因, 身份, 护照号, 卡号, 申办时间, 到期时间; the old card handed back (Liaocheng 2023)."""
    cancellation = left(card, agent, words="已于本月办完离职手续")
    letter = letter_for(CardRequest.objects.get(application=cancellation.application))
    assert letter is not None
    text = words_of(render_letter(letter))
    for wanted in (
        "关于注销APEC商务旅行卡的申请",
        "重庆市人民政府外事办公室",
        card.holder_name,
        card.number,
        card.passport_number,
        "离职",
        "已于本月办完离职手续",
        "请协助销毁",
        card.enterprise.name,
    ):
        assert wanted in text
    assert letter.material.number == 18


def test_the_statement_of_an_exchange_names_both_passports(card: Card, agent: User) -> None:
    old = card.passport_number
    Applicant.objects.filter(cards=card).update(passport_number="EK7654321")
    card.refresh_from_db()
    begun = begin_on_card(card, kind="replace", cause=PASSPORT_CHANGED, by=agent)
    letter = letter_for(CardRequest.objects.get(application=begun.application))
    assert letter is not None
    words = "".join(letter.paragraphs)
    assert old in words
    assert "EK7654321" in words


def test_the_statement_of_a_loss_says_when_where_and_who_had_it(card: Card, agent: User) -> None:
    lose(card, agent, how="stolen", where="仁川机场")
    begun = begin_on_card(card, kind="reissue", cause=STOLEN, by=agent)
    letter = letter_for(CardRequest.objects.get(application=begun.application))
    assert letter is not None
    words = "".join(letter.paragraphs)
    assert "发现该卡被盗，地点：仁川机场" in words
    assert "最后持有该卡的是林晓岚" in words


def test_early_printing_is_in_the_fee_that_was_paid(
    filing: Filing, agent: User, client_of: ClientOf
) -> None:
    grant(filing, "JPN", agent)
    here = reverse("cards:filing_services", args=[filing.application_id])
    begin = reverse("cards:filing_service_begin", args=[filing.application_id, "early_print"])
    decide = reverse("cards:early_print", args=[filing.application_id])
    for address in (here, begin, decide):
        page = client_of(agent).get(address).text
        assert "不另收费，含在这张卡已缴的720元里" in page
        assert "再缴720元" in page


def test_the_request_for_early_printing_says_what_will_be_missing(
    filing: Filing, agent: User
) -> None:
    grant(filing, "JPN", agent)
    grant(filing, "SGP", agent)
    Material.objects.filter(application=filing.application, number=5).update(facts={})
    begun = begin_on_filing(filing, kind="early_print", words="下月赴东京签约", by=agent)
    letter = letter_for(CardRequest.objects.get(application=begun.application))
    assert letter is not None
    words = "".join(letter.paragraphs)
    assert "目前已有2个经济体批复：日本、新加坡。" in words
    assert "俄罗斯" in words.partition("尚未批复的经济体")[2]
    assert "因下月赴东京签约，现申请提前制卡" in words
    assert "不是我单位近期的主要往来对象" in words


def test_the_request_does_not_deny_an_economy_with_which_the_enterprise_deals(
    filing: Filing, agent: User
) -> None:
    grant(filing, "JPN", agent)
    Material.objects.filter(application=filing.application, number=5).update(
        facts={"economy": "VNM", "evidence": "contract"}
    )
    begun = begin_on_filing(filing, kind="early_print", words="下月赴东京签约", by=agent)
    letter = letter_for(CardRequest.objects.get(application=begun.application))
    assert letter is not None
    words = "".join(letter.paragraphs)
    assert "其中越南与我单位有业务往来" in words
    assert "不是我单位近期的主要往来对象" not in words


def test_another_passport_alone_needs_no_letter(filing: Filing, agent: User) -> None:
    begun = begin_on_filing(filing, kind="passport_only", by=agent)
    assert letter_for(CardRequest.objects.get(application=begun.application)) is None


def test_the_receipt_names_card_and_who_brought_it(card: Card, agent: User, officer: User) -> None:
    cancellation = left(card, agent)
    done = cancellations.receive_card(
        cancellation, on=timezone.localdate(), handed_in_by="张三", by=officer
    )
    text = words_of(render_receipt(done))
    year = timezone.localdate().year
    number = f"{settings.STATION_SHORT}-{year}-收{done.pk:05d}"
    for wanted in ("收卡回执", number, "张三", card.number, officer.name):
        assert wanted in text


# Pages -------------------------------------------------------------------------------------------


def test_the_card_says_what_can_be_done_with_it(
    card: Card, agent: User, client_of: ClientOf
) -> None:
    page = client_of(agent).get(reverse("cards:services", args=[card.pk])).content.decode()
    assert "办换卡</a>" in page
    assert "现在不能办：卡没有挂失。卡丢了的，请先挂失。" in page
    assert "720元，直接向外交部缴纳" in page


def post(client: Client, name: str, pk: int, *more: object, **data: object) -> str:
    address = reverse(f"cards:{name}", args=[pk, *more])
    return client.post(address, data, follow=True).content.decode()


def test_an_agent_begins_an_exchange_and_is_told_what_is_taken_over(
    applicant: Applicant, agent: User, client_of: ClientOf
) -> None:
    first = ApplicationFactory.create(applicant=applicant, submitted=True, status="endorsed")
    card = CardFactory.create(applicant=applicant, application=first)
    client = client_of(agent)
    assert "请选择事由" in post(client, "service_begin", card.pk, "replace")
    page = post(client, "service_begin", card.pk, "replace", cause="damaged", words="断裂")
    assert "已开始换卡。仍然有效、不用重传的：材料10护照首页彩色扫描件。" in page
    assert "不用改，直接下载PDF" in page
    application = Application.objects.get(kind=Kind.REPLACE)
    assert [item.number for item in load_dossier(application).items] == [10, 12, 13, 14]
    letter = client.get(reverse("cards:service_letter", args=[application.pk]))
    assert letter["Content-Type"] == "application/pdf"
    assert AuditEvent.objects.filter(action="service.letter").count() == 1


@pytest.mark.parametrize("kind", ["new", "early_print", "nonsense", "x" * 60])
def test_a_service_that_no_card_has_is_not_there(
    card: Card, agent: User, client_of: ClientOf, kind: str
) -> None:
    address = reverse("cards:service_begin", args=[card.pk, kind])
    assert client_of(agent).get(address).status_code == 404
    assert client_of(agent).post(address, {"cause": "damaged"}).status_code == 404


def test_a_loss_is_four_answers_and_then_what_to_do(
    card: Card, agent: User, client_of: ClientOf
) -> None:
    client = client_of(agent)
    form = client.get(reverse("cards:loss", args=[card.pk])).content.decode()
    assert form.count('name="how"') == 2
    assert f'value="{card.holder_name}"' in form
    noticed = timezone.localtime() - timedelta(hours=3)
    page = post(
        client,
        "loss",
        card.pk,
        how="lost",
        noticed_at=f"{noticed:%Y-%m-%dT%H:%M}",
        last_holder="林晓岚",
    )
    assert "发现丢失已有<strong>3小时</strong>" in page
    assert "开始补卡" in page
    assert "卡找到了，恢复使用" in page
    back = post(client, "loss_found", card.pk)
    assert "已登记找回" in back
    card.refresh_from_db()
    assert card.status == "in_use"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "请选择遗失还是被盗"),
        ({"how": "eaten"}, "没有“eaten”这一种"),
        ({"how": "lost", "noticed_at": "9999-12-31T00:00"}, "不合常理"),
        ({"how": "lost", "noticed_at": "昨天"}, "请按2026-11-23 09:30这样填写时间"),
        ({"how": "lost", "noticed_at": "0001-01-01T00:00"}, "不合常理"),
        ({"how": "lost", "last_holder": "林" * 10_000}, "最多写50个字"),
    ],
)
def test_a_bad_loss_is_refused_in_words_and_marks_nothing(
    card: Card, agent: User, client_of: ClientOf, data: dict[str, str], words: str
) -> None:
    response = client_of(agent).post(reverse("cards:loss", args=[card.pk]), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    card.refresh_from_db()
    assert card.status == "in_use"


def test_the_station_takes_the_card_and_registers_the_cancellation(
    card: Card, agent: User, officer: User, client_of: ClientOf
) -> None:
    cancellation = agreed(left(card, agent), officer)
    desk = client_of(officer)
    listed = desk.get(reverse("cards:cancellations")).content.decode()
    assert "把原卡交到服务站（企业经办人）" in listed
    assert card.masked_number in listed
    today = timezone.localdate().isoformat()
    page = post(desk, "cancellation_hand_in", cancellation.pk, on=today, handed_in_by="张三")
    assert "已收卡，请打印回执交给交卡人。" in page
    assert "收卡回执（PDF）" in page
    mine = client_of(agent)
    receipt = mine.get(reverse("cards:receipt", args=[cancellation.pk]))
    assert receipt["Content-Type"] == "application/pdf"
    done = post(desk, "cancellation_complete", cancellation.pk, on=today)
    assert "已登记注销，这张卡不能再用。" in done
    second = post(desk, "cancellation_hand_in", cancellation.pk, on=today, handed_in_by="李四")
    assert "这件注销已注销，不能再收卡" in second


def test_a_card_may_come_before_its_request(
    card: Card, agent: User, officer: User, client_of: ClientOf
) -> None:
    """The station sees no draft, but the report, and takes the card."""
    cancellation = left(card, agent)
    desk = client_of(officer)
    page = desk.get(reverse("cards:cancellation", args=[cancellation.pk])).content.decode()
    assert "企业还没有提交注销申请" in page
    today = timezone.localdate().isoformat()
    page = post(desk, "cancellation_hand_in", cancellation.pk, on=today, handed_in_by="张三")
    assert "收卡回执（PDF）" in page


def test_the_deadline_stands_on_the_case(card: Card, agent: User, client_of: ClientOf) -> None:
    cancellation = left(card, agent)
    page = client_of(agent).get(cancellation.application.get_absolute_url()).content.decode()
    assert "个工作日" in page
    assert "没有期限" not in page


def test_a_day_in_the_future_is_refused_on_the_page(
    card: Card, agent: User, officer: User, client_of: ClientOf
) -> None:
    cancellation = left(card, agent)
    later = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = post(
        client_of(officer),
        "cancellation_hand_in",
        cancellation.pk,
        on=later,
        handed_in_by="张三",
    )
    assert "日期还没有到" in page
    assert Cancellation.objects.get().handed_in_on is None


def test_the_way_under_applicants_leads_to_what_the_person_has(
    card: Card, applicant: Applicant, agent: User, client_of: ClientOf
) -> None:
    client = client_of(agent)
    address = reverse("cards:services_of_applicant", args=[applicant.pk])
    assert client.get(address)["Location"] == reverse("cards:services", args=[card.pk])


def test_the_way_under_applicants_leads_to_a_filing_without_a_card(
    filing: Filing, applicant: Applicant, agent: User, client_of: ClientOf
) -> None:
    address = reverse("cards:services_of_applicant", args=[applicant.pk])
    assert address in client_of(agent).get(reverse("applications:applicants")).content.decode()
    there = client_of(agent).get(address)["Location"]
    assert there == reverse("cards:filing_services", args=[filing.application_id])
    page = client_of(agent).get(there).content.decode()
    assert "办仅更换护照</a>" in page


def test_words_of_the_letter_may_change_until_it_is_submitted(
    card: Card, agent: User, client_of: ClientOf
) -> None:
    application = left(card, agent).application
    client = client_of(agent)
    assert "已保存，函里的文字随之更改" in post(
        client, "service_words", application.pk, words="新的说明"
    )
    assert CardRequest.objects.get().words == "新的说明"
    material_page(application, 18)
    moves.submit(application, by=agent)
    assert "不能改" in post(client, "service_words", application.pk, words="再改")


def test_strangers_see_no_card_and_no_cancellation(
    card: Card, agent: User, other_agent: User, client_of: ClientOf
) -> None:
    cancellation = left(card, agent)
    stranger = client_of(other_agent)
    for name, pk in (
        ("services", card.pk),
        ("loss", card.pk),
        ("service", cancellation.application_id),
        ("receipt", cancellation.pk),
    ):
        assert stranger.get(reverse(f"cards:{name}", args=[pk])).status_code == 404
    listed = stranger.get(reverse("cards:cancellations")).content.decode()
    assert card.masked_number not in listed


def queries(desk: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        page = desk.get(reverse("cards:cancellations"))
    assert page.status_code == 200
    assert len(page.content) < 60 * 1024
    return len(seen)


def test_the_list_costs_the_same_for_any_number(
    agent: User, applicant: Applicant, officer: User, client_of: ClientOf
) -> None:
    """At 1 and at 50 cancellations, at most 12 queries; more than a page are counted by one."""
    left(CardFactory.create(applicant=applicant), agent)
    desk = client_of(officer)
    one = queries(desk)
    for person in ApplicantFactory.create_batch(49, enterprise=applicant.enterprise):
        card = CardFactory.create(applicant=person, economies=[])
        application = ApplicationFactory.create(applicant=person, kind="cancel", cause=LEFT)
        Cancellation.objects.create(
            card=card,
            application=application,
            happened_on=date(2026, 1, 5),
            due_on=date(2026, 2, 5),
            reported_by=agent,
            reported_at=datetime(2026, 1, 5, 9, tzinfo=timezone.get_current_timezone()),
        )
    assert queries(desk) == one + 1 <= 12


# Beside the others ---------------------------------------------------------------------------


def test_the_filing_of_an_exchange_says_that_the_old_card_must_go_first(
    card: Card, agent: User, officer: User, client_of: ClientOf
) -> None:
    application = begin_on_card(card, kind="replace", cause="damaged", by=agent).application
    Application.objects.filter(pk=application.pk).update(status="endorsed")
    page = client_of(agent).get(reverse("cards:filing", args=[application.pk])).content.decode()
    assert "注销后才能制、领新卡" in page
    assert "办旧卡注销" in page
    desk = client_of(officer).get(reverse("cards:filing", args=[application.pk]))
    assert "办旧卡注销" not in desk.content.decode()


def test_a_cancellation_has_no_filing(card: Card, agent: User, client_of: ClientOf) -> None:
    cancellation = left(card, agent)
    Application.objects.update(status="endorsed")
    address = reverse("cards:filing", args=[cancellation.application_id])
    assert client_of(agent).get(address).status_code == 404
    with pytest.raises(EntryRefused, match="不在国家系统另行填报"):
        filing_of(cancellation.application)


def test_the_home_page_says_what_an_approved_cancellation_waits_for(
    card: Card, agent: User, officer: User, client_of: ClientOf
) -> None:
    cancellation = agreed(left(card, agent), officer)
    mine = client_of(agent)
    before = mine.get("/").content.decode()
    assert "注销已核准。把原卡交到服务站" in before
    assert "看下一步" in before
    cancellations.receive_card(
        cancellation, on=timezone.localdate(), handed_in_by="张三", by=officer
    )
    after = mine.get("/").content.decode()
    assert "由服务站请市政府外办注销" in after
    assert "看下一步" not in after


def test_the_page_of_a_card_leads_to_its_services(
    card: Card, agent: User, officer: User, client_of: ClientOf
) -> None:
    mine = client_of(agent).get(card.get_absolute_url()).content.decode()
    assert reverse("cards:services", args=[card.pk]) in mine
    assert reverse("cards:loss", args=[card.pk]) in mine
    desk = client_of(officer).get(card.get_absolute_url()).content.decode()
    assert reverse("cards:loss", args=[card.pk]) not in desk


def test_the_new_card_waits_for_the_old_one_and_then_follows_it(
    card: Card, agent: User, officer: User
) -> None:
    today = timezone.localdate()
    application = begin_on_card(card, kind="replace", cause="damaged", by=agent).application
    given = {
        "number": "C99998888",
        "issued_on": today,
        "card_until": today + timedelta(days=1000),
        "economies": {"JPN": None},
        "application": application,
        "by": agent,
    }
    with pytest.raises(CardRefused, match="旧卡先注销，再登记新卡"):
        issue_card(**given)  # type: ignore[arg-type]
    endorse(application)
    cancellation = agreed(left(card, agent, cause=REPLACED), officer)
    cancellations.receive_card(cancellation, on=today, handed_in_by="张三", by=officer)
    cancellations.complete(cancellation, on=today, by=officer)
    successor = issue_card(**given)  # type: ignore[arg-type]
    card.refresh_from_db()
    assert card.replaced_by == successor
    assert card.events.latest("id").kind == EventKind.REPLACED


def test_who_had_it_last_comes_from_the_register_of_use(card: Card, agent: User) -> None:
    assert last_holder_of(card) == card.holder_name
    lending = lent(card, agent)
    assert last_holder_of(card) == "出差人乙"
    Lending.objects.filter(pk=lending.pk).update(back_at=timezone.now(), back_keeper=lending.keeper)
    assert last_holder_of(card) == "保管人甲"


def lent(card: Card, agent: User) -> Lending:
    """Two days ago, to a colleague."""
    keeper = Keeper.objects.create(
        enterprise=card.enterprise,
        name="保管人甲",
        phone="13900001111",
        since=timezone.localdate(),
        created_by=agent,
    )
    made: Lending = Lending.objects.create(
        card=card,
        enterprise=card.enterprise,
        keeper=keeper,
        borrower="出差人乙",
        purpose="签约",
        economies=["JPN"],
        trip_ends_on=timezone.localdate(),
        return_by=timezone.localdate(),
        out_at=timezone.now() - timedelta(days=2),
        nonce="register",
        created_by=agent,
    )
    return made


def test_a_card_that_is_handed_in_is_lent_to_nobody_any_more(
    card: Card, agent: User, officer: User, client_of: ClientOf
) -> None:
    lending = lent(card, agent)
    cancellation = left(card, agent)
    today = timezone.localdate()
    cancellations.receive_card(cancellation, on=today, handed_in_by="张三", by=officer)
    lending.refresh_from_db()
    assert lending.back_at is not None
    assert cancellation.receipt_number in lending.back_note
    kinds = list(card.events.order_by("id").values_list("kind", flat=True))
    assert kinds[-2:] == ["taken_back", "handed_in"]
    page = client_of(agent).get(reverse("cards:register", args=[card.enterprise_id]))
    assert "已交回服务站" in page.content.decode()
    assert reverse("cards:lend", args=[card.pk]) not in page.content.decode()


def test_the_register_hands_out_no_card_that_is_being_cancelled(
    card: Card, agent: User, client_of: ClientOf
) -> None:
    lending = lent(card, agent)
    Lending.objects.filter(pk=lending.pk).update(back_at=timezone.now(), back_keeper=lending.keeper)
    desk, address = client_of(agent), reverse("cards:register", args=[card.enterprise_id])
    assert reverse("cards:lend", args=[card.pk]) in desk.get(address).content.decode()
    left(card, agent)
    assert reverse("cards:lend", args=[card.pk]) not in desk.get(address).content.decode()


# Where a card stands ---------------------------------------------------------------------------


def shown(client: Client, card: Card) -> str:
    return client.get(card.get_absolute_url()).content.decode()


def button(page: str) -> str:
    """The address of the filled one."""
    found = re.findall(r'<a class="btn btn-primary"\s+href="([^"]+)"', page)
    assert len(found) == 1
    return str(found[0])


def test_a_card_that_ends_years_from_now_is_in_use_and_may_be_lent(
    card: Card, agent: User, client_of: ClientOf
) -> None:
    page = shown(client_of(agent), ending(card, 800))
    assert f"在用，到{day_words(card.ends_on)}。" in page
    assert button(page) == reverse("cards:lend", args=[card.pk])


def test_a_card_that_ends_within_a_year_says_so_and_is_renewed_when_that_is_due(
    card: Card, agent: User, client_of: ClientOf
) -> None:
    desk = client_of(agent)
    page = shown(desk, ending(card, 300))
    assert "续办通常要" in page
    assert button(page) == reverse("cards:lend", args=[card.pk])
    assert button(shown(desk, ending(card, 100))) == reverse(
        "cards:service_begin", args=[card.pk, "renew"]
    )


def test_a_renewal_that_is_begun_is_linked(card: Card, agent: User, client_of: ClientOf) -> None:
    application = begin_on_card(ending(card, 100), kind="renew", by=agent).application
    page = shown(client_of(agent), card)
    assert f"续办已经在办理（{application.reference}，草稿）。旧卡照常使用，到期为止。" in page
    assert button(page) == reverse("cards:service", args=[application.pk])


def test_a_card_that_is_lent_says_to_whom(card: Card, agent: User, client_of: ClientOf) -> None:
    ending(card, 800)
    lending = lent(card, agent)
    page = shown(client_of(agent), card)
    assert "由出差人乙领用" in page
    assert lending.get_absolute_url() in page
    assert button(page) == reverse("cards:lending_return", args=[card.pk])


def test_a_lost_card_says_what_to_do_now(card: Card, agent: User, client_of: ClientOf) -> None:
    lose(card, agent)
    page = shown(client_of(agent), card)
    assert "卡已经挂失，不能再用" in page
    assert button(page) == reverse("cards:loss_after", args=[card.pk])


def test_a_card_that_is_being_cancelled_says_where_that_stands_and_by_when(
    card: Card, agent: User, officer: User, client_of: ClientOf
) -> None:
    cancellation = left(card, agent)
    desk = client_of(agent)
    page = shown(desk, card)
    assert "原卡还没有交到服务站。现在：打印注销申请" in page
    assert f"{day_words(cancellation.due_on)}前注销" in page
    assert button(page) == cancellation.get_absolute_url()
    today = timezone.localdate()
    cancellations.receive_card(cancellation, on=today, handed_in_by="张三", by=officer)
    assert f"原卡已于{day_words(today)}交到服务站。" in shown(desk, card)
    assert cancellation.get_absolute_url() in shown(client_of(officer), card)


def test_a_cancelled_card_has_no_next_step(card: Card, agent: User, client_of: ClientOf) -> None:
    mark(card, kind=EventKind.CANCELLED, by=agent)
    assert "下一步" not in shown(client_of(agent), card)
