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
from reviews.services.wet_scans import (
    WetScanRefused,
    add_scan,
    confirm_scan,
    remove_scan,
    restore_scan,
)
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
            scan = add_scan(table, files, by=request.user)
        except WetScanRefused as error:
            form.add_error("files", str(error))
        else:
            messages.success(request, _taken(scan))
            return redirect("reviews:wet_scan", pk)
    return _show(request, table, form)


def _taken(scan: WetScan) -> str:
    if scan.is_code_read:
        return "已上传，二维码是这一轮审核表的。请看各页是否齐全清楚，再确认。"
    return "已上传。扫描件上没有读出二维码：请对照扫描件核对编号和轮次，再确认。"


def _show(
    request: SignedInRequest,
    table: ReviewTable,
    form: ScanForm,
    confirming: ConfirmScanForm | None = None,
) -> HttpResponse:
    scan = scan_of(request, table)
    opinions = list(table.opinions.select_related("department", "signed_by"))
    waiting = [str(one.department) for one in opinions if not (one.is_signed or one.is_last)]
    return render(
        request,
        "reviews/wet_scan.html",
        {
            "table": table,
            "form": form,
            "confirming": confirming or ConfirmScanForm(table=table, scan=scan),
            "revisions": table.revisions.select_related("opinion__department"),
            "scan": scan,
            "opinions": opinions,
            "waiting": waiting,
            "removed": _removed(table),
        },
    )


def _removed(table: ReviewTable) -> WetScan | None:
    """The newest scan, where it was removed and can still be put back."""
    newest = table.scans.first()
    return table.scans.restorable().filter(pk=newest.pk).first() if newest else None


def _own_scan(request: SignedInRequest, table: ReviewTable) -> WetScan:
    scans = WetScan.objects.visible_to(request.user).filter(table=table)
    return get_object_or_404(scans, pk=whole_number(request.POST.get("scan")))


@roles(Role.STATION_OFFICER)
@require_POST
def wet_scan_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """The officer vouches that the scan is of this number and round."""
    table = visible_table(request, pk)
    scan = _own_scan(request, table)
    confirming = ConfirmScanForm(request.POST, table=table, scan=scan)
    if not confirming.is_valid():
        return _show(request, table, ScanForm(), confirming)
    try:
        confirm_scan(scan, by=request.user)
    except WetScanRefused as error:
        messages.error(request, str(error))
        return redirect("reviews:wet_scan", pk)
    if table.is_open:
        messages.success(request, "已确认。在纸上盖了章的部门，请接着录入它的意见。")
        return redirect("reviews:wet_scan", pk)
    messages.success(request, "已确认。材料包改用盖章扫描件，电子签名的审核表仍然有效。")
    return redirect(table)


@roles(Role.STATION_OFFICER)
@require_POST
def wet_scan_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the scan out before it is confirmed."""
    scan = _own_scan(request, visible_table(request, pk))
    try:
        remove_scan(scan, by=request.user)
    except WetScanRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已删除，1小时内可以放回去。")
    return redirect("reviews:wet_scan", pk)


@roles(Role.STATION_OFFICER)
@require_POST
def wet_scan_restore(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a removed scan back."""
    scan = _own_scan(request, visible_table(request, pk))
    try:
        restore_scan(scan, by=request.user)
    except WetScanRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已放回。请核对后确认。")
    return redirect("reviews:wet_scan", pk)


@roles(Role.ENTERPRISE_AGENT, *READERS)
def wet_scan_page(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponseBase:
    """One picture of the scan."""
    table = downloadable_table(request, pk)
    scans = WetScan.objects.visible_to(request.user).filter(table=table)
    pages = WetScanPage.objects.filter(scan__in=scans).select_related("file")
    page = get_object_or_404(pages, pk=page_pk)
    record("scan.view", table, by=request.user, after={"page": page.position})
    return serve(page.file, name=f"{table} 盖章件 第{page.position}页")
