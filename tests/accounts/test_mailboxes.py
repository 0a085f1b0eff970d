"""The mailbox of an agent: confirmed before it counts, changed only by who reads the new one."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone

from accounts.mailboxes import ask_mailbox, make_token
from accounts.models import AuditEvent, User
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/accounts/me/mailbox/"
NEW = "new@example.com"


def ask(client: Client, email: str = NEW, password: str = PASSWORD):
    return client.post(PAGE, {"email": email, "password": password}, follow=True)


def confirm(agent: User) -> Client:
    """By the link that was mailed last, in a browser of its own."""
    agent.refresh_from_db()
    client = Client()
    client.post(f"/accounts/confirm/{make_token(agent)}/")
    agent.refresh_from_db()
    return client


def mailed_to(address: str) -> list[str]:
    return list(Notice.objects.filter(address=address).values_list("subject", flat=True))


def signs_in(email: str) -> bool:
    data = {"username": email, "password": PASSWORD}
    return Client().post("/accounts/sign-in/", data).status_code == 302


@pytest.fixture
def newcomer(agent: User) -> User:
    """Has signed up and not confirmed."""
    User.objects.filter(pk=agent.pk).update(
        username="new-0123456789abcdef", email="typo@example.com", email_confirmed_at=None
    )
    agent.refresh_from_db()
    return agent


# Before it is confirmed --------------------------------------------------------------------------


def test_a_mistyped_address_is_changed_and_the_link_sent_to_it_is_void(
    client_of: ClientOf, newcomer: User
) -> None:
    to_a_stranger = f"/accounts/confirm/{make_token(newcomer)}/"
    page = ask(client_of(newcomer))

    assert f"确认邮件已发到{NEW}" in page.text
    assert mailed_to(NEW) == ["请确认您的电子邮箱"]
    assert mailed_to("typo@example.com") == []
    assert Client().post(to_a_stranger).status_code == 410
    confirm(newcomer)
    assert (newcomer.username, newcomer.email) == (NEW, NEW)
    assert newcomer.email_confirmed_at is not None
    assert signs_in(NEW)


def test_before_confirming_one_signs_in_with_what_was_typed(newcomer: User) -> None:
    assert signs_in("Typo@example.com")
    assert not signs_in(NEW)


def waiting(number: int, password: str) -> User:
    """One more who signed up with the newcomer's mailbox."""
    user: User = UserFactory.create(
        username=f"new-{number}", email="typo@example.com", email_confirmed_at=None
    )
    user.set_password(password)
    user.save()
    return user


def test_each_who_waits_for_one_mailbox_signs_in_with_his_own_password(newcomer: User) -> None:
    waiting(1, "Another-1949?")
    invited = waiting(2, "")
    invited.set_unusable_password()
    invited.save()
    later = waiting(3, "Third-1949?")
    for password, user in ((PASSWORD, newcomer), ("Third-1949?", later)):
        client = Client()
        client.post("/accounts/sign-in/", {"username": "typo@example.com", "password": password})
        assert client.session["_auth_user_id"] == str(user.pk)


