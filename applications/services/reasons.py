"""Keeping the usual reasons for returning an application."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from applications.models import ReturnReason
from core.versions import claim


@transaction.atomic
def save_reason(reason: ReturnReason, *, changed: list[str], by: User) -> ReturnReason:
    """Add a reason under the next free code, or keep what was changed of one. Raises Overtaken."""
    created = reason.pk is None
    if created:
        reason.code = _next_code()
    else:
        claim(reason)
    reason.save()
    record(
        "return_reason.create" if created else "return_reason.change",
        reason,
        by=by,
        after={
            "fields": changed,
            "defect": reason.defect,
            "mend": reason.mend,
            "is_active": reason.is_active,
        },
    )
    return reason


def _next_code() -> str:
    """R26 after R25; codes are never given out again."""
    codes = ReturnReason.objects.select_for_update().values_list("code", flat=True)
    return f"R{max((int(code[1:]) for code in codes), default=0) + 1:02d}"
