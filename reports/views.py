"""Tables of returns and times, the enterprise's own archive, and pages that belong to no room."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.reading import whole_number
from core.spreadsheets import csv_response
from enterprises.models import Enterprise
from enterprises.quota import used_bytes
from reports import department_times, return_reasons
from reports.archive import entries_of
from reports.archive_response import archive_response
from reports.city_returns import city_returns
from reports.health import examine
from reports.readiness import problems
from reviews.times.reading import TimesReader
from workdays.calendar import load_calendar


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def reason_counts(request: SignedInRequest) -> HttpResponse:
    """How often which reason led to a return, month by month; of one month with all its reasons."""
    year = _year(request)
    month = whole_number(request.GET.get("month"), least=1, most=12, default=None)
    years = sorted({*return_reasons.years(), year}, reverse=True)
    return render(
        request,
        "reports/reason_counts.html",
        {
            "months": return_reasons.months(year, month),
            "city": city_returns(year)
            if request.user.department_id is None and not month
            else None,
            "month": month,
            "year": year,
            "years": years,
        },
    )


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def reason_counts_csv(request: SignedInRequest) -> HttpResponse:
    year = _year(request)
    rows = return_reasons.rows(return_reasons.months(year))
    return csv_response(f"退回原因{year}年.csv", rows)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def department_times_page(request: SignedInRequest) -> HttpResponse:
    """First response and time used, by department and month; of a department, its own."""
    year = _year(request)
    calendar = load_calendar()
    reader = TimesReader(calendar, request.user.department_id)
    return render(
        request,
        "reports/department_times.html",
        {
            "months": department_times.months(request.user, year, reader),
            "year": year,
            "years": sorted({*reader.years(), year}, reverse=True),
            "day_hours": department_times.hours(calendar.hours.day_seconds),
        },
    )


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def department_times_csv(request: SignedInRequest) -> HttpResponse:
    year = _year(request)
    rows = department_times.rows(department_times.months(request.user, year))
    return csv_response(f"部门用时{year}年.csv", rows)


def _year(request: SignedInRequest) -> int:
    """The year that was asked for; what is none falls back to this year."""
    this_year = timezone.localdate().year
    return whole_number(request.GET.get("year"), least=2000, most=9999, default=this_year)


@roles(Role.ENTERPRISE_AGENT)
def archive(request: SignedInRequest) -> HttpResponse:
    """What the download holds, and how large it is."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user))
    context = {"enterprise": enterprise, "size": used_bytes(enterprise)}
    return render(request, "reports/archive.html", context)


@roles(Role.ENTERPRISE_AGENT)
def archive_zip(request: SignedInRequest) -> HttpResponseBase:
    """Everything of the agent's enterprise, streamed; that it was taken is in the trail."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user))
    return archive_response(
        request, enterprise, entries_of, action="enterprise.download", name="全部资料"
    )


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """For a watchdog: this process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """For a load balancer: this process reaches its database and its queue, and has room."""
    found = problems()
    return HttpResponse(
        found or "ok", status=503 if found else 200, content_type="text/plain; charset=utf-8"
    )


@roles(Role.STATION_OFFICER, Role.SYSTEM_ADMIN)
def health(request: SignedInRequest) -> HttpResponse:
    """How the portal itself is doing."""
    signs = examine()
    context = {"signs": signs, "worst": signs[0].state, "now": timezone.now()}
    return render(request, "reports/health.html", context)
