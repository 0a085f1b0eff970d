"""Removed pages of standing documents: what nobody at the station decided on, deleted.

What stood there when the enterprise was verified or refused, or when an application was submitted
with it, stays on record.
"""

from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from accounts.models import AuditEvent
from enterprises.models import StandingPage
from files.ownerless import GRACE


def discard_removed(now: datetime) -> int:
    """How many rows of pages went; their files, then without an owner, are swept away."""
    decisions = AuditEvent.objects.filter(
        object_type="enterprises.enterprise",
        object_id=Cast(OuterRef("document__enterprise_id"), CharField(max_length=40)),
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
