"""Passkeys of a person: the list, adding one, removing one, and what a device is asked."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.entry_models import Passkey
from accounts.forms import NewPasskeyForm
from accounts.models import User
from accounts.own_sessions import go_on_after_change
from accounts.passkey_services import add_passkey, remove_passkey
from accounts.passkeys import (
    PasskeyRefused,
    confirmation_options,
    is_here,
    occasion_of,
    registration_of,
    registration_options,
    site,
)
from accounts.reauthentication import ReauthenticationForm
from accounts.requests import SignedInRequest
from accounts.sign_in import awaiting_code
from accounts.views.recovery_codes import lead_to_codes
from core.reading import line_of_text

# In the session: the name of a passkey that is being added, and until when it may be.
ADDING: Final = "adding_passkey"
ADD_WITHIN: Final = timedelta(minutes=10)


def passkey_list(request: SignedInRequest) -> HttpResponse:
    where = site()
    context = {
        "passkeys": Passkey.objects.filter(user=request.user),
        "is_here": is_here(request),
        "address": where.origin + request.path if where else "",
    }
    return render(request, "accounts/passkey_list.html", context)


@never_cache
@sensitive_post_parameters("password", "code", "passkey")
def passkey_new(request: SignedInRequest) -> HttpResponse:
    """One page in two states: who adds it and what it is called; then the device makes it."""
    if not is_here(request):
        return redirect("accounts:passkey_list")
    name = _being_added(request)
    return _make(request, name) if name else _begin(request)


def _begin(request: SignedInRequest) -> HttpResponse:
    form = NewPasskeyForm(request.POST or None, user=request.user, request=request)
    if request.method == "POST" and form.is_valid():
        until = timezone.now() + ADD_WITHIN
        request.session[ADDING] = [form.cleaned_data["name"], until.isoformat()]
        return redirect("accounts:passkey_new")
    return render(request, "accounts/passkey_begin.html", {"form": form})


def _make(request: SignedInRequest, name: str) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        occasion = registration_of(request, request.user)
        try:
            add_passkey(occasion, request.POST.get("passkey", ""), name=name)
        except PasskeyRefused as refused:
            problem = str(refused)
        else:
            del request.session[ADDING]
            go_on_after_change(request, request.user)
            messages.success(request, f"通行密钥“{name}”已添加，登录和签署时可以用它。")
            return lead_to_codes(request)
    return render(request, "accounts/passkey_make.html", {"name": name, "problem": problem})


@require_POST
def passkey_cancel(request: SignedInRequest) -> HttpResponse:
    request.session.pop(ADDING, None)
    return redirect("accounts:passkey_list")


@sensitive_post_parameters("password", "code", "passkey")
def passkey_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    passkey = get_object_or_404(Passkey.objects.filter(user=request.user), pk=pk)
    form = ReauthenticationForm(request.POST or None, user=request.user, request=request)
    if request.method == "POST" and form.is_valid():
        remove_passkey(passkey, by=request.user)
        messages.success(request, f"通行密钥“{passkey}”已移除，不能再用来登录和签署。")
        return redirect("accounts:passkey_list")
    return render(request, "accounts/passkey_remove.html", {"form": form, "passkey": passkey})


# What a script of a page asks for ----------------------------------------------------------------


@require_POST
@never_cache
def passkey_new_options(request: SignedInRequest) -> HttpResponse:
    if not _being_added(request):
        return _refused("添加的时间已过，请从“添加通行密钥”重新开始。")
    try:
        return JsonResponse(registration_options(registration_of(request, request.user)))
    except PasskeyRefused as refused:
        return _refused(str(refused))


@login_not_required
@require_POST
@never_cache
def passkey_options(request: HttpRequest) -> HttpResponse:
    """For who has signed in, or whose password was right a moment ago."""
    user = request.user if isinstance(request.user, User) else awaiting_code(request)
    if user is None:
        return redirect_to_login(reverse("home"), settings.LOGIN_URL)
    page = line_of_text(request.POST.get("passkey_page"))
    try:
        return JsonResponse(confirmation_options(occasion_of(request, user, page=page)))
    except PasskeyRefused as refused:
        return _refused(str(refused))


def _refused(words: str) -> HttpResponse:
    return JsonResponse({"words": words}, status=HTTPStatus.FORBIDDEN)


def _being_added(request: HttpRequest) -> str:
    """Under which name a passkey may be added now; "" where nobody began to."""
    adding: Any = request.session.get(ADDING)
    until = parse_datetime(adding[1]) if adding else None
    return str(adding[0]) if until is not None and timezone.now() < until else ""
