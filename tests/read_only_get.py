"""A GET that writes to the database, or a page that shows cipher text, fails the test of it."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

# What a GET may write: the session, and the audit trail (a reveal or a download is recorded).
MAY_WRITE = {"django_session", "accounts_auditevent"}
# What `core.crypto.encrypt` makes with the key of a test run.
CIPHER_TEXT = re.compile(rb"\bk1:[A-Za-z0-9+/]{38,}")
WRITE = re.compile(r"^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+[\"`]?(\w+)", re.IGNORECASE)


class WroteOnGetError(AssertionError):
    """A page that is only looked at changed a row."""


class ShowsCipherTextError(AssertionError):
    """An encrypted column came to a page as it is stored."""


def refuse_cipher_text(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text")
    if is_page and (found := CIPHER_TEXT.search(response.content)):
        raise ShowsCipherTextError(f"{request.path} shows {found[0][:40]!r}")
    return response


class ReadOnlyGetMiddleware:
    """Outermost in a test run: watches the statements of every GET and HEAD."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return refuse_cipher_text(request, self.get_response(request))

        def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            found = WRITE.match(sql)
            if found and found[1] not in MAY_WRITE:
                raise WroteOnGetError(f"GET {request.path} writes: {sql[:200]}")
            return execute(sql, *rest)

        with connection.execute_wrapper(watch):
            return refuse_cipher_text(request, self.get_response(request))
