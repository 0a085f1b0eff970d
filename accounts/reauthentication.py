"""Re-authentication: password and code, or a passkey, before signing or changing one's protection.

Five failures in a row lock this for half an hour (GB/T 22239-2019, handling of failed sign-ins).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.audit import record
from accounts.models import ReauthenticationFailure, SigningLock, User
from accounts.origin import current_origin
from accounts.passkeys import (
    MOST_CHARACTERS,
    Occasion,
    PasskeyRefused,
    confirm,
    is_here,
    occasion_of,
)
from accounts.recovery_codes import DIGITS
from accounts.second_factor import (
    confirmed_device,
    has_passkey,
    has_second_factor,
    second_code_fits,
)
from core.dates import time_words
from core.form_text import Canonical
from core.forms import BaseForm
from core.text import compact

FAILURES_TO_LOCK = 5
LOCK_FOR = timedelta(minutes=30)
CODE_DIGITS = 6
PROVEN_FOR = timedelta(minutes=5)
SALT = "accounts.reauthentication"


@dataclass(frozen=True)
class Proof:
    """What came of one attempt. `lock` is the one in force; `is_new` when this attempt set it.

    `password_fits` where only the code was wrong. `words` are those of a passkey's refusal.
    """

    accepted: bool
    password_fits: bool = False
    lock: SigningLock | None = None
    is_new: bool = False
    attempts_left: int = FAILURES_TO_LOCK
    words: str = ""


def prove(user: User, *, password: str | None, code: str | None) -> Proof:
    """Check the password, and with `code` given the second factor; count what fails.

    Without a password where it was proven a moment ago (`is_proven`).

    Durable, because a failure must stay counted whatever the caller does afterwards: calling it
    inside a transaction raises RuntimeError. The person's row is locked, so that attempts made
    at the same moment are counted one by one.
    """
    with transaction.atomic(durable=True):
        person: User = User.objects.select_for_update().get(pk=user.pk)
        lock = SigningLock.objects.in_force().filter(user=person).first()
        if lock:
            return Proof(accepted=False, lock=lock, attempts_left=0)
        password_fits = _password_fits(person, password)
        if password_fits and _code_fits(person, code):
            _counting(person).update(counts=False)
            return Proof(accepted=True)
        return replace(_count_failure(person), password_fits=password_fits)


def prove_by_passkey(occasion: Occasion, answer: str) -> Proof:
    """Check what a device has signed, in place of password and code; durable as `prove` is.

    An answer that came too late is no failed attempt; one of a wrong key is.
    """
    with transaction.atomic(durable=True):
        person: User = User.objects.select_for_update().get(pk=occasion.user.pk)
        lock = SigningLock.objects.in_force().filter(user=person).first()
        if lock or not person.is_active:
            return Proof(accepted=False, lock=lock, attempts_left=0)
        try:
            confirm(occasion, answer)
        except PasskeyRefused as refused:
            failed = _count_failure(person) if refused.counts else Proof(accepted=False)
            return replace(failed, words=str(refused))
        _counting(person).update(counts=False)
        return Proof(accepted=True)


def _password_fits(user: User, password: str | None) -> bool:
    return user.is_active and (password is None or user.check_password(password))


def _code_fits(user: User, code: str | None) -> bool:
    return code is None or not has_second_factor(user) or second_code_fits(user, code)


def proof_of_password(user: User) -> str:
    """A signed word that this person's password was right; it serves beside a code alone."""
    return signing.dumps([user.pk, _password_mark(user)], salt=SALT)


def is_proven(user: User, word: str) -> bool:
    """Whether it says so of this person and his present password, within `PROVEN_FOR`."""
    try:
        said = signing.loads(word, salt=SALT, max_age=PROVEN_FOR)
    except signing.BadSignature:
        return False
    return bool(said == [user.pk, _password_mark(user)])


def _password_mark(user: User) -> str:
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()[:32]


def _counting(user: User) -> Any:
    since = timezone.now() - LOCK_FOR
    return ReauthenticationFailure.objects.filter(user=user, counts=True, at__gt=since)


def _count_failure(user: User) -> Proof:
    ReauthenticationFailure.objects.create(user=user, origin=current_origin())
    left = FAILURES_TO_LOCK - _counting(user).count()
    if left > 0:
        return Proof(accepted=False, attempts_left=left)
    _counting(user).update(counts=False)
    lock = SigningLock.objects.create(user=user, until=timezone.now() + LOCK_FOR)
    record("account.signing_locked", user, by=user, after={"until": lock.until.isoformat()})
    return Proof(accepted=False, lock=lock, is_new=True, attempts_left=0)


class CodeField(forms.CharField):
    """The six digits of the second factor, however they are spaced, also in full width."""

    canonical: ClassVar[Canonical] = staticmethod(compact)
    default_error_messages = {
        "required": "请输入手机验证器中的6位数字。",
        "invalid": "动态验证码是6位数字，请照手机验证器中显示的输入。",
    }

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        kwargs.setdefault("label", "动态验证码")
        kwargs.setdefault("help_text", "手机验证器应用中现在显示的6位数字。")
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        code: str = super().to_python(value) or ""
        if code and not (len(code) == CODE_DIGITS and code.isascii() and code.isdecimal()):
            raise forms.ValidationError(self.error_messages["invalid"])
        return code


