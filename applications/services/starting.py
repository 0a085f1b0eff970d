"""Beginning a service (续办, 换卡 …): its draft, and what is still valid of what was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.dossier.dossier import Dossier
from applications.dossier.items import Item
from applications.dossier.loading import load_dossier
from applications.kinds import BESIDE, SERVICES, Concerns, Kind, table_code
from applications.models import Applicant, Application, Material, MaterialPage
from applications.services.intake import IntakeRefused, left_to_the_table
from applications.workflow import Status
from core.dates import months_later
from enterprises.models import Enterprise
from files.models import StoredFile
from materials.kinds.passport.term import LEAST_MONTHS_LEFT
from materials.kinds.photo.check import MONTHS_RECENT
from materials.numbers import MaterialNumber
from parameters.values import number

# Of the applicant's own; materials 1 to 4 are the enterprise's, and the newest version counts.
MAY_SERVE_AGAIN = frozenset(
    {
        MaterialNumber.DEALINGS,
        MaterialNumber.CRIMINAL_RECORD,
        MaterialNumber.INSURANCE,
        MaterialNumber.PHOTO,
        MaterialNumber.SIGNATURE,
        MaterialNumber.PASSPORT,
    }
)


@dataclass(frozen=True)
class Begun:
    """A draft, and the numbers of what was taken over; `is_new` false: it was open already."""

    application: Application
    is_new: bool
    taken_over: Sequence[int] = ()


@transaction.atomic
def start_service(
    applicant: Applicant,
    *,
    kind: str,
    cause: str = "",
    follows: Application | None = None,
    is_same_passport: bool = True,
    pictures: Mapping[int, StoredFile] = MappingProxyType({}),
    by: User,
) -> Begun:
    """A draft of this kind with its materials; the open one where it is there already.

    `follows` is the application whose card or filing it concerns, where there is one;
    `is_same_passport`: the applicant still has the passport of then. `pictures` of the card come
    by material number. Raises IntakeRefused.
    """
    enterprise = Enterprise.objects.select_for_update().get(pk=applicant.enterprise_id)
    service = SERVICES[kind]
    if service.makes_card and enterprise.is_suspended:
        raise IntakeRefused(enterprise.suspended_words)
    if kind == Kind.NEW:
        raise IntakeRefused("新办请在“申请人”页开始。")
    _require_cause(kind, cause)
    opened = _opened(applicant, kind)
    if opened is not None:
        return Begun(opened, is_new=False)
    if service.concerns == Concerns.FILING:
        _require_filing(follows, service.label)
    with_table = needs_table(kind)
    by_table = left_to_the_table(applicant.enterprise_id) if with_table else set()
    application = Application.objects.create(
        enterprise=applicant.enterprise,
        applicant=applicant,
        kind=kind,
        cause=cause,
        needs_table=with_table,
        follows=follows,
        created_by=by,
        handled_by=by,
    )
    Material.objects.bulk_create(
        Material(application=application, number=wanted, by_review_table=wanted in by_table)
        for wanted in service.numbers(cause)
    )
    taken = _take_over(
        application,
        by_table=by_table,
        is_same_passport=is_same_passport and kind != Kind.PASSPORT_ONLY,
        pictures=pictures,
    )
    record(
        "application.start_service",
        application,
        by=by,
        after={"service": service.label, "cause": application.cause_label, "materials": taken},
    )
    return Begun(application, is_new=True, taken_over=taken)


def needs_table(kind: str) -> bool:
    """Whether the station sends this kind to the departments, as it is set today."""
    return kind == Kind.NEW or bool(number(table_code(kind)))


def _require_cause(kind: str, cause: str) -> None:
    service = SERVICES[kind]
    if service.causes and service.cause(cause) is None:
        raise IntakeRefused(f"请选择{service.label}的事由。")
    if cause and not service.causes:
        raise IntakeRefused(f"{service.label}不用选事由。")


def _opened(applicant: Applicant, kind: str) -> Application | None:
    """The open one of this kind; raises IntakeRefused where another kind stands in the way."""
    opened = applicant.applications.open()
    same: Application | None = opened.filter(kind=kind).first()
    if same is not None or kind in BESIDE:
        return same
    other = opened.for_a_card().with_people().first()
    if other is not None:
        raise IntakeRefused(
            f"{other.title}（{other.reference}）还在办理，一个人同一时间只办一件。"
            "请先办完；不办了的，请先撤回。"
        )
    return None


def _require_filing(follows: Application | None, label: str) -> None:
    if follows is None or follows.state != Status.ENDORSED:
        raise IntakeRefused(f"{label}只在审核通过、还没有制卡的时候办理。")


def _take_over(
    application: Application,
    *,
    by_table: set[int],
    is_same_passport: bool,
    pictures: Mapping[int, StoredFile],
) -> list[int]:
    """Copy the pages that are still valid; the stored files are shared. Returns the numbers."""
    source = load_dossier(application.follows) if application.follows else None
    pages, taken = [], []
    for material in application.materials.all():
        if material.number in by_table:
            continue
        if material.number in pictures:
            picture = pictures[material.number]
            pages.append(MaterialPage(material=material, file=picture, position=1))
            taken.append(material.number)
            continue
        item = _source_of(material, source) if source else None
        if item is None or not _is_valid(item, material, is_same_passport=is_same_passport):
            continue
        taken.append(material.number)
        pages += [
            MaterialPage(
                material=material,
                file_id=page.file_id,
                position=page.position,
                warnings=page.warnings,
            )
            for page in item.pages
        ]
        if item.number == material.number and item.material.facts:
            material.facts = item.material.facts
            material.save(update_fields=["facts"])
    MaterialPage.objects.bulk_create(pages)
    return taken


def _source_of(material: Material, source: Dossier) -> Item | None:
    """Where its pages stand in the first application: the old passport was material 10 there."""
    if material.number == MaterialNumber.OLD_PASSPORT:
        return source.find(MaterialNumber.PASSPORT)
    return source.find(material.number) if material.number in MAY_SERVE_AGAIN else None


def _is_valid(item: Item, material: Material, *, is_same_passport: bool) -> bool:
    """Whether the pages serve again: not too old, nothing known against what was typed."""
    if not item.pages or item.material.by_review_table:
        return False
    match material.number:
        case MaterialNumber.OLD_PASSPORT | MaterialNumber.SIGNATURE:
            return True
        case MaterialNumber.PASSPORT:
            expires_on = material.application.applicant.passport_expires_on
            least = months_later(timezone.localdate(), LEAST_MONTHS_LEFT)
            return is_same_passport and expires_on >= least and not item.problems
        case MaterialNumber.PHOTO | MaterialNumber.INSURANCE:
            return _is_recent(item) and not item.fact_warnings
        case _:
            return bool(item.material.facts) and not item.fact_warnings


def _is_recent(item: Item) -> bool:
    oldest = min(page.file.created_at for page in item.pages)
    return timezone.localdate(oldest) >= months_later(timezone.localdate(), -MONTHS_RECENT)
