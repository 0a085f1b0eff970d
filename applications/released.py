"""What was prepared in a sign-up that nobody confirmed, once its credit code is another's."""

from applications.deleting import delete_applicant, delete_draft
from applications.models import Applicant, Application
from core.sweeping import each


def discard_released() -> int:
    """Delete drafts and applicants of released enterprises; returns how many applicants went."""
    drafts = Application.objects.drafts().filter(enterprise__released_at__isnull=False)
    each(drafts, lambda draft: delete_draft(draft, by=None), what="无人确认的登记的草稿")
    people = Applicant.objects.filter(
        enterprise__released_at__isnull=False, applications__isnull=True
    )
    return len(
        each(people, lambda one: delete_applicant(one, by=None), what="无人确认的登记的申请人")
    )
