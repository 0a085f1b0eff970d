"""Suspension of an enterprise: what of the station's measures keeps it from applying.

The measures themselves are rows of a room further right, which calls this when they change.
"""

from datetime import date

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from enterprises.models import Enterprise

COLUMNS = ("suspended_from", "suspended_until", "suspension_reason")


@transaction.atomic
def set_suspension(
    enterprise: Enterprise,
    *,
    starts_on: date | None,
    ends_on: date | None,
    reason: str,
    by: User | None,
) -> bool:
    """Keep from when to when (the last day included) it may not apply; without a start it may.

    Returns whether anything changed; the same once more is no second event.
    """
    locked = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    wanted = (starts_on, ends_on, reason if starts_on else "")
    before = tuple(getattr(locked, column) for column in COLUMNS)
    if before == wanted:
        return False
    for row in (locked, enterprise):
        for column, value in zip(COLUMNS, wanted, strict=True):
            setattr(row, column, value)
    locked.save(update_fields=COLUMNS)
    record(
        "enterprise.suspend",
        locked,
        by=by,
        before={"suspended_from": _iso(before[0]), "suspended_until": _iso(before[1])},
        after={
            "suspended_from": _iso(starts_on),
            "suspended_until": _iso(ends_on),
            "reason": wanted[2],
        },
    )
    return True


def _iso(day: object) -> str:
    return day.isoformat() if isinstance(day, date) else ""
