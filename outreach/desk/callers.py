"""Who calls: enterprises and rows of the ledger, found by number, name or person, and their cases.

What is found stands beside what he asks: whose move each open case is, and a sentence to read out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.urls import reverse

from accounts.models import Role, User
from applications.models import Applicant, Application
from applications.time_limits import due_words
from core.dates import day_words
from core.phones import PHONE, canonical_phone
from core.reading import whole_number
from core.text import brief
from enterprises.ledger.matching import near_rows
from enterprises.models import Demand, Enterprise
from finding.search import find, find_near
from finding.words import number_key, plain
from outreach.models import Consultation

ENTERPRISE: Final = "enterprises.enterprise"
APPLICANT: Final = "applications.applicant"
PERSON: Final = "accounts.user"
ROW: Final = "enterprises.demand"
SHOWN: Final = 5
# Of one enterprise; whoever has more opens its page.
MOST_CASES: Final = 6
MOST_EARLIER: Final = 3


@dataclass(frozen=True)
class CallersCase:
    """An open case, and what is said of it on the telephone."""

    title: str
    say: str
    url: str


@dataclass(frozen=True)
class AskedBefore:
    """What was asked before."""

    text: str
    detail: str
    url: str


@dataclass(frozen=True)
class Caller:
    """An enterprise that may be calling; `key` is e12 of one that signed up, d5 of a ledger row."""

    key: str
    name: str
    detail: str
    url: str
    cases: Sequence[CallersCase]
    earlier: Sequence[AskedBefore]
    # Its row of the ledger; 0 where it has none.
    row: int = 0


@dataclass(frozen=True)
class Subject:
    """What a consultation is kept with."""

    enterprise: Enterprise | None = None
    demand: Demand | None = None

    @property
    def key(self) -> str:
        if self.enterprise is not None:
            return f"e{self.enterprise.pk}"
        return f"d{self.demand.pk}" if self.demand else ""


def subject_of(key: str, *, by: User) -> Subject | None:
    """The enterprise or row that a key names; None where there is none that one may see."""
    kind, number = key[:1], whole_number(key[1:])
    if kind == "d":
        row = Demand.objects.visible_to(by).select_related("enterprise").filter(pk=number).first()
        return Subject(row.enterprise, row) if row else None
    if kind != "e":
        return None
    found = Enterprise.objects.visible_to(by).filter(pk=number).first()
    return Subject(found, Demand.objects.filter(enterprise=found).first()) if found else None


def look_up(words: str, *, by: User, chosen: str = "", near: Sequence[Demand] = ()) -> list[Caller]:
    """Who these words may be, the likeliest first; who was chosen already stands on top.

    `near`: rows with nearly the name that is to be added, before all others.
    """
    subjects: dict[str, Subject] = {}
    first = subject_of(chosen, by=by)
    asked = [Subject(row.enterprise, row) for row in near]
    for subject in [*asked, *([first] if first else []), *_found(words, by)]:
        subjects.setdefault(subject.key, subject)
    picked = list(subjects.values())[:SHOWN]
    cases = _cases([one.enterprise.pk for one in picked if one.enterprise], by)
    earlier = _earlier(words, picked, by)
    return [_caller(one, cases, earlier) for one in picked]


def _found(words: str, by: User) -> list[Subject]:
    hits = find(words, kinds=(ENTERPRISE, APPLICANT, PERSON, ROW))
    if not hits:
        hits = find_near(words, kind=ENTERPRISE)
        return _subjects([(hit.kind, hit.object_id) for hit in hits], by) + [
            Subject(None, row) for row in near_rows(words) if row.enterprise_id is None
        ]
    return _subjects([(hit.kind, hit.object_id) for hit in hits], by)


def _subjects(hits: Sequence[tuple[str, int]], by: User) -> list[Subject]:
    """In the order of the hits; a person stands for his enterprise. Four queries at most."""
    of_kind = {kind: [pk for one, pk in hits if one == kind] for kind, _ in hits}
    owners = {(ENTERPRISE, pk): pk for pk in of_kind.get(ENTERPRISE, ())}
    if applicants := of_kind.get(APPLICANT):
        rows = Applicant.objects.visible_to(by).filter(pk__in=applicants)
        owners |= {(APPLICANT, pk): own for pk, own in rows.values_list("pk", "enterprise_id")}
    if people := of_kind.get(PERSON):
        agents = User.objects.filter(pk__in=people, role=Role.ENTERPRISE_AGENT)
        owners |= {
            (PERSON, pk): own
            for pk, own in agents.values_list("pk", "agency__enterprise_id")
            if own
        }
    wanted = Q(enterprise__in=set(owners.values())) | Q(pk__in=of_kind.get(ROW, ()))
    rows_found = list(Demand.objects.visible_to(by).select_related("enterprise").filter(wanted))
    by_row = {row.pk: row for row in rows_found}
    by_enterprise = {row.enterprise_id: row for row in rows_found if row.enterprise_id}
    enterprises = Enterprise.objects.visible_to(by).in_bulk(set(owners.values()))
    subjects = []
    for kind, pk in hits:
        if kind == ROW and (row := by_row.get(pk)):
            subjects.append(Subject(row.enterprise, row))
        elif (owner := owners.get((kind, pk))) in enterprises and owner is not None:
            subjects.append(Subject(enterprises[owner], by_enterprise.get(owner)))
    return subjects


def _cases(enterprises: Sequence[int], by: User) -> dict[int, list[CallersCase]]:
    """Cases that somebody still has to do something for, by enterprise; one query."""
    if not enterprises:
        return {}
    visible = Application.objects.visible_to(by).filter(enterprise__in=enterprises)
    over = Application.objects.nobodys().filter(enterprise__in=enterprises)
    found: dict[int, list[CallersCase]] = {}
    for case in visible.exclude(pk__in=over.values("pk")).with_people().order_by("-pk"):
        listed = found.setdefault(case.enterprise_id, [])
        if len(listed) < MOST_CASES:
            listed.append(CallersCase(f"{case.title}　{case.reference}", said_of(case), _url(case)))
    return found


def said_of(case: Application) -> str:
    """One sentence to read out: how it stands, whose move it is, until when."""
    due = due_words(case)
    return f"{case.title}：{case.public_label}。现在由{case.ball}办理{f'，{due}' if due else ''}。"


def _url(case: Application) -> str:
    return case.get_absolute_url()


def _earlier(words: str, subjects: Iterable[Subject], by: User) -> dict[str, list[AskedBefore]]:
    """What was asked before from this number, or for these, by the subject's key; "" of none."""
    wanted = Q(enterprise__in=[one.enterprise.pk for one in subjects if one.enterprise])
    wanted |= Q(demand__in=[one.demand.pk for one in subjects if one.demand])
    if key := phone_key(words):
        wanted |= Q(phone_key=key)
    rows = Consultation.objects.visible_to(by).filter(wanted).order_by("-asked_at")
    found: dict[str, list[AskedBefore]] = {}
    for row in rows.defer("answer", "phone")[: SHOWN * MOST_EARLIER]:
        owner = f"e{row.enterprise_id}" if row.enterprise_id else f"d{row.demand_id or ''}"
        listed = found.setdefault(owner, [])
        if len(listed) < MOST_EARLIER:
            state = "待答复" if row.is_open else "已答复"
            detail = f"{day_words(row.asked_at)}　{row.get_channel_display()}　{state}"
            listed.append(AskedBefore(brief(row.text, 60), detail, row.get_absolute_url()))
    return found


def phone_key(words: str) -> str:
    """Key of a whole number, by which what was asked from it is found; "" of anything else."""
    number = canonical_phone(words)
    return number_key(plain(number).upper()) if PHONE.fullmatch(number) else ""


def _caller(
    subject: Subject, cases: dict[int, list[CallersCase]], earlier: dict[str, list[AskedBefore]]
) -> Caller:
    enterprise, demand = subject.enterprise, subject.demand
    stage = f"台账：{demand.get_stage_display()}" if demand else "不在台账里"
    if enterprise is not None:
        url = reverse("enterprises:station_detail", args=[enterprise.pk])
        detail = f"{enterprise.get_status_display()}　{stage}"
        own = cases.get(enterprise.pk, [])
        before = earlier.get(subject.key, ())
        row = demand.pk if demand else 0
        return Caller(subject.key, enterprise.name, detail, url, own, before, row)
    if demand is None:
        raise LookupError("a subject without enterprise and row")
    return Caller(
        subject.key,
        demand.name,
        f"没有登记　{stage}",
        demand.get_absolute_url(),
        (),
        earlier.get(subject.key, ()),
        demand.pk,
    )
