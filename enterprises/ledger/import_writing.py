"""Writes and takes back what an import of the ledger decided, some hundred rows at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, Min, Q
from django.utils import timezone

from accounts.models import User
from enterprises.ledger.import_cells import as_moment
from enterprises.ledger.import_states import (
    FACT_CODES,
    LEAD,
    SAID_CODES,
    WAS,
    changed_codes,
    contact_of,
    fill,
    first_days,
    has_said,
    nonce_of,
    state_of,
)
from enterprises.ledger.stages import PLACE, settle_days
from enterprises.models import Contact, Demand, DemandChange, Stage
from finding.models import IndexEntry, keep
from finding.words import company_core
from imports.kinds import State, WriteRow
from imports.models import ImportRow

CREATED: Final = (*FACT_CODES, "owner_id", "enterprise_id")
# What follows from contacts and stages.
FOLLOWING: Final = ("stage", "not_needed_reason", "told_at", "applied_at", "held_at", "heard_at")
CONTACTED: Final = "导入以后又记了联系，照现在的保留。"
RELIED_ON: Final = "导入以后已经有别的记录，照现在的保留。"


def write(rows: Sequence[WriteRow], *, batch: int, by: User | None) -> list[int]:
    """Create and change rows of the ledger and their contacts; the rows' numbers, in order."""
    targets = {row.line: row.target for row in rows if row.target is not None}
    targets |= _create([row for row in rows if row.before is None and LEAD not in row.after], by)
    _find_leads([row for row in rows if row.line not in targets], batch, targets)
    _change([row for row in rows if row.before and LEAD not in row.after], batch, by)
    _follow([row for row in rows if LEAD in row.after], targets, batch, by)
    contacts = [
        contact_of(targets[row.line] or 0, row.after, by) for row in rows if has_said(row.after)
    ]
    Contact.objects.bulk_create(contacts)
    return [targets[row.line] or 0 for row in rows]


def _create(rows: Sequence[WriteRow], by: User | None) -> dict[int, int]:
    now, demands = timezone.now(), list[Demand]()
    for row in rows:
        demand = Demand()
        fill(demand, row.after, CREATED)
        _move(demand, row.after, now)
        _hear(demand, [row.after])
        demands.append(demand)
    Demand.objects.bulk_create(demands)
    DemandChange.objects.bulk_create(
        DemandChange(demand=demand, became=demand.stage, reason=demand.not_needed_reason, by=by)
        for demand in demands
    )
    keep([demand.entry() for demand in demands])
    return {row.line: demand.pk for row, demand in zip(rows, demands, strict=True)}


def _find_leads(rows: Sequence[WriteRow], batch: int, targets: dict[int, Any]) -> None:
    """Of rows that add a contact to an enterprise that another row of the batch made."""
    missing = {row.after[LEAD] for row in rows} - set(targets)
    leads = ImportRow.objects.filter(batch=batch, line__in=missing)
    known = targets | dict(leads.values_list("line", "target"))
    targets |= {row.line: known[row.after[LEAD]] for row in rows}


def _move(demand: Demand, state: State, now: datetime) -> None:
    """The stage with its first days: that of the telling where the row has it, else today."""
    told = as_moment(state["said_at"]) if state.get("said_telling") else now
    demand.stage, demand.not_needed_reason = state["stage"], state["not_needed_reason"]
    if demand.stage != Stage.NOT_NEEDED:
        settle_days(demand, now, is_back=False)
        if PLACE[Stage(demand.stage)] >= PLACE[Stage.TOLD] and demand.told_at == now:
            demand.told_at = told


def _hear(demand: Demand, said: Iterable[State]) -> None:
    for one in said:
        if has_said(one):
            at = as_moment(one["said_at"])
            demand.heard_at = max(demand.heard_at or at, at)
            if one["said_telling"]:
                demand.told_at = min(demand.told_at or at, at)


