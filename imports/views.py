"""Pages of imports: giving a file, its report row by row, writing it, and undoing that."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.downloads import disposition
from core.paging import page_of
from imports import services, sheets
from imports.forms import ColumnsForm, SheetForm
from imports.kinds import ImportKind, kinds
from imports.models import ImportBatch, ImportRow
from imports.reading import SheetRefused, read_sheet
from imports.report import shown_rows
from imports.services import ImportRefused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# While a step is under way the page asks again by itself.
ASK_AGAIN_SECONDS = 3
RECENT = 10
ANSWER_NAME = re.compile(r"row-[0-9]{1,7}")


def kind_of(code: str) -> ImportKind:
    kind = kinds().get(code)
    if kind is None:
        raise Http404
    return kind


def visible_batch(request: SignedInRequest, pk: int) -> ImportBatch:
    batches = ImportBatch.objects.visible_to(request.user)
    return get_object_or_404(batches.select_related("created_by"), pk=pk)


@roles(Role.STATION_OFFICER)
@heavy("POST")
def of_kind(request: SignedInRequest, code: str) -> HttpResponse:
    """The template, the file, and the batches so far."""
    kind = kind_of(code)
    form = SheetForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_staged(kind, form.cleaned_data["file"], request))
        except SheetRefused as refused:
            form.add_error("file", str(refused))
    recent = ImportBatch.objects.visible_to(request.user).filter(kind=kind.code)
    context = {"kind": kind, "form": form, "recent": recent.select_related("created_by")[:RECENT]}
    status = 422 if form.errors else 200
    return render(request, "imports/of_kind.html", context, status=status)


def _staged(kind: ImportKind, file: Any, request: SignedInRequest) -> ImportBatch:
    if file.size == 0 and getattr(file, "sent_name", None) is None and not file.name:
        raise SheetRefused("还没有选择文件。")
    data = file.read()
    sheet = read_sheet(data)
    layout = services.layout_of(kind, sheet)
    name = getattr(file, "sent_name", None) or file.name or "表格"
    batch = services.stage(kind, sheet, layout, data=data, name=name, by=request.user)
    services.carry_on(batch)
    return batch


@roles(Role.STATION_OFFICER)
@require_safe
def template(request: SignedInRequest, code: str) -> HttpResponse:
    kind = kind_of(code)
    return _workbook(f"{kind.label}导入模板.xlsx", sheets.template(kind))


@roles(Role.STATION_OFFICER)
@never_cache
def batch(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the file would do, or did, row by row."""
    found = visible_batch(request, pk)
    kind = kind_of(found.kind)
    rows = found.rows.of_interest()
    chosen = request.GET.get("outcome", "")
    if chosen in ImportRow.Outcome.values:
        rows = found.rows.filter(outcome=chosen).order_by("line")
    page = page_of(rows, request, unit="行", per_page=kind.rows_a_page)
    context = {
        "batch": found,
        "kind": kind,
        "page": page,
        "rows": shown_rows(kind, found, page.rows),
        "chosen": chosen,
        "outcomes": _outcomes(kind),
        "is_asking": found.state == ImportBatch.State.CHECKED and kind.asks,
        "unknown": services.unknown_heads(kind, found),
        "form": _columns_form(request, kind, found),
    }
    response = render(request, "imports/batch.html", context)
    if found.is_working:
        response.headers["Refresh"] = str(ASK_AGAIN_SECONDS)
    return response


def _columns_form(
    request: SignedInRequest, kind: ImportKind, found: ImportBatch
) -> ColumnsForm | None:
    """Where it is needed or asked for: thirty columns offer each of thirty heads."""
    is_asked = found.state == ImportBatch.State.CHECKED and "columns" in request.GET
    if found.state == ImportBatch.State.MAPPING or is_asked:
        return ColumnsForm(kind=kind, batch=found)
    return None


def _outcomes(kind: ImportKind) -> list[tuple[str, str]]:
    """By what the report can be narrowed."""
    left_out = {ImportRow.Outcome.UNCHECKED} | (set() if kind.asks else {ImportRow.Outcome.ASKED})
    return [choice for choice in ImportRow.Outcome.choices if choice[0] not in left_out]


@roles(Role.STATION_OFFICER)
@require_POST
@heavy("POST")
def columns(request: SignedInRequest, pk: int) -> HttpResponse:
    found = visible_batch(request, pk)
    form = ColumnsForm(request.POST, kind=kind_of(found.kind), batch=found)
    if form.is_valid():
        try:
            services.carry_on(services.choose_columns(found, form.places, by=request.user))
        except ImportRefused as refused:
            form.add_error(None, str(refused))
    if form.errors:
        for words in (one for several in form.errors.values() for one in several):
            messages.error(request, str(words))
    return redirect(found)


@roles(Role.STATION_OFFICER)
@require_POST
@heavy("POST")
def answers(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the officer says of rows that are asked about; then all is compared anew."""
    found = visible_batch(request, pk)
    chosen = {
        int(name.removeprefix("row-")): str(value)
        for name, value in request.POST.items()
        if ANSWER_NAME.fullmatch(name) and value
    }
    rest = request.POST.get("rest", "")
    if not chosen and not rest:
        messages.error(request, "还没有选。请在每一行选“同一家”或“另一家”。")
        return redirect(f"{found.get_absolute_url()}#rows")
    try:
        services.carry_on(services.answer(found, chosen, rest=rest))
    except ImportRefused as refused:
        messages.error(request, str(refused))
    return redirect(found)


@roles(Role.STATION_OFFICER)
@require_POST
@heavy("POST")
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    found = visible_batch(request, pk)
    try:
        services.carry_on(services.ask_to_write(found, by=request.user))
    except ImportRefused as refused:
        messages.error(request, str(refused))
    return redirect(found)


@roles(Role.STATION_OFFICER)
@never_cache
@heavy("POST")
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """What would be taken out and restored; asked once more before it is done."""
    found = visible_batch(request, pk)
    if request.method != "POST":
        if found.state != ImportBatch.State.WRITTEN:
            return redirect(found)
        plan = services.undo_plan(found, most=services.AT_ONCE)
        context = {"batch": found, "kind": kind_of(found.kind), "plan": plan}
        return render(request, "imports/undo.html", context)
    try:
        services.carry_on(services.ask_to_undo(found, by=request.user))
    except ImportRefused as refused:
        messages.error(request, str(refused))
    return redirect(found)


@roles(Role.STATION_OFFICER)
@require_POST
def drop(request: SignedInRequest, pk: int) -> HttpResponse:
    found = visible_batch(request, pk)
    try:
        services.drop(found, by=request.user)
    except ImportRefused as refused:
        messages.error(request, str(refused))
        return redirect(found)
    messages.success(request, "已放弃，表里的内容没有写入，也不再保留。")
    return redirect("imports:of_kind", found.kind)


@roles(Role.STATION_OFFICER)
@require_safe
@heavy("GET")
def problems(request: SignedInRequest, pk: int) -> HttpResponse:
    """The file as it came, with what is wrong beside each row; it holds personal data."""
    found = visible_batch(request, pk)
    if not found.rows.exists():
        raise Http404
    record("import.problems", found, by=request.user)
    return _workbook(f"{kind_of(found.kind).label}导入问题.xlsx", sheets.with_problems(found))


def _workbook(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
