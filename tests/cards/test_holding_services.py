"""A card is entered once, for one person, with days that can be; and marked by one function."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, User
from applications.models import Applicant
from cards.holding.services import CardRefused, issue_card, mark
from cards.models import Card, CardEvent, EventKind
from tests.factories import ApplicantFactory, CardFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
ISSUED = date(2026, 3, 2)
UNTIL = date(2031, 3, 1)


def enter(applicant: Applicant, by: User, **fields) -> Card:
    given: dict[str, Any] = {"number": "c 1234-5678", "issued_on": ISSUED, "card_until": UNTIL}
    given |= {"economies": {"JPN": None, "VNM": date(2028, 1, 1)}} | fields
    return issue_card(applicant=applicant, by=by, **given)


@pytest.fixture
def holder(enterprise) -> Applicant:
    return ApplicantFactory.create(enterprise=enterprise, passport_expires_on=date(2029, 6, 10))


def test_a_card_takes_over_what_is_known_and_ends_with_the_passport(holder, officer) -> None:
    card = enter(holder, officer)
    assert (card.enterprise, card.holder_name) == (holder.enterprise, holder.name)
    assert card.number == "C12345678"
    assert card.masked_number == "*****5678"
    assert card.passport_number == holder.passport_number
    assert card.ends_on == date(2029, 6, 10)
    assert card.economy_codes == ["JPN", "VNM"]
    assert [one.ends_on for one in card.economies.all()] == [date(2029, 6, 10), date(2028, 1, 1)]
    assert [event.kind for event in card.events.all()] == [EventKind.ISSUED]
    assert AuditEvent.objects.get(action="card.issue").actor == officer


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"issued_on": date(2999, 1, 1)}, "issued_on", "还没有到"),
        ({"card_until": ISSUED}, "card_until", "不晚于发卡日期2026年3月2日"),
        ({"passport_until": date(2026, 3, 1)}, "passport_until", "护照"),
        ({"economies": {"JPN": date(2025, 1, 1)}}, "economies", "日本的有效期2025年1月1日"),
        ({"economies": {"USA": None}}, "economies", "USA"),
        ({"passport_number": "EA9999999"}, "passport_number", "不一致"),
    ],
)
def test_what_cannot_be_is_refused_in_words(holder, officer, fields, field, words) -> None:
    with pytest.raises(CardRefused, match=words) as refused:
        enter(holder, officer, **fields)
    assert refused.value.field == field
    assert not Card.objects.exists()


def test_one_person_has_one_live_card_and_a_number_is_entered_once(holder, officer) -> None:
    card = enter(holder, officer)
    with pytest.raises(CardRefused, match="一个人只能有一张卡"):
        enter(holder, officer, number="C87654321")
    other = ApplicantFactory.create(enterprise=holder.enterprise)
    with pytest.raises(CardRefused, match="这个卡号已经登记过"):
        enter(other, officer)
    mark(card, kind=EventKind.CANCELLED, by=officer)
    assert enter(holder, officer, number="C87654321").is_live


def test_entered_twice_by_one_click_it_is_one_card(holder, officer) -> None:
    first = enter(holder, officer, nonce="n1")
    assert enter(holder, officer, nonce="n1") == first


def test_lost_found_and_cancelled_follow_one_another_and_the_second_hears_of_the_first(
    agent, officer
) -> None:
    card = CardFactory.create()
    mark(card, kind=EventKind.LOST, by=agent, detail="机场遗失", nonce="a")
    assert mark(card, kind=EventKind.LOST, by=agent, nonce="a").detail == "机场遗失"
    with pytest.raises(CardRefused, match=r"经办人甲.*已经登记了“挂失”"):
        mark(card, kind=EventKind.LOST, by=officer, nonce="b")
    mark(card, kind=EventKind.CANCEL_ASKED, by=officer)
    mark(card, kind=EventKind.CANCEL_DROPPED, by=officer)
    assert Card.objects.get().status == Card.Status.LOST
    mark(card, kind=EventKind.FOUND, by=officer)
    mark(card, kind=EventKind.CANCELLED, by=officer)
    assert Card.objects.get().status == Card.Status.CANCELLED
    assert CardEvent.objects.filter(kind=EventKind.LOST).count() == 1


def test_nothing_happens_to_a_card_before_it_was_issued_or_in_the_future(officer) -> None:
    card = CardFactory.create()
    now = timezone.now()
    with pytest.raises(CardRefused, match="还没有到"):
        mark(card, kind=EventKind.LOST, by=officer, effective_at=now + timedelta(hours=1))
    with pytest.raises(CardRefused, match="早于发卡日期"):
        mark(card, kind=EventKind.LOST, by=officer, effective_at=now - timedelta(days=400))


def test_a_refused_attempt_is_a_row_and_changes_nothing(officer) -> None:
    card = CardFactory.create()
    event = mark(card, kind=EventKind.LOST, by=officer, ok=False, reason_code="no_reason")
    assert not event.ok
    assert Card.objects.get().status == Card.Status.IN_USE


def test_a_card_is_seen_by_its_own_enterprise_and_the_station(
    agent, other_agent, officer, tax_liaison, station_head
) -> None:
    card = CardFactory.create(applicant__enterprise=agent.agency.enterprise)
    seen = [
        user for user in (agent, officer, station_head) if card in Card.objects.visible_to(user)
    ]
    assert seen == [agent, officer, station_head]
    for user in (other_agent, tax_liaison):
        assert not Card.objects.visible_to(user).exists()
