"""A forgotten password: asking for a link by mail, and setting a new one by it."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import ForgottenForm, NewPasswordForm
from accounts.letters import letters
from accounts.origin import current_origin
from accounts.password_reset import LinkRefused, owner_of
from accounts.rate_limits import limited
from accounts.services import reset_password

TEN_MINUTES = timedelta(minutes=10)
GONE = 410


@login_not_required
@never_cache
@limited("forgotten", span=TEN_MINUTES)
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether such an account exists or not."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        letters().reset_links(form.cleaned_data["username"], current_origin())
        return redirect("accounts:password_forgotten_sent")
    return render(request, "accounts/password_forgotten.html", {"form": form})


@login_not_required
def password_forgotten_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_forgotten_sent.html", {})


@login_not_required
@never_cache
@sensitive_post_parameters("new_password", "repeated")
@limited("password reset", span=TEN_MINUTES)
def password_reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Where the link leads. Looking does not use it up, since scanners of mail open links."""
    try:
        user = owner_of(uid, token)
        form = NewPasswordForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            reset_password(uid, token, form.cleaned_data["new_password"])
            logout(request)
            messages.success(request, "新密码已设好，请用它登录。")
            return redirect("accounts:sign_in")
    except LinkRefused as refused:
        context = {"reason": str(refused)}
        return render(request, "accounts/password_reset_refused.html", context, status=GONE)
    return render(request, "accounts/password_reset.html", {"form": form, "person": user})
