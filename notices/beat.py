"""A beat of which one works at a time: whoever holds the lease in the database.

A second one that is started, on this host or another, waits and takes over when the first has
not renewed its lease for BEAT_LEASE_SECONDS. What beat starts is safe to start twice all the
same: rows decide what is due (ADR 0001).
"""

import logging
import os
import socket
import uuid
from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler
from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone

from notices.models import BeatLease

logger = logging.getLogger(__name__)

NAME = "beat"


@transaction.atomic
def hold(holder: str) -> bool:
    """Take or renew the lease; False while somebody else's runs."""
    now = timezone.now()
    ends = now + timedelta(seconds=settings.BEAT_LEASE_SECONDS)
    values = {"holder": holder, "expires_at": ends, "renewed_at": now}
    lease, created = BeatLease.objects.get_or_create(name=NAME, defaults=values)
    if created:
        return True
    lease = BeatLease.objects.select_for_update().get(pk=lease.pk)
    if lease.holder != holder and lease.expires_at > now:
        return False
    if lease.holder != holder:
        logger.warning("定时进程由%s接替。", holder)
    BeatLease.objects.filter(pk=lease.pk).update(**values)
    return True


def release(holder: str) -> None:
    """Give the lease back, so that another need not wait for its end."""
    BeatLease.objects.filter(name=NAME, holder=holder).update(expires_at=timezone.now())


class LeasedScheduler(PersistentScheduler):
    """Sends what is due only while it holds the lease."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        super().__init__(*args, **kwargs)
        # It must wake often enough to renew.
        self.max_interval = min(self.max_interval or 300, max(settings.BEAT_LEASE_SECONDS // 3, 1))

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Seconds until the next look."""
        close_old_connections()
        try:
            holds = hold(self.holder)
        except DatabaseError:
            # Without the database nothing that beat starts could work either.
            logger.exception("定时进程连不上数据库，稍后再试。")
            holds = False
        if not holds:
            return float(self.max_interval or 1)
        return float(super().tick(*args, **kwargs))

    def close(self) -> None:
        try:
            release(self.holder)
        except DatabaseError:
            logger.exception("定时进程退出时没能交还租约，它会自行到期。")
        super().close()
