"""A beat of which one works at a time: whoever holds the lease in the database.

A second one that is started, on this host or another, waits and takes over when the first has
not renewed its lease for BEAT_LEASE_SECONDS. When it last started what comes seldom stands in
rows beside the lease, not in a file of one host: who takes over goes on from there, and two
beats on one folder share nothing. What beat starts is safe to start twice all the same: rows
decide what is due (ADR 0001).
"""

import logging
import os
import socket
import uuid
from datetime import timedelta
from typing import Any

from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import crontab
from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone

from notices.models import BeatLease, BeatRun

logger = logging.getLogger(__name__)

NAME = "beat"
A_SECOND = timedelta(seconds=1)
# What comes more often than that is due soon after every start, and leaves no row.
SELDOM = timedelta(minutes=10)


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


def is_seldom(entry: ScheduleEntry) -> bool:
    # Ours are intervals and times of day.
    schedule: Any = entry.schedule
    return isinstance(schedule, crontab) or schedule.run_every >= SELDOM


class LeasedScheduler(Scheduler):
    """Sends what is due only while it holds the lease."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.is_leading = False
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        super().__init__(*args, **kwargs)
        # It must wake often enough to renew.
        self.max_interval = min(self.max_interval or 300, max(settings.BEAT_LEASE_SECONDS // 3, 1))

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Seconds until the next look."""
        close_old_connections()
        try:
            holds = hold(self.holder)
            if holds and not self.is_leading:
                self._go_on_from_rows()
        except DatabaseError as error:
            # Without the database nothing that beat starts could work either.
            logger.error("定时进程连不上数据库，稍后再试：%s", error)
            holds = False
        self.is_leading = holds
        if not holds:
            return float(self.max_interval or 1)
        self._follow_a_clock_set_back()
        return float(super().tick(*args, **kwargs))

    def _go_on_from_rows(self) -> None:
        """What comes seldom was last started by whichever beat had the lease before."""
        entries = {name: one for name, one in self.schedule.items() if is_seldom(one)}
        now = self.app.now()
        new = [BeatRun(name=name, at=one.last_run_at or now) for name, one in entries.items()]
        BeatRun.objects.bulk_create(new, ignore_conflicts=True)
        BeatRun.objects.exclude(name__in=entries).delete()
        for run in BeatRun.objects.all():
            entries[run.name].last_run_at = run.at
        self._heap = None  # reckoned anew from the entries

    # It takes and gives an entry; its stubs say an event.
    def reserve(self, entry: Any) -> Any:
        reserved: ScheduleEntry = super().reserve(entry)  # type: ignore[assignment]
        if is_seldom(reserved):
            try:
                BeatRun.objects.filter(name=reserved.name).update(at=reserved.last_run_at)
            except DatabaseError as error:
                # It is started now; at worst the next beat starts it once more.
                logger.warning("定时进程没能记下%s的时间：%s", reserved.name, error)
        return reserved

    def _follow_a_clock_set_back(self) -> None:
        """What last ran in the future would otherwise stand still until the clock is there."""
        now = self.app.now()
        ahead = [
            entry
            for entry in self.schedule.values()
            if entry.last_run_at is not None and entry.last_run_at > now + A_SECOND
        ]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self._heap = None  # reckoned anew from the entries

    def close(self) -> None:
        try:
            release(self.holder)
        except DatabaseError as error:
            logger.warning("定时进程退出时没能交还租约，它会自行到期：%s", error)
        super().close()
