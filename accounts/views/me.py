"""A person's own account: details, password, second factor."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp import login as verify_session
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.destinations import destination
from accounts.entry_models import Passkey
from accounts.forms import CodeForm, OwnDetailsForm, OwnPasswordForm
from accounts.models import Role, User
from accounts.own_sessions import go_on_after_change
from accounts.passkeys import is_here
from accounts.password_history import password_is_old
from accounts.reauthentication import ReauthenticationForm
from accounts.recovery_codes import codes_left
from accounts.requests import SignedInRequest
from accounts.second_factor import (
    CODE_REFUSED,
    code_fits,
    confirmed_device,
    device_being_set_up,
    must_set_up,
    qr_code,
    typed_key,
)
from accounts.services import (
    begin_second_factor,
    cancel_second_factor,
    change_own_details,
    change_own_password,
    finish_second_factor,
    remove_second_factor,
)
from accounts.sign_on.binding import is_bound
from accounts.views.recovery_codes import lead_to_codes
from core.masks import mask_phone
from core.versions import Overtaken

# Those who sign or administer: theirs are the accounts worth stealing.
SHOULD_HAVE_SECOND_FACTOR = frozenset(
    {Role.LIAISON, Role.STATION_OFFICER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
)


def me(request: SignedInRequest) -> HttpResponse:
    user = request.user
    return render(
        request,
        "accounts/me.html",
        {
            "phone": mask_phone(user.phone),
            "department": user.department,
            "has_phone": confirmed_device(user) is not None,
            "passkeys": Passkey.objects.filter(user=user).count(),
            "codes_left": codes_left(user),
            "platform": settings.SIGN_ON and settings.SIGN_ON_LABEL,
            "is_bound": bool(settings.SIGN_ON) and is_bound(user),
            "should_have_second_factor": user.role in SHOULD_HAVE_SECOND_FACTOR,
        },
    )


def me_edit(request: SignedInRequest) -> HttpResponse:
    # A copy: what was typed and refused must not show as the name at the head of the page.
    own = get_object_or_404(User.objects.visible_to(request.user), pk=request.user.pk)
    form = OwnDetailsForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        try:
            change_own_details(
                form.instance,
                changed=form.changed_data,
                seen_version=form.cleaned_data["seen_version"],
            )
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            messages.success(request, "已保存。")
            return redirect("accounts:me")
    context = {
        "title": "修改本人信息",
        "form": form,
        "act": "保存",
        "back_url": reverse("accounts:me"),
        "back": "取消",
    }
    return render(request, "components/form_page.html", context)


@sensitive_post_parameters("password", "new_password", "repeated")
def password_change(request: SignedInRequest) -> HttpResponse:
    form = OwnPasswordForm(request.POST or None, user=request.user)
    target = destination(request)
    if request.method == "POST" and form.is_valid():
        change_own_password(request.user, form.cleaned_data["new_password"])
        # Other sessions of this person end; this one goes on.
        go_on_after_change(request, request.user)
        messages.success(request, "密码已修改，下次登录请用新密码。")
        return redirect(target)
    context = {
        "form": form,
        "next": target,
        "is_forced": request.user.must_change_password,
        "is_old": password_is_old(request.user),
        "days": settings.PASSWORD_DAYS,
    }
    return render(request, "accounts/password_change.html", context)


def second_factor_needed(request: SignedInRequest) -> HttpResponse:
    """Where staff are led who have none, when the station requires one."""
    if not must_set_up(request.user):
        return redirect("accounts:me")
    context = {"offers_passkeys": is_here(request)}
    return render(request, "accounts/second_factor_needed.html", context)


@sensitive_post_parameters("password", "code")
def second_factor(request: SignedInRequest) -> HttpResponse:
    """One page in three states: not set up, being set up, in use."""
    device = confirmed_device(request.user)
    if device:
        return _in_use(request)
    started = device_being_set_up(request.user)
    return _being_set_up(request, started) if started else _not_set_up(request)


def _not_set_up(request: SignedInRequest) -> HttpResponse:
    form = ReauthenticationForm(request.POST or None, user=request.user, request=request)
    if request.method == "POST" and form.is_valid():
        begin_second_factor(request.user)
        return redirect("accounts:second_factor")
    return render(request, "accounts/second_factor_begin.html", {"form": form})


def _being_set_up(request: SignedInRequest, device: TOTPDevice) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if code_fits(device, form.cleaned_data["code"]):
            device.refresh_from_db()
            finish_second_factor(device, by=request.user)
            go_on_after_change(request, request.user)
            verify_session(request, device)
            messages.success(
                request,
                "第二重验证已启用。下次登录和签署时要输入动态验证码；其他电脑和手机上的登录已退出。",
            )
            return lead_to_codes(request)
        form.add_error("code", CODE_REFUSED)
    context = {
        "form": form,
        "picture": qr_code(device),
        "address": device.config_url,
        "key": typed_key(device),
    }
    return render(request, "accounts/second_factor_confirm.html", context)


def _in_use(request: SignedInRequest) -> HttpResponse:
    form = ReauthenticationForm(request.POST or None, user=request.user, request=request)
    if request.method == "POST" and form.is_valid():
        remove_second_factor(request.user, by=request.user)
        messages.success(request, "第二重验证已停用。")
        return redirect("accounts:me")
    return render(request, "accounts/second_factor_remove.html", {"form": form})


@require_POST
def second_factor_cancel(request: SignedInRequest) -> HttpResponse:
    cancel_second_factor(request.user)
    return redirect("accounts:me")
