"""The radar: 12, 6, 3 and 1 months ahead, one digest a day, and nothing that was dealt with.

The year is played with the clock; by hand stands whom it reminds of what, and when.
"""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from applications.kinds import Kind
from applications.workflow import Status
from cards.holding.radar import Rules, ends_of
from cards.holding.radar_services import settle
from cards.holding.radar_sweep import sweep
from cards.holding.refusals import CardRefused
from cards.holding.services import mark
from cards.models import Card, EventKind, RadarMark
from notices.models import Notice
from reviews.calendar_feed import feed
from tests.factories import ApplicantFactory, ApplicationFactory, CardFactory, agent_of

pytestmark = pytest.mark.django_db
RULES = Rules((12, 6, 3, 1), renewal_months=6, window_months=6)


def at(day: date) -> datetime:
    """Half past nine in the morning, here."""
    return datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC)


def card_of(enterprise, name: str, until: date, **fields) -> Card:
    applicant = ApplicantFactory.create(
        enterprise=enterprise, name=name, passport_expires_on=date(2035, 1, 1)
    )
    fields.setdefault("economies", ["JPN"])
    return CardFactory.create(
        applicant=applicant,
        issued_on=date(2025, 1, 10),
        card_until=until,
        next_radar_on=date(2026, 1, 1),
        **fields,
    )


def play(first: date, last: date, **acts) -> list[tuple[str, str, str]]:
    """Run the sweep once a day and give (day, who, first line) of each notice."""
    told = []
    day = first
    while day <= last:
        with time_machine.travel(at(day), tick=False):
            before = set(Notice.objects.values_list("pk", flat=True))
            act = acts.get(f"on_{day:%Y_%m_%d}")
            if act:
                act()
            sweep()
            new = Notice.objects.exclude(pk__in=before).order_by("pk")
            told += [(day.isoformat(), one.recipient.name, one.subject) for one in new]
        day = date.fromordinal(day.toordinal() + 1)
    return told


def test_what_ends_first_counts_and_what_ends_with_the_card_is_not_said_twice() -> None:
    card = Card(
        card_until=date(2031, 3, 1), passport_until=date(2029, 6, 10), ends_on=date(2029, 6, 10)
    )
    own = [("JPN", None), ("VNM", date(2030, 1, 1)), ("THA", date(2028, 5, 1))]
    assert [(end.subject, end.day) for end in ends_of(card, own)] == [
        ("THA", date(2028, 5, 1)),
        ("passport", date(2029, 6, 10)),
    ]
    card.passport_until = date(2032, 1, 1)
    card.ends_on = card.card_until
    assert [end.subject for end in ends_of(card, own)] == ["THA", "VNM", "card", "passport"]


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2026, 12, 9), None),
        (date(2026, 12, 10), 12),
        (date(2027, 6, 9), 12),
        (date(2027, 6, 10), 6),
        (date(2027, 9, 10), 3),
        (date(2027, 11, 10), 1),
        (date(2027, 12, 10), 1),
    ],
)
def test_the_stages_of_an_end_on_2027_12_10(today, stage) -> None:
    assert RULES.stage(date(2027, 12, 10), today) == stage


def test_a_renewal_begins_as_long_ahead_as_it_takes_and_not_before_it_may_be_asked() -> None:
    assert RULES.begin_on(date(2027, 12, 10)) == date(2027, 6, 10)
    assert Rules((12,), renewal_months=8, window_months=6).begin_on(date(2027, 12, 10)) == date(
        2027, 6, 10
    )
    assert Rules((12,), renewal_months=4, window_months=6).begin_on(date(2027, 12, 10)) == date(
        2027, 8, 10
    )


@pytest.fixture
def people(enterprise, other_enterprise, officer) -> dict[str, User]:
    return {
        "甲": agent_of(enterprise, name="甲企业经办人"),
        "乙": agent_of(other_enterprise, name="乙企业经办人"),
    }


