"""Briefings: planned, invited to, signed up for, and what changes for who signed up."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from core.versions import Overtaken
from enterprises.models import Contact, Demand, Enterprise
from notices.channels.base import ChannelDown, MessageRefused
from notices.models import Notice
from outreach.briefings.asking import answer, ask, make_common
from outreach.briefings.feedback import counted, give_feedback
from outreach.briefings.inviting import invite, note_call
from outreach.briefings.keys import invitation_key, invitation_path, place_key
from outreach.briefings.planning import (
    Reached,
    begin_article,
    cancel_briefing,
    save_briefing,
    sum_up,
)
from outreach.briefings.refusals import BriefingRefused
from outreach.briefings.sign_ups import GuestFacts, leave, sign_up
from outreach.models import (
    Article,
    Briefing,
    BriefingQuestion,
    BriefingSignUp,
    Invitation,
    OutwardText,
    Question,
)
from outreach.texting.tasks import send_texts
from tests.conftest import ClientOf
from tests.factories import DemandFactory
from tests.outreach.factories import BriefingFactory
from wanzhou_abtc.demo.events import play_events

pytestmark = pytest.mark.django_db
MOBILE = "13800001234"


class Provider:
    """Takes messages, or refuses them as it is told."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.sent: list[tuple[str, str]] = []
        self.failure = failure

    def send(self, phone: str, text: str, reference: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.sent.append((phone, text))


@pytest.fixture
def provider(settings: object, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The station sends text messages, through this."""
    settings.SMS_ADAPTER = "tests.Provider"  # type: ignore[attr-defined]
    made = Provider()
    monkeypatch.setattr("outreach.texting.sending.adapter", lambda _name: made)
    return made


def comes(briefing: Briefing, phone: str, heads: int = 1, name: str = "样例公司") -> BriefingSignUp:
    guest = GuestFacts(name, "何样例", phone, heads)
    return sign_up(briefing, guest, question="", nonce=f"nonce-{phone}-{briefing.pk}")


def state(row: BriefingSignUp) -> str:
    row.refresh_from_db()
    return "gone" if row.cancelled_at else str(row.state)


# Inviting ---------------------------------------------------------------------------------------


def test_each_enterprise_is_invited_by_the_surest_way_there_is(
    officer: User, agent: User, enterprise: Enterprise, provider: Provider
) -> None:
    briefing = BriefingFactory.create()
    here = DemandFactory.create(enterprise=enterprise)
    mobile = DemandFactory.create(contact_phone=MOBILE)
    fixed = DemandFactory.create(contact_phone="023-58000001")
    invite(briefing, [here, mobile, fixed], by=officer)
    ways = dict(Invitation.objects.values_list("demand", "channel"))
    assert ways == {here.pk: "notice", mobile.pk: "text", fixed.pk: "call"}
    notice = Notice.objects.get(recipient=agent)
    assert briefing.title in notice.subject
    assert notice.path == invitation_path(briefing)
    send_texts()
    assert [phone for phone, _ in provider.sent] == [MOBILE]
    assert briefing.place in provider.sent[0][1]
    assert f"{invitation_path(briefing)} " in provider.sent[0][1]
    # Who is still to be called has been told nothing, and the ledger does not say that he was.
    kinds = dict(Contact.objects.values_list("demand", "kind"))
    assert kinds == {here.pk: "mail", mobile.pk: "message"}
    assert not Contact.objects.filter(is_telling=True).exists()


def test_nobody_is_invited_twice(officer: User) -> None:
    briefing, demand = BriefingFactory.create(), DemandFactory.create()
    assert invite(briefing, [demand], by=officer).total() == 1
    assert invite(briefing, [demand], by=officer).total() == 0


def test_a_message_that_the_provider_refuses_is_to_be_called(
    officer: User, provider: Provider
) -> None:
    provider.failure = MessageRefused("空号")
    briefing = BriefingFactory.create()
    invite(briefing, [DemandFactory.create(contact_phone=MOBILE)], by=officer)
    assert briefing.invitations.to_call().count() == 0
    send_texts()
    row = briefing.invitations.to_call().get()
    assert row.text is not None
    assert row.text.last_error == "空号"
    assert row.state_words == "请打电话"
    assert Contact.objects.count() == 0


def test_a_message_is_tried_five_times_while_the_provider_is_away(
    officer: User, provider: Provider
) -> None:
    provider.failure = ChannelDown("连不上")
    invite(BriefingFactory.create(), [DemandFactory.create(contact_phone=MOBILE)], by=officer)
    for attempt in range(1, 6):
        OutwardText.objects.update(next_attempt_at=timezone.now())
        send_texts()
        text = OutwardText.objects.get()
        assert text.attempts == attempt
        assert text.state == ("failed" if attempt == 5 else "queued")


def test_outside_office_hours_no_telephone_rings(
    officer: User, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = timezone.now() + timedelta(hours=9)
    monkeypatch.setattr("outreach.texting.sending.next_open_moment", lambda _now: later)
    invite(BriefingFactory.create(), [DemandFactory.create(contact_phone=MOBILE)], by=officer)
    send_texts()
    text = OutwardText.objects.get()
    assert (provider.sent, text.attempts, text.next_attempt_at) == ([], 0, later)


def test_a_call_that_reaches_nobody_stays_on_the_list(officer: User) -> None:
    briefing = BriefingFactory.create()
    invite(briefing, [DemandFactory.create()], by=officer)
    row = briefing.invitations.get()
    note_call(row, answer="unreached", note="下午再打", by=officer)
    assert briefing.invitations.to_call().count() == 1
    note_call(row, answer="comes", note="", by=officer)
    assert briefing.invitations.to_call().count() == 0
    assert Contact.objects.filter(kind="call").count() == 2


def test_the_second_of_two_who_note_a_call_is_told(officer: User, other_officer: User) -> None:
    briefing = BriefingFactory.create()
    invite(briefing, [DemandFactory.create()], by=officer)
    mine, theirs = briefing.invitations.get(), briefing.invitations.get()
    note_call(mine, answer="comes", note="", by=officer)
    with pytest.raises(Overtaken):
        note_call(theirs, answer="not", note="", by=other_officer)


def test_an_officer_invites_all_that_the_filter_leaves(client_of: ClientOf, officer: User) -> None:
    briefing = BriefingFactory.create()
    near = DemandFactory.create_batch(32, town="高笋塘街道")
    DemandFactory.create(town="分水镇")
    told = DemandFactory.create(town="高笋塘街道", told_at=timezone.now())
    url = reverse("outreach:briefing_invite", args=[briefing.pk])
    query = "?narrow=1&town=高笋塘街道&reached=untold"
    client = client_of(officer)
    second = client.get(f"{url}{client.get(f'{url}{query}').context['choice'].page.next}")
    assert len(second.context["choice"].page) == 2
    client.post(f"{url}{second.context['choice'].page.here}", {"all": "1"})
    invited = set(briefing.invitations.values_list("demand", flat=True))
    assert invited == {row.pk for row in near}
    assert told.pk not in invited


# Signing up -------------------------------------------------------------------------------------


def test_who_comes_too_late_waits_and_moves_up_in_turn(officer: User) -> None:
    briefing = BriefingFactory.create(capacity=3)
    first = comes(briefing, "13800000001", heads=2)
    large = comes(briefing, "13800000002", heads=3)
    small = comes(briefing, "13800000003", heads=2)
    assert [state(row) for row in (first, large, small)] == ["place", "waiting", "waiting"]
    leave(first)
    # Three places are free: the longest waiting takes them all.
    assert [state(row) for row in (first, large, small)] == ["gone", "place", "waiting"]
    assert briefing.sign_ups.to_be_told().get() == large
    leave(large)
    assert state(small) == "place"


def test_who_moves_up_hears_of_it_by_message(provider: Provider) -> None:
    briefing = BriefingFactory.create(capacity=1)
    first, second = comes(briefing, "13800000001"), comes(briefing, "13800000002")
    leave(first)
    send_texts()
    assert [phone for phone, _ in provider.sent] == ["13800000002"]
    assert state(second) == "place"
    assert not briefing.sign_ups.to_be_told().exists()


def test_more_room_moves_the_waiting_list_up(officer: User) -> None:
    briefing = BriefingFactory.create(capacity=1)
    comes(briefing, "13800000001")
    waiting = comes(briefing, "13800000002")
    briefing.capacity = 5
    save_briefing(briefing, by=officer)
    assert state(waiting) == "place"


def test_one_phone_signs_up_once_however_it_is_typed() -> None:
    briefing = BriefingFactory.create()
    row = comes(briefing, "13800001234")
    guest = GuestFacts("另一家", "何样例", "+86 138 0000 1234")
    with pytest.raises(BriefingRefused, match="已经报过名"):
        sign_up(briefing, guest, question="", nonce="n2")
    leave(row)
    assert sign_up(briefing, guest, question="", nonce="n3").pk != row.pk


def test_a_page_sent_twice_signs_up_once() -> None:
    briefing = BriefingFactory.create()
    assert comes(briefing, MOBILE) == comes(briefing, MOBILE)
    assert AuditEvent.objects.filter(action="briefing.sign_up").count() == 1


def test_after_the_last_hour_nobody_signs_up() -> None:
    briefing = BriefingFactory.create(sign_up_until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(BriefingRefused, match="截止"):
        comes(briefing, MOBILE)


def test_a_sign_up_finds_its_row_of_the_ledger() -> None:
    demand = DemandFactory.create(name="重庆市万州区江样食品有限公司")
    DemandFactory.create(name="重庆市万州区山样食品有限公司")
    briefing = BriefingFactory.create()
    assert comes(briefing, MOBILE, name="江样食品公司").demand == demand
    assert comes(briefing, "13800000009", name="没有这家公司").demand is None


def test_the_public_page_signs_up_and_leads_to_a_page_of_ones_own(client: Client) -> None:
    briefing = BriefingFactory.create(capacity=1)
    url = reverse("outreach:briefing_public", args=[briefing.pk])
    sent = {
        "enterprise_name": "样例公司", "name": "何样例", "phone": MOBILE, "heads": "1",
        "question": "多久能办好？", "nonce": "n" * 32,
    }  # fmt: skip
    page = client.post(url, sent, follow=True)
    text = page.content.decode()
    assert "报名成功" in text
    assert "多久能办好" in text
    # The page names the number by its mask alone, since whoever has the address reads it.
    assert "138****1234" in text
    assert MOBILE not in text
    full = client.post(url, sent | {"phone": "13800009999", "nonce": "m" * 32}, follow=True)
    assert "已列入候补" in full.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "1380000"},
        {"heads": "0"},
        {"heads": "9" * 30},
        {"enterprise_name": "\0"},
        {"nonce": ""},
    ],
)
def test_what_cannot_be_kept_is_refused_on_the_public_page(
    client: Client, wrong: dict[str, str]
) -> None:
    briefing = BriefingFactory.create()
    sent = {"enterprise_name": "样例", "name": "何", "phone": MOBILE, "heads": "1"}
    sent |= {"nonce": "n" * 32} | wrong
    url = reverse("outreach:briefing_public", args=[briefing.pk])
    assert client.post(url, sent).status_code == 422
    assert not briefing.sign_ups.exists()


SIGNING_UP = {
    "enterprise_name": "样例公司",
    "name": "何样例",
    "phone": MOBILE,
    "heads": "1",
    "nonce": "n" * 32,
}


def test_one_that_is_not_public_opens_by_its_invitation_alone(
    client: Client, client_of: ClientOf, officer: User, agent: User, enterprise: Enterprise
) -> None:
    briefing, public = BriefingFactory.create(is_public=False), BriefingFactory.create()
    guessed = reverse("outreach:briefing_public", args=[briefing.pk])
    other = reverse("outreach:briefing_invited", args=[briefing.pk, invitation_key(public)])
    for address in (guessed, other):
        assert client.get(address).status_code == 404
        assert client.post(address, SIGNING_UP).status_code == 404
    assert not briefing.sign_ups.exists()
    done = client.post(invitation_path(briefing), SIGNING_UP, follow=True).content.decode()
    assert "报名成功" in done
    # Whoever signed up leaves and comes back by the invitation too.
    row = briefing.sign_ups.get()
    leave(row)
    place = reverse("outreach:briefing_place", args=[row.pk, place_key(row)])
    assert f'href="{invitation_path(briefing)}"' in client.get(place).content.decode()
    # The station sees it; an agent once his enterprise is invited.
    assert client_of(officer).get(guessed).status_code == 200
    assert client_of(agent).get(guessed).status_code == 404
    invite(briefing, [DemandFactory.create(enterprise=enterprise)], by=officer)
    assert client_of(agent).get(guessed).status_code == 200


def test_who_was_invited_by_a_number_alone_still_comes_in(client: Client) -> None:
    before = BriefingFactory.create(is_public=False, opens_by_number=True)
    assert client.get(reverse("outreach:briefing_public", args=[before.pk])).status_code == 200


def test_a_message_of_long_names_keeps_its_address_whole(officer: User, provider: Provider) -> None:
    briefing = BriefingFactory.create(title="名" * 80, place="地" * 120)
    invite(briefing, [DemandFactory.create(contact_phone=MOBILE)], by=officer)
    send_texts()
    assert f"{invitation_path(briefing)} " in provider.sent[0][1]


def test_the_officer_reads_the_address_of_one_that_is_not_public(
    client_of: ClientOf, officer: User
) -> None:
    briefing = BriefingFactory.create(is_public=False)
    page = client_of(officer).get(briefing.get_absolute_url()).content.decode()
    assert f"{settings.SITE_URL}{invitation_path(briefing)}" in page


def test_a_key_of_another_opens_nothing(client: Client) -> None:
    briefing = BriefingFactory.create()
    mine, other = comes(briefing, "13800000001"), comes(briefing, "13800000002")
    own = reverse("outreach:briefing_place", args=[mine.pk, place_key(mine)])
    assert client.get(own).status_code == 200
    wrong = reverse("outreach:briefing_place", args=[mine.pk, place_key(other)])
    assert client.get(wrong).status_code == 404


# Planning ---------------------------------------------------------------------------------------


def test_who_signed_up_is_told_of_another_place(officer: User, provider: Provider) -> None:
    briefing = BriefingFactory.create()
    comes(briefing, MOBILE)
    comes(briefing, "023-58000001")
    briefing.place = "样例大厦五楼"
    assert save_briefing(briefing, by=officer) == Reached(sent=1, to_call=1)
    send_texts()
    assert "五楼" in provider.sent[0][1]
    # A new word about what it is asks nobody to come elsewhere.
    briefing.about = "讲流程"
    assert save_briefing(briefing, by=officer) == Reached()


def test_one_that_is_called_off_stands_so_on_the_public_page(client: Client, officer: User) -> None:
    briefing = BriefingFactory.create()
    cancel_briefing(briefing, words="场地检修", by=officer)
    url = reverse("outreach:briefing_public", args=[briefing.pk])
    assert "场地检修" in client.get(url).content.decode()
    assert briefing.title not in client.get(reverse("outreach:briefings")).content.decode()
    with pytest.raises(BriefingRefused):
        invite(briefing, [DemandFactory.create()], by=officer)


def test_the_second_of_two_editors_is_told(
    client_of: ClientOf, officer: User, other_officer: User
) -> None:
    briefing = BriefingFactory.create()
    url = reverse("outreach:briefing_edit", args=[briefing.pk])
    form = client_of(officer).get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    for name in ("starts_at", "ends_at", "doors_at", "sign_up_until"):
        sent[name] = f"{timezone.localtime(getattr(briefing, name)):%Y-%m-%d %H:%M:%S}"
    assert client_of(officer).post(url, sent | {"place": "甲楼"}).status_code == 302
    late = client_of(other_officer).post(url, sent | {"place": "乙楼"})
    assert late.status_code == 422
    assert "甲楼" in late.content.decode()
    briefing.refresh_from_db()
    assert briefing.place == "甲楼"


def test_doors_open_before_the_beginning_and_the_end_comes_after() -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        BriefingFactory.create(starts_at=now, ends_at=now - timedelta(hours=1))


def test_a_summary_becomes_a_draft_article_once(officer: User) -> None:
    briefing = BriefingFactory.create()
    with pytest.raises(BriefingRefused, match="结束以后"):
        sum_up(briefing, words="很好", by=officer)
    over = BriefingFactory.create(over=True)
    with pytest.raises(BriefingRefused, match="先写小结"):
        begin_article(over, came=3, enterprises=2, by=officer)
    sum_up(over, words="大家问得最多的是时间。", by=officer)
    article = begin_article(over, came=3, enterprises=2, by=officer)
    assert begin_article(over, came=3, enterprises=2, by=officer) == article
    assert article.state == Article.State.DRAFT
    assert "2家单位3人" in article.body
    assert "大家问得最多的是时间" in article.body


def test_figures_of_a_period_leave_out_what_was_called_off(officer: User) -> None:
    day = timezone.localdate() + timedelta(days=7)
    held = BriefingFactory.create()
    off = BriefingFactory.create()
    cancel_briefing(off, words="不开了", by=officer)
    assert list(Briefing.objects.between(day, day)) == [held]
    assert not Briefing.objects.between(day + timedelta(days=1), day + timedelta(days=9)).exists()


# Questions and feedback -------------------------------------------------------------------------


def test_an_answered_question_becomes_a_hidden_common_one(officer: User) -> None:
    briefing = BriefingFactory.create()
    row = ask(briefing, text="要交多少钱？", nonce="q" * 20, asked_by="样例公司")
    with pytest.raises(BriefingRefused, match="先答复"):
        make_common(row, by=officer)
    answer(row, words="本站不收费。", by=officer)
    made = make_common(row, by=officer)
    assert make_common(row, by=officer) == made
    assert (made.answer, made.is_shown) == ("本站不收费。", False)
    assert made in Question.objects.all()


def test_one_person_asks_five_questions_at_most() -> None:
    briefing = BriefingFactory.create()
    row = comes(briefing, MOBILE)
    for number in range(5):
        ask(briefing, text="问", nonce=f"question-{number:012d}", asked_by="样例", sign_up=row)
    with pytest.raises(BriefingRefused, match="最多提5个"):
        ask(briefing, text="问", nonce="another-question-000", asked_by="样例", sign_up=row)
    assert BriefingQuestion.objects.count() == 5


def test_feedback_is_counted_and_not_given_before_the_beginning() -> None:
    with pytest.raises(BriefingRefused, match="还没有开始"):
        give_feedback(BriefingFactory.create(), clear="yes", plan="soon", words="", nonce="n" * 20)
    over = BriefingFactory.create(over=True)
    for number, clear in enumerate(("yes", "yes", "no")):
        give_feedback(over, clear=clear, plan="soon", words="", nonce=f"feedback-{number:012d}")
    assert [(one.label, one.count, one.share) for one in counted(over, "clear")] == [
        ("听明白了", 2, 67),
        ("大致明白，还有疑问", 0, 0),
        ("没有听明白", 1, 33),
    ]


def test_feedback_and_questions_of_another_briefing_are_no_repetition() -> None:
    """Whoever knows the number of a page takes nothing from another briefing's visitors."""
    one, other = BriefingFactory.create(over=True), BriefingFactory.create(over=True)
    given = [
        give_feedback(briefing, clear="yes", plan="soon", words=words, nonce="the-same-number")
        for briefing, words in ((one, "甲"), (other, "乙"), (one, "丙"))
    ]
    assert [(row.briefing, row.words) for row in given] == [(one, "甲"), (other, "乙"), (one, "甲")]
    asked = [
        ask(briefing, text=text, nonce="the-same-number", asked_by="样例")
        for briefing, text in ((one, "问一"), (other, "问二"))
    ]
    assert [row.text for row in asked] == ["问一", "问二"]


def test_lists_cost_the_same_for_one_and_for_many(
    client_of: ClientOf, officer: User, django_assert_max_num_queries: object
) -> None:
    desk = client_of(officer)
    addresses = ("outreach:briefing_list", "outreach:briefings")
    for count in (1, 29):
        BriefingFactory.create_batch(count)
        for name in addresses:
            with django_assert_max_num_queries(12):  # type: ignore[operator]
                page = desk.get(reverse(name))
            assert len(page.content) < 60 * 1024


def test_the_invitations_of_many_enterprises_cost_no_more(
    client_of: ClientOf, officer: User, django_assert_max_num_queries: object
) -> None:
    briefing = BriefingFactory.create()
    desk = client_of(officer)
    for _ in range(2):
        invite(briefing, DemandFactory.create_batch(25), by=officer)
        for name in ("briefing_invitations", "briefing_invite", "briefing"):
            with django_assert_max_num_queries(12):  # type: ignore[operator]
                desk.get(reverse(f"outreach:{name}", args=[briefing.pk]))


def test_a_briefing_has_room_for_somebody() -> None:
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        BriefingFactory.create(capacity=0)


def test_the_ledger_knows_of_nobody_by_an_invitation_alone(officer: User) -> None:
    demand = DemandFactory.create()
    invite(BriefingFactory.create(), [demand], by=officer)
    demand.refresh_from_db()
    assert (demand.stage, demand.told_at) == (Demand.Stage.UNTOUCHED, None)


def test_the_demonstration_shows_one_to_come_and_one_that_was(officer: User) -> None:
    play_events(officer)
    now = timezone.now()
    coming, held = Briefing.objects.coming(now), Briefing.objects.held(now)
    assert coming.with_counts().get().waiting == 1  # type: ignore[attr-defined]
    assert held.with_counts().get().came == 2  # type: ignore[attr-defined]


def test_a_number_sent_for_another_briefing_is_no_repetition_of_it(officer: User) -> None:
    one, other = BriefingFactory.create(), BriefingFactory.create()
    rows = [
        sign_up(
            briefing, GuestFacts("样例公司", "何样例", MOBILE), question="", nonce="the-same-number"
        )
        for briefing in (one, other, one)
    ]
    assert [row.briefing for row in rows] == [one, other, one]
    assert rows[0] == rows[2] != rows[1]