def _locked(targets: Iterable[int | None]) -> dict[int, Demand]:
    rows = Demand.objects.select_for_update(no_key=True, of=("self",)).select_related("owner")
    return rows.in_bulk({pk for pk in targets if pk is not None})


def _save(demands: Iterable[Demand], fields: Collection[str]) -> None:
    """Only these fields: what others set beside them stays."""
    rows = list(demands)
    for row in rows:
        row.version += 1
    if "name" in fields:
        for row in rows:
            row.name_core = company_core(row.name)
        fields = {*fields, "name_core"}
    Demand.objects.bulk_update(rows, {*fields, "version"})
    if Demand.finding_fields & set(fields):
        keep([row.entry() for row in rows])


def _change(rows: Sequence[WriteRow], batch: int, by: User | None) -> None:
    demands, fields, now = _locked(row.target for row in rows), set[str](), timezone.now()
    moved: list[DemandChange] = []
    for row in rows:
        demand = demands[row.target or 0]
        codes = changed_codes(row.before or {}, row.after)
        fields |= fill(demand, row.after, codes)
        if "stage" in codes or "not_needed_reason" in codes:
            moved.append(_changed_stage(demand, row.after, f"第{batch}批导入", by))
            _move(demand, row.after, now)
            fields |= set(FOLLOWING)
        if has_said(row.after):
            _hear(demand, [row.after])
            fields |= {"heard_at", "told_at"}
    DemandChange.objects.bulk_create(moved)
    _save(demands.values(), fields)


def _changed_stage(demand: Demand, state: State, words: str, by: User | None) -> DemandChange:
    reason = state.get("not_needed_reason") or words
    return DemandChange(
        demand=demand, was=demand.stage, became=state["stage"], reason=reason, by=by
    )


def _follow(
    rows: Sequence[WriteRow], targets: Mapping[int, int | None], batch: int, by: User | None
) -> None:
    """What contacts change of their enterprises: when it was heard of, and 未联系 to 已宣传."""
    said: dict[int, list[State]] = defaultdict(list)
    for row in rows:
        said[targets[row.line] or 0].append(row.after)
    demands, now = _locked(said), timezone.now()
    moved: list[DemandChange] = []
    for pk, states in said.items():
        demand = demands[pk]
        if any(WAS in state for state in states) and demand.stage == Stage.UNTOUCHED:
            told = {"stage": Stage.TOLD.value}
            moved.append(_changed_stage(demand, told, f"第{batch}批导入", by))
            demand.stage = Stage.TOLD.value
        _hear(demand, states)
        settle_days(demand, now, is_back=False)
    DemandChange.objects.bulk_create(moved)
    _save(demands.values(), FOLLOWING)


# Undoing ------------------------------------------------------------------------------------------


def standing(rows: Sequence[WriteRow]) -> list[State | None]:
    """What these rows wrote, as it stands now; of a changed row only what it changed."""
    demands = _locked(row.target for row in rows)
    nonces = {nonce_of(row.target or 0, row.after) for row in rows if has_said(row.after)}
    there = set(Contact.objects.filter(nonce__in=nonces).values_list("nonce", flat=True))
    return [_standing(row, demands.get(row.target or 0), there) for row in rows]


def _standing(row: WriteRow, demand: Demand | None, there: set[str]) -> State | None:
    if demand is None:
        return None
    state = dict(row.after)
    if has_said(row.after) and nonce_of(demand.pk, row.after) not in there:
        state["said_words"] = ""
    if LEAD in row.after:
        return state
    now = state_of(demand)
    codes = CREATED if row.before is None else changed_codes(row.before, row.after)
    return state | {code: now[code] for code in codes if code in now and code not in SAID_CODES}


