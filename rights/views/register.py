"""The public page on personal data, and the register behind it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.personal_data import registers
from core.spreadsheets import csv_stream, xlsx_stream
from parameters.values import load_parameters, number
from rights.register import keep_words, lines, links_to_accounts, table, uses

READERS = (Role.STATION_OFFICER, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.AUDITOR)


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    context: dict[str, object] = {
        "confirmation_days": settings.EMAIL_CONFIRMATION_DAYS,
        "uses": uses(),
    }
    context["answer_days"] = number("rights.answer_days")
    return render(request, "rights/privacy.html", context)


@roles(*READERS)
def register(request: SignedInRequest) -> HttpResponse:
    """Every column of personal data, table by table."""
    parameters = load_parameters()
    found = lines()
    tables = [
        {
            "model": lines_of[0].model._meta.verbose_name,
            "held": held,
            "lines": lines_of,
            "whose": lines_of[0].whose,
            "receivers": lines_of[0].receivers,
            "keep": keep_words(held.purpose.keep, parameters),
        }
        for one in registers()
        for held in one.held
        if (lines_of := [line for line in found if line.held is held])
    ]
    context = {
        "tables": tables,
        "columns": len(found),
        "sensitive": sum(line.is_sensitive for line in found),
        "links": links_to_accounts(),
    }
    return render(request, "rights/register.html", context)


@roles(*READERS)
@require_POST
def register_export(request: SignedInRequest, form: str) -> HttpResponseBase:
    """The same as a sheet; the trail says who took it."""
    record("personal_data.export", request.user, by=request.user, after={"form": form})
    name = f"个人信息登记册{timezone.localdate():%Y%m%d}.{form}"
    stream = xlsx_stream if form == "xlsx" else csv_stream
    response: HttpResponseBase = stream(name, table())
    response.headers["Cache-Control"] = "private, no-store"
    return response
