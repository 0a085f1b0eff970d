"""Removed pages of standing documents: what nobody at the station decided on, deleted.

What stood there when the enterprise was verified or refused, or when an application was submitted
with it, stays on record.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import AuditEvent
from enterprises.models import Enterprise, StandingPage
from files.ownerless import GRACE


def discard_removed(now: datetime) -> int:
    """How many rows of pages went; their files, then without an owner, are swept away."""
    about_it = AuditEvent.objects.about_any(Enterprise, OuterRef("document__enterprise_id"))
    decisions = about_it.filter(
        action__in=["enterprise.verify", "enterprise.refuse"],
        at__gte=OuterRef("file__created_at"),
        at__lte=OuterRef("superseded_at"),
    )
    # A frozen version never changes: the page that is still current there was submitted.
    submitted = StandingPage.objects.current().filter(
        file=OuterRef("file"), document__frozen_at__isnull=False
    )
    removed = StandingPage.objects.filter(
        Q(superseded_at__lt=now - GRACE), ~Exists(decisions), ~Exists(submitted)
    )
    return removed.delete()[0]