def restore(rows: Sequence[WriteRow], *, batch: int, by: User | None) -> None:
    """Make the facts again what they were, and take the contacts out."""
    _take_back_contacts(rows, batch, by)
    leads = [row for row in rows if LEAD not in row.after]
    demands, fields = _locked(row.target for row in leads), set[str]()
    moved: list[DemandChange] = []
    for row in leads:
        demand, before = demands[row.target or 0], row.before or {}
        codes = [code for code in changed_codes(before, row.after) if code not in SAID_CODES]
        fields |= fill(demand, before, codes)
        if "stage" in codes or "not_needed_reason" in codes:
            moved.append(_changed_stage(demand, before, f"撤销第{batch}批导入", by))
            demand.stage, demand.not_needed_reason = before["stage"], before["not_needed_reason"]
            for name, at in first_days(before).items():
                setattr(demand, name, at)
            fields |= set(FOLLOWING)
    DemandChange.objects.bulk_create(moved)
    _save(demands.values(), fields)
    _settle_contacts({row.target for row in leads if row.target is not None})


def _take_back_contacts(rows: Sequence[WriteRow], batch: int, by: User | None) -> None:
    said = [row for row in rows if has_said(row.after)]
    nonces = [nonce_of(row.target or 0, row.after) for row in said]
    Contact.objects.filter(nonce__in=nonces).delete()
    moved = {row.target for row in said if WAS in row.after}
    back = [row for row in _locked(moved).values() if row.stage == Stage.TOLD]
    untouched = {"stage": Stage.UNTOUCHED.value}
    DemandChange.objects.bulk_create(
        _changed_stage(row, untouched, f"撤销第{batch}批导入", by) for row in back
    )
    for row in back:
        row.stage, row.told_at = Stage.UNTOUCHED.value, None
    _save(back, ("stage", "told_at"))
    _settle_contacts({row.target for row in said if row.target is not None})


def _settle_contacts(targets: set[int]) -> None:
    """When it was last heard of, and first told, by the contacts that are left."""
    left = Contact.objects.filter(demand__in=targets).order_by().values("demand")
    found = {
        one["demand"]: one
        for one in left.annotate(heard=Max("at"), told=Min("at", filter=Q(is_telling=True)))
    }
    rows = list(Demand.objects.filter(pk__in=targets))
    for row in rows:
        one = found.get(row.pk, {"heard": None, "told": None})
        row.heard_at = one["heard"]
        is_so_far = PLACE[Stage(row.stage)] >= PLACE[Stage.TOLD]
        if one["told"] or not is_so_far:
            row.told_at = one["told"]
    Demand.objects.bulk_update(rows, ["heard_at", "told_at"])


def remove(rows: Sequence[WriteRow], *, batch: int, by: User | None) -> Mapping[int, str]:
    """Take contacts and new enterprises out, but for those that something came to rest on since."""
    _take_back_contacts([row for row in rows if LEAD in row.after], batch, by)
    leads = {row.target: row for row in rows if LEAD not in row.after and row.target is not None}
    own = {nonce_of(pk, row.after) for pk, row in leads.items() if has_said(row.after)}
    contacts = Contact.objects.filter(demand__in=leads).exclude(nonce__in=own)
    stays = dict.fromkeys(relied_on(leads), RELIED_ON)
    stays |= dict.fromkeys(contacts.values_list("demand", flat=True), CONTACTED)
    away = [pk for pk in leads if pk not in stays]
    Contact.objects.filter(demand__in=away).delete()
    DemandChange.objects.filter(demand__in=away).delete()
    IndexEntry.objects.filter(kind=Demand._meta.label_lower, object_id__in=away).delete()
    Demand.objects.filter(pk__in=away).delete()
    return {leads[pk].line: words for pk, words in stays.items()}


def relied_on(targets: Iterable[int]) -> set[int]:
    """Rows of the ledger that a row of another table points to, but for their own log."""
    found: set[int] = set()
    for relation in Demand._meta.related_objects:
        model: Any = relation.related_model
        if model not in (Contact, DemandChange):
            name = relation.field.name
            rows = model._default_manager.filter(**{f"{name}__in": targets})
            found |= set(rows.values_list(name, flat=True))
    return found
