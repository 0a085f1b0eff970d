"""Sweeps away refused pictures, and repairs of them, that nobody took over within a day."""

from datetime import datetime

from django.db import transaction

from applications.models import MaterialPage, Mend
from files.models import StoredFile
from files.services import discard

SWEEP_AT_MOST = 200


def discard_expired(now: datetime) -> int:
    """How many rows went; their pictures go with them, apart from what a page keeps."""
    mends = Mend.objects.expired(now).select_related("original", "proposal")[:SWEEP_AT_MOST]
    return sum(_discard(mend) for mend in mends)


@transaction.atomic
def _discard(mend: Mend) -> int:
    # The same order of locks as when a proposal is taken over.
    if Mend.objects.select_for_update().filter(pk=mend.pk).first() is None:
        return 0
    pictures = [picture for picture in (mend.original, mend.proposal) if picture is not None]
    Mend.objects.filter(pk=mend.pk).delete()
    for picture in pictures:
        if not _is_used(picture):
            discard(picture)
    return 1


def _is_used(picture: StoredFile) -> bool:
    return MaterialPage.objects.filter(original=picture).exists()
