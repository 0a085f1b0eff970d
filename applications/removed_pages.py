"""Removed pages: what came and went before anybody at the station could see it, deleted.

What stood there when a case moved stays on record: it may be what was asked to be corrected.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef

from applications.models import MaterialPage, ProposedPassport, StatusChange
from files.ownerless import GRACE


def discard_removed(now: datetime) -> int:
    """How many rows of pages went; their files, then without an owner, are swept away."""
    moves = StatusChange.objects.filter(
        application=OuterRef("material__application"),
        at__gte=OuterRef("file__created_at"),
        at__lte=OuterRef("superseded_at"),
    )
    removed = MaterialPage.objects.filter(superseded_at__lt=now - GRACE).exclude(Exists(moves))
    return removed.delete()[0]


def discard_proposed(now: datetime) -> int:
    """Passports that were uploaded first and led to nothing, or were taken over; how many rows."""
    return ProposedPassport.objects.expired(now).delete()[0]
