"""Beginning again: a new draft from what was there in an application that was withdrawn."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from applications.models import Application, MaterialPage
from applications.services.intake import IntakeRefused, start_application


@transaction.atomic
def begin_again(application: Application, *, by: User) -> Application:
    """The stored files are shared; what was withdrawn stays as it is. Raises IntakeRefused.

    Where the applicant has another open application, that one is it: a double click.
    """
    if not application.can_be_begun_again:
        raise IntakeRefused("只有撤回的申请可以从原来的材料重新开始。")
    existing = application.applicant.applications.open().for_a_card().first()
    if existing is not None:
        return existing
    draft = start_application(application.applicant, by=by)
    if draft.materials.filter(pages__isnull=False).exists():
        return draft
    fresh = {material.number: material for material in draft.materials.all()}
    pages = []
    for material in application.materials.prefetch_related("pages"):
        target = fresh[material.number]
        target.by_review_table, target.facts = material.by_review_table, material.facts
        target.save(update_fields=["by_review_table", "facts"])
        pages += [
            MaterialPage(
                material=target,
                file_id=page.file_id,
                position=page.position,
                warnings=page.warnings,
                original_id=page.original_id,
            )
            for page in material.pages.all()
            if page.superseded_at is None
        ]
    MaterialPage.objects.bulk_create(pages)
    record("application.begin_again", draft, by=by, after={"application": application.reference})
    return draft
