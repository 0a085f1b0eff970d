"""A forgotten password is set anew by a mailed link, and nobody learns who has an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import AuditEvent, SigningLock, User
from notices.models import Delivery
from notices.tasks import send_reset_links, sweep
from tests.conftest import ClientOf
from tests.factories import PASSWORD

FORGOTTEN = "/accounts/forgotten/"
SENT = "/accounts/forgotten/sent/"
NEW = "Yangtze-1949?"


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What a worker is told to do; `work` does it."""
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "notices.account_letters.send_reset_links.delay", lambda *asked: told.append(asked)
    )
    monkeypatch.setattr("notices.outbox.hand_over", lambda _pk: None)
    return told


def link_for(typed: str) -> str:
    """Ask for it, have it mailed, and take it from the newest mail."""
    send_reset_links(typed, "10.0.0.1")
    sweep()
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/reset/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def reset(link: str, password: str = NEW, repeated: str = "") -> Any:
    return Client().post(link, {"new_password": password, "repeated": repeated or password})


def test_the_sign_in_page_leads_there(client: Client, db: None) -> None:
    assert f'href="{FORGOTTEN}"' in client.get("/accounts/sign-in/").text


def test_a_liaison_sets_a_new_password_and_signs_in_with_it(
    client: Client, tax_liaison: User, queue: list[tuple[str, str]]
) -> None:
    User.objects.update(must_change_password=True)
    response = client.post(FORGOTTEN, {"username": tax_liaison.username})
    assert response["Location"] == SENT
    assert queue == [(tax_liaison.username, "127.0.0.1")]
    link = link_for(tax_liaison.username)
    assert mail.outbox[0].to == [tax_liaison.email]
    assert f"登录名：{tax_liaison.username}" in mail.outbox[0].body
    assert tax_liaison.username in client.get(link).text
    assert reset(link)["Location"] == "/accounts/sign-in/"
    tax_liaison.refresh_from_db()
    assert tax_liaison.check_password(NEW)
    assert not tax_liaison.must_change_password
    data = {"username": tax_liaison.username, "password": NEW}
    assert client.post("/accounts/sign-in/", data)["Location"] == "/"


@pytest.mark.parametrize("typed", ["nobody", "nobody@example.com", "' OR 1=1", "9" * 150])
def test_a_stranger_gets_the_same_answer_and_nothing_is_mailed(
    client: Client, db: None, queue: list[tuple[str, str]], typed: str
) -> None:
    response = client.post(FORGOTTEN, {"username": typed})
    assert (response.status_code, response["Location"]) == (302, SENT)
    send_reset_links(*queue[0])
    assert not Delivery.objects.exists()


def test_the_page_does_the_same_work_for_a_name_that_exists(
    client: Client, tax_liaison: User
) -> None:
    """Nothing is looked up while somebody could take the time of it."""
    client.post(FORGOTTEN, {"username": "the first request of this address"})
    asked = []
    for typed in (tax_liaison.username, "nobody"):
        with CaptureQueriesContext(connection) as captured:
            assert client.post(FORGOTTEN, {"username": typed}).status_code == 302
        asked.append([query["sql"].split()[0] for query in captured])
        assert not [query for query in captured if "accounts_user" in query["sql"]]
    assert asked[0] == asked[1]


@pytest.mark.parametrize("who", ["inactive", "unconfirmed"])
def test_an_account_not_in_use_and_an_unconfirmed_mailbox_get_no_link(
    agent: User, tax_liaison: User, who: str
) -> None:
    """The agent typed the mailbox himself: it may be a stranger's."""
    User.objects.filter(pk=tax_liaison.pk).update(is_active=False)
    User.objects.filter(pk=agent.pk).update(email_confirmed_at=None)
    send_reset_links({"inactive": tax_liaison.username, "unconfirmed": agent.username}[who], "")
    assert not Delivery.objects.exists()


def test_a_mailbox_of_several_accounts_gets_a_mail_for_each(
    tax_liaison: User, police_liaison: User
) -> None:
    User.objects.update(email="shared@wanzhou.example")
    send_reset_links("SHARED@wanzhou.example", "")
    sweep()
    names = {re.search(r"登录名：(\S+?)。", str(message.body))[1] for message in mail.outbox}  # type: ignore[index]
    assert names == {tax_liaison.username, police_liaison.username}


def test_asking_again_mails_once_in_ten_minutes(tax_liaison: User) -> None:
    with time_machine.travel("2026-11-23T10:01:00+08:00", tick=False) as clock:
        for _ in range(3):
            send_reset_links(tax_liaison.username, "")
        assert Delivery.objects.count() == 1
        clock.shift(timedelta(minutes=10))
        send_reset_links(tax_liaison.username, "")
    assert Delivery.objects.count() == 2


def test_it_goes_out_at_night_as_well(tax_liaison: User, settings: Any) -> None:
    settings.NOTICE_QUIET_HOURS = True
    with time_machine.travel("2026-11-23T23:00:00+08:00", tick=False):
        assert link_for(tax_liaison.username)


def test_without_a_queue_it_is_written_at_once(
    client: Client, tax_liaison: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: str) -> None:
        raise OperationalError("away")

    monkeypatch.setattr("notices.account_letters.send_reset_links.delay", away)
    client.post(FORGOTTEN, {"username": tax_liaison.username})
    assert Delivery.objects.count() == 1


