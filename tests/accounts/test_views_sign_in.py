"""Signing in: deep links, the second factor, the lock, the session."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mailboxes import make_token
from accounts.models import AuditEvent, User
from tests.conftest import ClientOf
from tests.factories import PASSWORD

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SIGN_IN = "/accounts/sign-in/"
CODE = "/accounts/sign-in/code/"
REFUSED = (
    "登录名或密码不正确，请检查大小写和输入法后重新输入。连续5次不正确，这个登录名将锁定30分钟。"
)


def send(client: Client, username: str, password: str = PASSWORD, next_: str = "/"):
    data = {"username": username, "password": password, "next": next_}
    return client.post(SIGN_IN, data)


@pytest.fixture
def device(tax_liaison: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)


# The password ------------------------------------------------------------------------------------


def test_the_page_opens_without_signing_in(client: Client, db: None) -> None:
    response = client.get(SIGN_IN)
    assert response.status_code == 200
    assert "忘记密码？" in response.text


def test_a_page_that_needs_signing_in_leads_there_and_back(client: Client, agent: User) -> None:
    response = client.get("/notices/?page=2")
    assert response["Location"] == "/accounts/sign-in/?next=/notices/%3Fpage%3D2"
    assert 'value="/notices/?page=2"' in client.get(response["Location"]).text
    assert send(client, agent.username, next_="/notices/?page=2")["Location"] == "/notices/?page=2"


@pytest.mark.parametrize(
    "foreign",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"],
)
def test_a_foreign_address_is_not_followed(client: Client, agent: User, foreign: str) -> None:
    assert send(client, agent.username, next_=foreign)["Location"] == "/"


def test_an_action_after_the_session_ended_leads_back_to_its_page(client: Client, db: None) -> None:
    response = client.post(
        "/notices/7/read/", headers={"referer": "http://testserver/notices/?page=2"}
    )
    assert response["Location"] == "/accounts/sign-in/?next=/notices/%3Fpage%3D2"
    assert "刚才的操作没有执行" in client.get(response["Location"]).text


def test_an_action_sent_from_elsewhere_leads_home(client: Client, db: None) -> None:
    response = client.post("/notices/7/read/", headers={"referer": "https://evil.example/x"})
    assert response["Location"] == "/accounts/sign-in/?next=/"


def test_the_login_name_is_found_in_any_case(client: Client, agent: User) -> None:
    assert send(client, " Agent@Example.COM ")["Location"] == "/"


@pytest.mark.parametrize("username", ["agent@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_name_are_told_the_same(
    client: Client, agent: User, username: str
) -> None:
    response = send(client, username, "wrong")
    assert response.context["form"].non_field_errors() == [REFUSED]


def test_somebody_switched_off_is_told_the_same(client: Client, agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(is_active=False)
    response = send(client, agent.username)
    assert response.context["form"].non_field_errors() == [REFUSED]


def test_a_name_of_any_length_is_refused_without_a_crash(client: Client, db: None) -> None:
    response = send(client, "x" * 5000)
    assert "登录名不会超过150个字符" in response.text


def test_the_password_typed_is_not_sent_back(client: Client, agent: User) -> None:
    page = send(client, agent.username, "wrong-9876").text
    assert agent.username in page
    assert "wrong-9876" not in page


def test_the_session_gets_a_new_key(client: Client, agent: User) -> None:
    client.get("/accounts/me/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key or ""
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    send(client, agent.username)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted


def test_who_is_signed_in_goes_straight_on(client_of: ClientOf, agent: User) -> None:
    assert client_of(agent).get(f"{SIGN_IN}?next=/notices/")["Location"] == "/notices/"


def test_signing_in_and_out_stands_in_the_trail(client: Client, agent: User) -> None:
    send(client, agent.username)
    client.post("/accounts/sign-out/")
    actions = list(AuditEvent.objects.order_by("id").values_list("action", "actor__username"))
    assert actions == [
        ("account.sign_in", "agent@example.com"),
        ("account.sign_out", "agent@example.com"),
    ]


def test_signing_out_ends_the_session_and_twice_is_safe(client_of: ClientOf, agent: User) -> None:
    client = client_of(agent)
    assert client.post("/accounts/sign-out/")["Location"] == "/"
    assert client.post("/accounts/sign-out/")["Location"] == "/"
    assert client.get("/accounts/me/").status_code == 302


def test_a_link_cannot_sign_anybody_out(client_of: ClientOf, agent: User) -> None:
    client = client_of(agent)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.get("/accounts/me/").status_code == 200


# The lock ----------------------------------------------------------------------------------------


def test_five_failures_lock_the_name_and_say_until_when(client: Client, agent: User) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(4):
            assert send(client, agent.username, "wrong").status_code == 200
        fifth = send(client, agent.username, "wrong")
        right = send(client, agent.username)
    assert (fifth.status_code, right.status_code) == (429, 429)
    assert "2026年11月23日 12:30之后" in fifth.text
    assert "联系安全管理员" in fifth.text
    assert "/accounts/me/" not in right.text
    event = AuditEvent.objects.get(action="account.sign_in_locked")
    assert (event.object_id, event.after) == (str(agent.pk), {"failures": 5})


def test_another_spelling_gives_no_further_attempts(client: Client, agent: User) -> None:
    spellings = [
        "agent@example.com",
        "AGENT@example.com",
        "Agent@example.com",
        "ＡGENT@example.com",
    ]
    for spelling in spellings:
        assert send(client, spelling, "wrong").status_code == 200
    assert send(client, "agenT@example.com", "wrong").status_code == 429


def test_knocking_during_the_lock_does_not_prolong_it(client: Client, agent: User) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            send(client, agent.username, "wrong")
    with time_machine.travel(NOON + timedelta(minutes=29), tick=False):
        assert send(client, agent.username, "wrong").status_code == 429
    with time_machine.travel(NOON + timedelta(minutes=31), tick=False):
        assert send(client, agent.username)["Location"] == "/"


def test_one_name_locked_leaves_the_others_alone(
    client: Client, agent: User, other_agent: User
) -> None:
    for _ in range(5):
        send(client, agent.username, "wrong")
    assert send(client, other_agent.username)["Location"] == "/"


def test_an_unknown_name_is_locked_like_a_known_one(client: Client, db: None) -> None:
    for _ in range(4):
        send(client, "nobody@example.com", "wrong")
    assert send(client, "nobody@example.com", "wrong").status_code == 429


# The second factor -------------------------------------------------------------------------------


def test_the_code_is_asked_after_the_password_and_the_deep_link_survives(
    client: Client, tax_liaison: User, device: TOTPDevice
) -> None:
    response = send(client, tax_liaison.username, next_="/notices/?page=2")
    assert response["Location"] == "/accounts/sign-in/code/?next=%2Fnotices%2F%3Fpage%3D2"
    assert client.get("/accounts/me/").status_code == 302
    assert 'value="/notices/?page=2"' in client.get(response["Location"]).text
    done = client.post(CODE, {"code": f"{totp(device.bin_key):06d}", "next": "/notices/?page=2"})
    assert done["Location"] == "/notices/?page=2"
    assert client.get("/accounts/me/").status_code == 200
    assert AuditEvent.objects.get(action="account.sign_in").after == {"second_factor": True}


def test_the_password_alone_opens_no_session(
    client: Client, tax_liaison: User, device: TOTPDevice
) -> None:
    send(client, tax_liaison.username)
    assert client.session["pending_sign_in"]["user"] == tax_liaison.pk
    assert "_auth_user_id" not in client.session


def test_a_wrong_code_is_refused_with_a_constant_sentence(
    client: Client, tax_liaison: User, device: TOTPDevice
) -> None:
    send(client, tax_liaison.username)
    wrong = client.post(CODE, {"code": "000000"})
    too_soon = client.post(CODE, {"code": "000001"})
    assert wrong.context["form"].errors == too_soon.context["form"].errors
    assert "动态验证码不正确、已经用过，或输入得太快" in wrong.text


def test_wrong_codes_count_towards_the_lock(
    client: Client, tax_liaison: User, device: TOTPDevice
) -> None:
    send(client, tax_liaison.username)
    for _ in range(4):
        assert client.post(CODE, {"code": "000000"}).status_code == 200
    assert client.post(CODE, {"code": "000000"}).status_code == 429
    right = client.post(CODE, {"code": f"{totp(device.bin_key):06d}"})
    assert right.status_code == 429
    assert send(client, tax_liaison.username).status_code == 429


def test_a_code_serves_one_sign_in(client: Client, tax_liaison: User, device: TOTPDevice) -> None:
    code = f"{totp(device.bin_key):06d}"
    send(client, tax_liaison.username)
    client.post(CODE, {"code": code})
    second = Client()
    send(second, tax_liaison.username)
    assert second.post(CODE, {"code": code}).status_code == 200


def test_letters_are_no_code_and_no_failure(
    client: Client, tax_liaison: User, device: TOTPDevice
) -> None:
    send(client, tax_liaison.username)
    assert "动态验证码是6位数字" in client.post(CODE, {"code": "abc"}).text
    device.refresh_from_db()
    assert device.throttling_failure_count == 0


def test_five_minutes_after_the_password_it_must_be_typed_again(
    client: Client, tax_liaison: User, device: TOTPDevice
) -> None:
    with time_machine.travel(NOON, tick=False):
        send(client, tax_liaison.username)
    with time_machine.travel(NOON + timedelta(minutes=5, seconds=1), tick=False):
        response = client.post(CODE, {"code": f"{totp(device.bin_key):06d}", "next": "/notices/"})
    assert response["Location"] == "/accounts/sign-in/?next=%2Fnotices%2F"


def test_a_password_changed_in_between_ends_the_attempt(
    client: Client, tax_liaison: User, device: TOTPDevice
) -> None:
    send(client, tax_liaison.username)
    tax_liaison.set_password("Another-2026!")
    tax_liaison.save()
    response = client.post(CODE, {"code": f"{totp(device.bin_key):06d}"})
    assert response["Location"] == "/accounts/sign-in/?next=%2F"


def test_the_code_page_alone_leads_nowhere(client: Client, db: None) -> None:
    assert client.get(CODE)["Location"] == "/accounts/sign-in/?next=%2F"


# The session -------------------------------------------------------------------------------------


def test_an_idle_session_ends_and_says_so(client: Client, agent: User) -> None:
    with time_machine.travel(NOON, tick=False):
        send(client, agent.username)
        assert client.get("/accounts/me/").status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=31), tick=False):
        response = client.get("/accounts/me/")
        assert response["Location"] == "/accounts/sign-in/?next=/accounts/me/"
        assert "您已超过30分钟没有操作" in client.get(response["Location"]).text
    assert AuditEvent.objects.filter(action="account.idle_sign_out").count() == 1


def test_a_session_in_use_goes_on(client: Client, agent: User) -> None:
    with time_machine.travel(NOON, tick=False):
        send(client, agent.username)
    for minutes in (20, 40, 60):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            assert client.get("/accounts/me/").status_code == 200


def test_what_is_read_within_five_minutes_does_not_write_the_session_again(
    client: Client, agent: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        send(client, agent.username)
        client.get("/accounts/me/")
    for minutes, seconds, seen in ((5, 0, 0), (5, 1, 301), (10, 1, 301), (10, 2, 602)):
        since = timedelta(minutes=minutes, seconds=seconds)
        with time_machine.travel(NOON + since, tick=False):
            assert client.get("/accounts/me/").status_code == 200
            assert client.session["seen_at"] == (NOON + timedelta(seconds=seen)).isoformat()


def test_pages_of_a_person_are_not_kept_by_the_browser(client_of: ClientOf, agent: User) -> None:
    assert "no-store" in client_of(agent).get("/accounts/me/")["Cache-Control"]


# The confirmation link ---------------------------------------------------------------------------


@pytest.fixture
def newcomer(agent: User) -> User:
    agent.email_confirmed_at = None
    agent.save()
    return agent


def test_opening_the_link_confirms_nothing(client: Client, newcomer: User) -> None:
    response = client.get(f"/accounts/confirm/{make_token(newcomer)}/")
    newcomer.refresh_from_db()
    assert "确认这个邮箱" in response.text
    assert newcomer.email_confirmed_at is None


def test_the_button_confirms_and_twice_is_safe(client: Client, newcomer: User) -> None:
    address = f"/accounts/confirm/{make_token(newcomer)}/"
    assert client.post(address)["Location"] == "/accounts/sign-in/"
    assert "请登录，继续办理。" in client.post(address, follow=True).text
    newcomer.refresh_from_db()
    assert newcomer.email_confirmed_at is not None
    assert AuditEvent.objects.filter(action="account.confirm_email").count() == 1
    assert "已经确认过" in client.get(address).text


def test_who_is_signed_in_goes_on_from_home(client_of: ClientOf, newcomer: User) -> None:
    address = f"/accounts/confirm/{make_token(newcomer)}/"
    assert client_of(newcomer).post(address)["Location"] == "/"


def test_an_altered_link_is_refused_in_words(client: Client, newcomer: User) -> None:
    response = client.get(f"/accounts/confirm/{make_token(newcomer)}x/")
    assert response.status_code == 410
    assert "这个链接不完整或已失效" in response.text


def test_an_old_link_is_refused_in_words(client: Client, newcomer: User) -> None:
    with time_machine.travel(NOON, tick=False):
        address = f"/accounts/confirm/{make_token(newcomer)}/"
    with time_machine.travel(NOON + timedelta(days=3, minutes=1), tick=False):
        assert "这个链接已超过3天" in client.post(address).text
    newcomer.refresh_from_db()
    assert newcomer.email_confirmed_at is None


# Whom the trail names -----------------------------------------------------------------------------


def named_by_the_lock() -> list[str]:
    events = AuditEvent.objects.filter(action="account.sign_in_locked")
    return list(events.values_list("object_id", flat=True))


def test_the_lock_names_whose_name_was_tried_and_not_an_older_account(
    client: Client, other_agent: User, agent: User, officer: User
) -> None:
    for _ in range(6):
        send(client, agent.username, "wrong")
    assert named_by_the_lock() == [str(agent.pk)]


def test_the_lock_of_a_name_that_nobody_has_names_nobody(client: Client, agent: User) -> None:
    for _ in range(6):
        send(client, "nobody@example.com", "wrong")
    assert named_by_the_lock() == []


@pytest.mark.parametrize(
    "spelling", ["AGENT@example.com", "ＡGENT@example.com", " agent@example.com "]
)
def test_the_lock_names_the_person_in_whatever_spelling_he_was_tried(
    client: Client, other_agent: User, agent: User, spelling: str
) -> None:
    for _ in range(5):
        send(client, spelling, "wrong")
    assert named_by_the_lock() == [str(agent.pk)]


# Between password and code ------------------------------------------------------------------------


def test_an_account_switched_off_between_password_and_code_gets_no_further(
    client: Client, tax_liaison: User, device: TOTPDevice
) -> None:
    send(client, tax_liaison.username)
    User.objects.filter(pk=tax_liaison.pk).update(is_active=False)
    response = client.post(CODE, {"code": f"{totp(device.bin_key):06d}"})
    assert response["Location"] == "/accounts/sign-in/?next=%2F"
    assert "_auth_user_id" not in client.session
    assert not AuditEvent.objects.filter(action="account.sign_in").exists()
