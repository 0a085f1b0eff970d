"""Stages of the ledger: the way of a row, moved by the portal and by officers.

The portal moves a row forward alone. Back, or aside to 暂不需要, it goes by an officer's word.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from enterprises.ledger.matching import claim, row_of
from enterprises.ledger.refusals import LedgerRefused
from enterprises.models import Demand, DemandChange, Enterprise, Stage

WAY: Final = (
    Stage.UNTOUCHED,
    Stage.TOLD,
    Stage.INTERESTED,
    Stage.PREPARING,
    Stage.SUBMITTED,
    Stage.CONCLUDED,
    Stage.HOLDING,
)
# Whoever wants no card stands before the way: every stage is a step forward from there.
PLACE: Final = {Stage.NOT_NEEDED: -1} | {stage: place for place, stage in enumerate(WAY)}
# The first day on which a row was so far, by the column that keeps it.
FIRST_DAYS: Final = {
    "told_at": Stage.TOLD,
    "applied_at": Stage.SUBMITTED,
    "held_at": Stage.HOLDING,
}
MOVED: Final = ("stage", "not_needed_reason", *FIRST_DAYS, "version")


def is_back(was: str, to: str) -> bool:
    """Is this a step back on the way? Aside to 暂不需要 is none."""
    return to != Stage.NOT_NEEDED and PLACE[Stage(to)] < PLACE[Stage(was)]


def require_reason(was: str, to: str, reason: str) -> None:
    """Raises LedgerRefused where this move needs a word and there is none."""
    if was == to or reason:
        return
    if to == Stage.NOT_NEEDED:
        raise LedgerRefused("改为“暂不需要”时，请写明原因，例如“今年没有出境计划”。")
    if is_back(was, to):
        before, after = Stage(was).label, Stage(to).label
        raise LedgerRefused(f"从“{before}”退回“{after}”，请写明原因，以后好查。")


def move(
    demand: Demand, to: str, *, by: User | None, reason: str = "", at: datetime | None = None
) -> bool:
    """Set the stage of a locked row, with its first days and a row of its history.

    The caller saves `MOVED`; returns whether anything moved. Raises LedgerRefused.
    """
    was, reason = demand.stage, reason.strip()
    if was == to:
        return False
    require_reason(was, to, reason)
    demand.stage = to
    demand.not_needed_reason = reason if to == Stage.NOT_NEEDED else ""
    if to != Stage.NOT_NEEDED:
        settle_days(demand, at or timezone.now(), is_back=is_back(was, to))
    DemandChange.objects.create(demand=demand, was=was, became=to, reason=reason, by=by)
    record(
        "demand.move",
        demand,
        by=by,
        before={"stage": was},
        after={"stage": to, "reason": reason},
    )
    return True


def settle_days(demand: Demand, at: datetime, *, is_back: bool) -> None:
    """What is reached now has a first day; what it was set back from has none any more."""
    for column, stage in FIRST_DAYS.items():
        if PLACE[Stage(demand.stage)] >= PLACE[stage]:
            if getattr(demand, column) is None:
                setattr(demand, column, at)
        elif is_back:
            setattr(demand, column, None)


@transaction.atomic
def advance(*, enterprise: Enterprise, to: Stage, by: User | None = None) -> Demand:
    """Bring the enterprise's row so far, never back; one without a row gets one (自行注册)."""
    demand = row_of(enterprise, by=by)
    if PLACE[Stage(demand.stage)] < PLACE[to] and move(demand, to, by=by):
        demand.version += 1
        demand.save(update_fields=MOVED)
    return demand


@transaction.atomic
def advance_all(enterprises: Collection[int], *, to: Stage, by: User | None = None) -> None:
    """The same for many at once, such as of an import, whose batch the audit trail has already."""
    known = Demand.objects.filter(enterprise__in=enterprises)
    for enterprise in Enterprise.objects.filter(pk__in=enterprises, demand__isnull=True):
        claim(enterprise, by=by)
    behind = [stage for stage in PLACE if PLACE[stage] < PLACE[to]]
    rows = list(known.filter(stage__in=behind).select_for_update())
    DemandChange.objects.bulk_create(
        DemandChange(demand=row, was=row.stage, became=to, by=by) for row in rows
    )
    now = timezone.now()
    for row in rows:
        row.stage, row.not_needed_reason = to, ""
        row.version += 1
        settle_days(row, now, is_back=False)
    Demand.objects.bulk_update(rows, MOVED)
