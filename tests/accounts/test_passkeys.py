"""Passkeys: adding one, signing in by it, removing it, and every answer that is refused."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import passkeys
from accounts.entry_models import Passkey, PasskeyChallenge, RecoveryCode
from accounts.models import AuditEvent, SigningLock, User
from accounts.passkeys import COPIED, site
from notices.models import Notice
from tests.accounts.soft_key import HOST, OPTIONS, SoftKey, asked, at_home
from tests.conftest import ClientOf
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LIST = "/accounts/me/passkeys/"
NEW = "/accounts/me/passkeys/new/"
NEW_OPTIONS = "/accounts/me/passkeys/new/options/"
SIGN_IN = "/accounts/sign-in/"
CODE = "/accounts/sign-in/code/"
AGAIN = "没有办理。请再按一次“通行密钥”按钮"


@pytest.fixture
def client(client_of: ClientOf, tax_liaison: User) -> Client:
    return at_home(client_of(tax_liaison))


@pytest.fixture
def key(tax_liaison: User) -> SoftKey:
    """The liaison's phone, added before."""
    made = SoftKey()
    made.kept_for(tax_liaison)
    return made


def begin(client: Client, **typed: str) -> Any:
    return client.post(NEW, {"name": "我的手机", "password": PASSWORD, **typed})


def pending(user: User) -> Client:
    """Whose password was right a moment ago."""
    client = at_home(Client())
    response = client.post(SIGN_IN, {"username": user.username, "password": PASSWORD, "next": "/"})
    assert response["Location"].startswith(CODE)
    return client


def signed_in(client: Client) -> bool:
    return client.get("/accounts/me/").status_code == 200


# Adding ------------------------------------------------------------------------------------------


def test_a_passkey_is_added_with_the_password_and_recovery_codes_are_shown_once(
    client: Client, tax_liaison: User
) -> None:
    assert begin(client)["Location"] == NEW
    assert "在“我的手机”上确认" in client.get(NEW).text
    options = client.post(NEW_OPTIONS).json()
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    response = client.post(NEW, {"passkey": SoftKey().make(options)})
    assert response["Location"] == "/accounts/me/recovery-codes/"
    passkey = Passkey.objects.get()
    assert (passkey.user, passkey.name, passkey.counter) == (tax_liaison, "我的手机", 1)
    page = client.get("/accounts/me/recovery-codes/")
    assert len(page.context["codes"]) == RecoveryCode.objects.count() == 10
    assert page.context["codes"][0] in page.text
    assert client.get("/accounts/me/recovery-codes/").status_code == 302
    assert AuditEvent.objects.get(action="account.passkey_added").object_label == "我的手机"
    assert "添加了通行密钥“我的手机”" in Notice.objects.get(recipient=tax_liaison).body
    assert "已添加1把" in client.get("/accounts/me/").text


def test_the_first_ends_the_sessions_begun_without(
    client_of: ClientOf, client: Client, tax_liaison: User
) -> None:
    elsewhere = client_of(tax_liaison)
    begin(client)
    client.post(NEW, {"passkey": SoftKey().make(client.post(NEW_OPTIONS).json())})
    assert signed_in(client)
    assert not signed_in(elsewhere)


def test_nothing_is_asked_of_a_device_before_the_person_has_proved_who_he_is(
    client: Client,
) -> None:
    assert client.post(NEW_OPTIONS).status_code == 403
    assert "密码不正确" in begin(client, password="wrong").text
    assert client.post(NEW_OPTIONS).status_code == 403
    begin(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert client.post(NEW_OPTIONS).json() == {
            "words": "添加的时间已过，请从“添加通行密钥”重新开始。"
        }


def test_it_can_be_left_alone(client: Client) -> None:
    begin(client)
    assert client.post(f"{NEW}cancel/")["Location"] == LIST
    assert client.post(NEW_OPTIONS).status_code == 403


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"origin": "https://abtc-wanzhou.example"}, id="made at another address"),
        pytest.param({"is_verified": False}, id="without finger, face or PIN"),
    ],
)
def test_a_passkey_is_refused_that_was_made_wrongly(client: Client, spoil: dict[str, Any]) -> None:
    begin(client)
    answer = SoftKey().make(client.post(NEW_OPTIONS).json(), **spoil)
    assert "没有通过验证" in client.post(NEW, {"passkey": answer}).text
    assert not Passkey.objects.exists()


