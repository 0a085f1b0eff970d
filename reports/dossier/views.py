"""The dossier of an enterprise: one page, and everything as a ZIP."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from enterprises.models import Enterprise
from enterprises.quota import with_used_bytes
from reports.archive_response import archive_response
from reports.dossier.entries import dossier_entries
from reports.dossier.facts import DossierFacts
from reports.timeline.rows import Scope
from reports.timeline.timeline import newest_of

SHOWN, MOST = 60, 2_000


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def dossier(request: SignedInRequest, pk: int) -> HttpResponse:
    """All of one enterprise in order of time; the printed page says of which day it is."""
    visible = with_used_bytes(Enterprise.objects.visible_to(request.user))
    enterprise = get_object_or_404(visible, pk=pk)
    most = MOST if "all" in request.GET else SHOWN
    return render(
        request,
        "reports/dossier.html",
        {
            "enterprise": enterprise,
            "facts": DossierFacts(enterprise, request.user),
            "time_line": newest_of(Scope(request.user, enterprise=enterprise), most),
            "size": enterprise.used_bytes,
            "now": timezone.now(),
        },
    )


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def dossier_zip(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Everything that the portal keeps of it, with full numbers; on record."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    return archive_response(
        request, enterprise, dossier_entries, action="dossier.download", name="申办档案"
    )
