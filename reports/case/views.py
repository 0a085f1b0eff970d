"""The page of a case for the station and for those who lead; and the numbers on it, on record."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import Application
from core.shown_for_a_while import is_shown, show_for_a_while
from reports.case.facts import CaseFacts
from reports.case.visibility import cases_of
from reports.timeline.rows import Scope
from reports.timeline.timeline import newest_of

SHOWN, MOST = 40, 1_000
REVEALED = "case_phones"


def visible_case(request: SignedInRequest, pk: int) -> Application:
    found = cases_of(request.user).with_people().with_case_pages(request.user)
    return get_object_or_404(found.select_related("filing", "card", "follows"), pk=pk)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where it stands, whose move it is, whom to ring, and what happened."""
    application = visible_case(request, pk)
    most = MOST if "all" in request.GET else SHOWN
    return render(
        request,
        "reports/case.html",
        {
            "application": application,
            "facts": CaseFacts(application, request.user),
            "time_line": newest_of(Scope(request.user, case=application), most),
            "is_revealed": is_shown(request, REVEALED, application.pk),
            "is_of_station": request.user.is_of_station,
        },
    )


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
@require_POST
def case_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the enterprise's telephone numbers for a while; the audit trail says who saw them."""
    application = get_object_or_404(Application.objects.known_to(request.user), pk=pk)
    after = {"application": application.reference}
    record("enterprise.reveal", application.enterprise, by=request.user, after=after)
    show_for_a_while(request, REVEALED, application.pk)
    return redirect("case", pk)
