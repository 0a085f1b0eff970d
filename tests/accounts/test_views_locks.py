"""The security administrator's pages: locked sign-ins, locked signing, second factors."""

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import AuditEvent, SigningLock, User
from accounts.reauthentication import ReauthenticationForm
from tests.conftest import ClientOf
from tests.factories import PASSWORD, UserFactory

LOCKS = "/accounts/locks/"


@pytest.fixture
def client(client_of: ClientOf, security_admin: User) -> Client:
    return client_of(security_admin)


def fail_to_sign_in(username: str) -> Client:
    visitor = Client()
    for _ in range(5):
        visitor.post("/accounts/sign-in/", {"username": username, "password": "wrong"})
    return visitor


def fail_to_prove(user: User) -> SigningLock:
    for _ in range(5):
        ReauthenticationForm({"password": "wrong"}, user=user).is_valid()
    return SigningLock.objects.get(user=user)


def test_nothing_locked_is_said_so(client: Client) -> None:
    text = client.get(LOCKS).text
    assert "现在没有被锁定的登录名。" in text
    assert "现在没有人被锁定签署。" in text


def test_a_locked_sign_in_is_listed_and_lifted(
    client: Client, tax_liaison: User, security_admin: User
) -> None:
    visitor = fail_to_sign_in(tax_liaison.username)
    text = client.get(LOCKS).text
    assert "区税务局 区税务局联络员" in text
    assert "失败5次" in text
    unlock = {"username": tax_liaison.username}
    client.post(f"{LOCKS}sign-in/unlock/", unlock)
    assert "现在没有被锁定的登录名。" in client.get(LOCKS).text
    right = {"username": tax_liaison.username, "password": PASSWORD}
    assert visitor.post("/accounts/sign-in/", right)["Location"] == "/"
    event = AuditEvent.objects.get(action="account.unlock_sign_in")
    assert (event.actor, event.object_id) == (security_admin, str(tax_liaison.pk))


def test_a_name_that_nobody_has_is_listed_as_guessing(client: Client) -> None:
    fail_to_sign_in("nobody@example.com")
    text = client.get(LOCKS).text
    assert "一个没有人用的登录名" in text
    assert "失败5次" in text
    # It may be somebody's password, typed into the wrong field.
    assert "nobody@example.com" not in text


def test_lifting_twice_is_safe(client: Client, tax_liaison: User) -> None:
    fail_to_sign_in(tax_liaison.username)
    for _ in range(2):
        client.post(f"{LOCKS}sign-in/unlock/", {"username": tax_liaison.username})
    assert AuditEvent.objects.filter(action="account.unlock_sign_in").count() == 1


def test_a_locked_signing_is_listed_and_lifted(
    client: Client, tax_liaison: User, security_admin: User
) -> None:
    lock = fail_to_prove(tax_liaison)
    assert "区税务局 区税务局联络员" in client.get(LOCKS).text
    for _ in range(2):
        assert client.post(f"{LOCKS}signing/{lock.pk}/lift/")["Location"] == LOCKS
    lock.refresh_from_db()
    assert lock.lifted_by == security_admin
    assert ReauthenticationForm({"password": PASSWORD}, user=tax_liaison).is_valid()
    assert AuditEvent.objects.filter(action="account.lift_signing_lock").count() == 1


def test_nobody_lifts_his_own_lock(client: Client, security_admin: User) -> None:
    lock = fail_to_prove(security_admin)
    response = client.post(f"{LOCKS}signing/{lock.pk}/lift/", follow=True)
    assert "不能解除自己的锁定" in response.text
    lock.refresh_from_db()
    assert lock.lifted_at is None


def test_a_second_factor_is_reset_with_a_reason(
    client: Client, tax_liaison: User, security_admin: User
) -> None:
    TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)
    address = f"/accounts/users/{tax_liaison.pk}/second-factor/reset/"
    assert address in client.get(LOCKS).text
    assert "请写明原因。" in client.post(address, {"reason": ""}).text
    assert TOTPDevice.objects.exists()
    assert client.post(address, {"reason": "手机遗失，已当面核对"})["Location"] == LOCKS
    assert not TOTPDevice.objects.exists()
    event = AuditEvent.objects.get(action="account.second_factor_reset")
    assert (event.actor, event.after) == (security_admin, {"reason": "手机遗失，已当面核对"})


def test_nobody_resets_his_own_second_factor_here(client: Client, security_admin: User) -> None:
    TOTPDevice.objects.create(user=security_admin, name="手机", confirmed=True)
    address = f"/accounts/users/{security_admin.pk}/second-factor/reset/"
    assert client.post(address, {"reason": "x"}).status_code == 404
    assert TOTPDevice.objects.exists()


@pytest.mark.parametrize("people", [1, 50])
def test_the_page_costs_the_same_for_one_and_for_fifty(
    client: Client, django_assert_max_num_queries, people: int
) -> None:
    for user in UserFactory.create_batch(people):
        TOTPDevice.objects.create(user=user, name="手机", confirmed=True)
        SigningLock.objects.create(user=user, until="2099-01-01T00:00:00Z")
    for user in User.objects.all()[:2]:
        fail_to_sign_in(user.username)
    client.get(LOCKS)
    with django_assert_max_num_queries(9):
        page = client.get(LOCKS)
    assert page.status_code == 200
    assert page.text.count("/lift/") == people
    assert "失败5次" in page.text


@pytest.mark.parametrize("person", ["agent", "officer", "tax_liaison", "system_admin", "auditor"])
def test_nobody_else_lifts_anything(
    request: pytest.FixtureRequest, client_of: ClientOf, person: str, police_liaison: User
) -> None:
    lock = fail_to_prove(police_liaison)
    client = client_of(request.getfixturevalue(person))
    assert client.get(LOCKS).status_code == 403
    assert client.post(f"{LOCKS}signing/{lock.pk}/lift/").status_code == 403
    assert client.post(f"{LOCKS}sign-in/unlock/", {"username": "x"}).status_code == 403
    reset = f"/accounts/users/{police_liaison.pk}/second-factor/reset/"
    assert client.post(reset, {"reason": "x"}).status_code == 403


def test_who_is_locked_in_two_browsers_stands_there_once_and_both_are_opened(
    client: Client, tax_liaison: User
) -> None:
    own = Client()
    right = {"username": tax_liaison.username, "password": PASSWORD}
    own.post("/accounts/sign-in/", right)
    own.post("/accounts/sign-out/")
    for visitor in (own, Client()):
        for _ in range(5):
            visitor.post("/accounts/sign-in/", {**right, "password": "wrong"})
    assert client.get(LOCKS).text.count("失败5次") == 1
    client.post(f"{LOCKS}sign-in/unlock/", {"username": tax_liaison.username})
    assert "现在没有被锁定的登录名。" in client.get(LOCKS).text
    assert own.post("/accounts/sign-in/", right)["Location"] == "/"
    assert Client().post("/accounts/sign-in/", right)["Location"] == "/"
