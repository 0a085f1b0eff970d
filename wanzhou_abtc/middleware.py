"""Middleware for what no page sends: NUL in addresses, very long ones, methods no view takes."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse

GetResponse = Callable[[HttpRequest], HttpResponse]


# What Unicode writes for a character that could not be read.
UNREADABLE: Final = "\ufffd"
# In characters as they travel, nine for a Chinese one. gunicorn gives up at 8,190 for the whole
# line (wanzhou_abtc/web.py) with a page of its own; addresses of ours stay below 5,000.
LONGEST_ADDRESS: Final = 8_000


class NulMiddleware:
    """Keeps NUL out of views: no column of PostgreSQL takes it, and no page of ours sends it.

    In an address it becomes the sign of an unreadable character, which is nobody's code or name;
    a cookie that holds one is none of ours. What forms post is cleared by the forms.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.path = request.path.replace("\0", UNREADABLE)
        request.path_info = request.path_info.replace("\0", UNREADABLE)
        query = request.META.get("QUERY_STRING", "")
        request.META["QUERY_STRING"] = query.replace("%00", quote(UNREADABLE)).replace("\0", "")
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return self.get_response(request)


class LongAddressMiddleware:
    """Answers addresses of a length that no page of ours has: a whole text in a search, say."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.get_full_path()) <= LONGEST_ADDRESS:
            return self.get_response(request)
        return render(request, "414.html", status=HTTPStatus.REQUEST_URI_TOO_LONG)


class WrongMethodMiddleware:
    """Leads back whoever opens an action's address as a page, as a reloaded tab does."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method not in {
            "GET",
            "HEAD",
        }:
            return response
        page = render(request, "405.html", {"above": page_above(request.path)}, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def page_above(path: str) -> str:
    """The nearest address above this one that there is: of an action, the page it belongs to."""
    while "/" in path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return reverse("home")
