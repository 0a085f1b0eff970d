"""Notices that need nothing any more are read: whoever did the work need not tick it off too."""

from collections.abc import Iterator

from django.utils import timezone

from notices.conditions import why_not_needed
from notices.models import Delivery, Notice

BATCH = 500


def read_lapsed() -> int:
    """Mark as read what waits for something that is done; returns how many.

    What is still to be sent is left to the delivery, which asks the same and says why it sends no
    more.
    """
    return sum(_read(batch) for batch in _batches())


def _batches() -> Iterator[list[Notice]]:
    """Unread notices with a condition: as many as there is open work, not as there were notices."""
    unread = Notice.objects.unread().exclude(condition="").select_related("recipient")
    queued = Notice.objects.with_delivery(state=Delivery.State.QUEUED)
    last = 0
    while batch := list(
        unread.exclude(pk__in=queued.values("pk")).filter(pk__gt=last).order_by("pk")[:BATCH]
    ):
        yield batch
        last = batch[-1].pk


def _read(batch: list[Notice]) -> int:
    lapsed = why_not_needed(batch)
    if not lapsed:
        return 0
    return Notice.objects.unread().filter(pk__in=lapsed).update(read_at=timezone.now())
