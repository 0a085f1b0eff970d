"""Applicants, drafts, and the material that agents put into them."""

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.dossier.items import Item
from applications.dossier.loading import load_dossier
from applications.models import Applicant, Application, Correction, Material, MaterialPage, Repair
from applications.originals import Original, keep
from core.crypto import keyed_hash
from core.masks import mask_id_number
from enterprises import services as enterprise_services
from enterprises.models import Enterprise, StandingPage
from files.arranging import close_up
from files.models import Page, Recognition, StoredFile
from files.services import ask_recognition, store
from materials.catalogue import CATALOGUE
from materials.checks import check
from materials.findings import Report
from materials.numbers import MaterialNumber

MOST_PAGES = enterprise_services.MOST_PAGES
# What the passport says: may also be corrected while material 10 alone is asked for.
PASSPORT_FACTS = frozenset({"surname", "given_names", "passport_number", "passport_expires_on"})


class IntakeRefused(Exception):
    """What the agent wants cannot be done now; the text says why and what to do."""


@transaction.atomic
def save_applicant(applicant: Applicant, *, changed: list[str], by: User) -> Applicant:
    """Create or correct an applicant.

    Raises IntakeRefused when the person is there already, and while an application relies on
    what was typed: submitted, and these facts were not asked to be corrected.
    """
    created = applicant.pk is None
    application = None if created else _open_application(applicant, changed)
    applicant.id_number_hash = keyed_hash(applicant.id_number)
    if not created:
        _require_unchanged(applicant)
        applicant.version += 1
    try:
        with transaction.atomic():
            applicant.save()
    except IntegrityError:
        raise IntakeRefused(
            f"本单位已登记过身份证号码为{mask_id_number(applicant.id_number)}的申请人，请直接选用。"
        ) from None
    record(
        "applicant.create" if created else "applicant.change",
        applicant,
        by=by,
        after={"fields": changed},
    )
    if application:
        mark_replaced(application, MaterialNumber.FACTS)
        if not PASSPORT_FACTS.isdisjoint(changed):
            _check_anew(application, MaterialNumber.PASSPORT)
    return applicant


def _open_application(applicant: Applicant, changed: list[str]) -> Application | None:
    """The one in progress, locked, once it is sure that the typed facts may change."""
    application = applicant.applications.open().select_for_update().first()
    if application is None:
        return None
    dossier = load_dossier(application)
    passport = dossier.item(MaterialNumber.PASSPORT)
    is_passport = PASSPORT_FACTS.issuperset(changed) and passport.is_unlocked
    if not (dossier.facts_are_unlocked or is_passport):
        raise IntakeRefused(
            f"{applicant.name}的申请已提交，填写的信息现在不能修改。"
            "如确需修改，请联系服务站退回，或先撤回申请。"
        )
    return application


def _require_unchanged(applicant: Applicant) -> None:
    """The form compares versions too, but before it waits for whoever is just saving."""
    stored = Applicant.objects.select_for_update().get(pk=applicant.pk)
    if stored.version != applicant.version:
        raise IntakeRefused("您打开这一页之后，别人已经修改过这些内容。请刷新页面，核对后再改。")


@transaction.atomic
def start_application(applicant: Applicant, *, by: User) -> Application:
    """A draft with its ten materials; the open one when this applicant has one already."""
    Enterprise.objects.select_for_update().get(pk=applicant.enterprise_id)
    existing = applicant.applications.open().first()
    if existing:
        return existing
    application = Application.objects.create(
        enterprise=applicant.enterprise, applicant=applicant, created_by=by
    )
    Material.objects.bulk_create(
        Material(application=application, number=kind.number) for kind in CATALOGUE
    )
    record("application.create", application, by=by)
    return application


def judge(application: Application, number: int, data: bytes) -> Report:
    """What the rules of the material say of this picture, beside what was typed."""
    return check(number, data, facts=application.applicant.typed)


