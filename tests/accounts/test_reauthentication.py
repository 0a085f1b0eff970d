"""Proving once more who one is: the password, the code, and the lock after five failures."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import reauthentication
from accounts.models import AuditEvent, ReauthenticationFailure, SigningLock, User
from accounts.reauthentication import ReauthenticationForm, is_proven, prove
from accounts.second_factor import code_fits
from accounts.services import lift_signing_lock
from tests.factories import PASSWORD
from tests.races import at_once, hold

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def attempt(user: User, password: str = PASSWORD, **more: str) -> ReauthenticationForm:
    form = ReauthenticationForm({"password": password, **more}, user=user)
    form.is_valid()
    return form


def proven(user: User, word: str, code: str) -> ReauthenticationForm:
    """With a code alone, and the signed word that the page carries along."""
    form = ReauthenticationForm({"proven": word, "code": code}, user=user)
    form.is_valid()
    return form


@pytest.fixture
def device(tax_liaison: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=tax_liaison, name="手机", confirmed=True)


def test_the_right_password_is_accepted(tax_liaison: User) -> None:
    assert attempt(tax_liaison).errors == {}


def test_without_a_second_factor_no_code_is_asked(tax_liaison: User) -> None:
    assert list(ReauthenticationForm(user=tax_liaison).fields) == ["password"]


def test_a_wrong_password_says_how_many_attempts_are_left(tax_liaison: User) -> None:
    form = attempt(tax_liaison, "wrong")
    assert form.non_field_errors() == ["密码不正确，请重新输入。还可以再试4次。"]
    assert form.just_locked is None


def test_an_empty_password_is_no_failed_attempt(tax_liaison: User) -> None:
    form = attempt(tax_liaison, "")
    assert form.errors == {"password": ["请输入您的登录密码。"]}
    assert not ReauthenticationFailure.objects.exists()


def test_five_failures_lock_for_thirty_minutes(tax_liaison: User) -> None:
    with time_machine.travel(NOON, tick=False):
        forms = [attempt(tax_liaison, "wrong") for _ in range(5)]
        right = attempt(tax_liaison)
    assert [form.just_locked is not None for form in forms] == [False] * 4 + [True]
    lock = SigningLock.objects.get()
    assert lock.until == NOON + timedelta(minutes=30)
    assert right.just_locked is None
    assert "12:30之前不能签署" in right.non_field_errors()[0]
    event = AuditEvent.objects.get(action="account.signing_locked")
    assert event.object_id == str(tax_liaison.pk)
    assert event.after == {"until": "2026-11-23T04:30:00+00:00"}


def test_the_lock_ends_by_itself(tax_liaison: User) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            attempt(tax_liaison, "wrong")
    with time_machine.travel(NOON + timedelta(minutes=30), tick=False):
        assert attempt(tax_liaison).errors == {}
        assert attempt(tax_liaison, "wrong").non_field_errors() == [
            "密码不正确，请重新输入。还可以再试4次。"
        ]


def test_a_success_starts_the_count_anew(tax_liaison: User) -> None:
    for _ in range(4):
        attempt(tax_liaison, "wrong")
    attempt(tax_liaison)
    assert attempt(tax_liaison, "wrong").non_field_errors() == [
        "密码不正确，请重新输入。还可以再试4次。"
    ]
    assert not SigningLock.objects.exists()


def test_failures_of_half_an_hour_ago_no_longer_count(tax_liaison: User) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(4):
            attempt(tax_liaison, "wrong")
    with time_machine.travel(NOON + timedelta(minutes=31), tick=False):
        attempt(tax_liaison, "wrong")
    assert not SigningLock.objects.exists()


def test_one_persons_failures_do_not_lock_another(tax_liaison: User, police_liaison: User) -> None:
    for _ in range(5):
        attempt(tax_liaison, "wrong")
    assert attempt(police_liaison).errors == {}


def test_with_a_second_factor_the_password_alone_is_not_enough(
    tax_liaison: User, device: TOTPDevice
) -> None:
    assert attempt(tax_liaison).errors == {"code": ["请输入手机验证器中的6位数字。"]}
    assert "还可以再试4次" in attempt(tax_liaison, code="000000").non_field_errors()[0]


def test_a_wrong_code_does_not_ask_for_the_password_again(
    tax_liaison: User, device: TOTPDevice
) -> None:
    refused = attempt(tax_liaison, code="000000")
    assert "密码不用再输" in refused.non_field_errors()[0]
    assert "password" not in refused.fields
    word = refused["proven"].value()
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        assert proven(tax_liaison, word, f"{totp(device.bin_key):06d}").errors == {}


def test_what_was_proven_is_forgotten_after_five_minutes(
    tax_liaison: User, device: TOTPDevice
) -> None:
    word = attempt(tax_liaison, code="000000")["proven"].value()
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1), tick=False):
        again = proven(tax_liaison, word, f"{totp(device.bin_key):06d}")
    assert again.errors == {"password": ["请输入您的登录密码。"]}


def test_a_proof_serves_nobody_else_and_no_other_password(
    tax_liaison: User, police_liaison: User, device: TOTPDevice
) -> None:
    word = attempt(tax_liaison, code="000000")["proven"].value()
    assert is_proven(tax_liaison, word)
    assert not is_proven(police_liaison, word)
    assert not is_proven(tax_liaison, word + "x")
    tax_liaison.set_password("Another-2026!")
    assert not is_proven(tax_liaison, word)


def test_wrong_codes_without_the_password_lock_as_well(
    tax_liaison: User, device: TOTPDevice
) -> None:
    word = attempt(tax_liaison, code="000000")["proven"].value()
    for _ in range(4):
        last = proven(tax_liaison, word, "000000")
    assert "已连续5次没有通过验证" in last.non_field_errors()[0]
    assert SigningLock.objects.filter(user=tax_liaison).exists()


def test_the_password_and_the_code_together_are_accepted(
    tax_liaison: User, device: TOTPDevice
) -> None:
    assert attempt(tax_liaison, code=f"{totp(device.bin_key):06d}").errors == {}


def test_a_code_serves_once(tax_liaison: User, device: TOTPDevice) -> None:
    code = f"{totp(device.bin_key):06d}"
    attempt(tax_liaison, code=code)
    assert "每个验证码只能用一次" in attempt(tax_liaison, code=code).non_field_errors()[0]


def test_a_wrong_password_does_not_use_the_code_up(tax_liaison: User, device: TOTPDevice) -> None:
    code = f"{totp(device.bin_key):06d}"
    attempt(tax_liaison, "wrong", code=code)
    assert attempt(tax_liaison, code=code).errors == {}


def test_somebody_switched_off_in_the_meantime_is_refused(tax_liaison: User) -> None:
    User.objects.filter(pk=tax_liaison.pk).update(is_active=False)
    assert attempt(tax_liaison).errors


def test_it_refuses_to_run_where_a_rollback_would_forget_the_failure(
    transactional_db: None, tax_liaison: User
) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        attempt(tax_liaison, "wrong")


def test_the_failures_are_kept_as_rows(tax_liaison: User) -> None:
    attempt(tax_liaison, "wrong")
    failure = ReauthenticationFailure.objects.get()
    assert failure.user == tax_liaison
    assert failure.counts
    assert failure.at <= timezone.now()


def test_a_lock_that_was_lifted_early_gives_five_tries_again(
    tax_liaison: User, security_admin: User
) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            attempt(tax_liaison, "wrong")
        lift_signing_lock(SigningLock.objects.get(), by=security_admin)
        for left in (4, 3, 2, 1):
            assert attempt(tax_liaison, "wrong").non_field_errors() == [
                f"密码不正确，请重新输入。还可以再试{left}次。"
            ]
        assert attempt(tax_liaison, "wrong").just_locked is not None
    assert SigningLock.objects.count() == 2


def test_a_lock_lifted_early_says_when_and_by_whom(tax_liaison: User, security_admin: User) -> None:
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            attempt(tax_liaison, "wrong")
        lift_signing_lock(SigningLock.objects.get(), by=security_admin)
    lock = SigningLock.objects.get()
    assert (lock.lifted_at, lock.lifted_by) == (NOON, security_admin)


@pytest.mark.live
def test_of_two_guesses_at_once_only_one_is_the_fifth(
    transactional_db: None, tax_liaison: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is held between reading whether there is a lock and counting its own failure."""
    for _ in range(4):
        prove(tax_liaison, password="wrong", code=None)
    hold(monkeypatch, reauthentication, "_password_fits")
    proofs = at_once(2, lambda _: prove(tax_liaison, password="wrong", code=None))
    assert [proof.accepted for proof in proofs] == [False, False]
    assert sorted(proof.is_new for proof in proofs) == [False, True]
    assert SigningLock.objects.count() == 1
    # The sixth met the lock, and was not counted.
    assert ReauthenticationFailure.objects.count() == 5


@pytest.mark.live
def test_of_two_who_send_one_code_at_once_one_gets_in(
    transactional_db: None, device: TOTPDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"{totp(device.bin_key):06d}"
    hold(monkeypatch, TOTPDevice, "verify_token")
    assert sorted(at_once(2, lambda _: code_fits(device, code))) == [False, True]
