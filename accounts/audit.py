"""Writes the audit trail, seals it in batches, and checks it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import AuditEvent, AuditSeal, User
from accounts.origin import current_origin

BATCH = 500
# A row gets its number before its transaction ends. Nothing here runs as long as this, so rows
# older than it stand in their final order.
SETTLED_AFTER = timedelta(minutes=10)
SYSTEM = "系统"

_outsider: ContextVar[str] = ContextVar("outsider", default="")


@contextmanager
def done_by(outsider: str) -> Iterator[None]:
    """What is recorded meanwhile was done by this somebody, who has no account.

    So the trail does not name the account that only made it possible, as by giving a link.
    """
    token = _outsider.set(outsider)
    try:
        yield
    finally:
        _outsider.reset(token)


def record(
    action: str,
    obj: models.Model,
    *,
    by: User | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    label: str | None = None,
) -> AuditEvent:
    """Add a row to the trail. `before` and `after` hold JSON values and no personal number.

    An object that was never saved stands for one that there is not. `label` names it where its
    own name is what is deleted.
    """
    outsider = _outsider.get()
    return AuditEvent.objects.create(
        actor=None if outsider else by,
        actor_label=outsider or (by.title if by else SYSTEM),
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk or ""),
        object_label=(str(obj) if label is None else label)[:200],
        origin=current_origin(),
        before=before or {},
        after=after or {},
    )


def sealed_line(event: AuditEvent) -> bytes:
    """The row as a seal covers it: one line of JSON."""
    fields = [
        event.pk,
        event.at.isoformat(),
        event.actor_id,
        event.actor_label,
        event.action,
        event.object_type,
        event.object_id,
        event.object_label,
        event.origin,
        event.before,
        event.after,
    ]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _digest(previous: str, events: list[AuditEvent]) -> str:
    digest = hashlib.sha256(previous.encode())
    for event in events:
        digest.update(sealed_line(event))
    return digest.hexdigest()


def seal_batch() -> AuditSeal | None:
    """Seal the oldest settled rows that no seal covers yet, at most `BATCH`; None without any."""
    with transaction.atomic():
        last = AuditSeal.objects.select_for_update().order_by("-id").first()
        start = last.last_event_id if last else 0
        settled = AuditEvent.objects.filter(at__lt=timezone.now() - SETTLED_AFTER)
        events = list(settled.filter(id__gt=start).order_by("id")[:BATCH])
        if not events:
            return None
        return AuditSeal.objects.create(
            first_event=events[0],
            last_event=events[-1],
            count=len(events),
            digest=_digest(last.digest if last else "", events),
        )


def seal_holds(seal: AuditSeal) -> bool:
    """Whether this one seal still fits the rows that it covers and the seal before it."""
    before = AuditSeal.objects.filter(pk__lt=seal.pk).order_by("-pk").first()
    start = before.last_event_id if before else 0
    covered = AuditEvent.objects.filter(id__gt=start, id__lte=seal.last_event_id)
    events = list(covered.order_by("id"))
    previous = before.digest if before else ""
    return len(events) == seal.count and _digest(previous, events) == seal.digest


@dataclass(frozen=True)
class ChainCheck:
    """`broken` is the first seal that does not fit its rows, None when all fit."""

    seals: int
    events: int
    unsealed: int
    broken: AuditSeal | None


@dataclass(frozen=True)
class ChainState:
    """What stands sealed, without recomputing anything."""

    last: AuditSeal | None
    unsealed: int


def chain_state() -> ChainState:
    last = AuditSeal.objects.select_related("last_event").order_by("-id").first()
    unsealed = AuditEvent.objects.filter(id__gt=last.last_event_id if last else 0)
    return ChainState(last, unsealed.count())


def check_chain() -> ChainCheck:
    """Recompute every seal from the rows it covers."""
    previous, start, seals, events = "", 0, 0, 0
    for seal in AuditSeal.objects.order_by("id").iterator():
        batch = list(
            AuditEvent.objects.filter(id__gt=start, id__lte=seal.last_event_id).order_by("id")
        )
        if len(batch) != seal.count or _digest(previous, batch) != seal.digest:
            return ChainCheck(seals, events, 0, seal)
        previous, start = seal.digest, seal.last_event_id
        seals, events = seals + 1, events + len(batch)
    unsealed = AuditEvent.objects.filter(id__gt=start).count()
    return ChainCheck(seals, events, unsealed, None)
