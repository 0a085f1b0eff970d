"""Pages of the national filing, and the package for it."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.dossier.loading import load_dossier
from applications.models import Application
from applications.views.revealing import is_revealed, reveal_for_a_while
from applications.workflow import Status
from cards.filing.national import groups_of, steps
from cards.filing.package import PackageFailed, build
from core.downloads import disposition
from materials.numbers import TABLE_NUMBER
from reviews.models import ReviewTable

READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


def endorsed_table(request: SignedInRequest, pk: int) -> ReviewTable:
    """The table with which this application was endorsed; 404 before that."""
    endorsed = Application.objects.visible_to(request.user).filter(pk=pk, status=Status.ENDORSED)
    tables = ReviewTable.objects.filter(
        application__in=endorsed, status=ReviewTable.Status.CONCLUDED
    )
    return get_object_or_404(tables.with_people())


@roles(*READERS)
def national(request: SignedInRequest, pk: int) -> HttpResponse:
    """Step by step through the national system, with every field to copy from."""
    table = endorsed_table(request, pk)
    dossier = load_dossier(table.application)
    return render(
        request,
        "cards/filing/national.html",
        {
            "table": table,
            "application": table.application,
            "steps": steps(),
            "groups": groups_of(table),
            "is_revealed": is_revealed(request, table.application),
            "items": dossier.items,
            "table_number": TABLE_NUMBER,
        },
    )


@roles(*READERS)
@require_POST
def national_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the numbers in full for a while, to copy them; the audit trail says who."""
    table = endorsed_table(request, pk)
    reveal_for_a_while(request, table.application)
    return redirect("cards:national", pk)


@roles(*READERS)
@heavy("GET")
def package(request: SignedInRequest, pk: int) -> HttpResponseBase:
    table = endorsed_table(request, pk)
    try:
        built = build(table)
    except PackageFailed as failure:
        messages.error(request, str(failure))
        return redirect("cards:national", pk)
    record(
        "package.download",
        table.application,
        by=request.user,
        after={"sha256": built.sha256, "files": built.file_count},
    )
    response = FileResponse(built.content, content_type="application/zip")
    response.headers["Content-Disposition"] = disposition(built.name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
