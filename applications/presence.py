"""Presence on a case: the officers who have opened it lately, read from the audit trail.

A look writes nothing but the trail (docs/adr/0039).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEvent, Role, User
from applications.models import Application

LATELY = timedelta(minutes=10)
# One row of the trail stands for all pages of a case that somebody turns meanwhile.
ONE_LOOK = timedelta(minutes=3)


@dataclass(frozen=True)
class Other:
    who: str
    at: datetime


def open_case(application: Application, *, by: User) -> list[Other]:
    """The others who have opened this case within `LATELY`, the last first; notes that `by` has."""
    now = timezone.now()
    looks = AuditEvent.objects.about(application).filter(
        action="application.open", at__gte=now - LATELY
    )
    last: dict[int | None, AuditEvent] = {}
    for look in looks.order_by("-id"):
        last.setdefault(look.actor_id, look)
    own = last.pop(by.pk, None)
    if own is None or own.at < now - ONE_LOOK:
        record("application.open", application, by=by)
    return [Other(look.actor_label, look.at) for look in last.values()]


def was_opened(application: Application) -> bool:
    """Whether anybody but its enterprise has ever looked at it or done anything with it."""
    done = AuditEvent.objects.about(application)
    return done.exclude(actor=None).exclude(actor__role=Role.ENTERPRISE_AGENT).exists()