class SecondCodeField(CodeField):
    """The six digits of the phone, or the twelve of a recovery code."""

    def to_python(self, value: Any) -> str:
        typed = compact(forms.CharField.to_python(self, value) or "").replace("-", "")
        if len(typed) == DIGITS and typed.isascii() and typed.isdecimal():
            return typed
        return super().to_python(typed)


def ask_recovery_code(field: forms.Field) -> None:
    """Of somebody who has passkeys and no application that shows codes."""
    field.label = "备用恢复码"
    field.help_text = "没有通行密钥可用时，填一个没有用过的备用恢复码（12位数字）。"
    field.error_messages["required"] = "请用通行密钥，或者填一个备用恢复码。"


class OnceInput(forms.PasswordInput):
    """Hidden; what came back in it serves once and does not stand on the page again."""

    input_type = "hidden"


class PasskeyField(forms.CharField):
    """What a passkey signed, as a script of the page puts it in."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=MOST_CHARACTERS, widget=OnceInput)


class ReauthenticationForm(BaseForm):
    """Password, and the code of the second factor where the person has one; or a passkey.

    Where only the code was wrong, the password is not asked again for `PROVEN_FOR`. A passkey is
    offered where the form was given the `request` whose page it confirms.

    `just_locked` is the lock that this very attempt set; the caller tells the security
    administrators of it (notices are to the right of this room).
    """

    asks_code: ClassVar[bool] = True

    password = forms.CharField(
        label="您的登录密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请输入您的登录密码。"},
    )
    code = SecondCodeField()
    proven = forms.CharField(required=False, widget=forms.HiddenInput)
    passkey = PasskeyField()

    def __init__(
        self, *args: Any, user: User, request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.request = request
        self.just_locked: SigningLock | None = None
        by_phone = self.asks_code and confirmed_device(user) is not None
        by_passkey = self.asks_code and has_passkey(user)
        if not (by_phone or by_passkey):
            del self.fields["code"], self.fields["proven"]
        elif is_proven(user, self.data.get(self.add_prefix("proven"), "")):
            del self.fields["password"]
        if by_passkey and not by_phone:
            ask_recovery_code(self.fields["code"])
        if not (by_passkey and request is not None and is_here(request)):
            del self.fields["passkey"]
        elif self.data.get(self.add_prefix("passkey")):
            for name in ("password", "code"):
                if name in self.fields:
                    self.fields[name].required = False

    @property
    def offers_passkey(self) -> bool:
        return "passkey" in self.fields

    @property
    def is_proof_alone(self) -> bool:
        """Whether nothing else is asked, so that password and code may be folded away."""
        return self.fields.keys() <= {"password", "code", "proven", "passkey"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # What was left out, or typed wrong elsewhere on the page, is no failed attempt.
        if self.errors:
            return cleaned
        proof = self._proof(cleaned)
        if not proof.accepted:
            self.just_locked = proof.lock if proof.is_new else None
            if proof.password_fits and "code" in self.fields:
                self._ask_code_alone()
            raise forms.ValidationError(self._refusal(proof))
        return cleaned

    def _proof(self, cleaned: dict[str, Any]) -> Proof:
        answer = cleaned.get("passkey")
        if answer and self.request is not None:
            return prove_by_passkey(occasion_of(self.request, self.user), answer)
        return prove(self.user, password=cleaned.get("password"), code=cleaned.get("code"))

    def _ask_code_alone(self) -> None:
        self.fields.pop("password", None)
        data = self.data.copy()
        data[self.add_prefix("proven")] = proof_of_password(self.user)
        data[self.add_prefix("code")] = ""
        self.data = data

    def _refusal(self, proof: Proof) -> str:
        if proof.lock:
            until = time_words(proof.lock.until)
            return (
                f"已连续{FAILURES_TO_LOCK}次没有通过验证。为防止他人冒用，{until}之前不能签署或修改"
                "登录信息。请到时再试；急需办理的，请联系安全管理员解除。"
            )
        if proof.words:
            return proof.words
        if proof.password_fits:
            return (
                "动态验证码不正确。每个验证码只能用一次，请等手机上换出新的数字再输入；密码不用再输。"
                f"还可以再试{proof.attempts_left}次。"
            )
        if "code" in self.fields:
            return (
                "密码或动态验证码不正确。每个验证码只能用一次，请等手机上换出新的数字再输入。"
                f"还可以再试{proof.attempts_left}次。"
            )
        return f"密码不正确，请重新输入。还可以再试{proof.attempts_left}次。"


class SigningForm(ReauthenticationForm):
    """Before a signature: where the station says so, nobody signs by his password alone."""

    @property
    def lacks_second_factor(self) -> bool:
        return settings.SIGNING_NEEDS_SECOND_FACTOR and "code" not in self.fields

    def clean(self) -> dict[str, Any]:
        if self.lacks_second_factor:
            raise forms.ValidationError("签署要求先启用第二重验证。请到“我的账户”启用，再来签署。")
        return super().clean()
