"""Middleware of every request: who sends it, from where, and how long ago the last one was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.audit import record
from accounts.destinations import page_before
from accounts.kept_forms import keep, settle, was_sent
from accounts.models import User
from accounts.origin import address_of, coming_from
from accounts.own_sessions import SEEN
from accounts.second_factor import must_set_up

GetResponse = Callable[[HttpRequest], HttpResponse]
# The session is written at most this often, so that reading pages does not write each time.
TOUCH_EVERY = timedelta(minutes=5)
# What somebody with a temporary password may open before he has chosen his own.
OPEN_BEFORE_CHANGE = frozenset({"accounts:password_change", "accounts:sign_out", "privacy"})
# What staff without a second factor may open where one is required.
OPEN_BEFORE_SET_UP = OPEN_BEFORE_CHANGE | {
    "accounts:second_factor_needed",
    "accounts:second_factor",
    "accounts:second_factor_cancel",
    "accounts:passkey_list",
    "accounts:passkey_new",
    "accounts:passkey_new_options",
    "accounts:passkey_cancel",
    "accounts:role_choose",
}


class OriginMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(address_of(request)):
            return self.get_response(request)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sign-in is required unless a view says otherwise; afterwards one is back on one's page."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        # An action cannot be repeated by a redirect: lead back to the page it was sent from.
        page = page_before(request)
        # A script that is answered with a page keeps what was typed on its own.
        if request.accepts("text/html") and keep(request, page=page):
            messages.warning(
                request,
                "您的登录已经结束，刚才的操作没有执行。填写的内容保留1小时，登录后可以接着提交；"
                "选择的文件不能保留，要重新选。",
            )
            return redirect_to_login(reverse("accounts:kept_form"), settings.LOGIN_URL)
        messages.warning(request, "您的登录已经结束，刚才的操作没有执行。请登录后再做一次。")
        return redirect_to_login(page, settings.LOGIN_URL)


class IdleMiddleware:
    """Signs out who has done nothing for `IDLE_MINUTES`, and says so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            seen = parse_datetime(request.session.get(SEEN, "")) or now
            if now - seen > timedelta(minutes=settings.IDLE_MINUTES):
                _end_session(request)
            elif SEEN not in request.session or now - seen > TOUCH_EVERY:
                request.session[SEEN] = now.isoformat()
            if was_sent(request):
                settle(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _end_session(request: HttpRequest) -> None:
    """End it here and not through `logout`, whose listeners write rows of theirs, even on a GET."""
    if isinstance(request.user, User):
        record("account.idle_sign_out", request.user, by=request.user)
    request.session.flush()
    request.user = AnonymousUser()
    messages.info(request, f"您已超过{settings.IDLE_MINUTES}分钟没有操作，请重新登录。")


class OwnPasswordMiddleware:
    """Who came in with a temporary password chooses his own before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if not getattr(request.user, "must_change_password", False) or (
            match is not None and match.view_name in OPEN_BEFORE_CHANGE
        ):
            return None
        page = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("home")
        return redirect_to_login(page, "accounts:password_change")


class SecondFactorMiddleware:
    """Staff without a second factor set one up before anything else, where the station says so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match is not None else ""
        if name in OPEN_BEFORE_SET_UP or not must_set_up(request.user):
            return None
        return redirect("accounts:second_factor_needed")
