"""时限明细: the arithmetic of a review table's deadlines, for all who see the table."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from reviews.models import ReviewTable
from reviews.time_detail import reckonings
from reviews.time_limits import is_paused, with_deadlines
from reviews.views.tables import READERS
from workdays.calendar import PROVISIONAL_NOTE, load_calendar


@roles(Role.ENTERPRISE_AGENT, *READERS)
def table_time(request: SignedInRequest, pk: int) -> HttpResponse:
    """Day by day: what counted, what did not and why, and until when the clock stood still."""
    tables = with_deadlines(ReviewTable.objects.visible_to(request.user))
    table = get_object_or_404(tables, pk=pk)
    found = reckonings(table, load_calendar(), timezone.now())
    return render(
        request,
        "reviews/time_detail.html",
        {
            "table": table,
            "application": table.application,
            "facts": table.facts,
            "reckonings": found,
            "pauses": table.pauses.select_related("by__department").prefetch_related("going_on"),
            "is_paused": is_paused(table),
            "is_provisional": any(one.is_provisional for one in found),
            "provisional_note": PROVISIONAL_NOTE,
            "now": timezone.now(),
        },
    )
