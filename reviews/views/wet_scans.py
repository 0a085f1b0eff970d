"""The wet-seal way: print, stamp, upload the scan, compare; both ways then stand side by side."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.reading import whole_number
from files.serving import serve
from reviews.models import ReviewTable, WetScan, WetScanPage
from reviews.scan_forms import ConfirmScanForm, ScanForm
from reviews.services.wet_scans import WetScanRefused, add_scan, confirm_scan
from reviews.views.tables import READERS, downloadable_table, scan_of, visible_table


@roles(Role.STATION_OFFICER)
@heavy("POST")
def wet_scan(request: SignedInRequest, pk: int) -> HttpResponse:
    """What to print, and where the scan of it goes."""
    table = visible_table(request, pk)
    form = ScanForm(request.POST, request.FILES) if request.method == "POST" else ScanForm()
    if form.is_valid():
        files = [(file.name or "图片", file.read()) for file in form.cleaned_data["files"]]
        try:
            add_scan(table, files, by=request.user)
        except WetScanRefused as error:
            form.add_error("files", str(error))
        else:
            messages.success(request, "已上传。请对照扫描件核对编号和轮次，再确认。")
            return redirect("reviews:wet_scan", pk)
    return _show(request, table, form, ConfirmScanForm(table=table))


def _show(
    request: SignedInRequest, table: ReviewTable, form: ScanForm, confirming: ConfirmScanForm
) -> HttpResponse:
    return render(
        request,
        "reviews/wet_scan.html",
        {
            "table": table,
            "form": form,
            "confirming": confirming,
            "revisions": table.revisions.select_related("opinion__department"),
            "scan": scan_of(request, table),
        },
    )


@roles(Role.STATION_OFFICER)
@require_POST
def wet_scan_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """The officer vouches that the scan is of this number and round."""
    table = visible_table(request, pk)
    scans = WetScan.objects.visible_to(request.user).filter(table=table)
    scan = get_object_or_404(scans, pk=whole_number(request.POST.get("scan")))
    confirming = ConfirmScanForm(request.POST, table=table)
    if confirming.is_valid():
        try:
            confirm_scan(scan, by=request.user)
        except WetScanRefused as error:
            messages.error(request, str(error))
            return redirect("reviews:wet_scan", pk)
        messages.success(request, "已确认。材料包改用盖章扫描件，电子签名的审核表仍然有效。")
        return redirect(table)
    return _show(request, table, ScanForm(), confirming)


@roles(Role.ENTERPRISE_AGENT, *READERS)
def wet_scan_page(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponseBase:
    """One picture of the scan."""
    table = downloadable_table(request, pk)
    scans = WetScan.objects.visible_to(request.user).filter(table=table)
    pages = WetScanPage.objects.filter(scan__in=scans).select_related("file")
    page = get_object_or_404(pages, pk=page_pk)
    record("scan.view", table, by=request.user, after={"page": page.position})
    return serve(page.file, name=f"{table} 盖章件 第{page.position}页")