def test_a_year(enterprise, other_enterprise, officer, people) -> None:
    officer.name = "专员"
    officer.save()
    # Card until 2027-12-10; another that the holder gives back; one whose Vietnam ends earlier.
    card_of(enterprise, "张样例", date(2027, 12, 10))
    given_back = card_of(enterprise, "李样例", date(2027, 12, 10))
    own = card_of(other_enterprise, "王样例", date(2029, 1, 9), economies=["JPN", "VNM"])
    own.economies.filter(economy="VNM").update(valid_until=date(2027, 8, 31))
    renewed = card_of(other_enterprise, "赵样例", date(2027, 11, 30))

    def give_back() -> None:
        mark(given_back, kind=EventKind.CANCELLED, by=officer)

    def renew() -> None:
        ApplicationFactory.create(
            applicant=renewed.applicant, submitted=True, kind=Kind.RENEW, status=Status.SUBMITTED
        )

    def deal() -> None:
        settle(
            own,
            subject="VNM",
            ends_on=date(2027, 8, 31),
            reason="今后不去越南",
            by=people["乙"],
        )

    told = play(
        date(2026, 12, 1),
        date(2027, 12, 31),
        on_2027_03_05=give_back,
        on_2027_07_01=renew,
        on_2027_06_01=deal,
    )
    station = "1项商务旅行卡到期提醒已告知企业"
    assert told == [
        # Twelve months before: Zhao's, and Wang's Vietnam that has less than twelve left.
        ("2026-12-01", "乙企业经办人", "2项商务旅行卡到期提醒"),
        ("2026-12-01", "专员", "2项商务旅行卡到期提醒已告知企业"),
        # Both cards of the other enterprise in one digest.
        ("2026-12-10", "甲企业经办人", "2项商务旅行卡到期提醒"),
        ("2026-12-10", "专员", "2项商务旅行卡到期提醒已告知企业"),
        # Vietnam at six months (the last day of February).
        ("2027-02-28", "乙企业经办人", "1项商务旅行卡到期提醒"),
        ("2027-02-28", "专员", station),
        # Vietnam at three months (the last day of May), and Zhao's at six, the day before.
        ("2027-05-30", "乙企业经办人", "1项商务旅行卡到期提醒"),
        ("2027-05-30", "专员", station),
        ("2027-05-31", "乙企业经办人", "1项商务旅行卡到期提醒"),
        ("2027-05-31", "专员", station),
        # Zhang's at six; Li's was given back in March and reminds no more.
        ("2027-06-10", "甲企业经办人", "1项商务旅行卡到期提醒"),
        ("2027-06-10", "专员", station),
        # Vietnam was dealt with in June, Zhao renews since July: only Zhang's is left.
        ("2027-09-10", "甲企业经办人", "1项商务旅行卡到期提醒"),
        ("2027-09-10", "专员", station),
        ("2027-11-10", "甲企业经办人", "1项商务旅行卡到期提醒"),
        ("2027-11-10", "专员", station),
    ]
    first = Notice.objects.filter(recipient=people["甲"]).order_by("pk")[0]
    assert "张样例（卡号*****" in first.body
    assert "2027年6月10日起开始续办" in first.body
    last = Notice.objects.filter(recipient=people["甲"]).order_by("-pk")[0]
    assert "现在就要开始续办" in last.body


def test_days_that_were_missed_cost_one_digest_and_twice_a_day_none(enterprise, people) -> None:
    card_of(enterprise, "张样例", date(2027, 12, 10))
    with time_machine.travel(at(date(2027, 10, 1)), tick=False):
        sweep()
        sweep()
    assert Notice.objects.filter(recipient=people["甲"]).count() == 1
    assert [mark.months for mark in RadarMark.objects.all()] == [3]
    with time_machine.travel(at(date(2027, 10, 1)), tick=False):
        card_of(enterprise, "李样例", date(2027, 12, 10))
        sweep()
        assert Notice.objects.filter(recipient=people["甲"]).count() == 1
    with time_machine.travel(at(date(2027, 10, 2)), tick=False):
        sweep()
    assert Notice.objects.filter(recipient=people["甲"]).count() == 2


def test_it_looks_at_what_is_due_and_at_nothing_else(enterprise, django_assert_num_queries) -> None:
    for number in range(30):
        card_of(enterprise, f"样例{number}", date(2029, 12, 10))
    with time_machine.travel(at(date(2027, 1, 4)), tick=False):
        sweep()
        assert set(Card.objects.values_list("next_radar_on", flat=True)) == {date(2028, 12, 10)}
        # The parameters, the due cards, what officers were not told.
        with django_assert_num_queries(6):
            sweep()


def test_what_was_dealt_with_by_hand_leaves_the_page_and_a_corrected_day_begins_anew(
    enterprise, agent, client_of
) -> None:
    with time_machine.travel(at(date(2027, 10, 1)), tick=False):
        card = card_of(enterprise, "张样例", date(2027, 12, 10))
        sweep()
        client = client_of(agent)
        radar = reverse("cards:radar")
        assert "现在就要开始" in client.get(radar).content.decode()
        address = reverse("cards:card_settle", args=[card.pk])
        data = {"subject": "card", "ends_on": "2027-12-10", "reason": "月底退休，不续办"}
        assert client.post(address, data | {"reason": ""}).status_code == 422
        assert client.post(address, data | {"ends_on": "2027-12-11"}).status_code == 422
        client.post(address, data)
        client.post(address, data)
        assert RadarMark.objects.filter(kind="settled").count() == 1
        assert "张样例" not in client.get(radar).content.decode()
        assert card.events.last().detail == "卡2027年12月10日到期：月底退休，不续办"  # type: ignore[union-attr]
        Card.objects.filter(pk=card.pk).update(
            card_until=date(2027, 12, 20), ends_on=date(2027, 12, 20)
        )
        with pytest.raises(CardRefused):
            settle(card, subject="card", ends_on=date(2027, 12, 10), reason="x", by=agent)


def test_agents_see_their_own_ends_alone(
    enterprise, other_enterprise, agent, other_agent, client_of
) -> None:
    with time_machine.travel(at(date(2027, 10, 1)), tick=False):
        card_of(enterprise, "张样例", date(2027, 12, 10))
        sweep()
        assert "张样例" in client_of(agent).get(reverse("cards:radar")).content.decode()
        assert "张样例" not in client_of(other_agent).get(reverse("cards:radar")).content.decode()


def test_the_calendar_has_the_end_and_the_beginning_and_names_nobody(enterprise, agent) -> None:
    with time_machine.travel(at(date(2027, 1, 4)), tick=False):
        card = card_of(enterprise, "张样例", date(2027, 12, 10), number="C00005678")
        sweep()
        ics = feed(agent).decode().replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20271210" in ics
    assert "DTSTART;VALUE=DATE:20270610" in ics
    assert "商务旅行卡（尾号5678）：卡到期" in ics
    assert f"UID:card-{card.pk}-begin-card@" in ics
    assert "张样例" not in ics
    assert enterprise.name not in ics
