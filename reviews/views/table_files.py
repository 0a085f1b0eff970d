"""The table itself as it is handed out: the signed PDF, its pictures, and what is printed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.downloads import disposition
from files.serving import serve
from reviews.models import ReviewTable, Revision
from reviews.pdf import render_jpeg
from reviews.revisions import RevisionAltered, load
from reviews.views.tables import READERS, downloadable_table, visible_table

PREVIEW_DPI = 110


@roles(Role.ENTERPRISE_AGENT, *READERS)
def table_pdf(request: SignedInRequest, pk: int) -> HttpResponseBase:
    table = downloadable_table(request, pk)
    return _hand_out(request, table, table.newest_revision(), name=_file_name(table))


@roles(Role.ENTERPRISE_AGENT, *READERS)
def pdf_of_application(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leads on to the PDF of the table with which this application was decided."""
    return redirect("reviews:table_pdf", _decided(request, pk).pk)


@roles(Role.ENTERPRISE_AGENT, *READERS)
def jpg_of_application(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same of its picture."""
    return redirect("reviews:table_jpg", _decided(request, pk).pk, 1)


def _decided(request: SignedInRequest, application_pk: int) -> ReviewTable:
    decided = ReviewTable.objects.downloadable_by(request.user).filter(
        status=ReviewTable.Status.CONCLUDED
    )
    return get_object_or_404(decided, application__pk=application_pk)


def _file_name(table: ReviewTable) -> str:
    """Its number, and what it is not good for."""
    note = {ReviewTable.Use.VOID: "（已作废）", ReviewTable.Use.UNFINISHED: "（未签齐）"}
    return f"{table}{note.get(table.use, '')}"


@roles(Role.STATION_OFFICER)
def revision_pdf(request: SignedInRequest, pk: int, sequence: int) -> HttpResponseBase:
    """Any revision, the unsigned base among them, for printing and stamping by hand."""
    table = visible_table(request, pk)
    revision = get_object_or_404(table.revisions.select_related("file"), sequence=sequence)
    return _hand_out(request, table, revision, name=f"{table} 打印 版本{sequence}")


def _hand_out(
    request: SignedInRequest, table: ReviewTable, revision: Revision, *, name: str
) -> HttpResponseBase:
    try:
        load(revision)
    except RevisionAltered as error:
        return _altered(request, table, error)
    record("table.download", table, by=request.user, after={"sha256": revision.sha256})
    return serve(revision.file, name=name, download=True)


def _altered(request: SignedInRequest, table: ReviewTable, error: RevisionAltered) -> HttpResponse:
    record("revision.altered", table, by=request.user, after={"sequence": error.revision.sequence})
    messages.error(request, str(error))
    return redirect(table)


@roles(Role.ENTERPRISE_AGENT, *READERS)
def table_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The signed table on screen, to be compared with its stamped scan."""
    table = downloadable_table(request, pk)
    try:
        picture = render_jpeg(load(table.newest_revision()), PREVIEW_DPI, void=table.is_void)[0]
    except RevisionAltered as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    record("table.view", table, by=request.user)
    response = HttpResponse(picture, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@roles(Role.ENTERPRISE_AGENT, *READERS)
@heavy("GET")
def table_jpg(request: SignedInRequest, pk: int, page: int) -> HttpResponse:
    """A page of the table as the national system takes it."""
    table = downloadable_table(request, pk)
    try:
        pictures = render_jpeg(load(table.newest_revision()), void=table.is_void)
    except RevisionAltered as error:
        return _altered(request, table, error)
    if not 1 <= page <= len(pictures):
        raise Http404
    record("table.download", table, by=request.user, after={"page": page, "as": "jpg"})
    response = HttpResponse(pictures[page - 1], content_type="image/jpeg")
    stem = _file_name(table)
    name = f"{stem}-{page}.jpg" if len(pictures) > 1 else f"{stem}.jpg"
    response.headers["Content-Disposition"] = disposition(name)
    return response
