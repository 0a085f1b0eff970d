"""Kept form: what somebody sent in vain, given back to be sent once more.

After a session had ended it waits until its owner signs in again: on the server and not in the
browser, since on a shared computer nothing of it lies about there, and it works without scripts.
It is encrypted in the session that the refused request began, for an hour at the most, and only
for the person who had signed in there, whom a signed cookie names; whoever else signs in ends it.
From a page that had expired (its CSRF token holds no more), or sent too often, it goes back in the
answer itself and waits nowhere. Passwords, codes and files are never kept.
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
# With their labels, by which they are asked for once more.
SECRETS: Final[Mapping[str, str]] = {
    "password": "密码",
    "password_again": "再输入一次密码",
    "new_password": "新密码",
    "repeated": "再输入一次新密码",
    "code": "验证码",
    "digits": "身份证号码的最后4位",
    "webhook": "群机器人的Webhook地址",
    "passkey": "通行密钥的确认",
}
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


@dataclass(frozen=True)
class RefusedForm(KeptForm):
    """With what is to be typed and chosen once more: secrets with labels, files with names."""

    secrets: tuple[tuple[str, str], ...] = ()
    file_fields: tuple[tuple[str, tuple[str, ...]], ...] = ()


def refused_form(request: HttpRequest, *, page: str) -> RefusedForm | None:
    """What this refused request sent; None where there is nothing, or too much of it.

    Asked only of what was sent from a page of ours: another site puts no words into a form here.
    """
    sent = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_TYPED}
    fields = {name: values for name, values in sent.items() if name not in SECRETS}
    secrets = tuple((name, SECRETS[name]) for name in sent if name in SECRETS and any(sent[name]))
    files = tuple(
        (name, tuple(one.name or "" for one in request.FILES.getlist(name)))
        for name in request.FILES
    )
    if not (fields or secrets or files) or len(str(sent)) > MOST_CHARACTERS:
        return None
    names = tuple(name for _, chosen in files for name in chosen)
    return RefusedForm(request.get_full_path(), page, fields, names, secrets, files)


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
    if owner is None or not fields or SECRETS.keys() & fields:
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
