"""An agent closes his own account: what goes, what stays, and to whom the work goes."""

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from applications.models import Application
from enterprises.models import Enterprise
from notices.models import Notice
from notices.services import notify
from tests.conftest import ClientOf
from tests.factories import PASSWORD, agent_of

pytestmark = pytest.mark.django_db
PAGE = "/accounts/me/close/"


@pytest.fixture
def colleague(enterprise: Enterprise, agent: User) -> User:
    return agent_of(enterprise, username="next@example.com", name="经办人丙", phone="13811112222")


@pytest.fixture
def own_draft(draft: Application, agent: User) -> Application:
    Application.objects.update(handled_by=agent)
    return draft


def close(client: Client, **typed: object):
    return client.post(PAGE, {"password": PASSWORD, **typed})


def test_his_name_mailbox_and_phone_go_and_the_login_is_free_again(
    client_of: ClientOf, agent: User, colleague: User
) -> None:
    [waiting] = notify(
        [agent], cause="test", template="notices/email/mailbox_asked.txt", context={"at": None}
    )
    client = client_of(agent)
    assert "姓名、邮箱、电话、密码" in client.get(PAGE).text
    assert close(client)["Location"] == "/"

    agent.refresh_from_db()
    assert (agent.name, agent.email, agent.phone) == ("已注销的经办人", "", "")
    assert not agent.is_active
    assert not agent.has_usable_password()
    assert client.get("/accounts/me/").status_code == 302
    assert not User.objects.filter(username="agent@example.com").exists()
    assert Notice.objects.filter(recipient=agent, address="agent@example.com").count() == 1
    assert waiting.deliveries.get().state == "withdrawn"
    event = AuditEvent.objects.get(action="account.close")
    assert "经办人甲" not in f"{event.actor_label}{event.object_label}{event.before}{event.after}"


def test_his_open_work_goes_to_whom_he_names(
    client_of: ClientOf, agent: User, colleague: User, own_draft: Application
) -> None:
    client = client_of(agent)
    page = close(client)
    assert page.status_code == 422
    assert "请选择由谁接办" in page.text

    close(client, heir=colleague.pk)
    own_draft.refresh_from_db()
    assert own_draft.handled_by == colleague
    assert "1件申请转由您经办" in Notice.objects.get(recipient=colleague).subject


def test_who_was_the_contact_is_replaced_by_who_takes_over(
    client_of: ClientOf, enterprise: Enterprise, agent: User, colleague: User
) -> None:
    Enterprise.objects.update(contact_name=agent.name)
    close(client_of(agent))
    enterprise.refresh_from_db()
    assert (enterprise.contact_name, enterprise.contact_phone) == ("经办人丙", "13811112222")


def test_the_only_agent_with_open_work_cannot_close_his_account(
    client_of: ClientOf, agent: User, own_draft: Application
) -> None:
    client = client_of(agent)
    page = client.get(PAGE)
    assert "现在还不能注销" in page.text
    assert "没有别的经办人，还有1件申请没有办结" in page.text
    assert close(client).status_code == 422
    agent.refresh_from_db()
    assert agent.is_active


def test_somebody_invited_who_has_not_come_yet_is_nobody_to_take_over(
    client_of: ClientOf, agent: User, colleague: User, own_draft: Application
) -> None:
    User.objects.filter(pk=colleague.pk).update(email_confirmed_at=None)
    assert "现在还不能注销" in client_of(agent).get(PAGE).text


def test_the_only_agent_without_open_work_may_go(client_of: ClientOf, agent: User) -> None:
    assert close(client_of(agent))["Location"] == "/"


def test_a_wrong_password_closes_nothing(client_of: ClientOf, agent: User) -> None:
    page = close(client_of(agent), password="wrong")
    assert "密码不正确" in page.text
    agent.refresh_from_db()
    assert agent.is_active


def test_two_who_name_each_other_do_not_both_go(
    client_of: ClientOf, agent: User, colleague: User, own_draft: Application
) -> None:
    """Whoever comes second finds that his heir has gone."""
    other, own = client_of(colleague), client_of(agent)
    close(own, heir=colleague.pk)
    own_draft.refresh_from_db()
    assert own_draft.handled_by == colleague
    page = close(other, heir=agent.pk)
    assert page.status_code == 422
    assert "没有别的经办人" in page.text
