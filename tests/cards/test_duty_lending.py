"""The register of use: handed out, refused with a kept reason, taken back, confirmed by both."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AuditEvent, User
from cards.duty.lending import LendingLinkRefused, LendingRefused, Trip, give_link, link_of
from cards.holding.services import mark
from cards.models import Card, CardEvent, EventKind, Keeper, Lending
from enterprises.models import Enterprise
from tests.cards.duty_parts import MONDAY, card_of, day, keeper_of, later, lent, returned
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(enterprise: Enterprise) -> Card:
    return card_of(enterprise)


@pytest.fixture
def keeper(enterprise: Enterprise, agent: User) -> Keeper:
    return keeper_of(enterprise, agent)


def reasons(card: Card) -> list[str]:
    refused = card.events.filter(kind=EventKind.LENDING_REFUSED, ok=False)
    return list(refused.values_list("reason_code", flat=True))


@time_machine.travel(MONDAY, tick=False)
def test_a_card_is_handed_out_and_due_back_seven_days_after_the_trip(card, keeper, agent) -> None:
    lending = lent(card, keeper, agent)
    assert (lending.borrower, lending.economies) == ("张样例", ["JPN"])
    assert lending.return_by == day(14)
    assert [event.kind for event in card.events.filter(by=agent)] == [EventKind.LENT]


@time_machine.travel(MONDAY, tick=False)
def test_the_enterprise_s_own_rules_say_how_many_days(card, keeper, agent, enterprise) -> None:
    enterprise.management_rules.create(
        way="upload", return_days=3, in_force_since=date(2026, 1, 1), created_by=agent
    )
    assert lent(card, keeper, agent).return_by == day(10)


@time_machine.travel(MONDAY, tick=False)
@pytest.mark.parametrize(
    ("trip", "words", "reason"),
    [
        (Trip("商务", ["JPN", "KOR"], day(5)), "卡背没有韩国", "no_economy"),
        (Trip("商务", ["VNM"], day(5)), "越南在卡上只到2026年11月25日", "economy_over"),
        (Trip("商务", ["JPN"], day(20)), "2026年12月1日到期，早于预计回国日期", "ends_meanwhile"),
    ],
)
def test_what_the_card_is_not_good_for_is_refused_in_words_and_kept(
    card, keeper, agent, trip, words, reason
) -> None:
    card.economies.filter(economy="VNM").update(valid_until=day(2))
    card.card_until = date(2026, 12, 1)
    card.save()
    with pytest.raises(LendingRefused, match=words):
        lent(card, keeper, agent, trip=trip)
    assert reasons(card) == [reason]
    assert not Lending.objects.exists()


@time_machine.travel(MONDAY, tick=False)
@pytest.mark.parametrize(
    ("kind", "words", "reason"),
    [
        (EventKind.LOST, "已经挂失", "lost"),
        (EventKind.CANCEL_ASKED, "正在注销", "cancelling"),
        (EventKind.CANCELLED, "已经注销", "cancelled"),
    ],
)
def test_a_card_that_is_lost_or_cancelled_is_not_lent(
    card, keeper, agent, kind, words, reason
) -> None:
    mark(card, kind=kind, by=agent)
    with pytest.raises(LendingRefused, match=words):
        lent(card, keeper, agent)
    assert reasons(card) == [reason]


@time_machine.travel(MONDAY, tick=False)
def test_a_card_that_is_over_is_not_lent(card, keeper, agent) -> None:
    Card.objects.update(card_until=day(-1), ends_on=day(-1))
    card.refresh_from_db()
    with pytest.raises(LendingRefused, match="2026年11月22日已经到期"):
        lent(card, keeper, agent)
    assert reasons(card) == ["over"]


@time_machine.travel(MONDAY, tick=False)
def test_a_card_that_is_out_is_not_lent_again_and_the_words_name_the_borrower(
    card, keeper, agent
) -> None:
    lent(card, keeper, agent)
    with pytest.raises(LendingRefused, match=r"已由张样例领用，还没有归还，最晚2026年12月7日归还"):
        lent(card, keeper, agent)
    assert reasons(card) == ["lent"]


def test_a_lending_that_overlaps_an_earlier_one_is_refused(card, keeper, agent) -> None:
    with time_machine.travel(later(0), tick=False):
        lent(card, keeper, agent)
    with time_machine.travel(later(3), tick=False):
        returned(card, keeper, agent)
        with pytest.raises(LendingRefused, match="重叠"):
            lent(card, keeper, agent, out_at=later(2))
        assert reasons(card) == ["overlaps"]
        lent(card, keeper, agent, out_at=later(3))


@time_machine.travel(MONDAY, tick=False)
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"out_at": later(1)}, "还没有到"),
        ({"out_at": later(-400)}, "早于发卡日期"),
        ({"trip": Trip("商务", [], day(5))}, "请勾选要去的经济体"),
        ({"trip": Trip("商务", ["JPN", "JPN"], day(5))}, "日本填了两次"),
        ({"trip": Trip("商务", ["JPN"], day(-1))}, "早于领用日期"),
        ({"trip": Trip("商务", ["JPN"], date(2099, 1, 1))}, "一年以上"),
    ],
)
def test_a_slip_of_the_finger_is_refused_and_no_fault_of_the_card(
    card, keeper, agent, fields, words
) -> None:
    with pytest.raises(LendingRefused, match=words):
        lent(card, keeper, agent, **fields)
    assert reasons(card) == []
    assert not Lending.objects.exists()


@time_machine.travel(MONDAY, tick=False)
def test_a_keeper_who_has_ended_or_is_another_s_hands_nothing_out(
    card, keeper, agent, other_enterprise, other_agent
) -> None:
    stranger = keeper_of(other_enterprise, other_agent)
    keeper.ended_on = day(0)
    keeper.save()
    for somebody in (keeper, stranger):
        with pytest.raises(LendingRefused, match="不保管本单位的卡"):
            lent(card, somebody, agent)


@time_machine.travel(MONDAY, tick=False)
def test_a_double_click_lends_and_refuses_once(card, keeper, agent) -> None:
    first = lent(card, keeper, agent, nonce="same-nonce")
    assert lent(card, keeper, agent, nonce="same-nonce") == first
    for _ in range(2):
        with pytest.raises(LendingRefused):
            lent(card, keeper, agent, nonce="other-nonce")
    assert reasons(card) == ["lent"]


@time_machine.travel(MONDAY, tick=False)
def test_a_return_before_it_was_lent_is_refused_and_kept(card, keeper, agent) -> None:
    with pytest.raises(LendingRefused, match="没有领用出去的记录"):
        returned(card, keeper, agent)
    assert reasons(card) == ["not_returnable"]


@time_machine.travel(MONDAY, tick=False)
def test_a_return_is_neither_before_the_lending_nor_in_the_future(card, keeper, agent) -> None:
    lent(card, keeper, agent)
    with pytest.raises(LendingRefused, match="早于领用时间"):
        returned(card, keeper, agent, back_at=later(-1))
    with pytest.raises(LendingRefused, match="还没有到"):
        returned(card, keeper, agent, back_at=later(1))


def test_out_and_back_with_both_confirmations_are_four_rows(
    card, keeper, agent, client_of: ClientOf
) -> None:
    desk = client_of(agent)
    with time_machine.travel(later(0), tick=False):
        lending = lent(card, keeper, agent)
        page = desk.get(lending.get_absolute_url()).content.decode()
        assert "我是张样例，卡已收到" in page
        desk.post(reverse("cards:lending_confirm", args=[lending.pk]), {"what": "out"})
    with time_machine.travel(later(20), tick=False):
        returned(card, keeper, agent, note="卡套有磨损")
        desk = client_of(agent)
        desk.post(reverse("cards:lending_confirm", args=[lending.pk]), {"what": "back"})
    lending.refresh_from_db()
    assert (lending.overdue_days, lending.remind_on) == (6, None)
    assert lending.state_words == "已归还"
    rows = card.events.exclude(kind=EventKind.ISSUED).values_list("kind", "actor")
    assert list(rows) == [
        (EventKind.LENT, ""),
        (EventKind.BORROWED, "张样例（领用人）"),
        (EventKind.TAKEN_BACK, ""),
        (EventKind.RETURNED, "张样例（领用人）"),
    ]


@time_machine.travel(MONDAY, tick=False)
def test_a_borrower_elsewhere_confirms_once_by_a_link_and_looking_confirms_nothing(
    card, keeper, agent, client, client_of: ClientOf
) -> None:
    lending = lent(card, keeper, agent)
    page = client_of(agent).post(reverse("cards:lending_link", args=[lending.pk]))
    address = page.content.decode().partition("<code>")[2].partition("</code>")[0]
    token = address.rstrip("/").rpartition("/")[2]
    url = reverse("cards:hand_confirm", args=[token])
    shown = client.get(url)
    assert shown.status_code == 200
    assert "张样例" not in shown.content.decode()
    lending.refresh_from_db()
    assert lending.out_confirmed_at is None
    assert "已确认" in client.post(url).content.decode()
    lending.refresh_from_db()
    assert lending.out_way == Lending.Way.LINK
    assert client.get(url).status_code == 410
    event = AuditEvent.objects.filter(action="card.mark").latest("pk")
    assert (event.actor, event.actor_label) == (None, "领用人（凭链接）")


@time_machine.travel(MONDAY, tick=False)
def test_a_new_link_ends_the_one_before_and_so_does_time(card, keeper, agent) -> None:
    lending = lent(card, keeper, agent)
    first, _ = give_link(lending, by=agent)
    second, _ = give_link(lending, by=agent)
    with pytest.raises(LendingLinkRefused):
        link_of(first)
    assert link_of(second).lending == lending
    with (
        time_machine.travel(later(3) + timedelta(minutes=1), tick=False),
        pytest.raises(LendingLinkRefused),
    ):
        link_of(second)


def test_a_made_up_link_says_nothing_of_anybody(client, db) -> None:
    answer = client.get(reverse("cards:hand_confirm", args=["made-up"]))
    assert answer.status_code == 410
    assert "链接已经失效" in answer.content.decode()


@time_machine.travel(MONDAY, tick=False)
def test_the_form_lends_in_one_go_and_shows_the_refusal_beside_what_was_typed(
    card, keeper, agent, client_of: ClientOf
) -> None:
    desk, url = client_of(agent), reverse("cards:lend", args=[card.pk])
    page = desk.get(url).content.decode()
    assert page.index("越南") < page.index("卡背没有") < page.index("韩国")
    typed = {
        "nonce": "0123456789",
        "economies": ["KOR"],
        "trip_ends_on": "2026-11-30",
        "purpose": "参加展会",
        "keeper": keeper.pk,
    }
    refused = desk.post(url, typed)
    assert refused.status_code == 422
    assert "卡背没有韩国" in refused.content.decode()
    assert "参加展会" in refused.content.decode()
    taken = desk.post(url, {**typed, "economies": ["JPN", "VNM"]})
    lending = Lending.objects.get()
    assert taken["Location"] == lending.get_absolute_url()
    back = {"nonce": "9876543210", "keeper": keeper.pk, "note": ""}
    desk.post(reverse("cards:lending_return", args=[card.pk]), back)
    lending.refresh_from_db()
    assert lending.back_at == MONDAY


@time_machine.travel(MONDAY, tick=False)
@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59", "0001-01-01T00:00", "\0", "昨天", "9" * 10_000]
)
def test_a_hostile_time_is_a_sentence(card, keeper, agent, client_of: ClientOf, text) -> None:
    answer = client_of(agent).post(
        reverse("cards:lend", args=[card.pk]),
        {
            "nonce": "0123456789",
            "economies": ["JPN"],
            "trip_ends_on": "2026-11-30",
            "purpose": "商务",
            "keeper": keeper.pk,
            "out_at": text,
        },
    )
    assert answer.status_code == 422
    assert not Lending.objects.exists()


@time_machine.travel(MONDAY, tick=False)
def test_without_a_keeper_one_is_asked_for_first(card, agent, client_of: ClientOf) -> None:
    answer = client_of(agent).get(reverse("cards:lend", args=[card.pk]))
    assert answer["Location"] == reverse("cards:keeper_new", args=[card.enterprise_id])


@time_machine.travel(MONDAY, tick=False)
def test_the_register_asks_the_same_queries_for_one_card_and_thirty(
    enterprise, keeper, agent, client_of: ClientOf, django_assert_max_num_queries
) -> None:
    desk, url = client_of(agent), reverse("cards:register", args=[enterprise.pk])
    lent(card_of(enterprise), keeper, agent)
    for _ in range(29):
        lent(card_of(enterprise), keeper, agent)
    with django_assert_max_num_queries(12):
        page = desk.get(url)
    assert len(page.content) < 60 * 1024
    assert CardEvent.objects.count() > 30


def test_what_cannot_be_done_now_shows_no_form_and_says_why(
    card, keeper, agent, client_of: ClientOf
) -> None:
    desk = client_of(agent)
    lending, giving_back = (
        reverse(view, args=[card.pk]) for view in ("cards:lend", "cards:lending_return")
    )
    page = desk.get(giving_back).text
    assert "没有领用出去" in page
    assert "卡已收回，登记归还" not in page
    lent(card, keeper, agent)
    page = desk.get(lending).text
    assert "先登记归还" in page
    assert f'href="{giving_back}"' in page
    assert "卡已交出，登记领用" not in page
    assert "卡已收回，登记归还" in desk.get(giving_back).text
    returned(card, keeper, agent)
    mark(card, kind=EventKind.LOST, by=agent, nonce="lost")
    page = desk.get(lending).text
    assert "已经挂失，不能领用" in page
    assert f'href="{card.get_absolute_url()}"' in page
    assert "卡已交出，登记领用" not in page


def test_an_error_in_what_is_folded_away_opens_it(card, keeper, agent, client_of: ClientOf) -> None:
    desk, url = client_of(agent), reverse("cards:lend", args=[card.pk])
    opened = re.compile(r'<details class="fold"\s+open>\s*<summary>领用人和时间')
    assert not opened.search(desk.get(url).text)
    assert opened.search(desk.post(url, {"out_at": "昨天"}).text)
    lent(card, keeper, agent)
    url = reverse("cards:lending_return", args=[card.pk])
    opened = re.compile(r'<details class="fold"\s+open>\s*<summary>不是现在归还的')
    assert not opened.search(desk.get(url).text)
    answer = desk.post(url, {"keeper": keeper.pk, "back_at": "2099-01-01 09:00"})
    assert opened.search(answer.text)


def test_the_reason_of_a_trip_is_not_filled_in(card, keeper, agent, client_of: ClientOf) -> None:
    page = client_of(agent).get(reverse("cards:lend", args=[card.pk])).text
    assert "商务洽谈" not in page
    assert "例如：" in page