def add_page(
    application: Application,
    number: int,
    *,
    data: bytes,
    name: str,
    by: User,
    instead_of: Page | None = None,
    original: StoredFile | Original | None = None,
) -> Report:
    """Check one uploaded picture and, when it is accepted, make it a page of the material.

    With `instead_of` it takes that page's place; `original` is what the picture was repaired from,
    kept beside it. The report says what was found either way. Raises IntakeRefused when the
    material is locked, and files.refusals.ScanRefused when the file cannot be cleared. What was
    there stays.
    """
    _require_unlocked(application, number)
    report = judge(application, number, data)
    if not report.accepted or report.picture is None:
        record(
            "material.refuse",
            application,
            by=by,
            after={"material": number, "codes": [finding.code for finding in report.problems]},
        )
        return report
    with transaction.atomic():
        item = _require_unlocked(_locked(application), number)
        _require_another(item, hashlib.sha256(data).hexdigest())
        stored = store(
            data,
            media_type=report.picture.media_type,
            name=name,
            by=by,
            width=report.picture.width,
            height=report.picture.height,
        )
        warnings = report.as_json()["warnings"]
        if item.kind.owner == "enterprise":
            enterprise_services.add_page(
                application.enterprise,
                number,
                stored,
                warnings=warnings,
                by=by,
                instead_of=instead_of if isinstance(instead_of, StandingPage) else None,
            )
        else:
            page = MaterialPage(file=stored, warnings=warnings)
            page.original = keep(original, by=by) if isinstance(original, Original) else original
            _add_own_page(item, page, instead_of)
        if item.kind.single_picture:
            # Whatever repair was offered was of a picture that nobody wants any more.
            application.repairs.pending().filter(number=number).update(state=Repair.State.REJECTED)
        _set_by_review_table(item.material, False)
        mark_replaced(application, number)
        record(
            "material.add_page",
            application,
            by=by,
            after={"material": number, "sha256": stored.sha256, "bytes": stored.size},
        )
    return report


def _require_another(item: Item, sha256: str) -> None:
    """What was asked to be corrected is not corrected by the very file that was faulted.

    Once it was replaced, the same file again is a double click.
    """
    is_asked_for = any(not correction.replaced_at for correction in item.corrections)
    if is_asked_for and any(page.file.sha256 == sha256 for page in item.pages):
        raise IntakeRefused(
            "这个文件和原来的一模一样，没有替换。请换成改正后的文件；不用换的，请在申请页写明说明。"
        )


def _add_own_page(item: Item, page: MaterialPage, instead_of: Page | None) -> None:
    if any(other.file.sha256 == page.file.sha256 for other in item.pages):
        return  # the same file twice: a double click
    page.position = 1 if item.kind.single_picture else _next_position(item)
    if item.kind.single_picture:
        item.material.pages.current().update(superseded_at=timezone.now())
    elif instead_of is not None:
        _supersede(item, instead_of)
        page.position = instead_of.position
    elif len(item.pages) >= MOST_PAGES:
        raise IntakeRefused(f"一项材料最多{MOST_PAGES}页，请先删除不需要的页。")
    page.material = item.material
    page.save()
    if item.kind.recognition is not None:
        ask_recognition(page.file, Recognition.Kind(item.kind.recognition.reader))
    if item.number == MaterialNumber.PHOTO and item.material.facts:
        # Another photo, another day: what was confirmed was said of the one before.
        item.material.facts = {}
        item.material.save(update_fields=["facts"])


def _supersede(item: Item, page: Page) -> None:
    """Of two who replace the same page at once, the second is told."""
    current = item.material.pages.current().filter(pk=page.pk)
    if not current.update(superseded_at=timezone.now()):
        raise IntakeRefused("这一页刚刚已被替换或删除，没有再换。请看下面最新的各页。")


def _next_position(item: Item) -> int:
    return max((page.position for page in item.pages), default=0) + 1


