"""Signing in: the step between password and code, the way in, and the lock after failures.

django-axes counts the failures. Its rows are keyed by the login name folded as the database
compares it; otherwise Admin, ADMIN and admin would have five attempts each. A device in which
the person has signed in before is counted for itself. What is nobody's name may be a password
typed into the wrong field: it is counted under its keyed hash and kept nowhere.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.audit import record
from accounts.known_devices import device_of
from accounts.models import User
from accounts.own_sessions import note_session
from accounts.passkeys import PasskeyRefused, confirm, occasion_of
from accounts.password_history import password_is_old
from accounts.second_factor import second_code_fits
from core.crypto import keyed_hash
from core.text import email

PENDING = "pending_sign_in"
PENDING_FOR = timedelta(minutes=5)
BACKEND = "accounts.backends.PeopleBackend"
# Between a name and a device; in no name that anybody has.
BESIDE = "\x1f"
NOBODY = "没有人用的登录名"


def fold(username: str) -> str:
    """One spelling for all that the database takes for the same login name."""
    return unicodedata.normalize("NFKC", email(username)).upper().lower()


def attempted_name(request: HttpRequest, credentials: dict[str, str] | None) -> str | None:
    """The name under which axes counts (`AXES_USERNAME_CALLABLE`)."""
    name = credentials.get("username") if credentials else request.POST.get("username")
    if name is None:
        return None
    # axes asks some five times a request.
    counted: dict[str, str] = request.__dict__.setdefault("counted_names", {})
    if name not in counted:
        device = device_of(request, fold(name))
        counted[name] = f"{_key(name)}{BESIDE}{device}" if device else _key(name)
    return counted[name]


def is_known_device(request: HttpRequest, username: str) -> bool:
    """Whether this person has signed in with this browser before."""
    return bool(device_of(request, fold(username)))


def _key(username: str) -> str:
    folded = fold(username)
    return folded if owner_of_name(username) else f"nobody:{keyed_hash(folded)[:32]}"


# Between the password and the code ---------------------------------------------------------------


def await_code(request: HttpRequest, user: User) -> None:
    """Keep in the session that this person's password was right, for `PENDING_FOR`."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        # A password changed in the meantime makes this worthless.
        "hash": user.get_session_auth_hash(),
        "at": timezone.now().isoformat(),
    }


def awaiting_code(request: HttpRequest) -> User | None:
    """Whose code is awaited, or None when nobody's is or the time is up."""
    pending = request.session.get(PENDING)
    if not pending:
        return None
    at = parse_datetime(pending["at"])
    user: User | None = User.objects.active().filter(pk=pending["user"]).first()
    if user is None or at is None or timezone.now() - at > PENDING_FOR:
        return None
    return user if user.get_session_auth_hash() == pending["hash"] else None


def check_code(request: HttpRequest, user: User, code: str) -> bool:
    """Check the second factor. A wrong code counts like a wrong password."""
    if second_code_fits(user, code):
        return True
    _count_failure(request, user)
    return False


def check_passkey(request: HttpRequest, user: User, answer: str) -> None:
    """Check what his device has signed. Raises PasskeyRefused; one to guess by is counted."""
    try:
        confirm(occasion_of(request, user), answer)
    except PasskeyRefused as refused:
        if refused.counts:
            _count_failure(request, user)
        raise


def _count_failure(request: HttpRequest, user: User) -> None:
    credentials = {"username": user.username}
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)


def enter(request: HttpRequest, user: User, *, way: str, device: TOTPDevice | None = None) -> None:
    """Begin the session under a new key. `way` is the second factor in words, "" without one."""
    if device:
        # django-otp notes in the session which device it was.
        user.otp_device = device  # type: ignore[attr-defined]
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    after: dict[str, Any] = {"second_factor": bool(way)}
    if way and device is None:
        after["way"] = way
    record("account.sign_in", user, by=user, after=after)
    note_session(request, user)
    if password_is_old(user) and not user.must_change_password:
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])


# The lock ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LockedSignIn:
    """Somebody who may not try again before `until`; `user` None for a name that nobody has."""

    failures: int
    until: datetime
    user: User | None


def is_locked(request: HttpRequest, username: str) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def locked_until(request: HttpRequest, username: str) -> datetime:
    """When this name may be tried again with this browser."""
    attempts = _attempts().filter(username=attempted_name(request, {"username": username}))
    last = attempts.aggregate(last=Max("attempt_time"))["last"]
    return (last or timezone.now()) + settings.AXES_COOLOFF_TIME


def locked_sign_ins(limit: int = 100) -> list[LockedSignIn]:
    """Who is locked now, in any browser, the latest first; two queries."""
    rows = list(
        _attempts()
        .values("username")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-last")[:limit]
    )
    # Of a person locked in several browsers, the one that lasts longest.
    newest: dict[str, dict[str, Any]] = {}
    for row in rows:
        newest.setdefault(row["username"].partition(BESIDE)[0], row)
    people = User.objects.annotate(folded=Lower("username")).filter(folded__in=newest)
    by_name = {fold(user.username): user for user in people.select_related("department")}
    return [
        LockedSignIn(
            failures=row["failures"],
            until=row["last"] + settings.AXES_COOLOFF_TIME,
            user=by_name.get(name),
        )
        for name, row in newest.items()
    ]


def unlock(username: str) -> int:
    """Forget the failures of this name in every browser; returns how many rows there were."""
    key = _key(username)
    own = Q(username=key) | Q(username__startswith=f"{key}{BESIDE}")
    return int(AccessAttempt.objects.filter(own).delete()[0])


def owner_of_name(username: str) -> User | None:
    """Who has this login name, in whatever spelling it was typed."""
    people = User.objects.annotate(folded=Lower("username"))
    owner: User | None = people.filter(folded=fold(username)).first()
    return owner


def note_lock(request: HttpRequest, username: str) -> None:
    """Write the lock into the trail, once: at the failure that set it."""
    failures = getattr(request, "axes_failures_since_start", None)
    user = owner_of_name(username)
    if user and failures == settings.AXES_FAILURE_LIMIT:
        record("account.sign_in_locked", user, by=None, after={"failures": failures})


def note_failure(request: HttpRequest, username: str, *, what: str = "密码") -> None:
    """Write a sign-in that failed into the trail, without what was typed."""
    user = owner_of_name(username)
    if getattr(request, "axes_failures_since_start", None) is None:
        reason = "锁定期间又来尝试"
    elif user is None:
        reason = "没有人用这个登录名"
    elif not user.is_active:
        reason = "账户已停用"
    else:
        reason = f"{what}不正确"
    known = is_known_device(request, username)
    record(
        "account.sign_in_failed",
        user or User(name=NOBODY),
        by=None,
        after={"reason": reason, "known_device": known},
    )


def _attempts() -> "QuerySet[AccessAttempt]":
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(attempt_time__gte=since)
    return attempts
