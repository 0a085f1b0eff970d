"""Signing in: the step between password and code, the way in, and the lock after failures.

django-axes counts the failures. Its rows are keyed by the login name folded as the database
compares it; otherwise Admin, ADMIN and admin would have five attempts each.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max, QuerySet, Sum
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.audit import record
from accounts.models import User
from accounts.second_factor import code_fits
from core.reading import line_of_text

PENDING = "pending_sign_in"
PENDING_FOR = timedelta(minutes=5)
BACKEND = "accounts.backends.PeopleBackend"


def fold(username: str) -> str:
    """One spelling for all that the database takes for the same login name."""
    return unicodedata.normalize("NFKC", line_of_text(username)).strip().upper().lower()


def attempted_name(request: HttpRequest, credentials: dict[str, str] | None) -> str | None:
    """The name under which axes counts (`AXES_USERNAME_CALLABLE`)."""
    name = credentials.get("username") if credentials else request.POST.get("username")
    return None if name is None else fold(name)[:255]


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


def check_code(request: HttpRequest, user: User, device: TOTPDevice, code: str) -> bool:
    """Check the second factor. A wrong code counts like a wrong password."""
    if code_fits(device, code):
        return True
    credentials = {"username": user.username}
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return False


def enter(request: HttpRequest, user: User, *, device: TOTPDevice | None) -> None:
    """Begin the session under a new key, verified by `device` if there is one."""
    if device:
        # django-otp notes in the session which device it was.
        user.otp_device = device  # type: ignore[attr-defined]
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    record("account.sign_in", user, by=user, after={"second_factor": device is not None})


# The lock ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LockedSignIn:
    """A login name that may not be tried again before `until`; `user` None if nobody has it."""

    username: str
    failures: int
    until: datetime
    user: User | None


def is_locked(request: HttpRequest, username: str) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def locked_until(username: str) -> datetime:
    """When this name may be tried again."""
    last = _attempts().filter(username=fold(username)).aggregate(last=Max("attempt_time"))["last"]
    return (last or timezone.now()) + settings.AXES_COOLOFF_TIME


def locked_sign_ins(limit: int = 100) -> list[LockedSignIn]:
    """The names locked now, the latest first; two queries."""
    rows = list(
        _attempts()
        .values("username")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-last")[:limit]
    )
    names = [row["username"] for row in rows]
    people = User.objects.annotate(folded=Lower("username")).filter(folded__in=names)
    by_name = {fold(user.username): user for user in people.select_related("department")}
    return [
        LockedSignIn(
            username=row["username"],
            failures=row["failures"],
            until=row["last"] + settings.AXES_COOLOFF_TIME,
            user=by_name.get(row["username"]),
        )
        for row in rows
    ]


def unlock(username: str) -> int:
    """Forget the failures of this name; returns how many rows there were."""
    return int(reset(username=fold(username)))


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


def _attempts() -> "QuerySet[AccessAttempt]":
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(attempt_time__gte=since)
    return attempts
