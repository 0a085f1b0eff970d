"""Re-authentication: password and code once more, before signing or changing one's protection.

Five failures in a row lock this for half an hour (GB/T 22239-2019, handling of failed sign-ins).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.audit import record
from accounts.models import ReauthenticationFailure, SigningLock, User
from accounts.origin import current_origin
from accounts.second_factor import code_fits, confirmed_device
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

    `password_fits` where only the code was wrong.
    """

    accepted: bool
    password_fits: bool = False
    lock: SigningLock | None = None
    is_new: bool = False
    attempts_left: int = FAILURES_TO_LOCK


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


def _password_fits(user: User, password: str | None) -> bool:
    return user.is_active and (password is None or user.check_password(password))


def _code_fits(user: User, code: str | None) -> bool:
    device = confirmed_device(user) if code is not None else None
    return device is None or code_fits(device, code or "")


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


class ReauthenticationForm(BaseForm):
    """Password, and the code of the second factor where the person has one.

    Where only the code was wrong, the password is not asked again for `PROVEN_FOR`.

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
    code = CodeField()
    proven = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.just_locked: SigningLock | None = None
        if not (self.asks_code and confirmed_device(user)):
            del self.fields["code"], self.fields["proven"]
        elif is_proven(user, self.data.get(self.add_prefix("proven"), "")):
            del self.fields["password"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # What was left out, or typed wrong elsewhere on the page, is no failed attempt.
        if self.errors:
            return cleaned
        proof = prove(self.user, password=cleaned.get("password"), code=cleaned.get("code"))
        if not proof.accepted:
            self.just_locked = proof.lock if proof.is_new else None
            if proof.password_fits and "code" in self.fields:
                self._ask_code_alone()
            raise forms.ValidationError(self._refusal(proof))
        return cleaned

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
