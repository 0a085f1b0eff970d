"""登记表 of a period: filled from the register, corrected, sent; and who has not sent any."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from cards.duty.forms import ReportForm
from cards.duty.reporting import (
    correct_after_sending,
    correct_report,
    fill_report,
    next_periods,
    remind_missing,
    rows_so_far,
    send_report,
)
from cards.duty.views.common import (
    AGENT,
    OFFICER,
    READERS,
    STATION,
    enterprise_of,
    status_of,
)
from cards.models import PeriodReport, ReportPeriod
from cards.refusals import Refusal, attempt
from core.paging import page_of
from core.reading import whole_number, whole_numbers
from core.typesetting import RenderingFailed
from files.refusals import FileRefused
from files.serving import serve
from parameters.values import load_parameters

OVERTAKEN = "您打开这一页之后，同事改过登记表，没有保存。请核对现在的内容再改。"


@roles(*READERS)
def period_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """The report as it is; its agent corrects it here before it is sent."""
    report = _report(request, pk)
    if not request.user.is_agent or report.is_sent:
        return _show(request, report)
    form = ReportForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen_version"]
        if seen is not None and seen != report.version:
            form.add_error(None, OVERTAKEN)
            form.data = {**form.data.dict(), "seen_version": str(report.version)}
        elif (
            attempt(
                form,
                lambda: correct_report(
                    report,
                    rows=form.corrected(),
                    remarks=form.cleaned_data["remarks"],
                    by=request.user,
                ),
            )
            is not None
        ):
            messages.success(request, "已保存，还没有报送。核对无误后请报送。")
            return redirect(report)
    return _show(request, report, form)


def _show(
    request: SignedInRequest, report: PeriodReport, form: ReportForm | None = None
) -> HttpResponse:
    others = PeriodReport.objects.filter(
        enterprise=report.enterprise_id, period=report.period_id
    ).exclude(pk=report.pk)
    # An unfinished report is the enterprise's own; the station reads what was sent.
    is_shown = report.is_sent or request.user.is_agent
    return render(
        request,
        "cards/duty/period_report.html",
        {"report": report, "form": form, "others": others, "is_shown": is_shown},
        status=status_of(form),
    )


@roles(*AGENT)
def reports_so_far(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the register says of the period and the year under way, to be put right in good time."""
    enterprise, today = enterprise_of(request, pk), timezone.localdate()
    spans = next_periods(today, load_parameters(today))
    found = []
    for span in spans:
        rows = rows_so_far(enterprise, span, today)
        used = [row for row in rows if row["uses"] or row["late"]]
        found.append((span, used, len(rows) - len(used)))
    context = {"enterprise": enterprise, "found": found, "today": today}
    return render(request, "cards/duty/reports_so_far.html", context)


@roles(*AGENT)
@require_POST
def report_fill(request: SignedInRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    try:
        filled = fill_report(report, by=request.user)
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, f"已从登记簿生成，共{len(filled.rows)}张卡。请核对，不对的直接改，再报送。"
        )
    return redirect(report)


@roles(*AGENT)
@require_POST
@heavy("POST")
def report_send(request: SignedInRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    seen = whole_number(request.POST.get("seen_version"), default=None)
    try:
        send_report(report, by=request.user, seen_version=seen)
    except (Refusal, RenderingFailed, FileRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已报送{report.period}登记表，服务站可以看到，本单位留存一份。")
    return redirect(report)


@roles(*AGENT)
@require_POST
def report_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """A correction of what was sent, which stays as it was."""
    following = correct_after_sending(_report(request, pk), by=request.user)
    return redirect(following)


@roles(*READERS)
def report_pdf(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The sheet as it was sent."""
    report = _report(request, pk)
    if report.file is None:
        messages.error(request, "登记表还没有报送，报送后生成留存的文件。")
        return redirect(report)
    record("duty.report_read", report, by=request.user)
    return serve(report.file, name=f"{report.period}登记表")


@roles(*STATION)
def missing_reports(request: SignedInRequest) -> HttpResponse:
    """Who has not sent the report of a period, with whom to call."""
    return _missing(request)


@roles(*OFFICER)
@require_POST
def missing_reveal(request: SignedInRequest) -> HttpResponse:
    """Telephone numbers in full on this one answer; the trail says who saw them, of whom."""
    return _missing(request, is_revealed=True)


def _missing(request: SignedInRequest, *, is_revealed: bool = False) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    periods = list(ReportPeriod.objects.all()[:12])
    wanted = whole_number(sent.get("period"), default=None)
    period = next((one for one in periods if one.pk == wanted), periods[0] if periods else None)
    reports = PeriodReport.objects.visible_to(request.user).missing().filter(period=period)
    listed = reports.select_related("enterprise", "period").order_by("pk")
    page = page_of(listed, request, unit="家", path=reverse("cards:missing_reports"))
    if is_revealed and period is not None:
        names = [report.enterprise.name for report in page]
        record("duty.reveal", period, by=request.user, after={"enterprises": names})
    return render(
        request,
        "cards/duty/missing_reports.html",
        {
            "periods": periods,
            "period": period,
            "page": page,
            "is_revealed": is_revealed,
            "may_act": request.user.is_officer,
        },
    )


@roles(*OFFICER)
@require_POST
def missing_remind(request: SignedInRequest) -> HttpResponse:
    """Remind those that are ticked, or all of the period, in one act."""
    period = get_object_or_404(ReportPeriod, pk=whole_number(request.POST.get("period")))
    reports = PeriodReport.objects.visible_to(request.user).missing().filter(period=period)
    if "all" not in request.POST:
        reports = reports.filter(pk__in=whole_numbers(request.POST.getlist("report")))
    chosen = list(reports.select_related("enterprise", "period")[:500])
    told = remind_missing(period, chosen, by=request.user)
    if told:
        messages.success(request, f"已提醒{told}家企业报送{period}登记表。")
    elif chosen:
        messages.warning(request, "这些企业今天已经提醒过，没有再发。")
    else:
        messages.error(request, "还没有勾选企业。")
    address = redirect("cards:missing_reports").url
    return redirect(f"{address}?period={period.pk}")


def _report(request: SignedInRequest, pk: int) -> PeriodReport:
    seen = PeriodReport.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("enterprise", "period", "sent_by", "file"), pk=pk)
