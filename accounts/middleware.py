"""What must hold for every request: its origin is known, and an idle session ends."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.origin import coming_from

GetResponse = Callable[[HttpRequest], HttpResponse]
SEEN = "seen_at"
# The session is written at most this often, so that reading pages does not write each time.
TOUCH_EVERY = timedelta(minutes=5)


class OriginMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(request.META.get("REMOTE_ADDR", "")):
            return self.get_response(request)


class IdleMiddleware:
    """Signs out who has done nothing for `IDLE_MINUTES`, and says so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            seen = parse_datetime(request.session.get(SEEN, "")) or now
            if now - seen > timedelta(minutes=settings.IDLE_MINUTES):
                logout(request)
                messages.info(request, f"您已超过{settings.IDLE_MINUTES}分钟没有操作，请重新登录。")
            elif SEEN not in request.session or now - seen > TOUCH_EVERY:
                request.session[SEEN] = now.isoformat()
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
