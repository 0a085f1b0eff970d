"""Sessions of one person: listed for him, and ended by him (GB/T 22239-2019, 身份鉴别).

The store of sessions is asked only whether one is there and when it was last used; a row beside it
says which device it was. Rows whose session is over are left out, and go with the next sign-in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from accounts.audit import record
from accounts.device_words import device_words
from accounts.entry_models import OwnSession
from accounts.models import User
from accounts.origin import current_origin
from core.crypto import keyed_hash

# When the session was last used, written every few minutes (accounts.middleware).
SEEN: Final = "seen_at"
# More than one person has; the newest are shown.
MOST: Final = 20


@dataclass(frozen=True)
class LiveSession:
    """One that would let its owner in now; `is_this` the one that asks."""

    row: OwnSession
    seen_at: datetime
    is_this: bool


def note_session(request: HttpRequest, user: User) -> None:
    """Keep which device has just signed in, and forget what cannot go on any more."""
    ended = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    OwnSession.objects.filter(user=user, began_at__lt=ended).delete()
    key = request.session.session_key or ""
    OwnSession.objects.create(
        user=user,
        key=key,
        key_hash=_mark(key),
        device=device_words(request.headers.get("User-Agent", "")),
        origin=current_origin(),
    )


def go_on_after_change(request: HttpRequest, user: User) -> None:
    """This session goes on under a new key, after a change that ends the others."""
    former = request.session.session_key or ""
    update_session_auth_hash(request, user)
    key = request.session.session_key or ""
    OwnSession.objects.filter(user=user, key_hash=_mark(former)).update(
        key=key, key_hash=_mark(key)
    )


def live_sessions(request: HttpRequest, user: User) -> list[LiveSession]:
    """The newest first."""
    found = []
    for row in OwnSession.objects.filter(user=user)[:MOST]:
        seen = _seen(row, user)
        if seen is not None:
            found.append(LiveSession(row, seen, _is_this(request, row)))
    return found


def _seen(row: OwnSession, user: User) -> datetime | None:
    """When it was last used; None where it would not let him in any more."""
    session = _store(row.key).load()
    seen = parse_datetime(session.get(SEEN, "")) or row.began_at
    is_idle = timezone.now() - seen > timedelta(minutes=settings.IDLE_MINUTES)
    is_his = constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return seen if is_his and not is_idle else None


@transaction.atomic
def end_session(row: OwnSession, *, by: User) -> None:
    """Whoever sits there has to sign in again. Ending it twice does no harm."""
    device = str(row)
    if not OwnSession.objects.filter(pk=row.pk).delete()[0]:
        return
    _store(row.key).delete()
    record("account.end_session", by, by=by, after={"device": device})


@transaction.atomic
def end_others(request: HttpRequest, user: User) -> int:
    """All but the one that asks, also those of which no row tells; returns how many were listed."""
    others = [one for one in live_sessions(request, user) if not one.is_this]
    user.session_round += 1
    user.save(update_fields=["session_round"])
    go_on_after_change(request, user)
    OwnSession.objects.filter(user=user).exclude(
        key_hash=_mark(request.session.session_key or "")
    ).delete()
    record("account.end_other_sessions", user, by=user, after={"sessions": len(others)})
    return len(others)


def _store(key: str) -> Any:
    """The session with this key in whatever store sessions are kept."""
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def _is_this(request: HttpRequest, row: OwnSession) -> bool:
    return constant_time_compare(row.key_hash, _mark(request.session.session_key or ""))


def _mark(key: str) -> str:
    return keyed_hash(f"session {key}")
