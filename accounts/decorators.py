"""Decorators of views: which roles may open them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.models import Role

View = Callable[..., HttpResponseBase]


def roles(*allowed: Role) -> Callable[[View], View]:
    """Only people in one of these roles; others get 403. Sign-in is required by the middleware.

    Who has two roles is asked to change to the one that opens the page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if getattr(request.user, "role", None) not in allowed:
                return _in_other_role(request, allowed)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _in_other_role(request: HttpRequest, allowed: tuple[Role, ...]) -> HttpResponse:
    role = getattr(request.user, "other_role", None)
    if role not in allowed or request.method not in {"GET", "HEAD"}:
        raise PermissionDenied
    context = {"role": role, "next": request.get_full_path()}
    return render(request, "accounts/role_needed.html", context, status=403)
