"""What a message waits on: who answers, and what a digest does with what is gone."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail

from accounts.models import User
from notices.conditions import Condition, answers_for, why_not_needed
from notices.delivery import deliver
from notices.lapsed import read_lapsed
from notices.models import Delivery, Notice, Preferences
from notices.tasks import sweep
from tests.conftest import ClientOf
from tests.notices.conftest import tell

State = Delivery.State
MORNING = "2026-11-24T08:00:00+08:00"
GONE: set[int] = set()


def answer(notices: Sequence[Notice]) -> dict[int, str]:
    """Stands in for a room: row numbers in GONE are done."""
    return {notice.pk: "已办完" for notice in notices if set(notice.about) <= GONE}


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    GONE.clear()
    declared = {"test.row": "tests.notices.test_conditions.answer"}
    monkeypatch.setattr(apps.get_app_config("core"), "notice_conditions", declared, raising=False)
    return GONE.add


def about(*numbers: int) -> Condition:
    return Condition("test.row", numbers)


def test_without_a_condition_a_message_always_stands(officer: User) -> None:
    assert why_not_needed([tell(officer)]) == {}


def test_a_message_about_several_stands_while_one_of_them_does(
    officer: User, rows: Callable[[int], None]
) -> None:
    notice = tell(officer, condition=about(1, 2))
    rows(1)
    assert why_not_needed([notice]) == {}
    rows(2)
    assert why_not_needed([notice]) == {notice.pk: "已办完"}


def test_a_condition_nobody_answers_for_sends_nothing_and_loses_nothing(officer: User) -> None:
    notice = tell(officer, condition=Condition("test.other", (1,)))
    delivery = notice.deliveries.get()
    with pytest.raises(LookupError, match="没有登记"):
        deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, mail.outbox) == (State.QUEUED, [])


def test_every_answer_that_is_named_exists(db: None) -> None:
    names = {
        "applications.newest_move",
        "reviews.in_hand",
        "reviews.unsigned",
        "reviews.open",
        "reviews.reminder",
    }
    for name in names:
        assert answers_for(name)([]) == {}


def test_a_digest_leaves_out_what_is_gone(officer: User, rows: Callable[[int], None]) -> None:
    Preferences.objects.create(user=officer, digest=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        gone, stands = (tell(officer, number=number, condition=about(number)) for number in (1, 2))
        rows(1)
        clock.shift(timedelta(hours=1))
        sweep()
    assert "（1条）" in mail.outbox[0].subject
    assert gone.deliveries.get().state == State.WITHDRAWN
    assert stands.deliveries.get().state == State.SENT


@pytest.mark.parametrize("done", [1, 2])
def test_a_digest_that_is_tried_again_leaves_out_what_is_gone_by_then(
    officer: User, rows: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    """Also where the first of it, which leads the others, is the one that is gone."""

    def refuse(_self: object, _messages: object) -> int:
        raise ConnectionRefusedError("refused")

    Preferences.objects.create(user=officer, digest=True)
    with time_machine.travel(MORNING, tick=False) as clock:
        for number in (1, 2, 3):
            tell(officer, number=number, condition=about(number))
        clock.shift(timedelta(hours=1))
        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
            sweep()
        rows(done)
        clock.shift(timedelta(minutes=5))
        sweep()
        sweep()
    [message] = mail.outbox
    assert "（2条）" in message.subject
    by_number = Delivery.objects.order_by("pk").values_list("state", "attempts")
    expected = [(State.SENT, 0), (State.SENT, 0), (State.SENT, 0)]
    expected[done - 1] = (State.WITHDRAWN, 1 if done == 1 else 0)
    leader = 1 if done == 1 else 0
    expected[leader] = (State.SENT, 2)
    assert list(by_number) == expected


def test_the_ledger_shows_what_was_withdrawn_and_why(
    client_of: ClientOf, officer: User, agent: User, rows: Callable[[int], None]
) -> None:
    tell(agent, number=1, condition=about(1))
    tell(agent, number=2)
    rows(1)
    sweep()
    page = client_of(officer).get("/notices/deliveries/?state=withdrawn")
    assert "已撤回，不再需要" in page.text
    assert "已办完，没有发出" in page.text
    assert len(page.context["page"]) == 1


def test_the_inbox_says_that_nothing_is_to_be_done_any_more(
    client_of: ClientOf, agent: User, rows: Callable[[int], None]
) -> None:
    tell(agent, condition=about(1))
    assert "不用再办" not in client_of(agent).get("/notices/").text
    rows(1)
    assert "已办完，不用再办。" in client_of(agent).get("/notices/").text


def test_what_needs_nothing_any_more_is_read(
    client_of: ClientOf, agent: User, rows: Callable[[int], None]
) -> None:
    done, standing = tell(agent, number=1, condition=about(1)), tell(agent, number=2)
    still = tell(agent, number=3, condition=about(3))
    sweep()
    rows(1)
    assert "有3条未读" in client_of(agent).get("/notices/").text
    assert (read_lapsed(), read_lapsed()) == (1, 0)
    for notice in (done, standing, still):
        notice.refresh_from_db()
    assert [notice.read_at is None for notice in (done, standing, still)] == [False, True, True]
    assert "有2条未读" in client_of(agent).get("/notices/").text


def test_what_is_still_to_be_sent_is_left_to_its_delivery(
    agent: User, rows: Callable[[int], None]
) -> None:
    notice = tell(agent, condition=about(1))
    rows(1)
    assert read_lapsed() == 0
    sweep()
    assert Delivery.objects.get().state == State.WITHDRAWN
    assert read_lapsed() == 1
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_reading_costs_the_same_for_one_and_for_fifty(
    agent: User, rows: Callable[[int], None], django_assert_num_queries: Any
) -> None:
    for number in range(50):
        tell(agent, number=number, condition=about(number))
    Delivery.objects.all().delete()
    rows(1)
    with django_assert_num_queries(3):
        assert read_lapsed() == 1
