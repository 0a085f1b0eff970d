"""Kept form: what somebody sent after his session had ended, given back after he signs in again.

It waits on the server and not in the browser: on a shared computer nothing of it lies about, and
it works without scripts. It is encrypted in the session that the refused request began, for an
hour at the most, and only for the person who had signed in there, whom a signed cookie names;
whoever else signs in ends it. Passwords, codes and files are never kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from core.crypto import decrypt, encrypt

KEY: Final = "kept-form"
COOKIE: Final = "last_person"
SALT: Final = "accounts.kept_forms"
LASTS: Final = timedelta(hours=1)
MOST_CHARACTERS: Final = 100_000
SECRETS: Final = frozenset(
    {"password", "password_again", "new_password", "repeated", "code", "digits", "webhook"}
)
# Of no use to anybody but the machine that made them.
NOT_TYPED: Final = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True)
class KeptForm:
    """`page` is where it was filled in, `action` where it was sent; `files` were not kept."""

    action: str
    page: str
    fields: Mapping[str, list[str]]
    files: tuple[str, ...]

    @property
    def inputs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.fields.items() for value in values]

    @property
    def texts(self) -> list[str]:
        """What a person wrote, to recognise it by: whatever is more than a number or a choice."""
        return [value for _, value in self.inputs if any("一" <= sign <= "鿿" for sign in value)]


def remember_person(response: HttpResponse, user: User) -> None:
    """Keep in the browser who signed in last, until it is closed or he signs out."""
    response.set_cookie(
        COOKIE,
        signing.dumps(user.pk, salt=SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_person(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def keep(request: HttpRequest, *, page: str) -> bool:
    """Keep what this request sent; False where there is nothing to keep, or nobody to keep for."""
    owner = _last_person(request)
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_TYPED}
    if owner is None or not fields or not SECRETS.isdisjoint(fields):
        return False
    files = [one.name or "" for name in request.FILES for one in request.FILES.getlist(name)]
    kept = json.dumps([request.get_full_path(), page, fields, files], ensure_ascii=False)
    if len(kept) > MOST_CHARACTERS:
        return False
    until = timezone.now() + LASTS
    request.session[KEY] = [owner, until.isoformat(), encrypt(kept)]
    return True


def kept_form(request: HttpRequest, user: User) -> KeptForm | None:
    """What this person sent in vain before; whatever was another's is gone."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    owner, until, form = kept
    moment = parse_datetime(until)
    if owner != user.pk or moment is None or timezone.now() > moment:
        del request.session[KEY]
        return None
    action, page, fields, files = json.loads(decrypt(form))
    return KeptForm(action, page, fields, tuple(files))


def settle(request: HttpRequest) -> None:
    """The form has been sent after all, or its owner does not want it: it is offered no more."""
    request.session.pop(KEY, None)


def was_sent(request: HttpRequest) -> bool:
    """Whether this request sends what was kept."""
    kept = request.session.get(KEY)
    if not kept or request.method != "POST":
        return False
    action: str = json.loads(decrypt(kept[2]))[0]
    return request.get_full_path() == action


def _last_person(request: HttpRequest) -> int | None:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None
