"""Pages of archive packages: of one case, and of all that were over in a year."""

from contextlib import ExitStack
from typing import Final

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.heavy_work import busy, heavy, holder_of
from accounts.requests import SignedInRequest
from applications.models import Application
from core.crypto import keyed_hash
from core.downloads import disposition
from core.paging import page_of
from core.reading import line_of_text
from core.spreadsheets import csv_lines
from core.work_places import Busy, place
from reports.archive_stream import Archive, ArchivedFile
from reports.archiving.building import build_archive
from reports.archiving.case_papers import ArchiveRefused
from reports.archiving.forms import ArchiveYearForm
from reports.archiving.recording import record_made
from reports.archiving.services import ask_for_year
from reports.archiving.years import LIST_NAME, list_of, years_of_cases
from reports.models import ArchiveYear
from reports.stage.views import of_station

# While packages are made the page asks again by itself.
ASK_AGAIN_SECONDS: Final = 2
RECENT: Final = 20


def _case(request: SignedInRequest, pk: int) -> Application:
    visible = Application.objects.visible_to(request.user).with_people()
    return get_object_or_404(visible.with_case_pages(request.user), pk=pk)


@of_station
@require_safe
def case_archive(request: SignedInRequest, pk: int) -> HttpResponse:
    """What goes into the package, and the button that makes it."""
    return _page(request, _case(request, pk))


def _page(
    request: SignedInRequest, application: Application, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {"application": application, "refused": refused}
    return render(request, "reports/archiving/case.html", context, status=status)


@of_station
@require_safe
@heavy("GET")
def case_archive_zip(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The package, made and read back; where it cannot be, the page says why."""
    application = _case(request, pk)
    try:
        made = build_archive(application)
    except ArchiveRefused as refused:
        return _page(request, application, str(refused), status=409)
    record_made(application, made, by=request.user)
    response = FileResponse(made.content, content_type="application/zip")
    response.headers["Content-Disposition"] = disposition(made.file_name)
    response.headers["Content-Length"] = str(made.size)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@of_station
@never_cache
def year_list(request: SignedInRequest) -> HttpResponse:
    """Ask for a year, and what was made in the last days."""
    form = ArchiveYearForm(request.POST or None, years=years_of_cases())
    if request.method == "POST" and form.is_valid():
        # Of a page that is left open, another year is another asking.
        sent = line_of_text(request.POST.get("nonce"))[:40]
        nonce = keyed_hash(f"{request.user.pk} {sent} {form.chosen}")[:40]
        return redirect(ask_for_year(form.chosen, by=request.user, nonce=nonce))
    recent = ArchiveYear.objects.visible_to(request.user).select_related("created_by")[:RECENT]
    context = {"form": form, "nonce": get_random_string(32), "recent": recent}
    status = 422 if form.errors else 200
    return render(request, "reports/archiving/year_list.html", context, status=status)


def _run(request: SignedInRequest, pk: int) -> ArchiveYear:
    runs = ArchiveYear.objects.visible_to(request.user).select_related("created_by")
    return get_object_or_404(runs, pk=pk)


@of_station
@never_cache
@require_safe
def year(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is; afterwards what is not good, and the rest."""
    run = _run(request, pk)
    cases = run.cases.select_related("application__enterprise", "application__applicant")
    page = page_of(cases.order_by("is_good", "application_id"), request, unit="件")
    context = {
        "run": run,
        "page": page,
        "bad_count": run.cases.filter(is_good=False).count(),
        "good_count": run.cases.filter(is_good=True).count(),
    }
    response = render(request, "reports/archiving/year.html", context)
    if run.is_making:
        response.headers["Refresh"] = str(ASK_AGAIN_SECONDS)
    return response


@of_station
@require_safe
def year_zip(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """All packages of the year and their list as one ZIP, streamed; on record."""
    run = _run(request, pk)
    if run.is_making:
        raise Http404
    with ExitStack() as stack:
        try:
            stack.enter_context(place(holder_of(request)))
        except Busy:
            return busy(request)
        entries = _entries(run)
        after = {"year": run.year, "entries": len(entries) - 1}
        record("case_archive.download_year", run, by=request.user, after=after)
        stream = Archive(entries, stack.pop_all())
    response = StreamingHttpResponse(stream, content_type="application/zip")
    response.headers["Content-Disposition"] = disposition(f"归档信息包_{run.year}年.zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _entries(run: ArchiveYear) -> list[ArchivedFile]:
    cases = run.cases.select_related("application__enterprise", "application__applicant")
    found = list(cases.order_by("application_id"))
    listed = "".join(csv_lines(list_of(found))).encode()
    return [
        ArchivedFile(LIST_NAME, "归档清单，含校验值和四性检测的结论", listed),
        *(
            ArchivedFile(one.file_name, str(one.application), stored=one)
            for one in found
            if one.has_package
        ),
    ]
