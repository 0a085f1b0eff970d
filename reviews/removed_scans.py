"""Removed scans of stamped tables: replaced before anybody confirmed them, deleted."""

from datetime import datetime

from django.db import transaction

from files.ownerless import GRACE
from reviews.models import WetScan, WetScanPage


@transaction.atomic
def discard_removed(now: datetime) -> int:
    """How many scans went; their files, then without an owner, are swept away."""
    removed = WetScan.objects.filter(confirmed_at__isnull=True, superseded_at__lt=now - GRACE)
    chosen = list(removed.select_for_update().values_list("pk", flat=True))
    WetScanPage.objects.filter(scan__in=chosen).delete()
    WetScan.objects.filter(pk__in=chosen).delete()
    return len(chosen)
