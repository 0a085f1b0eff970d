"""My sign-ins: listed with their devices, ended one by one or all but this; new devices told."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.device_words import device_words
from accounts.entry_models import OwnSession
from accounts.models import AuditEvent, User
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LIST = "/accounts/me/sessions/"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50"
)
DESK = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"
)


def signed_in_with(agent: str, user: User) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    data = {"username": user.username, "password": PASSWORD, "next": "/"}
    assert client.post("/accounts/sign-in/", data)["Location"] == "/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/me/").status_code == 200


def test_the_list_says_where_one_is_signed_in_and_which_is_this(tax_liaison: User) -> None:
    with time_machine.travel(NOON, tick=False):
        signed_in_with(DESK, tax_liaison)
        page = signed_in_with(PHONE, tax_liaison).get(LIST)
    shown = [(one.row.device, one.is_this) for one in page.context["sessions"]]
    assert shown == [("iPhone上的微信", True), ("Windows 电脑上的Edge", False)]
    assert "来自127.0.0.1" in page.text
    assert page.text.count("就是这里") == 1


def test_one_is_ended_and_the_others_go_on(tax_liaison: User) -> None:
    desk, phone = signed_in_with(DESK, tax_liaison), signed_in_with(PHONE, tax_liaison)
    row = OwnSession.objects.get(device__startswith="Windows")
    phone.post(f"{LIST}{row.pk}/end/")
    assert is_in(phone)
    assert not is_in(desk)
    event = AuditEvent.objects.get(action="account.end_session")
    assert event.after == {"device": "Windows 电脑上的Edge"}
    # Pressed twice, it was ended already.
    assert phone.post(f"{LIST}{row.pk}/end/").status_code == 404


def test_all_but_this_are_ended_also_those_without_a_row(
    client_of: ClientOf, tax_liaison: User
) -> None:
    unlisted, desk = client_of(tax_liaison), signed_in_with(DESK, tax_liaison)
    phone = signed_in_with(PHONE, tax_liaison)
    phone.post(f"{LIST}end-others/")
    assert is_in(phone)
    assert not is_in(desk)
    assert not is_in(unlisted)
    assert [one.is_this for one in phone.get(LIST).context["sessions"]] == [True]


def test_nobody_ends_anothers(client_of: ClientOf, tax_liaison: User, officer: User) -> None:
    desk = signed_in_with(DESK, tax_liaison)
    row = OwnSession.objects.get()
    assert client_of(officer).post(f"{LIST}{row.pk}/end/").status_code == 404
    assert is_in(desk)


def test_a_session_that_is_over_is_not_listed(tax_liaison: User) -> None:
    with time_machine.travel(NOON, tick=False):
        signed_in_with(DESK, tax_liaison)
    with time_machine.travel(NOON + timedelta(minutes=31), tick=False):
        shown = signed_in_with(PHONE, tax_liaison).get(LIST).context["sessions"]
        assert [one.row.device for one in shown] == ["iPhone上的微信"]
    with time_machine.travel(NOON + timedelta(hours=13), tick=False):
        signed_in_with(PHONE, tax_liaison)
        assert OwnSession.objects.count() == 1


def test_a_changed_password_leaves_this_one_in_the_list(tax_liaison: User) -> None:
    signed_in_with(DESK, tax_liaison)
    phone = signed_in_with(PHONE, tax_liaison)
    data = {"password": PASSWORD, "new_password": "Yangtze-1949?", "repeated": "Yangtze-1949?"}
    assert phone.post("/accounts/me/password/", data).status_code == 302
    shown = phone.get(LIST).context["sessions"]
    assert [(one.row.device, one.is_this) for one in shown] == [("iPhone上的微信", True)]


def test_the_key_of_a_session_stands_encrypted(tax_liaison: User) -> None:
    client = signed_in_with(DESK, tax_liaison)
    raw = OwnSession.objects.extra(select={"raw": "key"}).values_list("raw", flat=True)[0]
    assert raw.startswith("k1:")
    assert client.session.session_key not in raw


# A device that is new ----------------------------------------------------------------------------


def test_a_sign_in_from_a_new_device_is_told_and_from_a_known_one_is_not(
    tax_liaison: User,
) -> None:
    # The first of all is expected.
    phone = signed_in_with(PHONE, tax_liaison)
    assert not Notice.objects.exists()
    phone.post("/accounts/sign-out/")
    phone.post(
        "/accounts/sign-in/",
        {"username": tax_liaison.username, "password": PASSWORD, "next": "/"},
    )
    assert not Notice.objects.exists()
    signed_in_with(DESK, tax_liaison)
    told = Notice.objects.get(recipient=tax_liaison)
    assert told.subject == "您的账户在新设备上登录"
    assert "Windows 电脑上的Edge，来源地址127.0.0.1" in told.body
    assert told.path == LIST


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "iPhone上的微信"),
        (DESK, "Windows 电脑上的Edge"),
        ("Mozilla/5.0 (Linux; Android 14) HuaweiBrowser/15.0 Chrome/114", "安卓手机上的华为浏览器"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Linux 电脑上的Firefox"),
        ("curl/8.5", "认不出的设备"),
        ("", "认不出的设备"),
    ],
)
def test_a_device_has_words(agent: str, words: str) -> None:
    assert device_words(agent) == words
