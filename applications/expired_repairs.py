"""Expired repairs: refused pictures and proposals that nobody took over within a day, deleted."""

from datetime import datetime

from django.db import transaction

from applications.models import MaterialPage, Repair
from core.sweeping import each
from files.models import StoredFile
from files.services import discard

SWEEP_AT_MOST = 200


def discard_expired(now: datetime) -> int:
    """How many rows went; their pictures go with them, apart from what a page keeps."""
    repairs = Repair.objects.expired(now).select_related("original", "proposal")
    # The newest first: what cannot be deleted must not fill the sweep for good.
    return sum(each(repairs.order_by("-pk")[:SWEEP_AT_MOST], _discard, what="清理过期的裁剪"))


@transaction.atomic
def _discard(repair: Repair) -> int:
    # The same order of locks as when a proposal is taken over.
    if Repair.objects.select_for_update().filter(pk=repair.pk).first() is None:
        return 0
    pictures = [picture for picture in (repair.original, repair.proposal) if picture is not None]
    Repair.objects.filter(pk=repair.pk).delete()
    for picture in pictures:
        if not _is_used(picture):
            discard(picture)
    return 1


def _is_used(picture: StoredFile) -> bool:
    return MaterialPage.objects.filter(original=picture).exists()
