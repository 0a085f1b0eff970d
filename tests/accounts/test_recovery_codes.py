"""Recovery codes: on paper, each once, told by mail, in place of the phone."""

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.entry_models import RecoveryCode
from accounts.models import AuditEvent, User
from accounts.recovery_codes import codes_left, issue
from notices.models import Notice
from tests.accounts.test_reauthentication import attempt
from tests.conftest import ClientOf
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "/accounts/me/recovery-codes/new/"
CODES = "/accounts/me/recovery-codes/"
CODE = "/accounts/sign-in/code/"


@pytest.fixture
def device(tax_liaison: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)


@pytest.fixture
def codes(tax_liaison: User, device: TOTPDevice) -> list[str]:
    return issue(tax_liaison, by=tax_liaison)


def pending(client: Client, user: User) -> None:
    client.post("/accounts/sign-in/", {"username": user.username, "password": PASSWORD})


def test_ten_codes_of_twelve_digits_are_made_and_kept_as_hashes(codes: list[str]) -> None:
    assert len(set(codes)) == 10
    assert all(len(code) == 14 and code.replace(" ", "").isdecimal() for code in codes)
    stored = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert not stored & {code.replace(" ", "") for code in codes}


def test_setting_the_phone_up_leads_to_the_codes(client_of: ClientOf, tax_liaison: User) -> None:
    client = client_of(tax_liaison)
    client.post("/accounts/me/second-factor/", {"password": PASSWORD})
    device = TOTPDevice.objects.get()
    typed = {"code": f"{totp(device.bin_key):06d}"}
    assert client.post("/accounts/me/second-factor/", typed)["Location"] == CODES
    assert len(client.get(CODES).context["codes"]) == 10
    assert "备用恢复码只显示一次" in client.get(CODES, follow=True).text


def test_a_code_lets_in_once_and_its_owner_is_told(
    client: Client, tax_liaison: User, codes: list[str]
) -> None:
    pending(client, tax_liaison)
    assert client.post(CODE, {"code": codes[0], "next": "/"})["Location"] == "/"
    event = AuditEvent.objects.get(action="account.sign_in")
    assert event.after == {"second_factor": True, "way": "备用恢复码"}
    assert AuditEvent.objects.get(action="account.recovery_code_used").after == {"left": 9}
    assert "用掉了一个备用恢复码，还剩9个" in Notice.objects.get(recipient=tax_liaison).body
    client.post("/accounts/sign-out/")
    pending(client, tax_liaison)
    again = client.post(CODE, {"code": codes[0], "next": "/"})
    assert "这个备用恢复码不正确，或者已经用过" in again.text
    # However it is spaced.
    typed = codes[1].replace(" ", "-")
    assert client.post(CODE, {"code": typed, "next": "/"})["Location"] == "/"


def test_another_persons_code_does_not_serve(
    client: Client, tax_liaison: User, police_liaison: User, codes: list[str]
) -> None:
    TOTPDevice.objects.create(user=police_liaison, name="手机", confirmed=True)
    pending(client, police_liaison)
    assert "不正确" in client.post(CODE, {"code": codes[0], "next": "/"}).text
    assert codes_left(tax_liaison) == 10


def test_guessing_codes_locks_the_name(client: Client, tax_liaison: User, codes: list[str]) -> None:
    pending(client, tax_liaison)
    for number in range(5):
        client.post(CODE, {"code": f"00000000000{number}", "next": "/"})
    assert client.post(CODE, {"code": codes[0], "next": "/"}).status_code == 429
    assert codes_left(tax_liaison) == 10


def test_a_code_proves_before_a_signature_as_the_phone_does(
    tax_liaison: User, codes: list[str]
) -> None:
    assert attempt(tax_liaison, code=codes[0]).errors == {}
    assert attempt(tax_liaison, code=codes[0]).non_field_errors()


def test_new_codes_make_the_former_void(
    client_of: ClientOf, tax_liaison: User, codes: list[str], device: TOTPDevice
) -> None:
    client = client_of(tax_liaison)
    assert "现在还剩10个" in client.get(NEW).text
    typed = {"password": PASSWORD, "code": codes[0]}
    assert client.post(NEW, typed)["Location"] == CODES
    fresh = client.get(CODES).context["codes"]
    assert not set(fresh) & set(codes)
    assert "动态验证码不正确" in client.post(NEW, {"password": PASSWORD, "code": codes[1]}).text


def test_they_go_with_the_last_second_factor(
    client_of: ClientOf, tax_liaison: User, codes: list[str]
) -> None:
    client = client_of(tax_liaison)
    client.post("/accounts/me/second-factor/", {"password": PASSWORD, "code": codes[0]})
    assert not TOTPDevice.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert "请先启用第二重验证" in client.get(NEW, follow=True).text
