"""Recovery codes: shown once when they are made, and made anew."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.reauthentication import ReauthenticationForm
from accounts.recovery_codes import codes_left, issue
from accounts.requests import SignedInRequest
from accounts.second_factor import has_second_factor
from core.crypto import decrypt, encrypt

# Encrypted in the session, from when they are made until they are shown.
FRESH = "recovery_codes"


def lead_to_codes(request: HttpRequest) -> HttpResponse:
    """After a second factor was set up: to its codes, where the person has none yet."""
    user = request.user
    if not user.is_authenticated or codes_left(user):
        return redirect("accounts:me")
    request.session[FRESH] = encrypt("\n".join(issue(user, by=user)))
    return redirect("accounts:recovery_codes")


@never_cache
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    """The codes, this once."""
    fresh = request.session.pop(FRESH, "")
    if not fresh:
        messages.info(request, "备用恢复码只显示一次。没有记下的，请重新生成。")
        return redirect("accounts:me")
    context = {"codes": decrypt(fresh).split("\n")}
    return render(request, "accounts/recovery_codes.html", context)


@sensitive_post_parameters("password", "code", "passkey")
def recovery_codes_new(request: SignedInRequest) -> HttpResponse:
    if not has_second_factor(request.user):
        messages.info(request, "请先启用第二重验证，再生成备用恢复码。")
        return redirect("accounts:me")
    form = ReauthenticationForm(request.POST or None, user=request.user, request=request)
    if request.method == "POST" and form.is_valid():
        request.session[FRESH] = encrypt("\n".join(issue(request.user, by=request.user)))
        return redirect("accounts:recovery_codes")
    context = {"form": form, "left": codes_left(request.user)}
    return render(request, "accounts/recovery_codes_new.html", context)
