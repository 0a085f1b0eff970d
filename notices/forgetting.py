"""Forgetting of digests whose time is over, and of notes on disk that no delivery waits for."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from notices.models import Delivery, Notice

AT_ONCE: Final = 500
# A receipt serves until its row says that the message was taken, which takes seconds.
RECEIPT_KEPT: Final = timedelta(days=7)


def forget_digests(now: datetime, *, at_most: int = 100 * AT_ONCE) -> int:
    """How many digests went, with their deliveries. A few hundred at a time are locked."""
    gone = 0
    while gone < at_most:
        chosen = list(Notice.objects.to_forget(now).values_list("pk", flat=True)[:AT_ONCE])
        if not chosen:
            break
        _forget(chosen)
        gone += len(chosen)
    return gone


@transaction.atomic
def _forget(chosen: list[int]) -> None:
    # What went along in its mail is over as well, and goes in this batch or in another.
    Delivery.objects.filter(leader__notice__in=chosen).update(leader=None)
    Notice.objects.filter(pk__in=chosen).delete()


def forget_receipts() -> int:
    """How many notes of killed workers went."""
    oldest, gone = time.time() - RECEIPT_KEPT.total_seconds(), 0
    for found in os.scandir(settings.RECEIPTS):
        if found.is_file() and found.stat().st_mtime < oldest:
            Path(found).unlink(missing_ok=True)
            gone += 1
    return gone
