"""Quota of an enterprise: how much its agents may keep here altogether."""

from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import AuditEvent
from enterprises.models import Enterprise
from files.models import StoredFile
from files.refusals import readable_size
from materials.stack import PageRefused


def require_room(enterprise: Enterprise, more: int) -> None:
    """Raise PageRefused where so many bytes more would exceed the quota.

    What was removed counts until it is swept away, a day later.
    """
    was_verified = _was_verified(enterprise)
    quota = settings.QUOTA_BYTES["verified" if was_verified else "unverified"]
    kept = used_bytes(enterprise)
    if kept + more <= quota:
        return
    how = "" if was_verified else "通过核验后可以存放更多。"
    raise PageRefused(
        f"贵单位在本站存放的文件最多{readable_size(quota)}，已经用了{readable_size(kept)}，"
        f"放不下了。{how}请删除用不着的页，一天后空间会腾出来；急办的请联系服务站。"
    )


def used_bytes(enterprise: Enterprise) -> int:
    """How much its agents have uploaded and what of it is still kept."""
    uploaded = StoredFile.objects.filter(uploaded_by__agency__enterprise=enterprise)
    return int(uploaded.aggregate(bytes=Sum("size"))["bytes"] or 0)


def with_used_bytes(found: "QuerySet[Enterprise]") -> "QuerySet[Any, Any]":
    """The same of each of these as `used_bytes`, without a query of its own."""
    agency = "uploaded_by__agency__enterprise"
    uploaded = StoredFile.objects.filter(**{agency: OuterRef("pk")}).order_by().values(agency)
    total = uploaded.annotate(total=Sum("size")).values("total")
    return found.annotate(used_bytes=Coalesce(Subquery(total), 0))


def _was_verified(enterprise: Enterprise) -> bool:
    """Whether it ever was: one that corrects its facts afterwards keeps its room."""
    if enterprise.is_verified:
        return True
    return AuditEvent.objects.about(enterprise).filter(action="enterprise.verify").exists()
