"""Pages of exports: what can be had, and the table itself."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.spreadsheets import csv_stream, xlsx_stream
from reports.exports.forms import ExportForm
from reports.exports.kinds import KINDS, file_name


@roles(Role.STATION_OFFICER)
def export_list(request: SignedInRequest) -> HttpResponse:
    """Which lists can be exported, and what is in each."""
    return render(request, "reports/exports/export_list.html", {"kinds": KINDS.values()})


@roles(Role.STATION_OFFICER)
@heavy("POST")
def export(request: SignedInRequest, code: str) -> HttpResponseBase:
    """Ask for days and kind of file; sent, the table comes, and the trail says who has it."""
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    form = ExportForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"kind": kind, "form": form}
        status = 422 if form.errors else 200
        return render(request, "reports/exports/export.html", context, status=status)
    rows = kind.rows_for(request.user, form.cleaned_data["period"])
    chosen = form.cleaned_data["form"]
    after = {"list": kind.label, "rows": rows.count(), "form": chosen}
    record("export.download", request.user, by=request.user, after=after)
    stream = xlsx_stream if chosen == "xlsx" else csv_stream
    response: HttpResponseBase = stream(file_name(kind, chosen), kind.table(rows))
    response.headers["Cache-Control"] = "private, no-store"
    return response
