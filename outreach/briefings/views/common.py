"""What the station's pages of a briefing share: the briefing, and its head with the figures."""

from pathlib import PurePath

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.requests import SignedInRequest
from outreach.models import Briefing

# Pages of one briefing: address and label, in the order of the work.
TABS = (
    ("outreach:briefing", "概况"),
    ("outreach:briefing_invitations", "邀请"),
    ("outreach:briefing_sign_ups", "报名"),
    ("outreach:briefing_attendance", "签到"),
    ("outreach:briefing_questions", "提问"),
    ("outreach:briefing_summary", "小结"),
)


def briefing_of(request: SignedInRequest, pk: int) -> Briefing:
    """With its figures, which the head of every page shows."""
    seen = Briefing.objects.visible_to(request.user).with_counts()
    return get_object_or_404(seen.select_related("created_by", "article"), pk=pk)


def show(
    request: SignedInRequest,
    briefing: Briefing,
    template: str,
    context: dict[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    """One of the briefing's pages, under its head and tabs; its address has its template's name."""
    here = f"outreach:{PurePath(template).stem}"
    shared = {"briefing": briefing, "tabs": TABS, "here": here}
    return render(request, template, shared | context, status=status)
