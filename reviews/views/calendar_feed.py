"""Deadlines in one's own calendar: the page that gives the address, and the address itself."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.crypto import decrypt, encrypt
from reviews.calendar_feed import feed
from reviews.models import CalendarToken
from reviews.services.calendar_feed import give_address, owner_of, revoke_address

HAS_DEADLINES = (Role.ENTERPRISE_AGENT, Role.LIAISON, Role.STATION_OFFICER, Role.SUPERVISOR)
GIVEN = "calendar_address"


@roles(*HAS_DEADLINES)
@never_cache
def feed_page(request: SignedInRequest) -> HttpResponse:
    """Whether there is an address, and once after it was made the address itself."""
    given = request.session.pop(GIVEN, None)
    address = ""
    if given:
        address = settings.SITE_URL + reverse("reviews:calendar_ics", args=[decrypt(given)])
    in_force = CalendarToken.objects.filter(user=request.user).first()
    context = {"in_force": in_force, "address": address}
    return render(request, "reviews/calendar_feed.html", context)


@roles(*HAS_DEADLINES)
@require_POST
def feed_give(request: SignedInRequest) -> HttpResponse:
    request.session[GIVEN] = encrypt(give_address(by=request.user))
    return redirect("reviews:feed_page")


@roles(*HAS_DEADLINES)
@require_POST
def feed_revoke(request: SignedInRequest) -> HttpResponse:
    revoke_address(by=request.user)
    messages.success(request, "订阅地址已作废，日历程序不能再读取您的时限。")
    return redirect("reviews:feed_page")


@login_not_required
@require_safe
@never_cache
def calendar_ics(request: HttpRequest, token: str) -> HttpResponse:
    """Public, by an address that cannot be guessed. A wrong and a revoked one look the same."""
    user = owner_of(token)
    if user is None:
        raise Http404
    return HttpResponse(feed(user), content_type="text/calendar; charset=utf-8")
