"""Which row of the ledger is this enterprise: by credit code, then by the core of its name."""

from typing import Final

from django.db import transaction
from django.db.models import Q
from rapidfuzz import fuzz

from accounts.audit import record
from accounts.models import User
from enterprises.models import Demand, Enterprise
from enterprises.models.ledger import NAMES_APART
from finding.search import LEAST, NEAR
from finding.words import company_core

# Facts that both sides have, of which an empty one is filled from the other.
SHARED: Final = ("credit_code", "kind", "address", "contact_name", "contact_phone")
# The only one of them that a sign-up may leave open.
OPEN_AT_SIGN_UP: Final = ("address",)
FEW: Final = 5


def row_for(enterprise: Enterprise) -> Demand | None:
    """The enterprise's own row, or the one without an account that must be it."""
    own = Demand.objects.filter(enterprise=enterprise).first()
    return own or _by_code(enterprise) or _by_name(enterprise)


def _by_code(enterprise: Enterprise) -> Demand | None:
    free = Demand.objects.filter(enterprise__isnull=True).exclude(credit_code="")
    return free.filter(credit_code=enterprise.credit_code).first()


def _by_name(enterprise: Enterprise) -> Demand | None:
    """The only row whose name has this core; one with another credit code is another company."""
    same = Q(name_core=company_core(enterprise.name)) | Q(former_names=enterprise.name)
    free = Demand.objects.filter(enterprise__isnull=True, credit_code="")
    rows = list(free.filter(same)[:2])
    return rows[0] if len(rows) == 1 else None


def near_rows(name: str, *, limit: int = FEW) -> list[Demand]:
    """Rows that may be the company of this name, the likeliest first; for "search before create".

    Reads the cores of all names once: 20,000 rows take a tenth of a second.
    """
    core = company_core(name)
    if len(core) < LEAST:
        return []
    scores: dict[int, float] = {}
    rows = Demand.objects.values_list("pk", "name_core", "short_name", "former_names")
    for pk, own, short, former in rows.iterator():
        others = [company_core(one) for one in (short, *former.split(NAMES_APART)) if one]
        scores[pk] = max(_score(core, one) for one in (own, *others))
    best = sorted((pk for pk in scores if scores[pk] >= NEAR), key=lambda pk: -scores[pk])[:limit]
    found = Demand.objects.select_related("enterprise").in_bulk(best)
    return [found[pk] for pk in best]


def _score(core: str, other: str) -> float:
    """0 to 100; a name that is a part of the other is near, however much is left out."""
    if core in other or (len(other) >= LEAST and other in core):
        return max(float(NEAR), fuzz.ratio(core, other))
    return fuzz.ratio(core, other, score_cutoff=NEAR)


def row_of(enterprise: Enterprise, *, by: User | None) -> Demand:
    """Its row, locked, made or taken over where it had none."""
    own = Demand.objects.select_for_update().filter(enterprise=enterprise).first()
    return own or claim(enterprise, by=by)


@transaction.atomic
def claim(enterprise: Enterprise, *, by: User | None = None) -> Demand:
    """Bind the enterprise to its row, and fill on both sides what the other knows.

    Asks nothing of whoever signs up; without a row it makes one (自行注册).
    """
    demand = row_for(enterprise)
    if demand is None:
        demand = Demand(name=enterprise.name, source=Demand.Source.SIGN_UP)
    else:
        demand = Demand.objects.select_for_update().get(pk=demand.pk)
        demand.version += 1
    is_new = demand.pk is None
    demand.enterprise = enterprise
    take_name(demand, enterprise.name)
    filled = _fill(demand, enterprise)
    demand.save()
    _fill_back(enterprise, demand)
    record("demand.add" if is_new else "demand.claim", demand, by=by, after={"fields": filled})
    return demand


def take_name(demand: Demand, name: str) -> None:
    """The registered name counts; the one that was noted before still finds the row."""
    noted = demand.name
    if noted == name:
        return
    demand.name = name
    if noted in name and not demand.short_name and len(noted) <= _length("short_name"):
        demand.short_name = noted
    elif noted not in demand.earlier_names:
        former = NAMES_APART.join([*demand.earlier_names, noted])
        if len(former) <= _length("former_names"):
            demand.former_names = former


def _length(name: str) -> int:
    field = next(one for one in Demand._meta.fields if one.name == name)
    return int(field.max_length or 0)


def _fill(demand: Demand, enterprise: Enterprise) -> list[str]:
    """Empty facts of the row from the enterprise; a code that another row has stays there."""
    filled = []
    for field in SHARED:
        if getattr(demand, field) or not getattr(enterprise, field):
            continue
        if field == "credit_code" and _is_taken(enterprise.credit_code, demand):
            continue
        setattr(demand, field, getattr(enterprise, field))
        filled.append(field)
    return filled


def _is_taken(credit_code: str, demand: Demand) -> bool:
    return Demand.objects.filter(credit_code=credit_code).exclude(pk=demand.pk).exists()


def _fill_back(enterprise: Enterprise, demand: Demand) -> None:
    """What the sign-up left to the licence, from the row; the officer compares it with that."""
    filled = [
        field
        for field in OPEN_AT_SIGN_UP
        if not getattr(enterprise, field) and getattr(demand, field)
    ]
    for field in filled:
        setattr(enterprise, field, getattr(demand, field))
    if filled:
        enterprise.save(update_fields=filled)


def follow(enterprise: Enterprise, *, by: User | None) -> None:
    """The row of an enterprise whose name or credit code was corrected takes both over."""
    demand = Demand.objects.select_for_update().filter(enterprise=enterprise).first()
    if demand is None:
        return
    before = (demand.name, demand.credit_code)
    take_name(demand, enterprise.name)
    if not _is_taken(enterprise.credit_code, demand):
        demand.credit_code = enterprise.credit_code
    if (demand.name, demand.credit_code) != before:
        demand.version += 1
        demand.save()
        record("demand.change", demand, by=by, after={"fields": ["name", "credit_code"]})


def let_go(enterprise: Enterprise) -> None:
    """A sign-up that gave its credit code free leaves the row to whoever comes next."""
    Demand.objects.filter(enterprise=enterprise).update(enterprise=None)
