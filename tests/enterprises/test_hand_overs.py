"""A hand-over by the station: on proof, told to both sides, stopped by an objection."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.confirmation import confirm
from accounts.mailboxes import ask_mailbox, make_token
from accounts.models import AuditEvent, User
from applications.models import Application
from enterprises.hand_overs import complete_due, objection_path
from enterprises.models import Enterprise, HandOver
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import PASSWORD, agent_of, picture

pytestmark = pytest.mark.django_db
MONDAY = datetime.fromisoformat("2026-11-23T10:00+08:00")
THURSDAY_EVENING = datetime.fromisoformat("2026-11-26T18:00+08:00")
PERSON = {
    "name": "王经办",
    "email": "wang@example.com",
    "phone": "13800001111",
    "reason": "原经办人已离职，企业来函更换",
}


def begin(client: Client, enterprise: Enterprise, **changed: Any) -> Any:
    proof = io.BytesIO(picture(1))
    proof.name = "授权书.jpg"
    url = f"/enterprises/{enterprise.pk}/hand-over/"
    return client.post(url, {**PERSON, "proof": proof, **changed}, follow=True)


@pytest.fixture
def begun(
    client_of: ClientOf, enterprise: Enterprise, agent: User, officer: User, draft: Application
) -> HandOver:
    Application.objects.update(handled_by=agent)
    with time_machine.travel(MONDAY, tick=False):
        begin(client_of(officer), enterprise)
    return HandOver.objects.get()


def letter_to(agent: User) -> Notice:
    return Notice.objects.get(recipient=agent, subject__contains="经办人将要变更")


def test_the_former_agent_is_told_and_has_three_working_days(begun: HandOver, agent: User) -> None:
    assert begun.is_open
    assert timezone.localtime(begun.takes_effect_at).date() == THURSDAY_EVENING.date()
    told = letter_to(agent)
    assert "王经办" in told.body
    assert "原经办人已离职" in told.body
    assert Notice.objects.get(address="wang@example.com").path == ""
    assert begun.pages.count() == 1
    assert not User.objects.filter(email="wang@example.com").exists()


def test_without_an_objection_it_takes_effect_by_itself(
    begun: HandOver, agent: User, draft: Application
) -> None:
    with time_machine.travel(begun.takes_effect_at - timedelta(minutes=1), tick=False):
        assert complete_due() == 0
    with time_machine.travel(begun.takes_effect_at, tick=False):
        assert complete_due() == 1
        assert complete_due() == 0

    agent.refresh_from_db()
    draft.refresh_from_db()
    new = User.objects.get(email="wang@example.com")
    assert (agent.is_active, agent.email) == (False, "")
    assert draft.handled_by == new
    assert Notice.objects.filter(recipient=new).exclude(path="").count() == 1
    assert Notice.objects.filter(recipient=agent, address="agent@example.com").exists()
    assert HandOver.objects.get().outcome == "done"


def test_an_objection_without_signing_in_stops_it(
    begun: HandOver, agent: User, officer: User, client_of: ClientOf
) -> None:
    link = letter_to(agent).path
    stranger = Client()
    assert "您不同意变更经办人吗" in stranger.get(link).text
    assert not HandOver.objects.get().is_objected_to
    assert "请写明不同意的理由" in stranger.post(link, {"words": " "}).text
    own = f"/enterprises/{begun.enterprise_id}/"
    assert "起生效。不同意的" in client_of(agent).get(own).text
    assert "移交暂停" in stranger.post(link, {"words": "我还在职，公章被人冒用。"}).text

    with time_machine.travel(begun.takes_effect_at + timedelta(days=30), tick=False):
        assert complete_due() == 0
    assert "我还在职" in Notice.objects.get(recipient=officer, subject__contains="异议").body
    assert "已有人提出异议，移交暂停" in client_of(agent).get(own).text
    client = client_of(officer)
    assert "经办移交有异议" in client.get("/").text
    assert (
        "我还在职，公章被人冒用。"
        in client.get(f"/enterprises/{begun.enterprise_id}/station/").text
    )
    client.post(f"/enterprises/hand-overs/{begun.pk}/drop/")
    assert "经办移交有异议" not in client.get("/").text
    agent.refresh_from_db()
    assert agent.is_active
    assert Notice.objects.filter(recipient=agent, subject__contains="不变更").exists()
    assert stranger.post(link, {"words": "又来"}).status_code == 410


def test_each_agent_objects_once_and_all_their_words_are_kept(
    begun: HandOver, enterprise: Enterprise, agent: User, officer: User
) -> None:
    colleague = agent_of(enterprise, username="mate@example.com", name="经办人丁")
    for person, words in ((agent, "我还在职。"), (colleague, "公章丢了。"), (agent, "又来。")):
        page = Client().post(objection_path(begun, person), {"words": words})
        assert "异议已收到" in page.text

    begun.refresh_from_db()
    assert begun.objection == f"{agent.name}：我还在职。\n经办人丁：公章丢了。"
    assert begun.objected_by == agent
    assert Notice.objects.filter(recipient=officer, subject__contains="异议").count() == 2
    objections = AuditEvent.objects.filter(action="enterprise.object_hand_over")
    assert sorted(event.actor_id for event in objections) == sorted([agent.pk, colleague.pk])


def test_an_agent_who_was_removed_objects_no_more(begun: HandOver, agent: User) -> None:
    link = letter_to(agent).path
    User.objects.filter(pk=agent.pk).update(is_active=False)
    assert "您已不是这个企业的经办人" in Client().get(link).text
    assert Client().post(link, {"words": "我不同意"}).status_code == 410
    assert not HandOver.objects.get().is_objected_to


def test_where_nobody_is_left_it_takes_effect_at_once(
    client_of: ClientOf, enterprise: Enterprise, agent: User, officer: User, draft: Application
) -> None:
    Application.objects.update(handled_by=agent)
    User.objects.filter(pk=agent.pk).update(is_active=False)
    page = begin(client_of(officer), enterprise)
    assert "移交已生效，邀请已发到wang@example.com。" in page.text
    draft.refresh_from_db()
    assert draft.handled_by == User.objects.get(email="wang@example.com")


def due(hand_over: HandOver) -> HandOver:
    """Its wait is over."""
    HandOver.objects.filter(pk=hand_over.pk).update(takes_effect_at=timezone.now())
    return hand_over


def may_sign_in(mailbox: str, password: str) -> bool:
    data = {"username": mailbox, "password": password}
    return Client().post("/accounts/sign-in/", data).status_code == 302


def test_who_signed_up_with_the_mailbox_of_the_new_agent_stays_out(
    client_of: ClientOf, enterprise: Enterprise, officer: User
) -> None:
    squatter = agent_of(
        enterprise, username="new-1", email=PERSON["email"], email_confirmed_at=None
    )
    browser = client_of(squatter)
    link = f"/accounts/confirm/{make_token(squatter)}/"
    assert "移交已生效" in begin(client_of(officer), enterprise).text

    assert browser.get(f"/enterprises/{enterprise.pk}/").status_code == 302
    assert not may_sign_in(PERSON["email"], PASSWORD)
    assert Client().post(link).status_code == 410
    letter = Notice.objects.get(recipient__email=PERSON["email"])
    typed = {"new_password": "Yangtze-1949?", "repeated": "Yangtze-1949?"}
    assert Client().post(letter.path, typed).status_code == 302
    assert may_sign_in(PERSON["email"], "Yangtze-1949?")
    assert not may_sign_in(PERSON["email"], PASSWORD)
    acting = enterprise.agents.acting().get()
    assert (acting.user.name, acting.user.is_active) == ("王经办", True)
    assert acting.user != squatter


def test_who_takes_the_mailbox_during_the_wait_comes_in_by_the_invitation_alone(
    begun: HandOver, enterprise: Enterprise, agent: User
) -> None:
    """The reader of the mailbox may have opened a link that somebody else asked for."""
    ask_mailbox(agent, PERSON["email"])
    agent.refresh_from_db()
    confirm(make_token(agent))
    due(begun)
    assert complete_due() == 1

    assert not may_sign_in(PERSON["email"], PASSWORD)
    heir = enterprise.agents.in_use().get().user
    assert heir != agent
    assert Notice.objects.filter(recipient=heir).exclude(path="").count() == 1


def test_the_former_agents_do_not_count_towards_ten(
    begun: HandOver, enterprise: Enterprise
) -> None:
    for number in range(9):
        agent_of(enterprise, username=f"more{number}@example.com")
    due(begun)
    assert complete_due() == 1
    assert enterprise.agents.in_use().get().user.email == PERSON["email"]


def test_ten_who_never_came_do_not_count_either(
    client_of: ClientOf, enterprise: Enterprise, officer: User
) -> None:
    for number in range(10):
        agent_of(enterprise, username=f"new-{number}", email_confirmed_at=None)
    assert "移交已生效" in begin(client_of(officer), enterprise).text
    assert enterprise.agents.in_use().get().user.email == PERSON["email"]


def test_without_proof_nothing_begins(
    client_of: ClientOf, enterprise: Enterprise, agent: User, officer: User
) -> None:
    page = begin(client_of(officer), enterprise, proof="")
    assert page.status_code == 422
    broken = io.BytesIO(b"no picture")
    broken.name = "授权书.jpg"
    assert begin(client_of(officer), enterprise, proof=broken).status_code == 422
    assert not HandOver.objects.exists()
    assert not Notice.objects.exists()


def test_only_one_at_a_time(
    begun: HandOver, client_of: ClientOf, enterprise: Enterprise, officer: User
) -> None:
    page = begin(client_of(officer), enterprise, email="another@example.com")
    assert "已有一次移交在等待生效" in page.text
    assert HandOver.objects.count() == 1


def test_who_opened_the_proof_is_in_the_trail(
    begun: HandOver, client_of: ClientOf, officer: User
) -> None:
    page = begun.pages.get()
    answer = client_of(officer).get(f"/enterprises/hand-overs/proof/{page.pk}/")
    assert b"".join(answer) == picture(1)
    assert AuditEvent.objects.filter(action="enterprise.view_proof", actor=officer).exists()


def test_a_link_that_was_altered_objects_to_nothing(begun: HandOver, agent: User) -> None:
    assert Client().get(f"{letter_to(agent).path[:-1]}x/").status_code == 410
