"""The inbox: what was told to this person, whether the e-mail arrived or not."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from core.paging import page_of
from notices.conditions import why_not_needed
from notices.models import Notice
from notices.services import mark_all_read, mark_read


def inbox(request: SignedInRequest) -> HttpResponse:
    """What was told; beside what was to be done and is done by now, that it is."""
    notices = Notice.objects.visible_to(request.user).select_related("recipient").unread_first()
    page = page_of(notices, request, unit="")
    lapsed = why_not_needed(page)
    rows = [(notice, lapsed.get(notice.pk, "")) for notice in page]
    return render(request, "notices/inbox.html", {"page": page, "rows": rows})


@require_POST
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark it read and go to the page that it is about."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    mark_read(notice, by=request.user)
    return redirect(notice.portal_path or "notices:inbox")


@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    mark_all_read(by=request.user)
    return redirect("notices:inbox")