def test_a_device_added_already_is_not_added_again(client: Client, key: SoftKey) -> None:
    RecoveryCode.objects.all().delete()
    answer = key.use(asked(client, NEW, name="又一次"))
    client.post(NEW, {"name": "又一次", "passkey": answer})
    options = client.post(NEW_OPTIONS).json()
    assert len(options["excludeCredentials"]) == 1
    assert "已经添加过" in client.post(NEW, {"passkey": key.make(options)}).text
    assert Passkey.objects.count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        "", "null", "[]", "{}", "not json", '{"rawId": 7}', '{"id": "a", "rawId": "b"}',
        '{"rawId": "AA", "response": {"clientDataJSON": "AA", "attestationObject": "AA"}}',
        "[" * 9000, "x" * 30_000,
    ],
)  # fmt: skip
def test_what_is_no_answer_at_all_is_refused_in_words(client: Client, answer: str) -> None:
    begin(client)
    client.post(NEW_OPTIONS)
    assert "没有通过验证" in client.post(NEW, {"passkey": answer}).text


# Signing in --------------------------------------------------------------------------------------


def test_it_is_the_second_step_of_signing_in(tax_liaison: User, key: SoftKey) -> None:
    client = pending(tax_liaison)
    assert "用通行密钥登录" in client.get(f"{CODE}?next=/").text
    answer = key.use(asked(client, CODE, next="/"))
    assert client.post(CODE, {"next": "/", "passkey": answer})["Location"] == "/"
    assert signed_in(client)
    event = AuditEvent.objects.get(action="account.sign_in")
    assert event.after == {"second_factor": True, "way": "通行密钥"}
    passkey = Passkey.objects.get()
    assert passkey.counter == key.counter == 2
    assert passkey.used_at is not None


def test_the_password_alone_lets_nobody_in_who_has_one(tax_liaison: User, key: SoftKey) -> None:
    client = pending(tax_liaison)
    assert not signed_in(client)
    assert "请用通行密钥，或者填一个备用恢复码" in client.post(CODE, {"next": "/"}).text
    assert not signed_in(client)


def test_a_stranger_is_asked_nothing(db: None) -> None:
    response = at_home(Client()).post(OPTIONS, {"passkey_page": CODE})
    assert response["Location"].startswith(SIGN_IN)
    assert not PasskeyChallenge.objects.exists()


def test_an_answer_serves_once(tax_liaison: User, key: SoftKey) -> None:
    client = pending(tax_liaison)
    answer = key.use(asked(client, CODE, next="/"))
    client.post(CODE, {"next": "/", "passkey": answer})
    client.post("/accounts/sign-out/")
    client.post(SIGN_IN, {"username": tax_liaison.username, "password": PASSWORD, "next": "/"})
    assert AGAIN in client.post(CODE, {"next": "/", "passkey": answer}).text
    assert not signed_in(client)


def test_an_answer_of_another_session_serves_not(tax_liaison: User, key: SoftKey) -> None:
    mine, his = pending(tax_liaison), pending(tax_liaison)
    answer = key.use(asked(mine, CODE, next="/"))
    assert AGAIN in his.post(CODE, {"next": "/", "passkey": answer}).text


def test_an_answer_comes_within_three_minutes(tax_liaison: User, key: SoftKey) -> None:
    client = pending(tax_liaison)
    answer = key.use(asked(client, CODE, next="/"))
    with time_machine.travel(timezone.now() + timedelta(minutes=3, seconds=1), tick=False):
        assert AGAIN in client.post(CODE, {"next": "/", "passkey": answer}).text
    assert not AuditEvent.objects.filter(action="account.sign_in").exists()


