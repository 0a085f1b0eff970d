"""The list of the ledger as a workbook; it holds telephone numbers and is on the trail."""

import tempfile
from typing import Final

from django.contrib import messages
from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from core.downloads import disposition
from enterprises.ledger.exporting import write_form, write_table
from enterprises.ledger.filter_form import DemandFilterForm
from enterprises.ledger.views.reading import READERS, require_station
from enterprises.models import Demand

MOST_CHARACTERS: Final = 4_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@roles(*READERS)
@require_POST
@heavy("POST")
def export(request: SignedInRequest) -> HttpResponse | FileResponse:
    """The rows that the list shows now: to be imported again, or as the form on paper."""
    require_station(request)
    here = QueryDict(request.POST.get("here", "")[:MOST_CHARACTERS], encoding="utf-8")
    form = DemandFilterForm(here, user=request.user)
    filters = form.narrowing
    if form.errors:
        # A condition that is not understood never exports everything.
        messages.error(request, "列表的筛选条件没有读懂，没有导出。请重新选择条件再导出。")
        return redirect("ledger:list")
    rows = Demand.objects.visible_to(request.user).of_filters(filters)
    is_form = request.POST.get("as") == "form"
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it is sent
    count = (write_form if is_form else write_table)(file, rows)
    file.seek(0)
    what = "表样" if is_form else "可再导入的表"
    record("demand.export", Demand(), by=request.user, after={"rows": count, "kind": what})
    today = timezone.localdate().isoformat()
    name = f"需求台账{'（表样）' if is_form else ''}{today}.xlsx"
    headers = {"Content-Disposition": disposition(name), "Cache-Control": "private, no-store"}
    return FileResponse(file, content_type=XLSX, headers=headers)
