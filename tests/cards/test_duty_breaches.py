"""Breaches: stated with evidence, answered, measured; a suspension lapses by itself."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cards.duty.breaches import (
    BreachRefused,
    answer_breach,
    close_breach,
    lift_measure,
    settle_lapsed,
    state_breach,
    take_measure,
)
from cards.models import Breach, Cancellation, Card, Measure
from enterprises.models import Enterprise
from notices.models import Notice
from tests.cards.duty_parts import MONDAY, card_of, day, later
from tests.conftest import ClientOf
from tests.factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def breach(enterprise, agent, officer) -> Breach:
    card = card_of(enterprise)
    return state_breach(
        enterprise,
        kind="not_returned",
        happened_on=day(-3),
        facts="逾期两个月未交回。",
        card=card,
        by=officer,
    )


def measure(breach: Breach, officer, **fields) -> Measure:
    given = {
        "kind": "suspend",
        "starts_on": day(0),
        "ends_on": day(30),
        "review_on": day(15),
        "words": "暂停申办一个月",
    }
    return take_measure(breach, **{**given, **fields}, by=officer)


def test_the_enterprise_reads_the_facts_and_evidence_and_says_its_word(
    enterprise, agent, other_agent, officer, client_of: ClientOf
) -> None:
    card = card_of(enterprise)
    file = SimpleUploadedFile("证据.jpg", picture(5), "image/jpeg")
    typed = {
        "kind": "private_use",
        "happened_on": "2026-11-20",
        "facts": "持卡旅游。",
        "card": card.pk,
        "person": "",
        "files": [file],
    }
    url = reverse("cards:breach_new", args=[enterprise.pk])
    answer = client_of(officer).post(url, typed)
    breach = Breach.objects.get()
    assert answer["Location"] == breach.get_absolute_url()
    assert (breach.person, breach.statement_by) == (card.holder_name, day(5))
    assert Notice.objects.get(recipient=agent).path == breach.get_absolute_url()
    desk = client_of(agent)
    assert "持卡旅游。" in desk.get(breach.get_absolute_url()).content.decode()
    page = reverse("cards:breach_page", args=[breach.pages.get().pk])
    assert desk.get(page).getvalue() == picture(5)
    assert client_of(other_agent).get(page).status_code == 404
    state = reverse("cards:breach_state", args=[breach.pk])
    own = SimpleUploadedFile("说明.jpg", picture(6), "image/jpeg")
    desk.post(state, {"statement": "是参加展会。", "files": [own]})
    breach.refresh_from_db()
    assert (breach.statement, breach.stated_by) == ("是参加展会。", agent)
    assert [page.by_enterprise for page in breach.pages.current()] == [False, True]
    again = desk.post(state, {"statement": "改口"})
    assert "不能再改" in again.content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"happened_on": day(1)}, "还没有到"),
        ({"happened_on": date(2026, 1, 1)}, "早于这张卡的发卡日期"),
    ],
)
def test_dates_that_cannot_be_are_refused(enterprise, agent, officer, fields, words) -> None:
    with pytest.raises(BreachRefused, match=words):
        state_breach(
            enterprise, kind="other", facts="事实", card=card_of(enterprise), by=officer, **fields
        )


def test_another_enterprise_s_card_is_refused(enterprise, other_enterprise, agent, officer) -> None:
    card = card_of(other_enterprise)
    with pytest.raises(BreachRefused, match="不是这个企业的"):
        state_breach(
            enterprise, kind="other", happened_on=day(0), facts="事实", card=card, by=officer
        )


def test_the_same_facts_once_more_are_the_same_breach(breach, officer) -> None:
    again = state_breach(
        breach.enterprise,
        kind="not_returned",
        happened_on=day(-3),
        facts="逾期两个月未交回。",
        by=officer,
    )
    assert again == breach


def test_a_suspension_is_told_with_why_and_until_when_and_lapses_on_the_day(
    breach, agent, officer
) -> None:
    measure(breach, officer)
    measure(breach, officer)
    enterprise = Enterprise.objects.get()
    assert "到2026年12月23日（含当天）为止" in enterprise.suspended_words
    assert "暂停申办一个月" in enterprise.suspended_words
    assert Notice.objects.filter(recipient=agent, cause__startswith="cards:measure:").count() == 1
    with time_machine.travel(later(31), tick=False):
        assert Enterprise.objects.get().suspended_words == ""


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_on": None}, "要写明到哪一天"),
        ({"ends_on": day(-1), "starts_on": day(-2)}, "已经过了"),
        ({"starts_on": day(5), "ends_on": day(4)}, "早于起始日期"),
        ({"starts_on": day(-9)}, "早于违规发生"),
        ({"review_on": day(-1)}, "复查日期早于今天"),
        ({"starts_on": date(2199, 1, 1), "ends_on": date(2199, 1, 1)}, "核对年份"),
        ({"ends_on": date(2199, 1, 1)}, "超过十年"),
    ],
)
def test_a_measure_s_days_are_in_order(breach, officer, fields, words) -> None:
    with pytest.raises(BreachRefused, match=words):
        measure(breach, officer, **fields)
    assert not Measure.objects.exists()


def test_of_two_suspensions_the_longer_counts_and_the_next_begins_by_itself(
    breach, officer
) -> None:
    measure(breach, officer, ends_on=day(10))
    measure(breach, officer, starts_on=day(20), ends_on=day(40), review_on=None)
    assert Enterprise.objects.get().suspended_until == day(10)
    with time_machine.travel(later(12), tick=False):
        assert settle_lapsed(day(12)) == 1
        assert settle_lapsed(day(12)) == 0
        assert not Enterprise.objects.get().is_suspended
    with time_machine.travel(later(20), tick=False):
        assert Enterprise.objects.get().is_suspended


def test_lifted_it_ends_at_once_and_says_why(breach, officer) -> None:
    found = measure(breach, officer, kind="disqualify", ends_on=None)
    assert Enterprise.objects.get().is_suspended
    for _ in range(2):
        lift_measure(found, words="已经改正", by=officer)
    assert not Enterprise.objects.get().is_suspended
    assert "已经改正" in Notice.objects.filter(cause__endswith=":lifted").get().body


def test_a_talk_is_not_lifted(breach, officer) -> None:
    found = measure(breach, officer, kind="talk", ends_on=None)
    with pytest.raises(BreachRefused, match="一次性"):
        lift_measure(found, words="改正", by=officer)


def test_to_cancel_a_card_begins_its_cancellation(breach, officer) -> None:
    measure(breach, officer, kind="cancel", ends_on=None, words="决定注销该卡")
    card = Card.objects.get()
    begun = Cancellation.objects.get(card=card)
    assert card.status == Card.Status.CANCELLING
    assert (begun.cause_label, begun.due_on) == ("违规用卡", day(30))
    assert begun.waits_for == ("打印注销申请，盖章后上传、提交", "企业经办人")
    assert "决定注销该卡" in begun.application.card_request.words


def test_without_a_card_there_is_none_to_cancel(enterprise, agent, officer) -> None:
    made = state_breach(enterprise, kind="other", happened_on=day(0), facts="事实", by=officer)
    with pytest.raises(BreachRefused, match="没有写明是哪张卡"):
        measure(made, officer, kind="cancel", ends_on=None)


def test_what_is_closed_is_not_changed_any_more(breach, agent, officer) -> None:
    for _ in range(2):
        close_breach(breach, outcome="已约谈，已改正", by=officer)
    with pytest.raises(BreachRefused, match="已经办结"):
        answer_breach(breach, statement="说明", by=agent)
    with pytest.raises(BreachRefused, match="已经办结"):
        measure(breach, officer)


def test_the_list_costs_the_same_for_fifty(
    enterprise, agent, officer, client_of, django_assert_max_num_queries
) -> None:
    for number in range(50):
        made = enterprise.breaches.create(
            kind="other",
            happened_on=day(0),
            facts=f"事实{number}",
            statement_by=day(5),
            created_by=officer,
        )
        made.measures.create(kind="talk", starts_on=day(0), words="约谈", decided_by=officer)
    with django_assert_max_num_queries(12):
        page = client_of(officer).get(reverse("cards:breach_list"))
    assert len(page.content) < 60 * 1024


def test_a_review_and_a_lift_without_words_are_refused_in_words(breach, officer, client_of) -> None:
    found = measure(breach, officer)
    for name in ("measure_review", "measure_lift"):
        answer = client_of(officer).post(
            reverse(f"cards:{name}", args=[found.pk]), {"words": ""}, follow=True
        )
        assert "请填写" in answer.content.decode()
    found.refresh_from_db()
    assert (found.reviewed_at, found.lifted_at) == (None, None)


def test_of_two_officers_who_decide_the_second_is_told_of_the_first(
    breach, officer, other_officer
) -> None:
    measure(breach, officer)
    with pytest.raises(BreachRefused, match="专员甲已于2026年11月23日10:00决定了“中止申办”"):
        measure(breach, other_officer)
    assert Measure.objects.count() == 1