@transaction.atomic
def remove_page(application: Application, number: int, page: Page, *, by: User) -> None:
    """Take a page out; it stays on record as superseded."""
    item = unlocked_item(application, number)
    if isinstance(page, StandingPage):
        enterprise_services.remove_page(page, by=by)
    elif page.superseded_at is None:
        page.superseded_at = timezone.now()
        page.save(update_fields=["superseded_at"])
        close_up([each for each in item.pages if each.pk != page.pk])
    mark_replaced(application, number)
    record("material.remove_page", application, by=by, after={"material": number, "page": page.pk})


@transaction.atomic
def choose_review_table(application: Application, number: int, *, chosen: bool, by: User) -> None:
    """For materials 3, 5, 6 and 7: the review table stands in for the proof, or it does not."""
    item = _require_unlocked(_locked(application), number)
    if not item.kind.replaceable:
        raise IntakeRefused(f"材料{number}“{item.kind.name}”不能由审核表替代，请上传。")
    if item.material.by_review_table != chosen:
        _set_by_review_table(item.material, chosen)
        mark_replaced(application, number)
        record(
            "material.choose", application, by=by, after={"material": number, "by_table": chosen}
        )


@transaction.atomic
def save_facts(application: Application, number: int, *, facts: dict[str, Any], by: User) -> None:
    """Keep what was typed beside the pages of material 5, 6, 7 or 8."""
    item = _require_unlocked(_locked(application), number)
    if item.material.facts == facts:
        return
    item.material.facts = facts
    item.material.save(update_fields=["facts"])
    mark_replaced(application, number)
    record("material.facts", application, by=by, after={"material": number, "fields": [*facts]})


@transaction.atomic
def adopt_passport(application: Application, *, by: User) -> list[str]:
    """Take number, term and names over from the passport's zone; returns the fields changed."""
    recognised = load_dossier(_locked(application)).item(MaterialNumber.PASSPORT).recognised
    suggestions = dict(recognised.suggestions) if recognised else {}
    if not suggestions:
        return []
    applicant = Applicant.objects.select_for_update().get(pk=application.applicant_id)
    for field, value in suggestions.items():
        setattr(applicant, field, value)
    save_applicant(applicant, changed=list(suggestions), by=by)
    return list(suggestions)


@transaction.atomic
def answer_correction(correction: Correction, *, answer: str, by: User) -> None:
    """The agent explains instead of replacing."""
    application = _locked(correction.application)
    if not application.is_editable or correction.resolved_at or not correction.sent_at:
        raise IntakeRefused("这一项已经提交，不能再改说明。")
    correction.answer = answer.strip()
    correction.save(update_fields=["answer"])
    record("correction.answer", application, by=by, after={"correction": correction.pk})


def mark_replaced(application: Application, number: int) -> None:
    application.corrections.open().filter(number=number).update(replaced_at=timezone.now())


def unlocked_item(application: Application, number: int) -> Item:
    """The material, its application locked; raises IntakeRefused when it may not change now."""
    return _require_unlocked(_locked(application), number)


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update().get(pk=application.pk)


def _require_unlocked(application: Application, number: int) -> Item:
    item = load_dossier(application).item(number)
    if not item.is_unlocked:
        raise IntakeRefused(
            f"材料{number}“{item.kind.name}”现在不能修改：申请已提交，或这一项没有被要求补正。"
        )
    return item


def _check_anew(application: Application, number: int) -> None:
    """Another number was typed: what the officer had compared by eye has to be compared again."""
    Recognition.objects.filter(
        file__in=MaterialPage.objects.current()
        .filter(material__application=application, material__number=number)
        .values("file")
    ).update(checked_by=None, checked_at=None)


def _set_by_review_table(material: Material, chosen: bool) -> None:
    if material.by_review_table != chosen:
        material.by_review_table = chosen
        material.save(update_fields=["by_review_table"])
