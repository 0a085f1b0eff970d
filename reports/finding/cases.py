"""Cases under way of whoever was found: who rings asks for his own."""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from applications.workflow import Status, Turn
from finding.search import Hit
from reports.finding.result import Result

# Whoever finds more enterprises than this is not on the telephone with one of them.
MOST_FOUND: Final = 3
BY_KIND: Final = {
    "enterprises.enterprise": "enterprise",
    "accounts.user": "enterprise__agents__user",
}


def cases_of_hits(hits: Iterable[Hit], by: User, *, most: int) -> list[Result]:
    """Of the enterprises and agents found, where they are few; drafts too, the newest first."""
    found = {
        way: [hit.object_id for hit in hits if hit.kind == kind] for kind, way in BY_KIND.items()
    }
    few = {way: keys for way, keys in found.items() if 0 < len(keys) <= MOST_FOUND}
    if not few:
        return []
    wanted = Q(pk__in=[])
    for way, keys in few.items():
        wanted |= Q(**{f"{way}__in": keys})
    # Those who were found themselves lead to their cases already.
    shown = [hit.object_id for hit in hits if hit.kind == "applications.applicant"]
    under_way = ~Q(status__in=[Status.DECLINED, Status.WITHDRAWN]) & ~Q(afterwards=Turn.OVER)
    cases = Application.objects.known_to(by).filter(wanted, under_way)
    cases = cases.exclude(applicant__in=shown).distinct()
    return [
        Result(
            "申请",
            f"{case.applicant.name}　{case.reference}",
            reverse("case", args=[case.pk]),
            f"{case.enterprise.name}　{case.state.label}",
        )
        for case in cases.with_people().order_by("-pk")[:most]
    ]
