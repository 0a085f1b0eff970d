"""Pages of the stage report: asking for one, reading it, writing on it, and the cases behind it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.crypto import keyed_hash
from core.downloads import disposition
from core.paging import page_of
from core.reading import line_of_text, whole_number
from core.versions import Overtaken
from reports.models import StageReport
from reports.stage import services
from reports.stage.content import read_content
from reports.stage.counting import COUNTED
from reports.stage.drawing import docx, pdf, xlsx
from reports.stage.drawing.yearly import draw_pdf, draw_xlsx, title_of
from reports.stage.forms import PeriodForm, ReportWordsForm
from reports.stage.narrative import closing
from reports.stage.periods import FIRST_YEAR, Period, PeriodRefused, read_period
from reports.stage.yearly import yearly_form

View = Callable[..., HttpResponseBase]
# While figures are counted the page asks again by itself.
ASK_AGAIN_SECONDS: Final = 2
RECENT: Final = 20
MOST_OF_PART: Final = 80
DRAWN: Final = {
    "pdf": (pdf.draw, "application/pdf"),
    "docx": (
        docx.draw,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": (xlsx.draw, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
YEARLY: Final = {"pdf": draw_pdf, "xlsx": draw_xlsx}


def of_station(view: View) -> View:
    """Officers and the station's head; a department's times stand on a page of their own."""

    @roles(Role.STATION_OFFICER, Role.SUPERVISOR)
    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_of_station:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _report(request: SignedInRequest, pk: int) -> StageReport:
    reports = StageReport.objects.visible_to(request.user).select_related("created_by")
    return get_object_or_404(reports, pk=pk)


@of_station
@never_cache
def report_list(request: SignedInRequest) -> HttpResponse:
    """Choose a period, and the reports of the last days."""
    form = PeriodForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        # Of a page that is left open, another period is another report.
        sent = line_of_text(request.POST.get("nonce"))[:40]
        nonce = keyed_hash(f"{request.user.pk} {sent} {form.period.query}")[:40]
        return redirect(services.ask_for(form.period, by=request.user, nonce=nonce))
    recent = StageReport.objects.visible_to(request.user).select_related("created_by")[:RECENT]
    context = {
        "form": form,
        "nonce": get_random_string(32),
        "recent": [(one, Period(one.first, one.last)) for one in recent],
        "year": timezone.localdate().year,
    }
    status = 422 if form.errors else 200
    return render(request, "reports/stage/report_list.html", context, status=status)


@of_station
@never_cache
@require_safe
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """The figures in sections; while they are counted, how far that is."""
    found = _report(request, pk)
    context: dict[str, object] = {"report": found, "period": Period(found.first, found.last)}
    if found.is_ready:
        content = read_content(found.content)
        sections = [(one, found.words.get(one.code, "")) for one in content.sections]
        context |= {"content": content, "sections": sections, "closing": closing(found.words)}
    response = render(request, "reports/stage/report.html", context)
    if found.is_counting:
        response.headers["Refresh"] = str(ASK_AGAIN_SECONDS)
    return response


@of_station
def words(request: SignedInRequest, pk: int) -> HttpResponse:
    """The officer's own words; who saves second is told, and what he typed stays on the page."""
    found = _report(request, pk)
    if not found.is_ready:
        raise Http404
    form = ReportWordsForm(request.POST or None, report=found)
    if request.method == "POST" and form.is_valid():
        newest = found.version
        found.version = form.cleaned_data["seen_version"] or newest
        try:
            services.write_words(found, form.words, by=request.user)
        except Overtaken as overtaken:
            form.data = form.data.copy()
            form.data["seen_version"] = str(newest)
            form.add_error(None, f"{overtaken}您写的还在下面，再保存一次就以您的为准。")
        else:
            messages.success(request, "已保存，下载的报告里也有这些文字。")
            return redirect(found)
    context = {"report": found, "period": Period(found.first, found.last), "form": form}
    status = 422 if form.errors else 200
    return render(request, "reports/stage/words.html", context, status=status)


@of_station
@require_safe
@heavy("GET")
def download(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """The report as a file, drawn from the kept figures."""
    found = _report(request, pk)
    if not found.is_ready:
        raise Http404
    draw, media_type = DRAWN[form]
    period = Period(found.first, found.last)
    drawn = draw(found, period, read_content(found.content))
    record("stage_report.download", found, by=request.user, after={"form": form})
    response = HttpResponse(drawn, content_type=media_type)
    response.headers["Content-Disposition"] = disposition(f"工作报告_{period.words}.{form}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@of_station
@require_safe
def yearly(request: SignedInRequest) -> HttpResponse:
    """年度情况表, as it is printed."""
    return render(request, "reports/stage/yearly.html", {"form": yearly_form(_year(request))})


@of_station
@require_safe
@heavy("GET")
def yearly_download(request: SignedInRequest, form: str) -> HttpResponse:
    draw, (_, media_type) = YEARLY[form], DRAWN[form]
    made = yearly_form(_year(request))
    after = {"year": made.year, "form": form}
    record("stage_report.yearly", request.user, by=request.user, after=after)
    response = HttpResponse(draw(made), content_type=media_type)
    response.headers["Content-Disposition"] = disposition(f"{title_of(made)}.{form}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _period(request: SignedInRequest) -> Period:
    """The period that was asked for; what is none falls back to this month."""
    try:
        return read_period(request.GET.get("from", ""), request.GET.get("to", ""))
    except PeriodRefused:
        today = timezone.localdate()
        return Period(today.replace(day=1), today)


def _year(request: SignedInRequest) -> int:
    """The year that was asked for; what is none, or has not begun, falls back to this year."""
    this_year = timezone.localdate().year
    asked = request.GET.get("year")
    return whole_number(asked, least=FIRST_YEAR, most=this_year, default=this_year)


@of_station
@require_safe
def cases(request: SignedInRequest, code: str) -> HttpResponse:
    """The rows that a figure counted, the newest first."""
    counted = COUNTED.get(code)
    if counted is None:
        raise Http404
    period = _period(request)
    part = line_of_text(request.GET.get("part"))[:MOST_OF_PART]
    page = page_of(counted.cases(request.user, period, part), request, unit=counted.unit)
    context = {
        "counted": counted,
        "period": period,
        "page": page,
        "cases": [counted.source.case(row) for row in page],
        "query": f"{period.query}&{urlencode({'part': part})}" if part else period.query,
    }
    return render(request, "reports/stage/cases.html", context)