def test_however_many_sign_up_with_a_mailbox_later_the_first_gets_in(newcomer: User) -> None:
    for number in range(6):
        waiting(number, "Another-1949?")
    client = Client()

    client.post("/accounts/sign-in/", {"username": "typo@example.com", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(newcomer.pk)


def test_a_refused_sign_in_takes_as_long_whoever_has_the_name(
    newcomer: User, other_agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        UserFactory.create(
            username=f"new-{number}", email="many@example.com", email_confirmed_at=None
        )
    hashed = []
    encode = MD5PasswordHasher.encode

    def counting(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    counts = []
    for name in ("nobody@example.com", newcomer.email, other_agent.username, "many@example.com"):
        hashed.clear()
        Client().post("/accounts/sign-in/", {"username": name, "password": "wrong"})
        counts.append(len(hashed))
    assert counts == [4, 4, 4, 4]


def test_of_two_who_wait_for_one_mailbox_its_reader_decides(
    newcomer: User, other_agent: User
) -> None:
    User.objects.filter(pk=other_agent.pk).update(
        username="new-2", email="typo@example.com", email_confirmed_at=None
    )
    first = f"/accounts/confirm/{make_token(newcomer)}/"
    confirm(other_agent)
    assert other_agent.username == "typo@example.com"

    refused = Client().post(first)
    assert refused.status_code == 410
    assert "这个邮箱已经是另一个账户的登录名" in refused.text


# A confirmed one ---------------------------------------------------------------------------------


def test_a_confirmed_mailbox_stays_until_the_new_one_is_confirmed(
    client_of: ClientOf, agent: User
) -> None:
    page = ask(client_of(agent))

    assert f"要改为 {NEW}，等您打开那里收到的邮件确认" in page.text
    assert "申请更改邮箱" in Notice.objects.get(recipient=agent, address="").subject
    agent.refresh_from_db()
    assert (agent.username, agent.email, agent.wanted_email) == (*["agent@example.com"] * 2, NEW)
    assert signs_in("agent@example.com")
    assert not signs_in(NEW)

    confirm(agent)
    assert (agent.username, agent.email, agent.wanted_email) == (NEW, NEW, "")
    assert mailed_to("agent@example.com") == ["您的账户已改用新邮箱"]
    assert signs_in(NEW)
    assert not signs_in("agent@example.com")
    actions = set(AuditEvent.objects.filter(actor=agent).values_list("action", flat=True))
    assert {"account.ask_mailbox", "account.confirm_email"} <= actions


def test_opening_the_link_changes_nothing(agent: User) -> None:
    ask_mailbox(agent, NEW)
    agent.refresh_from_db()
    page = Client().get(f"/accounts/confirm/{make_token(agent)}/")
    assert NEW in page.text
    agent.refresh_from_db()
    assert agent.email == "agent@example.com"


@pytest.mark.parametrize("is_new", [True, False])
def test_a_used_link_confirms_no_other_mailbox(
    client_of: ClientOf, newcomer: User, agent: User, is_new: bool
) -> None:
    """Whether it was the link of the sign-up or of a change."""
    if not is_new:
        confirm(newcomer)
        ask_mailbox(agent, "second@example.com")
    agent.refresh_from_db()
    used = f"/accounts/confirm/{make_token(agent)}/"
    assert Client().post(used).status_code == 302
    assert "这个邮箱已经确认过" in Client().get(used).text
    assert Client().post(used).status_code == 302

    agent.refresh_from_db()
    former = agent.email
    ask(client_of(agent), "stranger@example.com")
    assert Client().get(used).status_code == 410
    assert Client().post(used).status_code == 410
    agent.refresh_from_db()
    assert (agent.username, agent.email) == (former, former)
    assert agent.wanted_email == "stranger@example.com"

    confirm(agent)
    assert agent.email == "stranger@example.com"
    assert Client().post(used).status_code == 410


def test_a_change_is_dropped_and_its_link_is_void(client_of: ClientOf, agent: User) -> None:
    client = client_of(agent)
    ask(client)
    agent.refresh_from_db()
    link = f"/accounts/confirm/{make_token(agent)}/"
    page = client.post("/accounts/me/mailbox/drop/", follow=True)
    assert "已取消更改，邮箱仍是agent@example.com。" in page.text
    assert Client().post(link).status_code == 410


def test_the_link_is_good_for_three_days(agent: User) -> None:
    ask_mailbox(agent, NEW)
    agent.refresh_from_db()
    link = f"/accounts/confirm/{make_token(agent)}/"
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1), tick=False):
        assert Client().post(link).status_code == 410


def test_a_wrong_password_changes_nothing(client_of: ClientOf, agent: User) -> None:
    page = ask(client_of(agent), password="wrong")
    assert "密码不正确" in page.text
    assert not Notice.objects.exists()


def test_a_known_mailbox_gets_the_same_answer(
    client_of: ClientOf, agent: User, other_agent: User
) -> None:
    page = ask(client_of(agent), "OTHER@example.com")

    assert "确认邮件已发到other@example.com" in page.text
    assert "要改为 other@example.com" in page.text
    assert mailed_to("other@example.com") == ["这个邮箱已经有账户了"]
    assert Notice.objects.get(address="other@example.com").path == ""


def test_an_administrator_does_not_change_an_agent_s_mailbox(
    client_of: ClientOf, system_admin: User, agent: User
) -> None:
    """It is his login name; who could change it would sign in as him."""
    page = client_of(system_admin).get(f"/accounts/users/{agent.pk}/edit/")
    assert "email" not in page.context["form"].fields
