"""Writing the ledger: adding and changing a row, noting a contact, moving a stage."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from accounts.audit import record
from accounts.models import User
from core.versions import Overtaken, claim
from enterprises.ledger.refusals import LedgerRefused
from enterprises.ledger.stages import MOVED, move
from enterprises.models import Contact, Demand, DemandChange, Stage
from materials.economies import NAMES

# What an officer may set; the stage goes through `move`.
FACTS: Final = frozenset(
    {
        "name", "short_name", "former_names", "credit_code", "kind", "trade", "town", "address",
        "economies", "intended_number", "source", "source_note", "is_qualified", "is_key",
        "is_pilot", "next_step", "next_on", "owner", "in_group_since", "contact_name",
        "contact_position", "contact_phone",
    }
)  # fmt: skip


@transaction.atomic
def add_demand(*, by: User | None, name: str, source: str, nonce: str = "", **facts: Any) -> Demand:
    """A new row; the same page sent twice gives the row of the first time.

    `facts` are `FACTS` and perhaps `stage` with its `reason`. Raises LedgerRefused where another
    row has this credit code.
    """
    if nonce and (there := Demand.objects.filter(nonce=nonce).first()):
        return there
    stage, reason = facts.pop("stage", Stage.UNTOUCHED), facts.pop("reason", "")
    require_free_code(facts.get("credit_code", ""))
    demand = Demand(name=name, source=source, nonce=nonce or None, **_known(facts))
    try:
        with transaction.atomic():
            demand.save()
    except IntegrityError:
        # The same page, or the same code, in the same moment.
        if nonce and (there := Demand.objects.filter(nonce=nonce).first()):
            return there
        raise LedgerRefused("同一时刻有人加了这一户，请先查找再看。") from None
    record("demand.add", demand, by=by, after={"source": source})
    DemandChange.objects.create(demand=demand, became=Stage.UNTOUCHED, by=by)
    if move(demand, stage, by=by, reason=reason):
        demand.save(update_fields=MOVED)
    return demand


def require_free_code(credit_code: str, *, besides: Demand | None = None) -> None:
    """Raise LedgerRefused where another row has this code."""
    others = Demand.objects.filter(credit_code=credit_code)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if credit_code and (other := others.first()):
        raise LedgerRefused(f"台账里已有这个统一社会信用代码：{other.name}。请在那一户里补充。")


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"not facts of the ledger: {sorted(unknown)}")
    if "economies" in facts:
        # In one order, whoever writes them: an export that comes back then changes nothing.
        facts["economies"] = sorted(facts["economies"], key=list(NAMES).index)
    return facts


@transaction.atomic
def change_demand(
    *, demand: Demand, by: User | None, seen_version: int, reason: str = "", **facts: Any
) -> Demand:
    """Set these facts, and the `stage` where it is among them. Raises Overtaken, LedgerRefused."""
    demand.version = seen_version
    stored: Demand = claim(demand)
    stage = facts.pop("stage", stored.stage)
    changed = [name for name, value in _known(facts).items() if getattr(stored, name) != value]
    if "credit_code" in changed:
        require_free_code(facts["credit_code"], besides=stored)
    for name in changed:
        setattr(stored, name, facts[name])
    if not stored.next_step:
        stored.next_on = None
    moved = move(stored, stage, by=by, reason=reason)
    if changed or moved:
        stored.version = seen_version + 1
        stored.save(update_fields=[*changed, "next_on", "name_core", *MOVED])
    if changed:
        record("demand.change", stored, by=by, after={"fields": changed})
    return stored


@transaction.atomic
def note_contact(
    *,
    demand: Demand,
    by: User | None,
    kind: str,
    at: datetime,
    words: str,
    is_telling: bool = False,
    nonce: str,
    author_name: str = "",
    next_step: str | None = None,
    next_on: date | None = None,
    seen_version: int | None = None,
) -> Contact:
    """Keep one contact; with the same nonce once more nothing happens.

    A telling brings 未联系 to 已宣传. `next_step` (not None) is set with its day in the same go.
    Raises Overtaken where it would go over another one, set after `seen_version` was read.
    """
    contact, is_new = Contact.objects.get_or_create(
        nonce=nonce,
        defaults={
            "demand": demand, "kind": kind, "at": at, "by": by, "words": words,
            "is_telling": is_telling, "author_name": author_name,
        },
    )  # fmt: skip
    if not is_new:
        return contact
    row = Demand.objects.select_for_update().get(pk=demand.pk)
    next_on = next_on if next_step else None
    if next_step == row.next_step and next_on == row.next_on:
        next_step = None
    if next_step is not None and seen_version not in (None, row.version):
        raise Overtaken(row)
    changed = ["told_at", "heard_at"]
    row.heard_at = max(row.heard_at or at, at)
    if is_telling:
        row.told_at = min(row.told_at or at, at)
        if row.stage == Stage.UNTOUCHED and move(row, Stage.TOLD, by=by, at=at):
            changed += MOVED
    if next_step is not None:
        row.next_step, row.next_on = next_step, next_on
        changed += ["next_step", "next_on"]
    if len(changed) > 2:
        row.version += 1
    row.save(update_fields={*changed, "version"})
    record("demand.note", row, by=by, after={"kind": kind})
    return contact


@transaction.atomic
def move_stage(
    *,
    demand: Demand,
    to: str,
    by: User | None,
    reason: str = "",
    seen_version: int | None = None,
) -> Demand:
    """Set the stage; back, and to 暂不需要, only with a reason. Raises Overtaken, LedgerRefused."""
    if seen_version is None:
        demand = Demand.objects.get(pk=demand.pk)
    seen = demand.version if seen_version is None else seen_version
    return change_demand(demand=demand, by=by, seen_version=seen, stage=to, reason=reason)


@transaction.atomic
def change_many(
    *,
    demands: Sequence[Demand],
    by: User,
    next_step: str | None = None,
    next_on: date | None = None,
    owner: User | None = None,
    clears_owner: bool = False,
) -> int:
    """Set next step and owner of several rows; returns how many changed.

    What is None stays as it is in each row. `clears_owner` leaves them to nobody.
    """
    facts: dict[str, Any] = {}
    if next_step is not None:
        facts |= {"next_step": next_step, "next_on": next_on}
    if owner is not None or clears_owner:
        facts["owner"] = owner
    count = 0
    for demand in demands:
        before = demand.version
        changed = change_demand(demand=demand, by=by, seen_version=before, **facts)
        count += changed.version != before
    return count
