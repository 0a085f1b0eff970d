"""Heavy work in a request: done in one of the host's few places, or refused in words at once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.models import User
from core.work_places import Busy, place

View = Callable[..., HttpResponseBase]
RETRY_SECONDS = 5
BUSY = "系统正忙，请稍后再试。"
# All who have not signed in share one: they never take the last place from those who have.
STRANGERS = "strangers"


def heavy(*methods: str) -> Callable[[View], View]:
    """A view that converts, verifies or draws when it is asked by one of these methods.

    HEAD does all that GET does.
    """
    counted = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in counted:
                return view(request, *args, **kwargs)
            # What was sent is here in full before a place is taken: a slow line holds none.
            _ = request.POST
            try:
                with place(holder_of(request)):
                    return view(request, *args, **kwargs)
            except Busy:
                return busy(request)

        return guarded

    return decorate


def holder_of(request: HttpRequest) -> str:
    return f"account-{request.user.pk}" if isinstance(request.user, User) else STRANGERS


def busy(request: HttpRequest) -> HttpResponse:
    """The answer when all places are taken: a page in words, or JSON for a script."""
    response: HttpResponse
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response = JsonResponse({"problems": [BUSY]}, status=503)
    else:
        context = {"seconds": RETRY_SECONDS, "is_form": request.method == "POST"}
        response = render(request, "busy.html", context, status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
