"""Released credit codes: of sign-ups that nobody confirmed, when somebody else signs up.

The row stays for the trail, visible to nobody; its agents are closed. What was prepared in it goes
with a sweep (`applications.released`).
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from enterprises.ledger.matching import let_go
from enterprises.models import Enterprise


def require_free_code(credit_code: str, *, besides: Enterprise) -> None:
    """Raise ValidationError where another has this code; an abandoned sign-up has none."""
    holders = Enterprise.objects.in_use().filter(credit_code=credit_code).exclude(pk=besides.pk)
    if any(not holder.is_abandoned for holder in holders):
        raise ValidationError(
            "这个统一社会信用代码已经登记。请与本单位已登记的经办人联系，由他在“本单位”页邀请您；"
            "刚才登记时填错了邮箱的，请用填写的邮箱和密码登录后更改邮箱，或"
            f"{settings.EMAIL_CONFIRMATION_DAYS}天后重新登记；其他情况请拨打咨询热线。"
        )


@transaction.atomic
def release(credit_code: str, *, besides: Enterprise | None = None) -> None:
    """Give the code free where an abandoned sign-up has it."""
    holders = Enterprise.objects.in_use().filter(credit_code=credit_code)
    for holder in holders.select_for_update():
        if holder != besides and holder.is_abandoned:
            _release(holder)


def _release(enterprise: Enterprise) -> None:
    User.objects.filter(agency__enterprise=enterprise).update(is_active=False)
    enterprise.released_at = timezone.now()
    enterprise.waiting_since = enterprise.due_days = enterprise.due_at = None
    enterprise.save(update_fields=["released_at", "waiting_since", "due_days", "due_at"])
    record("enterprise.release", enterprise, by=None)
    let_go(enterprise)
