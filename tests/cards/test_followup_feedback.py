"""Feedback of holders: a link without account, usable once, that asks three things."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AuditEvent
from cards.followup.feedback import FeedbackRefused, give_link, link_of
from cards.models import Feedback
from tests.cards.duty_parts import MONDAY, card_of, later
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def address(page: bytes) -> str:
    shown = page.decode().partition("<code>")[2].partition("</code>")[0]
    return "/" + shown.partition("//")[2].partition("/")[2]


def test_three_questions_answered_once_by_whoever_holds_the_link(
    enterprise, agent, officer, client, client_of: ClientOf
) -> None:
    card = card_of(enterprise)
    given = client_of(agent).post(reverse("cards:feedback_link", args=[card.pk]))
    url = address(given.content)
    page = client.get(url)
    assert "张样例" not in page.content.decode()
    assert client.post(url, {"economies": ["JPN"]}).status_code == 422
    typed = {"economies": ["VNM", "JPN"], "gate": "fast", "trouble": "通道不好找"}
    assert "已收到" in client.post(url, typed).content.decode()
    assert client.post(url, typed).status_code == 410
    feedback = Feedback.objects.get()
    assert (feedback.economies, feedback.gate) == (["JPN", "VNM"], "fast")
    event = AuditEvent.objects.get(action="followup.feedback")
    assert (event.actor, event.actor_label) == (None, "持卡人（凭链接）")
    history = client_of(officer).get(reverse("cards:enterprise_duty", args=[enterprise.pk]))
    assert "通道不好找" in history.content.decode()


def test_a_new_link_ends_the_one_before_and_so_does_a_month(enterprise, agent) -> None:
    card = card_of(enterprise)
    first, second = give_link(card, by=agent), give_link(card, by=agent)
    with pytest.raises(FeedbackRefused):
        link_of(first)
    assert link_of(second).card == card
    with time_machine.travel(later(30) + timedelta(minutes=1)), pytest.raises(FeedbackRefused):
        link_of(second)


def test_a_link_of_a_closed_account_ends(enterprise, agent) -> None:
    token = give_link(card_of(enterprise), by=agent)
    agent.is_active = False
    agent.save()
    with pytest.raises(FeedbackRefused):
        link_of(token)


@pytest.mark.parametrize(
    "typed",
    [
        {"gate": "light"},
        {"gate": "fast", "economies": ["USA"]},
        {"gate": "fast", "trouble": "长" * 10_000},
    ],
)
def test_what_is_no_answer_is_said_in_words(enterprise, agent, client, typed) -> None:
    url = reverse("cards:feedback", args=[give_link(card_of(enterprise), by=agent)])
    assert client.post(url, typed).status_code == 422
    assert not Feedback.objects.exists()


def test_many_tries_from_one_place_are_slowed_down(client, db) -> None:
    url = reverse("cards:feedback", args=["guess"])
    assert [client.post(url).status_code for _ in range(21)] == [410] * 20 + [429]


def test_an_outsider_gives_no_link_for_another_s_card(enterprise, agent, other_agent, client_of):
    card = card_of(enterprise)
    answer = client_of(other_agent).post(reverse("cards:feedback_link", args=[card.pk]))
    assert answer.status_code == 404
