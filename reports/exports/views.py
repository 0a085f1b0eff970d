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
from reports.exports.narrowing import FilterUnread, narrowed


@roles(Role.STATION_OFFICER)
def export_list(request: SignedInRequest) -> HttpResponse:
    """Which lists can be exported, and what is in each."""
    return render(request, "reports/exports/export_list.html", {"kinds": KINDS.values()})


@roles(Role.STATION_OFFICER)
@heavy("POST")
def export(request: SignedInRequest, code: str) -> HttpResponseBase:
    """Ask for days and kind of file; sent, the table comes, and the trail says who has it.

    From a list that is narrowed it comes with the conditions in its address, and exports just what
    the list shows.
    """
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    form = ExportForm(request.POST or None)
    try:
        visible = kind.rows_for(request.user, None)
        narrow = narrowed(code, visible, request.GET, user=request.user)
    except FilterUnread as refused:
        context = {"kind": kind, "form": form, "narrowed": (), "refused": str(refused)}
        return render(request, "reports/exports/export.html", context, status=422)
    if request.method != "POST" or not form.is_valid():
        context = {"kind": kind, "form": form, "narrowed": narrow.words, "refused": ""}
        status = 422 if form.errors else 200
        return render(request, "reports/exports/export.html", context, status=status)
    rows = kind.within(narrow.rows, form.cleaned_data["period"]).order_by("pk")
    chosen = form.cleaned_data["form"]
    after = {"list": kind.label, "rows": rows.count(), "form": chosen}
    if narrow.by:
        # By which conditions, and not for what: somebody may have asked for a number.
        after["narrowed"] = "、".join(narrow.by)
    record("export.download", request.user, by=request.user, after=after)
    stream = xlsx_stream if chosen == "xlsx" else csv_stream
    response: HttpResponseBase = stream(file_name(kind, chosen), kind.table(rows))
    response.headers["Cache-Control"] = "private, no-store"
    return response
