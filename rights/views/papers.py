"""Impact assessment and incident report, to be had as Word files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.downloads import disposition
from letters.templates import DOCX
from reports.stage.forms import PeriodForm
from rights.papers import draw_assessment, draw_incident

READERS = (Role.STATION_OFFICER, Role.SECURITY_ADMIN)


@roles(*READERS)
def papers(request: SignedInRequest) -> HttpResponse:
    """Which papers there are, and from when to when an incident was."""
    return _show(request, PeriodForm(today=timezone.localdate()))


@roles(*READERS)
@require_POST
@heavy("POST")
def assessment(request: SignedInRequest) -> HttpResponse:
    record("personal_data.assess", request.user, by=request.user)
    return _answer("个人信息保护影响评估报告", draw_assessment())


@roles(*READERS)
@require_POST
@heavy("POST")
def incident(request: SignedInRequest) -> HttpResponse:
    form = PeriodForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _show(request, form, status=422)
    after = {"period": form.period.words}
    record("personal_data.incident", request.user, by=request.user, after=after)
    return _answer("个人信息安全事件报告", draw_incident(form.period))


def _show(request: SignedInRequest, form: PeriodForm, status: int = 200) -> HttpResponse:
    return render(request, "rights/papers.html", {"form": form}, status=status)


def _answer(name: str, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type=DOCX)
    named = disposition(f"{name}{timezone.localdate():%Y%m%d}.docx")
    response.headers["Content-Disposition"] = named
    response.headers["Cache-Control"] = "private, no-store"
    return response
