"""Deadline of an enterprise's verification (`Enterprise.due_at`), as promised when it began.

An enterprise waits from the moment at which everything that the station needs is there: the
status, the licence and a confirmed mailbox.
"""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from enterprises.models import Enterprise
from workdays.calendar import load_calendar
from workdays.clock import deadline
from workdays.following import TargetDeadlines


class VerificationDeadlines(TargetDeadlines):
    """Deadlines of enterprises that wait to be verified, as they follow the calendar."""

    since = "waiting_since"

    def waiting(self) -> "models.QuerySet[Any]":
        return Enterprise.objects.filter(due_days__isnull=False)

    def whose(self, row: Any) -> str:
        return "核验"

    def record_move(
        self, row: Any, *, by: User | None, before: dict[str, str], after: dict[str, str]
    ) -> None:
        record("enterprise.move_deadline", row, by=by, before=before, after=after)


@transaction.atomic
def settle_waiting(enterprise: Enterprise) -> None:
    """Begin the wait for verification, or end it, where what it depends on may have changed.

    Called after every change of the status, of the licence's pages and of a mailbox; an
    enterprise that goes on waiting keeps its deadline.
    """
    locked = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    waits = Enterprise.objects.awaiting_verification().filter(pk=enterprise.pk).exists()
    if waits == (locked.waiting_since is not None):
        return
    now, days = timezone.now(), settings.STATION_DAYS["verification"] if waits else 0
    due_at = deadline(now, days, load_calendar()) if days else None
    for row in (locked, enterprise):
        row.waiting_since, row.due_days, row.due_at = now if waits else None, days or None, due_at
    locked.save(update_fields=["waiting_since", "due_days", "due_at"])


def settle_waiting_of(user: User) -> None:
    """The same for the enterprise of an agent whose mailbox is confirmed."""
    for enterprise in Enterprise.objects.filter(agents__user=user):
        settle_waiting(enterprise)
