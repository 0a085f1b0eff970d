"""Signing in and out, and what a locked name is told."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.confirmation import TokenRefused, confirm, read_token
from accounts.destinations import destination
from accounts.device_words import device_words
from accounts.forms import SecondStepForm, SignInForm
from accounts.kept_forms import forget_person, remember_person
from accounts.known_devices import remember
from accounts.letters import letters
from accounts.models import User
from accounts.origin import current_origin
from accounts.passkeys import PasskeyRefused
from accounts.rate_limits import refusal, seconds_to_wait, take_back
from accounts.recovery_codes import DIGITS
from accounts.second_factor import CODE_REFUSED, confirmed_device, has_second_factor
from accounts.sign_in import (
    await_code,
    awaiting_code,
    check_code,
    check_passkey,
    enter,
    fold,
    is_known_device,
    is_locked,
    locked_until,
    note_failure,
    note_lock,
)

LOCKED_STATUS = 429
# The ways of the second step, as the trail names them.
PHONE: Final = "动态验证码"
RECOVERY_CODE: Final = "备用恢复码"
PASSKEY: Final = "通行密钥"
RECOVERY_CODE_REFUSED = (
    "这个备用恢复码不正确，或者已经用过。请检查后重新输入，或者换一个没有用过的。"
)
# Failures of one address within ten minutes, in browsers where nobody has signed in before.
LIMIT: Final = "sign in"
MOST_FAILURES: Final = 20
SPAN: Final = timedelta(minutes=10)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    target = destination(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST":
        wait = _wait(request, request.POST.get("username", ""))
        if wait:
            return refusal(request, wait)
        if form.is_valid() and form.user:
            _was_right(request, form.user)
            return go_on(request, form.user, target=target)
        if form.tried:
            note_failure(request, form.tried)
    context = {
        "form": form,
        "next": target,
        "platform": settings.SIGN_ON and settings.SIGN_ON_LABEL,
    }
    return render(request, "accounts/sign_in.html", context)


def go_on(request: HttpRequest, user: User, *, target: str) -> HttpResponse:
    """After the password, or a platform that vouches for him: the second step, where he has one."""
    if has_second_factor(user):
        await_code(request, user)
        return redirect(f"{reverse('accounts:sign_in_code')}?{urlencode({'next': target})}")
    return _enter(request, user, way="", target=target)


@login_not_required
@never_cache
@sensitive_post_parameters("code", "passkey")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step, for those who have a second factor."""
    target = destination(request)
    if request.user.is_authenticated:
        return redirect(target)
    user = awaiting_code(request)
    if user is None or not has_second_factor(user):
        messages.info(request, "请重新输入登录名和密码。")
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': target})}")
    wait = _wait(request, user.username) if request.method == "POST" else 0
    if wait:
        return refusal(request, wait)
    if is_locked(request, user.username):
        if request.method == "POST":
            note_failure(request, user.username)
        return locked_out(request, None, {"username": user.username})
    form = SecondStepForm(request.POST or None, user=user, request=request)
    if request.method == "POST" and form.is_valid():
        way = _second_factor(request, user, form)
        if way:
            _was_right(request, user)
            return _enter(request, user, way=way, target=target)
    return render(request, "accounts/sign_in_code.html", {"form": form, "next": target})


def _second_factor(request: HttpRequest, user: User, form: SecondStepForm) -> str:
    """How he showed it, in words; "" where he did not, and the form says why."""
    typed = form.cleaned_data
    if typed.get("passkey"):
        try:
            check_passkey(request, user, typed["passkey"])
        except PasskeyRefused as refused:
            if refused.counts:
                note_failure(request, user.username, what=PASSKEY)
            form.add_error(None, str(refused))
            return ""
        return PASSKEY
    way = RECOVERY_CODE if len(typed["code"]) == DIGITS else PHONE
    if check_code(request, user, typed["code"]):
        return way
    note_failure(request, user.username, what=way)
    form.add_error("code", CODE_REFUSED if way == PHONE else RECOVERY_CODE_REFUSED)
    return ""


def _wait(request: HttpRequest, username: str) -> int:
    """Count an attempt of this address; a browser where he has signed in before is not bound."""
    if is_known_device(request, username):
        return 0
    return seconds_to_wait(LIMIT, current_origin(), most=MOST_FAILURES, span=SPAN)


def _was_right(request: HttpRequest, user: User) -> None:
    """A whole office signs in from one address: only failures count."""
    if not is_known_device(request, user.username):
        take_back(LIMIT, current_origin(), span=SPAN)


def _enter(request: HttpRequest, user: User, *, way: str, target: str) -> HttpResponse:
    is_strange = user.last_login is not None and not is_known_device(request, user.username)
    enter(request, user, way=way, device=confirmed_device(user) if way == PHONE else None)
    # A mailbox that an agent never confirmed may be a stranger's.
    if is_strange and not (user.is_agent and user.email_confirmed_at is None):
        agent = request.headers.get("User-Agent", "")
        letters().new_device(user, device=device_words(agent))
    response = redirect(target)
    remember(request, response, fold(user.username))
    remember_person(response, user)
    return response


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, str] | None
) -> HttpResponse:
    """What axes answers instead of the page (`AXES_LOCKOUT_CALLABLE`)."""
    username = (credentials or {}).get("username", "")
    note_lock(request, username)
    context = {
        "until": timezone.localtime(locked_until(request, username)),
        "limit": settings.AXES_FAILURE_LIMIT,
        "is_known_device": is_known_device(request, username),
    }
    return render(request, "accounts/sign_in_locked.html", context, status=LOCKED_STATUS)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        record("account.sign_out", request.user, by=request.user)
    logout(request)
    messages.info(request, "您已退出。")
    response = redirect("home")
    forget_person(response)
    return response


@login_not_required
@never_cache
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the confirmation mail: a page with a button, since mail scanners open links."""
    try:
        if request.method == "POST":
            confirm(token)
            messages.success(request, "邮箱已确认，今后的通知会发到这个邮箱。")
            if request.user.is_authenticated:
                return redirect("home")
            # The mail is often opened on the phone, the form was filled in at a desk.
            messages.info(request, "请登录，继续办理。")
            return redirect("accounts:sign_in")
        confirmation = read_token(token)
    except TokenRefused as refused:
        return render(
            request, "accounts/confirm_refused.html", {"reason": str(refused)}, status=410
        )
    user = confirmation.user
    context = {
        "email": confirmation.mailbox,
        "confirmed_at": user.email_confirmed_at if confirmation.is_done else None,
        "former": user.email if user.wanted_email else "",
    }
    return render(request, "accounts/confirm.html", context)