def test_a_link_works_once(tax_liaison: User) -> None:
    link = link_for(tax_liaison.username)
    reset(link)
    response = reset(link, "Another-1949?")
    assert response.status_code == 410
    assert "已经用过" in response.text
    tax_liaison.refresh_from_db()
    assert tax_liaison.check_password(NEW)


def test_looking_at_the_page_does_not_use_the_link_up(client: Client, tax_liaison: User) -> None:
    link = link_for(tax_liaison.username)
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert reset(link).status_code == 302


def test_a_link_ends_after_an_hour(client: Client, tax_liaison: User) -> None:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False) as clock:
        link = link_for(tax_liaison.username)
        clock.shift(timedelta(minutes=60))
        assert client.get(link).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(link).status_code == 410


@pytest.mark.parametrize("change", ["sign_in", "email", "inactive"])
def test_a_link_is_worthless_once_the_account_has_changed(tax_liaison: User, change: str) -> None:
    link = link_for(tax_liaison.username)
    if change == "sign_in":
        data = {"username": tax_liaison.username, "password": PASSWORD}
        Client().post("/accounts/sign-in/", data)
    elif change == "email":
        User.objects.update(email="other@wanzhou.example")
    else:
        User.objects.update(is_active=False)
    assert reset(link).status_code == 410
    tax_liaison.refresh_from_db()
    assert tax_liaison.check_password(PASSWORD)


@pytest.mark.parametrize("spoilt", ["x", "nobody", "huge", "token", "other"])
def test_an_altered_link_is_refused(tax_liaison: User, police_liaison: User, spoilt: str) -> None:
    _, _, _, uid, token, _ = link_for(tax_liaison.username).split("/")
    _, _, _, other, _, _ = link_for(police_liaison.username).split("/")
    links = {
        "x": "/accounts/reset/x/y/",
        "nobody": f"/accounts/reset/MTIzNDU2/{token}/",
        "huge": f"/accounts/reset/{'OTk5' * 20}/{token}/",
        "token": f"/accounts/reset/{uid}/{token}a/",
        "other": f"/accounts/reset/{other}/{token}/",
    }
    assert reset(links[spoilt]).status_code == 410


@pytest.mark.parametrize(
    ("password", "repeated", "words"),
    [
        ("short-A1", "", "至少要10个"),
        ("alllowercase", "", "至少三类"),
        (NEW, "Yangtze-1950?", "两次输入的新密码不一样"),
        (PASSWORD, "", "新密码与现在的密码相同"),
    ],
)
def test_a_bad_password_is_said_and_the_link_still_works(
    tax_liaison: User, password: str, repeated: str, words: str
) -> None:
    link = link_for(tax_liaison.username)
    response = reset(link, password, repeated)
    assert response.status_code == 200
    assert words in response.text
    assert reset(link).status_code == 302


def test_it_lifts_the_lock_of_signing_in_and_not_that_of_signing(
    client: Client, tax_liaison: User
) -> None:
    for _ in range(5):
        client.post("/accounts/sign-in/", {"username": tax_liaison.username, "password": "no"})
    SigningLock.objects.create(user=tax_liaison, until=timezone.now() + timedelta(minutes=30))
    locked = client.post("/accounts/sign-in/", {"username": tax_liaison.username, "password": "x"})
    assert locked.status_code == 429
    assert f'href="{FORGOTTEN}"' in locked.text
    reset(link_for(tax_liaison.username))
    data = {"username": tax_liaison.username, "password": NEW}
    assert client.post("/accounts/sign-in/", data).status_code == 302
    assert SigningLock.objects.in_force().filter(user=tax_liaison).exists()


def test_other_sessions_of_the_person_end(client_of: ClientOf, tax_liaison: User) -> None:
    elsewhere = client_of(tax_liaison)
    assert elsewhere.get("/accounts/me/").status_code == 200
    reset(link_for(tax_liaison.username))
    assert elsewhere.get("/accounts/me/").status_code == 302


def test_both_steps_are_on_record_and_the_person_is_told(tax_liaison: User) -> None:
    reset(link_for(tax_liaison.username))
    asked = AuditEvent.objects.get(action="account.ask_reset")
    assert (asked.actor, asked.origin, asked.object_id) == (None, "10.0.0.1", str(tax_liaison.pk))
    done = AuditEvent.objects.get(action="account.reset_password")
    assert (done.actor, done.after) == (tax_liaison, {"unlocked": False})
    sweep()
    assert "您的登录密码已重设" in mail.outbox[-1].subject


def test_asking_is_limited_by_address(client: Client, db: None) -> None:
    answers = [client.post(FORGOTTEN, {"username": f"n{number}"}) for number in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]


def test_the_link_is_in_the_mail_and_not_in_the_portal(
    client_of: ClientOf, tax_liaison: User
) -> None:
    """Who finds a session open must not set a password by the inbox."""
    link = link_for(tax_liaison.username)
    client = client_of(tax_liaison)
    page = client.get("/notices/").text
    assert "请设置新的登录密码" in page
    assert "链接只写在邮件里" in page
    assert link not in page
    notice = tax_liaison.notices.get()
    assert client.post(f"/notices/{notice.pk}/read/")["Location"] == "/notices/"
