"""Pages of cards: entering one, finding it, its numbers, corrections, pictures and the holder's."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Application
from applications.workflow import Status
from cards.holding.services import mark
from cards.models import Card, CardPage, EconomyApproval, EventKind, Filing, HolderLink
from cards.workflow import Stage
from tests.cards.conftest import endorse
from tests.factories import ApplicantFactory, ApplicationFactory, CardFactory, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(enterprise):
    return ApplicantFactory.create(
        enterprise=enterprise, name="张样例", passport_expires_on=date(2035, 6, 10)
    )


@pytest.fixture
def card(holder) -> Card:
    return CardFactory.create(applicant=holder, economies=["JPN", "VNM"])


def typed(holder, **fields: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "number": "C12345678",
        "issued_on": (today - timedelta(days=3)).isoformat(),
        "card_until": "",
        "passport_number": holder.passport_number,
        "passport_until": holder.passport_expires_on.isoformat(),
        "custody": "enterprise",
        "custody_note": "保险柜",
        "nonce": "once",
        "on_JPN": "on",
        "until_VNM": (today + timedelta(days=400)).isoformat(),
    } | fields


def enter(client: Client, holder, **fields: Any):
    return client.post(
        reverse("cards:card_of_applicant", args=[holder.pk]), typed(holder, **fields)
    )


def test_an_agent_enters_a_card_and_without_an_end_it_gets_the_usual_one(
    client_of, agent, holder
) -> None:
    client = client_of(agent)
    answer = enter(client, holder)
    card = Card.objects.get()
    assert answer.url == card.get_absolute_url()
    assert card.card_until == card.issued_on.replace(year=card.issued_on.year + 5)
    assert card.economy_codes == ["JPN", "VNM"]
    assert card.custody_note == "保险柜"
    # A double click is one card.
    assert enter(client, holder).url == card.get_absolute_url()
    assert Card.objects.count() == 1


def test_pictures_of_both_sides_come_with_it(client_of, officer, holder) -> None:
    sides = {
        side: SimpleUploadedFile(f"{side}.jpg", picture(8, side)) for side in ("front", "back")
    }
    enter(client_of(officer), holder, **sides)
    assert [page.side for page in Card.objects.get().pages.all()] == ["front", "back"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": "一二三"}, "应为4至20位的字母和数字"),
        ({"number": "C" * 10_000}, "最多"),
        ({"number": "500101198005120016"}, "是身份证号码"),
        ({"number": "C1234"}, "请再对照卡面看一次"),
        ({"issued_on": "2999-01-01"}, "核对年份"),
        ({"issued_on": "9999-12-31"}, "核对年份"),
        ({"card_until": "2020-01-01"}, "不晚于发卡日期"),
        ({"passport_number": "EA9999999"}, "与申请人登记的不一致"),
        ({"until_VNM": "2020-01-01"}, "越南的有效期2020年1月1日不晚于"),
        ({"until_VNM": "明年"}, "日期"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_kept(
    client_of, agent, holder, fields, words
) -> None:
    answer = enter(client_of(agent), holder, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Card.objects.exists()


def test_an_unusual_number_is_taken_when_somebody_says_it_is_right(
    client_of, agent, holder
) -> None:
    client = client_of(agent)
    assert "is_sure" in enter(client, holder, number="C1234").content.decode()
    enter(client, holder, number="C1234", is_sure="on")
    assert Card.objects.get().number == "C1234"


def test_the_second_officer_who_enters_the_same_card_is_told(client_of, officer, holder) -> None:
    client = client_of(officer)
    enter(client, holder)
    answer = enter(client, holder, nonce="twice")
    assert "这个卡号已经登记过：张样例" in answer.content.decode()


def test_a_card_of_an_endorsed_application_is_found_among_those_without_one(
    client_of, officer, holder
) -> None:
    application = ApplicationFactory.create(
        applicant=holder, submitted=True, status=Status.ENDORSED
    )
    client = client_of(officer)
    address = reverse("cards:card_of_application", args=[application.pk])
    filing = printed(application)
    grant(filing, "JPN", officer)
    grant(filing, "VNM", officer)
    assert address in client.get(reverse("cards:card_new")).content.decode()
    client.post(address, typed(holder))
    assert Card.objects.get().application == application
    filing.refresh_from_db()
    assert filing.has_card
    assert address not in client.get(reverse("cards:card_new")).content.decode()
    assert client.get(address).status_code == 302
    found = client.get(reverse("cards:card_new"), {"q": "张样"}).content.decode()
    assert reverse("cards:card_of_applicant", args=[holder.pk]) not in found


def printed(application: Application) -> Filing:
    """Its card is made."""
    filing = Filing.of(application)
    filing.stage = Stage.PRINTED
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


def test_no_card_is_entered_before_it_is_made(client_of, officer, holder) -> None:
    application = ApplicationFactory.create(
        applicant=holder, submitted=True, status=Status.ENDORSED
    )
    client = client_of(officer)
    address = reverse("cards:card_of_application", args=[application.pk])
    assert address not in client.get(reverse("cards:card_new")).content.decode()
    page = client.post(address, typed(holder)).content.decode()
    assert "在国家系统填报里登记了“已制卡”以后" in page
    assert reverse("cards:filing", args=[application.pk]) in page
    assert not Card.objects.exists()


def test_an_economy_that_the_filing_does_not_know_is_asked_about(
    client_of, officer, holder
) -> None:
    application = ApplicationFactory.create(
        applicant=holder, submitted=True, status=Status.ENDORSED
    )
    grant(printed(application), "JPN", officer)
    client = client_of(officer)
    address = reverse("cards:card_of_application", args=[application.pk])
    answer = client.post(address, typed(holder))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有登记越南已批准" in page
    assert "卡背面确实印着越南</label>" in page
    assert not Card.objects.exists()
    client.post(address, typed(holder, is_printed="on"))
    assert Card.objects.get().economy_codes == ["JPN", "VNM"]


def test_who_has_a_card_already_is_named_with_it(client_of, officer, card) -> None:
    page = client_of(officer).get(reverse("cards:card_new"), {"q": "张样"}).content.decode()
    assert "已经有卡的人" in page
    assert card.get_absolute_url() in page
    assert "没有找到" not in page


def test_everything_that_is_wrong_is_said_in_one_round(client_of, agent, holder) -> None:
    answer = enter(
        client_of(agent),
        holder,
        number="一二三",
        card_until="2020-01-01",
        passport_number="EA9999999",
        until_VNM="2020-01-02",
        front=SimpleUploadedFile("front.jpg", b"no picture"),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "应为4至20位的字母和数字",
        "卡面有效期2020年1月1日不晚于发卡日期",
        "与申请人登记的不一致",
        "越南的有效期2020年1月2日不晚于",
        "卡片照片没有收下",
    ):
        assert words in page
    assert not Card.objects.exists()


def test_numbers_are_masked_until_somebody_asks_and_that_is_on_record(
    client_of, agent, card
) -> None:
    client = client_of(agent)
    page = client.get(card.get_absolute_url()).content.decode()
    assert card.number not in page
    assert card.passport_number not in page
    client.post(reverse("cards:card_reveal", args=[card.pk]))
    page = client.get(card.get_absolute_url()).content.decode()
    assert card.number in page
    assert AuditEvent.objects.get(action="card.reveal").actor == agent


@pytest.mark.embedded
def test_a_card_is_found_by_its_whole_number_and_by_no_part_of_it(client_of, officer, card) -> None:
    client = client_of(officer)

    def found(words: str) -> bool:
        page = client.get(reverse("cards:list"), {"q": words}).content.decode()
        return card.get_absolute_url() in page

    assert found(card.number)
    assert found(f" {card.number.lower()} ")
    assert not found(card.number[:-1])
    assert not found(card.number[-4:])
    assert not found(card.passport_number[-6:])
    assert found(card.enterprise.credit_code[2:12])
    assert found("张样")
    assert found("样例贸易")


def test_the_list_is_narrowed_by_end_and_status(client_of, officer, card) -> None:
    soon = CardFactory.create(card_until=timezone.localdate() + timedelta(days=20))
    gone = CardFactory.create()
    mark(gone, kind=EventKind.CANCELLED, by=officer)
    client = client_of(officer)

    def listed(**query: str) -> set[Card]:
        page = client.get(reverse("cards:list"), query).content.decode()
        return {one for one in Card.objects.all() if one.get_absolute_url() in page}

    assert listed() == {card, soon}
    assert listed(ends="1") == {soon}
    assert listed(status="cancelled") == {gone}
    assert listed(ends="over") == set()
    assert listed(status="nonsense") == {card, soon}


def test_a_correction_is_kept_with_its_event_and_the_second_hears_of_the_first(
    client_of, agent, officer, card
) -> None:
    address = reverse("cards:card_correct", args=[card.pk])
    data = {
        "issued_on": card.issued_on.isoformat(),
        "card_until": card.card_until.isoformat(),
        "passport_until": card.passport_until.isoformat() if card.passport_until else "",
        "custody": "enterprise",
        "custody_note": "财务室",
        "seen_version": "1",
        "on_JPN": "on",
    }
    client_of(agent).post(address, data)
    card.refresh_from_db()
    assert (card.custody_note, card.economy_codes) == ("财务室", ["JPN"])
    assert card.events.last().detail == "更正了保管人和地点、经济体"
    answer = client_of(officer).post(address, data | {"custody_note": "总经理室"})
    assert "别人已经修改过" in answer.content.decode()
    card.refresh_from_db()
    assert card.custody_note == "财务室"
    wrong = data | {"seen_version": str(card.version), "card_until": "2000-01-01"}
    assert client_of(officer).post(address, wrong).status_code == 422


def test_a_picture_takes_the_place_of_the_one_before_and_a_look_is_on_record(
    client_of, agent, card
) -> None:
    client = client_of(agent)
    address = reverse("cards:card_picture_upload", args=[card.pk])
    for words in ("one", "one", "two"):
        file = SimpleUploadedFile("正面.jpg", picture(8, words))
        client.post(address, {"side": "front", "picture": file})
    assert CardPage.objects.filter(card=card).count() == 2
    page = card.pages.get(superseded_at=None)
    answer = client.get(reverse("cards:card_picture", args=[card.pk, page.pk]))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert b"".join(answer)
    assert AuditEvent.objects.get(action="card.view").object_id == str(card.pk)
    answer = client.post(address, {"side": "front", "picture": SimpleUploadedFile("x", b"x")})
    assert answer.status_code == 422


# The holder's page -------------------------------------------------------------------------------


def given(client: Client, card: Card) -> str:
    client.post(reverse("cards:holder_link_give", args=[card.pk]))
    page = client.get(card.get_absolute_url())
    return str(page.context["address"]).removeprefix("http://testserver")


def test_the_holder_reads_where_it_works_by_a_link_that_names_him_by_a_mask(
    client_of, agent, card
) -> None:
    client = client_of(agent)
    address = given(client, card)
    assert address not in client.get(card.get_absolute_url()).content.decode()
    page = Client().get("/" + address.partition("//")[2].partition("/")[2])
    words = page.content.decode()
    assert page.status_code == 200
    for said in ("张*例", "日本", "最多停留90天", "只能用于商务", "要带什么", "2025年8月29日"):
        assert said in words, said
    for hidden in ("张样例", card.number, card.passport_number):
        assert hidden not in words


def test_a_new_link_ends_the_old_one_and_a_revoked_or_cancelled_ones_is_gone(
    client_of, agent, officer, card
) -> None:
    client = client_of(agent)

    def opened(address: str) -> int:
        return Client().get("/" + address.partition("//")[2].partition("/")[2]).status_code

    first = given(client, card)
    second = given(client, card)
    assert (opened(first), opened(second)) == (410, 200)
    client.post(reverse("cards:holder_link_revoke", args=[card.pk]))
    client.post(reverse("cards:holder_link_revoke", args=[card.pk]))
    assert opened(second) == 410
    third = given(client, card)
    mark(card, kind=EventKind.CANCELLED, by=officer)
    assert opened(third) == 410
    client.post(reverse("cards:holder_link_give", args=[card.pk]))
    assert HolderLink.objects.filter(card=card).count() == 3
    assert Client().get(reverse("cards:holder", args=["x" * 500])).status_code == 410


def test_what_is_lost_over_or_ends_earlier_somewhere_is_said(client_of, officer, card) -> None:
    today = timezone.localdate()
    card.economies.filter(economy="VNM").update(valid_until=today - timedelta(days=1))
    card.economies.filter(economy="JPN").update(valid_until=today + timedelta(days=9))
    client = client_of(officer)
    address = reverse("cards:holder_preview", args=[card.pk])
    words = client.get(address).content.decode()
    assert "今天不能用" in words
    assert "只剩10天" in words
    mark(card, kind=EventKind.LOST, by=officer)
    assert "已经挂失" in client.get(address).content.decode()
    over = CardFactory.create(card_until=today - timedelta(days=1))
    words = client.get(reverse("cards:holder_preview", args=[over.pk])).content.decode()
    assert "已经到期" in words
    last = CardFactory.create(card_until=today)
    words = client.get(reverse("cards:holder_preview", args=[last.pk])).content.decode()
    assert "已经到期" not in words


# How often they ask ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cards:list", "cards:radar", "cards:card_new"])
def test_a_list_asks_as_often_for_one_card_as_for_fifty(client_of, officer, name) -> None:
    client = client_of(officer)
    asked = []
    for many in (1, 49):
        for _ in range(many):
            CardFactory.create(
                card_until=timezone.localdate() + timedelta(days=90), economies=["JPN"]
            )
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse(name))
        asked.append(len(queries))
        assert len(answer.content) < 60 * 1024
    # A list of more than one page is counted, by a query of its own.
    assert asked[1] <= min(asked[0] + 1, 12)


def test_one_card_asks_twelve_times_at_most(client_of, agent, card) -> None:
    client = client_of(agent)
    for place in range(30):
        mark(card, kind=EventKind.MOVED, by=agent, detail=str(place))
    client.get(card.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        client.get(card.get_absolute_url())
    assert len(queries) <= 12


def test_one_card_is_read_in_few_queries(
    client_of, officer, agent, applicant, django_assert_max_num_queries
) -> None:
    case = endorse(applicant)
    card = CardFactory.create(applicant=applicant, application=case, economies=["JPN", "VNM"])
    address = reverse("cards:card", args=[card.pk])
    for person in (agent, officer):
        client = client_of(person)
        client.get(address)  # the first page of a session also writes it
        with django_assert_max_num_queries(12):
            page = client.get(address)
        assert "本案各页" in page.text
