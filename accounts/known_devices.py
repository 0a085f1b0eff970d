"""Known devices: a signed cookie by which a browser shows that somebody once signed in there.

Failures in a known device count for it alone, and those of strangers do not lock it: OWASP's
"device cookies" against guessing (docs/adr/0032). The cookie opens nothing by itself.
"""

import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.crypto import keyed_hash

COOKIE: Final = "known_device"
SALT: Final = "accounts.known_devices"
LASTS: Final = timedelta(days=180)
# Colleagues who share a browser; who signed in longest ago makes room.
MOST_PEOPLE: Final = 8


def device_of(request: HttpRequest, folded_name: str) -> str:
    """What tells this device from the person's others; "" where he never signed in here."""
    return _people(request).get(_mark(folded_name), "")


def remember(request: HttpRequest, response: HttpResponse, folded_name: str) -> None:
    """Keep in the browser that this person has just signed in there."""
    people = _people(request)
    device = people.pop(_mark(folded_name), "") or secrets.token_urlsafe(16)
    newest = [(_mark(folded_name), device), *people.items()][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps(newest, salt=SALT),
        max_age=LASTS,
        path=reverse("accounts:sign_in"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(folded_name: str) -> str:
    """The name without being readable on a computer that others use as well."""
    return keyed_hash(f"{SALT} {folded_name}")[:16]


def _people(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return {}
    return dict(found)
