"""Decisions of the officer's pre-review: returning the application, or declining it."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.officer_forms import DeclineForm
from applications.services import moves
from applications.views.cases import attempt, visible_case
from applications.workflow import Status
from core.reading import whole_numbers


@roles(Role.STATION_OFFICER)
@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Return the application with everything that was noted and that the officer has seen."""
    application = visible_case(request, pk)
    seen = whole_numbers(request.POST.getlist("correction"))
    attempt(
        request,
        application,
        partial(moves.send_back, application, by=request.user, seen=seen),
        done=f"已把{len(seen)}个问题一次性告知企业，补正后会通知您。",
    )
    return redirect("applications:pre_review", application.pk)


@roles(Role.STATION_OFFICER)
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the reason and what would help, then end the application."""
    application = visible_case(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
            request,
            application,
            partial(moves.decline, application, reason=reason, by=request.user),
            done="已按不予办理结案，企业会收到原因。",
            typed=reason,
        )
        return redirect("applications:pre_review", application.pk)
    if application.state != Status.SUBMITTED:
        return redirect("applications:pre_review", application.pk)
    seen = request.POST.get("seen") or application.status_since.isoformat()
    return render(
        request,
        "applications/decline.html",
        {"application": application, "form": form, "seen": seen},
        status=422 if form.errors else 200,
    )
