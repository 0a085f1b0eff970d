"""Idle accounts of staff: asked by mail, closed some days later, opened again by an administrator.

GB/T 22239-2019 (访问控制) asks that accounts nobody needs are closed. Not those of agents: a card
lasts five years, and whoever is to renew it must still be there. Nor of somebody who has work in
hand, or whom nobody could stand in for: then the system administrators are told.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.audit import record
from accounts.letters import letters
from accounts.models import OFFICES, Role, User
from accounts.open_work import leaving_of
from core.sweeping import each

WHAT = "久未登录的账户"
SEEN_LAST = Coalesce("last_login", "created_at")


def settle_idle_accounts() -> None:
    """Ask and close what is due; once a day is enough, and twice does no harm."""
    if settings.IDLE_ACCOUNT_DAYS:
        each(_to_close(), _close_or_tell, what=WHAT)
        each(_to_ask(), ask, what=WHAT)


def _idle() -> "QuerySet[User]":
    since = timezone.now() - timedelta(days=settings.IDLE_ACCOUNT_DAYS)
    people: QuerySet[User] = (
        User.objects.active().able_to_sign_in().exclude(role=Role.ENTERPRISE_AGENT)
    )
    never = Q(last_login__isnull=True, created_at__lt=since)
    return people.filter(Q(last_login__lt=since) | never)


def _to_ask() -> "QuerySet[User]":
    return _idle().filter(Q(idle_asked_at__isnull=True) | Q(idle_asked_at__lt=SEEN_LAST))


def _to_close() -> "QuerySet[User]":
    since = timezone.now() - timedelta(days=settings.IDLE_ACCOUNT_GRACE_DAYS)
    return _idle().filter(idle_asked_at__gte=SEEN_LAST, idle_asked_at__lt=since)


@transaction.atomic
def ask(person: User) -> None:
    """Mail him that signing in once keeps the account, and until when."""
    person.idle_asked_at = timezone.now()
    person.save(update_fields=["idle_asked_at"])
    letters().idle_asked(
        person, until=timezone.now() + timedelta(days=settings.IDLE_ACCOUNT_GRACE_DAYS)
    )


@transaction.atomic
def _close_or_tell(person: User) -> None:
    locked: User = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not _to_close().filter(pk=locked.pk).exists():
        return
    why = _why_kept(locked)
    if why:
        letters().idle_kept(locked, why=why)
    else:
        close_idle(locked)


@transaction.atomic
def close_idle(person: User) -> None:
    """He signs in no more until a system administrator opens the account again."""
    person.is_active = False
    person.idle_asked_at = None
    person.is_primary = False
    person.session_round += 1
    person.version += 1
    person.save(
        update_fields=["is_active", "idle_asked_at", "is_primary", "session_round", "version"]
    )
    record("account.close_idle", person, by=None, after={"idle_days": settings.IDLE_ACCOUNT_DAYS})
    letters().idle_closed(person)


def _why_kept(person: User) -> str:
    leaving = leaving_of(person)
    if leaving.works:
        return f"名下还有{leaving.work_words}。"
    if leaving.gaps:
        return leaving.gap_words
    others = User.objects.active().filter(role=person.role).exclude(pk=person.pk)
    if person.role in OFFICES and not others.exists():
        return f"这是唯一启用的{person.get_role_display()}账户。"
    return ""
