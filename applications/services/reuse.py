"""Reuse of material: what a second applicant of the same enterprise need not upload again."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from applications.dossier.loading import load_dossier
from applications.models import Application, Material, MaterialPage
from applications.services.intake import IntakeRefused, mark_replaced
from materials.kinds.dealings import is_personal
from materials.numbers import MaterialNumber

# It speaks of the enterprise, although Annex 3 asks it of each applicant.
DEALINGS = MaterialNumber.DEALINGS
# What was typed is encrypted, so that visas are left out after reading.
LOOKED_AT = 20


def earlier_dealings(application: Application) -> Material | None:
    """The newest proof of dealings in another application of the enterprise, or none.

    A visa belongs to the colleague whom it names.
    """
    pages = MaterialPage.objects.current()
    newest = (
        Material.objects.filter(
            application__enterprise=application.enterprise_id,
            number=DEALINGS,
            by_review_table=False,
            pk__in=pages.values("material"),
        )
        .exclude(application=application)
        .select_related("application__applicant")
        .order_by("-application_id")[:LOOKED_AT]
    )
    return next((material for material in newest if not is_personal(material.facts)), None)


@transaction.atomic
def reuse_dealings(application: Application, *, by: User) -> int:
    """Take over the pages of the newest proof of dealings; the stored files are shared.

    Returns how many pages there are now. Twice does no harm. Raises IntakeRefused when the
    material is locked or there is nothing to take over.
    """
    locked = Application.objects.select_for_update().get(pk=application.pk)
    item = load_dossier(locked).find(DEALINGS)
    if item is None or not item.is_unlocked:
        raise IntakeRefused("材料5现在不能修改：申请已提交，或这一项没有被要求补正。")
    if item.pages:
        return len(item.pages)
    source = earlier_dealings(locked)
    if source is None:
        raise IntakeRefused("本单位其他申请里没有可以沿用的材料5，请上传。")
    pages = [
        MaterialPage(
            material=item.material,
            file_id=page.file_id,
            position=page.position,
            warnings=page.warnings,
        )
        for page in source.pages.current()
    ]
    MaterialPage.objects.bulk_create(pages)
    item.material.by_review_table, item.material.facts = False, source.facts
    item.material.save(update_fields=["by_review_table", "facts"])
    mark_replaced(locked, DEALINGS)
    record(
        "material.reuse",
        locked,
        by=by,
        after={"material": DEALINGS, "application": source.application.reference},
    )
    return len(pages)
