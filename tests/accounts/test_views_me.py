"""One's own account: details, the password, the second factor."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import AuditEvent, SigningLock, User
from tests.conftest import ClientOf
from tests.factories import PASSWORD

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PASSWORD_PAGE = "/accounts/me/password/"
SECOND_FACTOR = "/accounts/me/second-factor/"
NEW = "Yangtze-1949?"


def change_password(client: Client, **changed: str):
    data = {"password": PASSWORD, "new_password": NEW, "repeated": NEW, "next": "/"} | changed
    return client.post(PASSWORD_PAGE, data)


# Details -----------------------------------------------------------------------------------------


def test_the_page_shows_who_one_is_with_the_phone_masked(
    client_of: ClientOf, tax_liaison: User
) -> None:
    text = client_of(tax_liaison).get("/accounts/me/").text
    for fact in ("区税务局联络员", "部门联络员", "区税务局", "138****0000"):
        assert fact in text
    assert "13800000000" not in text


def test_an_agent_changes_name_and_phone(client_of: ClientOf, agent: User) -> None:
    data = {"name": "新名字", "phone": "13900001111", "seen_version": 1}
    assert client_of(agent).post("/accounts/me/edit/", data)["Location"] == "/accounts/me/"
    agent.refresh_from_db()
    assert (agent.name, agent.phone, agent.version) == ("新名字", "13900001111", 2)
    event = AuditEvent.objects.get(action="account.change_details")
    assert event.after == {"fields": ["name", "phone"]}


def test_a_liaison_cannot_change_the_name_that_signs(
    client_of: ClientOf, tax_liaison: User
) -> None:
    data = {"name": "别人", "phone": "13900001111", "seen_version": 1}
    client_of(tax_liaison).post("/accounts/me/edit/", data)
    tax_liaison.refresh_from_db()
    assert (tax_liaison.name, tax_liaison.phone) == ("区税务局联络员", "13900001111")


def test_a_phone_that_is_none_is_refused_and_the_head_keeps_the_name(
    client_of: ClientOf, agent: User
) -> None:
    data = {"name": "新名字", "phone": "没有", "seen_version": 1}
    response = client_of(agent).post("/accounts/me/edit/", data)
    assert "“没有”不像电话号码。" in response.text
    assert "企业经办人 经办人甲" in response.text


def test_what_was_changed_elsewhere_is_not_overwritten(client_of: ClientOf, agent: User) -> None:
    User.objects.filter(pk=agent.pk).update(phone="13700000000", version=2)
    data = {"name": "新名字", "phone": "13900001111", "seen_version": 1}
    response = client_of(agent).post("/accounts/me/edit/", data)
    assert "联系电话：现在存着的是“13700000000”。" in response.text
    agent.refresh_from_db()
    assert agent.name == "经办人甲"


# The password ------------------------------------------------------------------------------------


def test_the_password_is_changed_and_the_session_goes_on(client_of: ClientOf, agent: User) -> None:
    client, elsewhere = client_of(agent), client_of(agent)
    assert change_password(client)["Location"] == "/"
    agent.refresh_from_db()
    assert agent.check_password(NEW)
    assert client.get("/accounts/me/").status_code == 200
    assert elsewhere.get("/accounts/me/").status_code == 302
    assert AuditEvent.objects.filter(action="account.change_password").count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "wrong"}, "密码不正确，请重新输入。还可以再试4次。"),
        (
            {"new_password": "short1A", "repeated": "short1A"},
            "密码只有7个字符，至少要10个，请加长。",
        ),
        ({"new_password": "abcdefghijkl", "repeated": "abcdefghijkl"}, "至少三类"),
        ({"repeated": "Yangtze-1950?"}, "两次输入的新密码不一样，请重新输入。"),
        ({"new_password": PASSWORD, "repeated": PASSWORD}, "新密码与现在的密码相同，请换一个。"),
        ({"new_password": ""}, "请输入新密码。"),
    ],
)
def test_a_password_is_refused_in_words(
    client_of: ClientOf, agent: User, changed: dict[str, str], sentence: str
) -> None:
    response = change_password(client_of(agent), **changed)
    assert sentence in response.text
    agent.refresh_from_db()
    assert agent.check_password(PASSWORD)


def test_guessing_the_present_password_locks(client_of: ClientOf, agent: User) -> None:
    client = client_of(agent)
    for _ in range(5):
        change_password(client, password="wrong")
    assert SigningLock.objects.in_force().filter(user=agent).exists()
    assert "之前不能签署或修改登录信息" in change_password(client).text


def test_a_temporary_password_must_be_replaced_first(client_of: ClientOf, officer: User) -> None:
    officer.must_change_password = True
    officer.save()
    client = client_of(officer)
    response = client.get("/notices/?page=2")
    assert response["Location"] == "/accounts/me/password/?next=/notices/%3Fpage%3D2"
    assert "请先设置自己的密码" in client.get(response["Location"]).text
    assert client.post("/notices/7/read/")["Location"] == "/accounts/me/password/?next=/"
    assert change_password(client, next="/notices/?page=2")["Location"] == "/notices/?page=2"
    assert client.get("/notices/").status_code == 200


def test_with_a_temporary_password_one_may_still_leave(client_of: ClientOf, officer: User) -> None:
    officer.must_change_password = True
    officer.save()
    assert client_of(officer).post("/accounts/sign-out/")["Location"] == "/"


# The second factor -------------------------------------------------------------------------------


def test_setting_up_takes_the_password_a_picture_and_a_code(
    client_of: ClientOf, tax_liaison: User
) -> None:
    client = client_of(tax_liaison)
    assert "开始设置" in client.get(SECOND_FACTOR).text
    assert client.post(SECOND_FACTOR, {"password": PASSWORD})["Location"] == SECOND_FACTOR
    device = TOTPDevice.objects.get(user=tax_liaison)
    assert not device.confirmed
    page = client.get(SECOND_FACTOR).text
    assert 'src="data:image/svg+xml' in page
    assert client.post(SECOND_FACTOR, {"code": "000000"}).status_code == 200
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    done = client.post(SECOND_FACTOR, {"code": f"{totp(device.bin_key):06d}"})
    assert done["Location"] == "/accounts/me/recovery-codes/"
    device.refresh_from_db()
    assert device.confirmed
    assert client.get("/accounts/me/").status_code == 200
    assert AuditEvent.objects.filter(action="account.second_factor_on").count() == 1


def test_switching_it_on_ends_the_other_sessions(client_of: ClientOf, tax_liaison: User) -> None:
    here, elsewhere = client_of(tax_liaison), client_of(tax_liaison)
    here.post(SECOND_FACTOR, {"password": PASSWORD})
    device = TOTPDevice.objects.get(user=tax_liaison)
    here.post(SECOND_FACTOR, {"code": f"{totp(device.bin_key):06d}"})
    assert here.get("/accounts/me/").status_code == 200
    assert elsewhere.get("/accounts/me/").status_code == 302


def test_on_a_phone_the_set_up_has_an_address_to_open_and_the_key_as_text(
    client_of: ClientOf, tax_liaison: User
) -> None:
    client = client_of(tax_liaison)
    client.post(SECOND_FACTOR, {"password": PASSWORD})
    device = TOTPDevice.objects.get(user=tax_liaison)
    page = client.get(SECOND_FACTOR).text
    assert f'href="{device.config_url.replace("&", "&amp;")}"' in page
    assert device.config_url.startswith("otpauth://totp/")
    key = b32encode(device.bin_key).decode()
    assert f'<strong class="typed-key">{key[:4]} {key[4:8]} ' in page


def test_without_the_password_nothing_is_set_up(client_of: ClientOf, tax_liaison: User) -> None:
    response = client_of(tax_liaison).post(SECOND_FACTOR, {"password": "wrong"})
    assert "密码不正确" in response.text
    assert not TOTPDevice.objects.exists()


def test_looking_at_the_page_makes_no_key(client_of: ClientOf, tax_liaison: User) -> None:
    assert "开始设置" in client_of(tax_liaison).get(SECOND_FACTOR).text
    assert not TOTPDevice.objects.exists()


def test_a_key_left_lying_for_a_quarter_of_an_hour_is_not_shown_again(
    client_of: ClientOf, tax_liaison: User
) -> None:
    client = client_of(tax_liaison)
    with time_machine.travel(NOON, tick=False):
        client.post(SECOND_FACTOR, {"password": PASSWORD})
        assert "扫描" in client.get(SECOND_FACTOR).text
    with time_machine.travel(NOON + timedelta(minutes=15), tick=False):
        assert "开始设置" in client.get(SECOND_FACTOR).text


def test_setting_up_can_be_given_up(client_of: ClientOf, tax_liaison: User) -> None:
    client = client_of(tax_liaison)
    client.post(SECOND_FACTOR, {"password": PASSWORD})
    assert client.post(f"{SECOND_FACTOR}cancel/")["Location"] == "/accounts/me/"
    assert not TOTPDevice.objects.exists()


def test_removing_it_takes_password_and_code(client_of: ClientOf, tax_liaison: User) -> None:
    device = TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)
    client = client_of(tax_liaison)
    assert client.post(SECOND_FACTOR, {"password": PASSWORD}).status_code == 200
    assert TOTPDevice.objects.exists()
    data = {"password": PASSWORD, "code": f"{totp(device.bin_key):06d}"}
    assert client.post(SECOND_FACTOR, data)["Location"] == "/accounts/me/"
    assert not TOTPDevice.objects.exists()
    assert AuditEvent.objects.filter(action="account.second_factor_off").count() == 1
