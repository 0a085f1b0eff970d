"""The letter in which everything was told at once, on screen."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.letters import letter_of
from applications.models import Application, StatusChange


@roles(Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
def letter(request: SignedInRequest, pk: int, change_pk: int) -> HttpResponse:
    visible = Application.objects.visible_to(request.user)
    changes = StatusChange.objects.filter(application__in=visible, application=pk)
    change = get_object_or_404(
        changes.select_related("application__enterprise", "application__applicant"), pk=change_pk
    )
    found = letter_of(change)
    if not found.items:
        raise Http404
    return render(
        request,
        "applications/letter.html",
        {"letter": found, "application": change.application},
    )
