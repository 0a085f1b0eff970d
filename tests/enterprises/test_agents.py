"""Several agents of one enterprise: invited by mail, named, and taken out again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.mailboxes import make_token
from accounts.models import AuditEvent, User
from applications.models import Application
from enterprises.models import Enterprise
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import PASSWORD, agent_of

pytestmark = pytest.mark.django_db
PERSON = {"name": "王经办", "email": "wang@example.com", "phone": "13800001111"}
NEW = "Yangtze-1949?"


def invite(client: Client, enterprise: Enterprise, **changed: str) -> Any:
    url = f"/enterprises/{enterprise.pk}/agents/invite/"
    return client.post(url, PERSON | changed, follow=True)


def link_to(address: str) -> str:
    """In the invitation mailed last."""
    found = Notice.objects.filter(recipient__email=address).exclude(path="")
    return found.order_by("-pk")[0].path


def accept(link: str) -> Any:
    return Client().post(link, {"new_password": NEW, "repeated": NEW})


def test_an_agent_invites_a_colleague_who_then_acts_for_the_same_enterprise(
    client_of: ClientOf, enterprise: Enterprise, agent: User
) -> None:
    page = invite(client_of(agent), enterprise)
    assert "邀请已发到wang@example.com" in page.text
    assert "等他接受邀请" in page.text

    link = link_to("wang@example.com")
    assert "登录名：<strong>wang@example.com</strong>" in Client().get(link).text
    assert accept(link)["Location"] == "/accounts/sign-in/"

    browser = Client()
    data = {"username": "wang@example.com", "password": NEW}
    assert browser.post("/accounts/sign-in/", data)["Location"] == "/"
    text = browser.get(f"/enterprises/{enterprise.pk}/").text
    assert "经办人甲" in text
    assert "王经办" in text


def test_the_other_agents_are_told_whom_the_officer_invited(
    client_of: ClientOf, enterprise: Enterprise, agent: User, officer: User
) -> None:
    invite(client_of(officer), enterprise)
    told = Notice.objects.get(recipient=agent)
    assert "服务站专员 专员甲邀请了王经办担任" in told.body


def test_somebody_who_has_not_come_yet_is_told_of_no_case(
    client_of: ClientOf, enterprise: Enterprise, agent: User
) -> None:
    invite(client_of(agent), enterprise)
    assert list(enterprise.people()) == [agent]


def test_the_invitation_works_once_and_for_seven_days_and_is_sent_again(
    client_of: ClientOf, enterprise: Enterprise, agent: User
) -> None:
    client = client_of(agent)
    invite(client, enterprise)
    link = link_to("wang@example.com")
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        late = Client().get(link)
    assert late.status_code == 410
    assert "请联系邀请您的同事或服务站重新发送" in late.text

    invited = User.objects.get(email="wang@example.com")
    url = f"/enterprises/{enterprise.pk}/agents/{invited.pk}/invite/"
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        client = client_of(agent)
        assert "邀请已重新发到wang@example.com" in client.post(url, follow=True).text
        assert accept(link_to("wang@example.com")).status_code == 302
        assert accept(link_to("wang@example.com")).status_code == 410


def test_a_known_mailbox_gets_the_same_answer_and_the_same_row(
    client_of: ClientOf, enterprise: Enterprise, agent: User, other_agent: User
) -> None:
    page = invite(client_of(agent), enterprise, email="OTHER@example.com")
    assert "邀请已发到other@example.com" in page.text
    assert "等他接受邀请" in page.text
    assert Notice.objects.get(address="other@example.com").subject == "这个邮箱已经有账户了"
    assert Notice.objects.get(address="other@example.com").recipient == other_agent
    assert other_agent.agency.enterprise != enterprise


def test_who_signed_up_with_the_invited_mailbox_gets_into_no_other_enterprise(
    client_of: ClientOf, enterprise: Enterprise, agent: User, other_agent: User
) -> None:
    User.objects.filter(pk=other_agent.pk).update(
        username="new-1", email=PERSON["email"], email_confirmed_at=None
    )
    other_agent.refresh_from_db()
    link = f"/accounts/confirm/{make_token(other_agent)}/"
    invite(client_of(agent), enterprise)
    invited = enterprise.agents.get(user__email=PERSON["email"]).user
    assert invited != other_agent
    assert accept(Notice.objects.get(recipient=invited).path).status_code == 302

    assert Client().post(link).status_code == 410
    squatter = Client()
    squatter.post("/accounts/sign-in/", {"username": PERSON["email"], "password": PASSWORD})
    assert squatter.get(f"/enterprises/{enterprise.pk}/").status_code == 404


def test_nobody_is_invited_twice_nor_more_than_ten(
    client_of: ClientOf, enterprise: Enterprise, agent: User
) -> None:
    client = client_of(agent)
    invite(client, enterprise)
    assert "已经邀请过" in invite(client, enterprise).text
    for number in range(8):
        agent_of(enterprise, username=f"more{number}@example.com")
    page = invite(client, enterprise, email="eleventh@example.com")
    assert "一个单位最多10名经办人" in page.text


def test_who_has_not_confirmed_invites_nobody(
    client_of: ClientOf, enterprise: Enterprise, agent: User
) -> None:
    User.objects.update(email_confirmed_at=None)
    assert "请先确认您自己的邮箱" in invite(client_of(agent), enterprise).text
    assert not Notice.objects.exists()


def test_an_officer_cannot_invite_where_nobody_is_left(
    client_of: ClientOf, enterprise: Enterprise, agent: User, officer: User
) -> None:
    User.objects.filter(pk=agent.pk).update(is_active=False)
    page = invite(client_of(officer), enterprise)
    assert "请凭企业的授权文件办理移交" in page.text
    assert User.objects.filter(email="wang@example.com").count() == 0


@pytest.mark.parametrize("who", ["agent", "officer"])
def test_another_agent_is_removed_and_his_work_goes_to_a_named_one(
    client_of: ClientOf,
    enterprise: Enterprise,
    agent: User,
    draft: Application,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    leaver = agent_of(enterprise, username="leaver@example.com", name="经办人丁")
    Application.objects.update(handled_by=leaver)
    client = client_of(request.getfixturevalue(who))
    url = f"/enterprises/{enterprise.pk}/agents/{leaver.pk}/remove/"
    assert "请选择由谁接办" in client.post(url).text

    page = client.post(url, {"heir": agent.pk}, follow=True)
    assert "经办人丁不再是经办人。" in page.text
    draft.refresh_from_db()
    leaver.refresh_from_db()
    assert draft.handled_by == agent
    assert (leaver.is_active, leaver.email, leaver.name) == (False, "", "经办人丁")
    assert Notice.objects.get(recipient=leaver).address == "leaver@example.com"
    data = {"username": "leaver@example.com", "password": PASSWORD}
    assert Client().post("/accounts/sign-in/", data).status_code == 200
    assert AuditEvent.objects.filter(action="account.close", object_id=str(leaver.pk)).exists()


def test_the_last_agent_with_open_work_is_not_removed(
    client_of: ClientOf, enterprise: Enterprise, agent: User, draft: Application, officer: User
) -> None:
    url = f"/enterprises/{enterprise.pk}/agents/{agent.pk}/remove/"
    page = client_of(officer).post(url)
    assert "没有别的经办人，还有1件申请没有办结" in page.text
    agent.refresh_from_db()
    assert agent.is_active


def test_an_invitation_is_taken_back(
    client_of: ClientOf, enterprise: Enterprise, agent: User
) -> None:
    client = client_of(agent)
    invite(client, enterprise)
    invited, link = User.objects.get(email="wang@example.com"), link_to("wang@example.com")
    client.post(f"/enterprises/{enterprise.pk}/agents/{invited.pk}/remove/")
    assert accept(link).status_code == 410


def test_nobody_is_removed_from_another_enterprise(
    client_of: ClientOf, enterprise: Enterprise, agent: User, other_agent: User
) -> None:
    own = f"/enterprises/{enterprise.pk}/agents/{other_agent.pk}/remove/"
    assert client_of(agent).post(own).status_code == 404
    theirs = f"/enterprises/{enterprise.pk}/agents/{agent.pk}/remove/"
    assert client_of(other_agent).post(theirs).status_code == 404


def test_who_left_may_be_invited_again(
    client_of: ClientOf, enterprise: Enterprise, agent: User
) -> None:
    client = client_of(agent)
    invite(client, enterprise)
    accept(link_to("wang@example.com"))
    former = User.objects.get(email="wang@example.com")
    client.post(f"/enterprises/{enterprise.pk}/agents/{former.pk}/remove/")

    invite(client, enterprise)
    assert accept(link_to("wang@example.com")).status_code == 302
    assert User.objects.get(username="wang@example.com") != former
