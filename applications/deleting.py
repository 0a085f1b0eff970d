"""Deleting what the station never had: drafts, and applicants without an application.

The trail keeps that it was done, by whom and when, under the number alone. Files that nothing
refers to any more go with the sweep, within a day (files.ownerless).
"""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from applications.models import Applicant, Application, ConsentPage, Material, MaterialPage
from applications.workflow import Status
from enterprises.models import StandingDocument


class DeletionRefused(Exception):
    """It stays; the text says why and what to do."""


@transaction.atomic
def delete_draft(application: Application, *, by: User | None) -> None:
    """Delete a draft with its materials. Raises DeletionRefused; one that is gone is no fault."""
    locked = Application.objects.select_for_update(of=("self",)).filter(pk=application.pk).first()
    if locked is None:
        return
    if not locked.can_be_deleted:
        raise DeletionRefused(
            "这件申请提交过，办理记录要留存，不能删除。不再申请的，请用“撤回申请”结束。"
        )
    reference = locked.reference
    record("application.delete", locked, by=by, label=reference)
    MaterialPage.objects.filter(material__application=locked).delete()
    Material.objects.filter(application=locked).delete()
    locked.repairs.all().delete()
    ConsentPage.objects.filter(consent__application=locked).delete()
    locked.consents.all().delete()
    locked.consent_links.all().delete()
    locked.delete()


@transaction.atomic
def delete_applicant(applicant: Applicant, *, by: User | None) -> None:
    """Delete who has no application. Raises DeletionRefused; one that is gone is no fault."""
    locked = Applicant.objects.select_for_update(of=("self",)).filter(pk=applicant.pk).first()
    if locked is None:
        return
    kept = locked.applications.first()
    if kept is not None and kept.state == Status.DRAFT and kept.can_be_deleted:
        raise DeletionRefused(
            f"{locked.name}还有草稿{kept.reference}。请先删除草稿，再删除申请人。"
        )
    if kept is not None:
        raise DeletionRefused(
            f"{locked.name}有提交过的申请{kept.reference}，办理记录要留存，不能删除。"
            "需要提前删除的，请联系服务站。"
        )
    record("applicant.delete", locked, by=by, label=f"第{locked.pk}号申请人")
    _forget_letters(locked)
    locked.proposed_passports.all().delete()
    locked.delete()


def _forget_letters(applicant: Applicant) -> None:
    """Letters that name nobody else go with him; of the others he is named no more."""
    letters = list(StandingDocument.objects.filter(named_applicants__applicant=applicant))
    applicant.named_in.all().delete()
    for letter in letters:
        if letter.frozen_at is None and not letter.named_applicants.exists():
            letter.pages.all().delete()
            letter.delete()
