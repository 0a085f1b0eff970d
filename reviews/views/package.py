"""After endorsement: the way into the national system, and the package for it."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.dossier import load_dossier
from applications.models import Application
from applications.views.revealing import is_revealed, reveal_for_a_while
from applications.workflow import Status
from reviews.models import ReviewForm
from reviews.national import groups_of, steps
from reviews.package import TABLE_NUMBER, PackageFailed, build

READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


def endorsed_form(request: SignedInRequest, pk: int) -> ReviewForm:
    """The table with which this application was endorsed; 404 before that."""
    endorsed = Application.objects.visible_to(request.user).filter(status=Status.ENDORSED)
    forms = ReviewForm.objects.filter(
        application__in=endorsed, application=pk, status=ReviewForm.Status.CONCLUDED
    )
    return get_object_or_404(
        forms.select_related("application__enterprise", "application__applicant")
    )


@roles(*READERS)
def national(request: SignedInRequest, pk: int) -> HttpResponse:
    """Step by step through the national system, with every field to copy from."""
    form = endorsed_form(request, pk)
    dossier = load_dossier(form.application)
    return render(
        request,
        "reviews/national.html",
        {
            "review": form,
            "application": form.application,
            "steps": steps(),
            "groups": groups_of(form),
            "is_revealed": is_revealed(request, form.application),
            "items": dossier.items,
            "table_number": TABLE_NUMBER,
        },
    )


@roles(*READERS)
@require_POST
def national_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the numbers in full for a while, to copy them; the audit trail says who."""
    form = endorsed_form(request, pk)
    reveal_for_a_while(request, form.application)
    return redirect("reviews:national", pk)


@roles(*READERS)
def package(request: SignedInRequest, pk: int) -> HttpResponseBase:
    form = endorsed_form(request, pk)
    try:
        built = build(form)
    except PackageFailed as failure:
        messages.error(request, str(failure))
        return redirect("reviews:national", pk)
    record(
        "package.download",
        form.application,
        by=request.user,
        after={"sha256": built.sha256, "files": built.file_count},
    )
    response = FileResponse(
        built.content, as_attachment=True, filename=built.name, content_type="application/zip"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
