"""A device in which somebody has signed in: others' guessing does not lock it, his own does."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import AuditEvent, User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SIGN_IN = "/accounts/sign-in/"
COOKIE = "known_device"
ATTACKER = "198.51.100.66"


def send(client: Client, user: User, password: str = PASSWORD, address: str = "192.0.2.1") -> int:
    data = {"username": user.username, "password": password}
    return client.post(SIGN_IN, data, REMOTE_ADDR=address).status_code


def known_browser(*people: User) -> Client:
    client = Client()
    for user in people:
        assert send(client, user) == 302
        client.post("/accounts/sign-out/")
    return client


def test_fifty_guesses_lock_nobody_of_ten_out_of_his_own_browser(security_admin: User) -> None:
    officials = [security_admin, *UserFactory.create_batch(9, officer=True)]
    with time_machine.travel(NOON, tick=False):
        browsers = [known_browser(user) for user in officials]
        answers = [send(Client(), user, "wrong", ATTACKER) for user in officials for _ in range(5)]
        # Twenty of one address are looked at; then it waits.
        assert AuditEvent.objects.filter(action="account.sign_in_failed").count() == 20
        assert answers[20:] == [429] * 30
        for user, browser in zip(officials, browsers, strict=True):
            # Also out of the very office whose address is at its limit.
            assert send(browser, user, address=ATTACKER) == 302


def test_guesses_from_many_addresses_lock_strangers_alone(officer: User) -> None:
    browser = known_browser(officer)
    for number in range(6):
        send(Client(), officer, "wrong", f"198.51.100.{number}")
    assert send(Client(), officer, address="203.0.113.5") == 429
    assert send(browser, officer) == 302


def test_a_known_device_has_five_attempts_and_locks_no_other(officer: User) -> None:
    browser, other = known_browser(officer), known_browser(officer)
    answers = [send(browser, officer, "wrong") for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert send(browser, officer) == 429
    assert send(other, officer) == 302
    assert send(Client(), officer) == 302


def test_a_device_is_known_for_those_who_signed_in_there(officer: User, tax_liaison: User) -> None:
    shared = known_browser(officer, tax_liaison)
    for user in (officer, tax_liaison):
        for _ in range(5):
            send(Client(), user, "wrong", ATTACKER)
        assert send(shared, user) == 302
        shared.post("/accounts/sign-out/")


def test_a_device_of_one_is_a_stranger_to_another(officer: User, tax_liaison: User) -> None:
    browser = known_browser(officer)
    for _ in range(5):
        send(browser, tax_liaison, "wrong")
    assert send(Client(), tax_liaison) == 429
    assert send(browser, officer) == 302


def test_half_a_year_later_or_altered_it_is_unknown(officer: User) -> None:
    with time_machine.travel(NOON, tick=False):
        browser = known_browser(officer)
    forged = Client()
    forged.cookies[COOKIE] = browser.cookies[COOKIE].value[:-1] + "x"
    garbage = Client()
    garbage.cookies[COOKIE] = "garbage"
    with time_machine.travel(NOON + timedelta(days=181), tick=False):
        for _ in range(5):
            send(Client(), officer, "wrong", ATTACKER)
        for client in (browser, forged, garbage):
            assert send(client, officer) == 429


def test_the_password_alone_makes_no_device_known(tax_liaison: User) -> None:
    device = TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)
    client = Client()
    send(client, tax_liaison)
    assert COOKIE not in client.cookies
    client.post(f"{SIGN_IN}code/", {"code": f"{totp(device.bin_key):06d}"})
    assert COOKIE in client.cookies


def test_the_cookie_is_for_the_pages_of_signing_in_alone_and_names_nobody(officer: User) -> None:
    cookie = known_browser(officer).cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (SIGN_IN, True, "Lax")
    assert cookie["max-age"] == 180 * 24 * 3600
    assert officer.username not in cookie.value


def test_a_service_sends_it_over_https_alone(officer: User, settings: object) -> None:
    settings.SESSION_COOKIE_SECURE = True  # type: ignore[attr-defined]
    assert known_browser(officer).cookies[COOKIE]["secure"] is True


# The address -------------------------------------------------------------------------------------


def test_an_address_waits_after_twenty_failures_whatever_the_names(db: None) -> None:
    people = UserFactory.create_batch(21)
    with time_machine.travel(NOON + timedelta(seconds=30), tick=False) as clock:
        answers = [send(Client(), user, "wrong", ATTACKER) for user in people]
        assert answers == [200] * 20 + [429]
        response = Client().post(
            SIGN_IN, {"username": people[0].username, "password": PASSWORD}, REMOTE_ADDR=ATTACKER
        )
        assert response.headers["Retry-After"] == "570"
        assert "请等570秒" in response.text
        assert send(Client(), people[0], address="192.0.2.7") == 302
        clock.shift(timedelta(seconds=570))
        assert send(Client(), people[0], address=ATTACKER) == 302


def test_an_office_that_signs_in_from_one_address_is_not_counted(db: None) -> None:
    with time_machine.travel(NOON, tick=False):
        for user in UserFactory.create_batch(25):
            assert send(Client(), user) == 302


def test_codes_that_are_guessed_count_for_the_address(tax_liaison: User) -> None:
    TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)
    with time_machine.travel(NOON, tick=False):
        for user in UserFactory.create_batch(19):
            send(Client(), user, "wrong")
        client = Client()
        assert send(client, tax_liaison) == 302
        guess = {"code": "000000"}
        assert client.post(f"{SIGN_IN}code/", guess, REMOTE_ADDR="192.0.2.1").status_code == 200
        assert client.post(f"{SIGN_IN}code/", guess, REMOTE_ADDR="192.0.2.1").status_code == 429


# What is kept -------------------------------------------------------------------------------------


def failures() -> list[tuple[str, str, str, str, bool]]:
    events = AuditEvent.objects.filter(action="account.sign_in_failed").order_by("pk")
    return [
        (e.object_id, e.object_label, e.origin, e.after["reason"], e.after["known_device"])
        for e in events
    ]


def test_each_failed_sign_in_stands_in_the_trail(officer: User, tax_liaison: User) -> None:
    device = TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)
    browser = known_browser(officer)
    send(browser, officer, "wrong", "192.0.2.8")
    client = Client()
    send(client, tax_liaison)
    client.post(f"{SIGN_IN}code/", {"code": "000000"}, REMOTE_ADDR="192.0.2.9")
    Client().post(SIGN_IN, {"username": "nobody", "password": "wrong"}, REMOTE_ADDR="192.0.2.10")
    User.objects.filter(pk=officer.pk).update(is_active=False)
    send(Client(), officer, address="192.0.2.11")
    assert device.confirmed
    assert failures() == [
        (str(officer.pk), "专员甲", "192.0.2.8", "密码不正确", True),
        (str(tax_liaison.pk), tax_liaison.name, "192.0.2.9", "动态验证码不正确", False),
        ("", "没有人用的登录名", "192.0.2.10", "没有人用这个登录名", False),
        (str(officer.pk), "专员甲", "192.0.2.11", "账户已停用", False),
    ]


def test_who_comes_during_the_lock_stands_in_the_trail_as_such(officer: User) -> None:
    for _ in range(6):
        send(Client(), officer, "wrong")
    reasons = [reason for *_, reason, _ in failures()]
    assert reasons == ["密码不正确"] * 5 + ["锁定期间又来尝试"]


def test_a_form_that_was_not_filled_in_is_no_attempt(officer: User) -> None:
    assert send(Client(), officer, "") == 200
    assert failures() == []