def test_another_persons_passkey_does_not_serve(
    tax_liaison: User, police_liaison: User, key: SoftKey
) -> None:
    stranger = SoftKey()
    stranger.kept_for(police_liaison)
    client = pending(tax_liaison)
    answer = stranger.use(asked(client, CODE, next="/"))
    assert "不是您账户的" in client.post(CODE, {"next": "/", "passkey": answer}).text
    event = AuditEvent.objects.get(action="account.sign_in_failed")
    assert event.after["reason"] == "通行密钥不正确"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"origin": "http://localhost.example"}, id="asked by another address"),
        pytest.param({"origin": "http://localhost:8001"}, id="asked at another port"),
        pytest.param({"is_verified": False}, id="without finger, face or PIN"),
    ],
)
def test_an_answer_given_elsewhere_is_refused(
    tax_liaison: User, key: SoftKey, spoil: dict[str, Any]
) -> None:
    client = pending(tax_liaison)
    answer = key.use(asked(client, CODE, next="/"), **spoil)
    assert "没有通过验证" in client.post(CODE, {"next": "/", "passkey": answer}).text
    assert not signed_in(client)


def test_an_answer_for_another_name_is_refused(tax_liaison: User) -> None:
    elsewhere = SoftKey(name="abtc-wanzhou.example")
    elsewhere.kept_for(tax_liaison)
    client = pending(tax_liaison)
    answer = elsewhere.use(asked(client, CODE, next="/"))
    assert "没有通过验证" in client.post(CODE, {"next": "/", "passkey": answer}).text


def test_a_signature_by_another_key_is_refused(tax_liaison: User, key: SoftKey) -> None:
    client = pending(tax_liaison)
    forged = SoftKey()
    forged.id = key.id
    answer = forged.use(asked(client, CODE, next="/"))
    assert "没有通过验证" in client.post(CODE, {"next": "/", "passkey": answer}).text


def test_a_count_that_goes_back_is_a_copy_and_is_told(tax_liaison: User, key: SoftKey) -> None:
    Passkey.objects.update(counter=9)
    client = pending(tax_liaison)
    answer = key.use(asked(client, CODE, next="/"))
    assert COPIED in client.post(CODE, {"next": "/", "passkey": answer}).text
    assert not signed_in(client)
    assert AuditEvent.objects.get(action="account.passkey_copied").object_label == "我的手机"
    assert "可能被人复制" in Notice.objects.get(recipient=tax_liaison).body
    assert Passkey.objects.get().counter == 9


def test_a_device_that_never_counts_is_taken(tax_liaison: User, key: SoftKey) -> None:
    Passkey.objects.update(counter=0)
    client = pending(tax_liaison)
    key.counter = -1
    answer = key.use(asked(client, CODE, next="/"))
    assert client.post(CODE, {"next": "/", "passkey": answer})["Location"] == "/"


def test_wrong_passkeys_lock_the_name_as_wrong_passwords_do(
    tax_liaison: User, key: SoftKey
) -> None:
    client, stranger = pending(tax_liaison), SoftKey()
    for _ in range(5):
        answer = stranger.use(asked(client, CODE, next="/"))
        last = client.post(CODE, {"next": "/", "passkey": answer})
    assert client.post(CODE, {"next": "/", "passkey": "{}"}).status_code == 429
    assert last.status_code in {200, 429}


# Removing ----------------------------------------------------------------------------------------


def test_it_is_removed_by_itself_or_by_password_and_serves_no_more(
    client: Client, tax_liaison: User, key: SoftKey
) -> None:
    passkey = Passkey.objects.get()
    page = f"{LIST}{passkey.pk}/remove/"
    waiting = pending(tax_liaison)
    late = key.use(asked(waiting, CODE, next="/"))
    assert client.post(page, {"passkey": key.use(asked(client, page))})["Location"] == LIST
    assert not Passkey.objects.exists()
    event = AuditEvent.objects.get(action="account.passkey_removed")
    assert (event.object_label, event.object_id) == ("我的手机", str(passkey.pk))
    assert "移除了通行密钥“我的手机”" in Notice.objects.get(recipient=tax_liaison).body
    # Nothing is left that the second step could ask for.
    assert waiting.post(CODE, {"next": "/", "passkey": late})["Location"].startswith(SIGN_IN)


