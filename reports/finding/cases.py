"""Cases under way of whoever was found: who rings asks for his own."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from applications.workflow import Status, Turn
from enterprises.models import EnterpriseAgent
from finding.search import Hit
from reports.finding.result import Result

# Whoever finds more enterprises than this is not on the telephone with one of them.
MOST_FOUND: Final = 3


def cases_of_hits(hits: Sequence[Hit], by: User, *, most: int) -> list[Result]:
    """Of the enterprises and agents found, where they are few; drafts too, the newest first."""
    enterprises = {*_few(hits, "enterprises.enterprise"), *_of_agents(_few(hits, "accounts.user"))}
    if not enterprises:
        return []
    # Those who were found themselves lead to their cases already.
    shown = [hit.object_id for hit in hits if hit.kind == "applications.applicant"]
    under_way = ~Q(status__in=[Status.DECLINED, Status.WITHDRAWN]) & ~Q(afterwards=Turn.OVER)
    cases = Application.objects.known_to(by).filter(under_way, enterprise__in=enterprises)
    cases = cases.exclude(applicant__in=shown)
    return [
        Result(
            "申请",
            f"{case.applicant.name}　{case.reference}",
            reverse("case", args=[case.pk]),
            f"{case.enterprise.name}　{case.state.label}",
        )
        for case in cases.with_people().order_by("-pk")[:most]
    ]


def _few(hits: Sequence[Hit], kind: str) -> list[int]:
    """Those of one kind that were found, where they are few."""
    found = [hit.object_id for hit in hits if hit.kind == kind]
    return found if len(found) <= MOST_FOUND else []


def _of_agents(users: list[int]) -> list[int]:
    """The enterprises for which they act."""
    agencies = EnterpriseAgent.objects.filter(user__in=users)
    return list(agencies.values_list("enterprise", flat=True)) if users else []
