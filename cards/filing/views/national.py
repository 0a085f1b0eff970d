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
from cards.filing.national import Endorsed, groups_of, steps
from cards.filing.package import PackageFailed, build
from core.downloads import disposition
from materials.numbers import TABLE_NUMBER
from reviews.models import ReviewTable

READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


def endorsed_case(request: SignedInRequest, pk: int) -> Endorsed:
    """With the table by which it was endorsed, where its kind needs one; 404 before that."""
    visible = Application.objects.visible_to(request.user).endorsed()
    tables = ReviewTable.objects.filter(
        application__in=visible.filter(pk=pk, needs_table=True),
        status=ReviewTable.Status.CONCLUDED,
    )
    table = tables.with_people().first()
    if table is not None:
        return Endorsed(table.application, table)
    alone = visible.filter(needs_table=False).with_people()
    return Endorsed(get_object_or_404(alone, pk=pk))


@roles(*READERS)
def national(request: SignedInRequest, pk: int) -> HttpResponse:
    """Step by step through the national system, with every field to copy from."""
    case = endorsed_case(request, pk)
    dossier = load_dossier(case.application)
    return render(
        request,
        "cards/filing/national.html",
        {
            "table": case.table,
            "application": case.application,
            "steps": steps(case),
            "groups": groups_of(case),
            "is_revealed": is_revealed(request, case.application),
            "items": dossier.items,
            "table_number": TABLE_NUMBER,
        },
    )


@roles(*READERS)
@require_POST
def national_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the numbers in full for a while, to copy them; the audit trail says who."""
    case = endorsed_case(request, pk)
    reveal_for_a_while(request, case.application)
    return redirect("cards:national", pk)


@roles(*READERS)
@heavy("GET")
def package(request: SignedInRequest, pk: int) -> HttpResponseBase:
    case = endorsed_case(request, pk)
    try:
        built = build(case)
    except PackageFailed as failure:
        messages.error(request, str(failure))
        return redirect("cards:national", pk)
    record(
        "package.download",
        case.application,
        by=request.user,
        after={"sha256": built.sha256, "files": built.file_count},
    )
    response = FileResponse(built.content, content_type="application/zip")
    response.headers["Content-Disposition"] = disposition(built.name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