def test_a_removed_one_serves_no_more_beside_others(tax_liaison: User, key: SoftKey) -> None:
    SoftKey().kept_for(tax_liaison, "办公室电脑")
    client = pending(tax_liaison)
    answer = key.use(asked(client, CODE, next="/"))
    Passkey.objects.filter(name="我的手机").delete()
    assert "已经移除" in client.post(CODE, {"next": "/", "passkey": answer}).text
    assert not signed_in(client)


def test_nobody_removes_anothers(client_of: ClientOf, police_liaison: User, key: SoftKey) -> None:
    page = f"{LIST}{Passkey.objects.get().pk}/remove/"
    assert at_home(client_of(police_liaison)).get(page).status_code == 404


def test_what_confirms_one_removal_confirms_no_other(client: Client, tax_liaison: User) -> None:
    first, second = SoftKey(), SoftKey()
    pages = [
        f"{LIST}{one.kept_for(tax_liaison, name).pk}/remove/"
        for one, name in ((first, "手机"), (second, "电脑"))
    ]
    answer = first.use(asked(client, pages[0]))
    assert AGAIN in client.post(pages[1], {"passkey": answer}).text
    assert Passkey.objects.count() == 2


def test_five_answers_of_a_wrong_key_lock_signing(
    client: Client, tax_liaison: User, key: SoftKey
) -> None:
    page, stranger = f"{LIST}{Passkey.objects.get().pk}/remove/", SoftKey()
    for _ in range(5):
        client.post(page, {"passkey": stranger.use(asked(client, page))})
    assert SigningLock.objects.in_force().filter(user=tax_liaison).exists()
    assert "之前不能签署" in client.post(page, {"passkey": key.use(asked(client, page))}).text


def test_an_answer_too_late_is_no_failed_attempt(client: Client, key: SoftKey) -> None:
    page = f"{LIST}{Passkey.objects.get().pk}/remove/"
    for _ in range(6):
        answer = key.use(asked(client, page))
        PasskeyChallenge.objects.all().delete()
        assert AGAIN in client.post(page, {"passkey": answer}).text
    assert not SigningLock.objects.exists()


# Beside ------------------------------------------------------------------------------------------


def test_the_security_administrator_resets_passkeys_and_codes_too(
    client_of: ClientOf, tax_liaison: User, security_admin: User, key: SoftKey
) -> None:
    TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)
    RecoveryCode.objects.create(user=tax_liaison, code_hash="x")
    page = f"/accounts/users/{tax_liaison.pk}/second-factor/reset/"
    assert client_of(security_admin).post(page, {"reason": "手机遗失"}).status_code == 302
    assert not Passkey.objects.exists()
    assert not TOTPDevice.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_at_another_address_the_page_says_where_it_is_used(
    client_of: ClientOf, tax_liaison: User, key: SoftKey
) -> None:
    client = client_of(tax_liaison)
    assert f"http://{HOST}{LIST}" in client.get(LIST).text
    assert client.get(NEW)["Location"] == LIST
    page = client.get(f"{LIST}{Passkey.objects.get().pk}/remove/").text
    assert "data-passkey=" not in page


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://abtc.example", ("abtc.example", "https://abtc.example")),
        ("https://abtc.example:8443", ("abtc.example", "https://abtc.example:8443")),
        ("http://127.0.0.1:8000", ("localhost", "http://localhost:8000")),
        ("http://abtc.example", None),
        ("https://10.1.2.3", None),
        ("", None),
    ],
)
def test_where_passkeys_serve_follows_from_the_address(
    settings: Any, address: str, expected: tuple[str, str] | None
) -> None:
    settings.SITE_URL = address
    where = site()
    assert (where and (where.name, where.origin)) == expected


def test_what_is_asked_does_not_pile_up(client: Client, key: SoftKey) -> None:
    for _ in range(passkeys.MOST_ASKED + 5):
        asked(client, CODE)
    assert PasskeyChallenge.objects.count() == passkeys.MOST_ASKED


def test_the_credential_stands_encrypted(key: SoftKey) -> None:
    stored = Passkey.objects.extra(select={"raw": "credential"}).values_list("raw", flat=True)[0]
    assert json.dumps(stored).startswith('"k1:')
