"""Applicants, drafts, and the material that agents put into them."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.dossier.dossier import PASSPORT_FACTS
from applications.dossier.loading import load_dossier, load_dossiers
from applications.kinds import BESIDE
from applications.models import Applicant, Application, Correction, Material, MaterialPage
from applications.services.consents import end_consent
from applications.workflow import Status
from core.crypto import keyed_hash
from core.declarations import declared
from core.masks import mask_id_number
from core.versions import claim, fingerprint
from enterprises.ledger.stages import advance
from enterprises.models import Enterprise, Stage
from files.models import Recognition
from materials.catalogue import CATALOGUE, get
from materials.numbers import MaterialNumber
from materials.stack import PageRefused

# Whoever agreed was told these: changed, the draft has another applicant, or a mended slip.
WHO_HE_IS = frozenset({"name", "id_number"})


class ContentOvertaken(Exception):
    """A colleague changed the same facts or answer meanwhile; `stored` is what stands now."""

    def __init__(self, stored: Any) -> None:
        self.stored = stored
        super().__init__("同事刚才已经改过这里，您这次填写的没有保存。")


class IntakeRefused(PageRefused):
    """What the agent wants cannot be done now; the text says why and what to do."""


@transaction.atomic
def save_applicant(applicant: Applicant, *, changed: list[str], by: User) -> Applicant:
    """Create or correct an applicant.

    Raises IntakeRefused when the person is there already, and while an application relies on
    what was typed: submitted, and these facts were not asked to be corrected; and Overtaken.
    """
    created = applicant.pk is None
    relying = [] if created else _open_applications(applicant, changed)
    applicant.id_number_hash = keyed_hash(applicant.id_number)
    if not created:
        # The form compares versions too, but before it waits for whoever is just saving.
        claim(applicant)
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
    for application in relying:
        mark_replaced(application, MaterialNumber.FACTS)
        if not PASSPORT_FACTS.isdisjoint(changed):
            _check_anew(application, MaterialNumber.PASSPORT)
        # In a case that came back a name is mostly a mended slip; another number is another person.
        telling = WHO_HE_IS if application.state == Status.DRAFT else {"id_number"}
        if not telling.isdisjoint(changed):
            end_consent(application, by=by)
    return applicant


def changeable_facts(applicant: Applicant) -> frozenset[str] | None:
    """Fields that may be corrected now, as far as an open application relies on them; None: all."""
    dossiers = load_dossiers(list(applicant.applications.open().for_a_card().with_people()))
    changeable = [dossier.changeable_facts for dossier in dossiers]
    return next((fields for fields in changeable if fields is not None), None)


def _open_applications(applicant: Applicant, changed: list[str]) -> list[Application]:
    """Those in progress, locked, once it is sure that the typed facts may change.

    What is to be cancelled is a card with its own facts: its application holds none of his.
    """
    opened = list(applicant.applications.open().select_for_update().order_by("pk"))
    for dossier in load_dossiers(opened):
        if dossier.application.kind in BESIDE:
            continue
        changeable = dossier.changeable_facts
        if changeable is not None and not (changeable and changeable.issuperset(changed)):
            raise IntakeRefused(
                f"{dossier.application.title}已提交，填写的信息现在不能修改。"
                "如确需修改，服务站打开之前可以在申请页“撤回修改”，打开之后请联系服务站退回。"
            )
    return opened


@transaction.atomic
def start_application(applicant: Applicant, *, by: User) -> Application:
    """A draft with its ten materials; the open one when this applicant has one already.

    Raises IntakeRefused while the enterprise is suspended, and where another room says why this
    person begins none (AppConfig `why_not_new_application`).
    """
    enterprise = Enterprise.objects.select_for_update().get(pk=applicant.enterprise_id)
    existing = applicant.applications.open().for_a_card().first()
    if existing:
        return existing
    if enterprise.is_suspended:
        raise IntakeRefused(enterprise.suspended_words)
    for why_not_new in declared("why_not_new_application"):
        if reason := why_not_new(applicant):
            raise IntakeRefused(reason)
    carried = left_to_the_table(applicant.enterprise_id)
    application = Application.objects.create(
        enterprise=applicant.enterprise, applicant=applicant, created_by=by, handled_by=by
    )
    Material.objects.bulk_create(
        Material(
            application=application, number=kind.number, by_review_table=kind.number in carried
        )
        for kind in CATALOGUE
    )
    record("application.create", application, by=by, after={"by_table_for": sorted(carried)})
    advance(enterprise=enterprise, to=Stage.PREPARING, by=by)
    return application


def left_to_the_table(enterprise_pk: int) -> set[int]:
    """What the enterprise left to the review table in its newest application."""
    with_table = Application.objects.filter(enterprise=enterprise_pk, needs_table=True)
    newest = with_table.order_by("-pk").first()
    if newest is None:
        return set()
    return set(newest.materials.filter(by_review_table=True).values_list("number", flat=True))


@transaction.atomic
def leave_all_to_the_table(application: Application, *, by: User) -> list[int]:
    """Choose the review table for each material that it may replace and that may change now.

    Returns the numbers of what was not left to it before.
    """
    dossier = load_dossier(_locked(application))
    numbers = [item.number for item in dossier.to_leave_to_the_table]
    for number in numbers:
        choose_review_table(application, number, chosen=True, by=by)
    return numbers


@transaction.atomic
def choose_review_table(application: Application, number: int, *, chosen: bool, by: User) -> None:
    """For materials 3, 5, 6 and 7: the review table stands in for the proof, or it does not."""
    material = unlocked_material(application, number)
    if not (material.kind.replaceable and material.application.needs_table):
        raise IntakeRefused(f"材料{number}“{material.kind.name}”不能由审核表替代，请上传。")
    if material.by_review_table != chosen:
        set_by_review_table(material, chosen)
        mark_replaced(application, number)
        record(
            "material.choose", application, by=by, after={"material": number, "by_table": chosen}
        )


@transaction.atomic
def save_facts(
    application: Application, number: int, *, facts: dict[str, Any], by: User, seen: str = ""
) -> None:
    """Keep what was typed beside the pages of material 5, 6, 7 or 8.

    `seen` is the fingerprint of the facts that the page showed. Raises ContentOvertaken.
    """
    material = unlocked_material(application, number)
    if material.facts == facts:
        return
    if seen and seen != fingerprint(material.facts):
        raise ContentOvertaken(material.facts)
    material.facts = facts
    material.save(update_fields=["facts"])
    mark_replaced(application, number)
    record("material.facts", application, by=by, after={"material": number, "fields": [*facts]})


@transaction.atomic
def adopt_passport(application: Application, *, by: User) -> list[str]:
    """Take number, term and names over from the passport's zone; returns the fields changed.

    Raises IntakeRefused where it is another person's by its birth date or sex, and while the
    applicant's passport facts may not be changed.
    """
    recognised = load_dossier(_locked(application)).recognised_passport
    if recognised and recognised.strangers_words:
        raise IntakeRefused(recognised.strangers_words)
    suggestions = dict(recognised.suggestions) if recognised else {}
    if not suggestions:
        return []
    applicant = Applicant.objects.select_for_update().get(pk=application.applicant_id)
    for field, value in suggestions.items():
        setattr(applicant, field, value)
    save_applicant(applicant, changed=list(suggestions), by=by)
    return list(suggestions)


@transaction.atomic
def answer_correction(correction: Correction, *, answer: str, by: User, seen: str = "") -> None:
    """The agent explains instead of replacing; `seen` is the fingerprint of the answer before.

    Raises ContentOvertaken.
    """
    application = _locked(correction.application)
    correction.refresh_from_db()
    if not application.is_editable or correction.resolved_at or not correction.sent_at:
        raise IntakeRefused("这一项已经提交，不能再改说明。")
    if seen and seen != fingerprint(correction.answer) and answer.strip() != correction.answer:
        raise ContentOvertaken(correction.answer)
    correction.answer = answer.strip()
    correction.save(update_fields=["answer"])
    record("correction.answer", application, by=by, after={"correction": correction.pk})


def mark_replaced(application: Application, number: int) -> None:
    """A change made before keeps its time."""
    asked_for = application.corrections.open().filter(number=number, replaced_at__isnull=True)
    asked_for.update(replaced_at=timezone.now())


def mark_unreplaced(
    application: Application, number: int, *, since: datetime | None = None
) -> None:
    """What was changed (since then) is as it was."""
    changed = application.corrections.open().filter(number=number)
    if since is not None:
        changed = changed.filter(replaced_at__gte=since)
    changed.update(replaced_at=None)


def unlocked_material(application: Application, number: int) -> Material:
    """The material, its application locked; raises IntakeRefused when it may not change now."""
    locked = _locked(application)
    require_unlocked(locked, number)
    material: Material = locked.materials.get(number=number)
    return material


def require_unlocked(application: Application, number: int) -> None:
    """Raise IntakeRefused unless the material may change now, as `application` was last read."""
    asked_for = application.corrections.open().filter(number=number)
    if not application.unlocks(is_asked_for=asked_for.exists()):
        raise IntakeRefused(
            f"材料{number}“{get(number).name}”现在不能修改：申请已提交，或这一项没有被要求补正。"
        )


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update().get(pk=application.pk)


def _check_anew(application: Application, number: int) -> None:
    """Another number was typed: what the officer had compared by eye has to be compared again."""
    Recognition.objects.filter(
        file__in=MaterialPage.objects.current()
        .filter(material__application=application, material__number=number)
        .values("file")
    ).update(checked_by=None, checked_at=None)


def set_by_review_table(material: Material, chosen: bool) -> None:
    if material.by_review_table != chosen:
        material.by_review_table = chosen
        material.save(update_fields=["by_review_table"])
