"""Taking a scan of the stamped table, and confirming that it is of this very table."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from files.pages import needs_pages, to_pages
from files.pictures import MAX_BYTES, Picture, read_picture
from files.refusals import FileRefused
from files.services import Cleared, clear, write
from reviews.comparison import stored_as
from reviews.models import ReviewTable, WetScan, WetScanPage
from reviews.scan_codes import OtherTable, has_own_code

MOST_PAGES = 5
# A4 at 150 dpi: below it a stamp cannot be read any more.
SHORTEST_SIDE = 1240


class WetScanRefused(Exception):
    """The scan cannot be taken or confirmed; the text says why and what to do."""


def add_scan(table: ReviewTable, files: Sequence[tuple[str, bytes]], *, by: User) -> WetScan:
    """Keep these files (name, content) as the table's scan, all or none; it waits for confirmation.

    Pages of a PDF become pictures. Where a QR code can be read it must be this round's. An
    earlier scan is superseded. Raises WetScanRefused.
    """
    pages = [page for name, data in files for page in _pages(name, data)]
    if not 1 <= len(pages) <= MOST_PAGES:
        raise WetScanRefused(
            f"盖章件最多{MOST_PAGES}页，现在有{len(pages)}页。请只选审核表的各页。"
        )
    pictures = [picture for picture, _ in pages]
    try:
        is_code_read = has_own_code(table, [one.image for one in pictures], by=by)
    except OtherTable as error:
        raise WetScanRefused(str(error)) from error
    with transaction.atomic():
        locked = _lock(table)
        locked.scans.current().update(superseded_at=timezone.now())
        scan = WetScan.objects.create(table=locked, uploaded_by=by, is_code_read=is_code_read)
        for position, (_, page) in enumerate(pages, start=1):
            stored = write(page, by=by)
            WetScanPage.objects.create(scan=scan, file=stored, position=position)
        after = {"pages": len(pages), "is_code_read": is_code_read}
        record("scan.upload", locked, by=by, after=after)
    return scan


def _pages(name: str, data: bytes) -> Iterator[tuple[Picture, Cleared]]:
    """Each page of a file, decoded and cleared. Raises WetScanRefused."""
    if stored_as(data) is not None:
        raise WetScanRefused(
            f"{name}是从本站下载的原文件，上面没有盖章。请打印、盖章，再上传扫描得到的文件。"
        )
    try:
        is_one = not needs_pages(data)
        for place, page in enumerate([data] if is_one else to_pages(data, max_bytes=MAX_BYTES), 1):
            yield _cleared(name if is_one else f"{name} 第{place}页", page)
    except FileRefused as error:
        raise WetScanRefused(f"{name}：{error}") from error


def _cleared(name: str, data: bytes) -> tuple[Picture, Cleared]:
    picture = read_picture(data)
    if min(picture.width, picture.height) < SHORTEST_SIDE:
        raise WetScanRefused(
            f"{name}：图片{picture.width}×{picture.height}像素，太小，印章看不清。"
            f"请用150 dpi以上重新扫描，短边不少于{SHORTEST_SIDE}像素。"
        )
    return picture, clear(data, picture, name=name)


def _lock(table: ReviewTable) -> ReviewTable:
    locked: ReviewTable = ReviewTable.objects.select_for_update().get(pk=table.pk)
    if locked.is_void:
        raise WetScanRefused(f"{locked}已经作废，不用再上传盖章件。重新送审后，请打印新的一轮。")
    return locked


@transaction.atomic
def confirm_scan(scan: WetScan, *, by: User) -> WetScan:
    """The officer has compared it with the table; from now on the scan stands for the table.

    Confirming twice is confirming once. Raises WetScanRefused.
    """
    _lock(scan.table)
    locked = WetScan.objects.select_related("table").get(pk=scan.pk)
    if locked.removed_by_id:
        raise WetScanRefused("这份扫描件已经删除。要用它，请先放回去，再核对、确认。")
    if locked.superseded_at:
        raise WetScanRefused("这份扫描件已经被新的替换，请核对新的一份。")
    if locked.confirmed_at is None:
        locked.confirmed_at, locked.confirmed_by = timezone.now(), by
        locked.save(update_fields=["confirmed_at", "confirmed_by"])
        record("scan.confirm", locked.table, by=by, after={"scan": locked.pk})
    return locked


@transaction.atomic
def remove_scan(scan: WetScan, *, by: User) -> WetScan:
    """Take a scan out before it is confirmed; it can be put back for an hour.

    The confirmed one that it was to replace stands again. Twice does no harm. Raises
    WetScanRefused.
    """
    table = _lock(scan.table)
    locked = WetScan.objects.select_related("table").get(pk=scan.pk)
    if locked.confirmed_at:
        raise WetScanRefused(
            "这份扫描件已经确认、正在使用，不能删除。扫错了的，请重新上传一份来替换。"
        )
    if locked.superseded_at is None:
        locked.superseded_at, locked.removed_by = timezone.now(), by
        locked.save(update_fields=["superseded_at", "removed_by"])
        earlier = table.scans.filter(confirmed_at__isnull=False, pk__lt=locked.pk).first()
        if earlier:
            earlier.superseded_at = None
            earlier.save(update_fields=["superseded_at"])
        record("scan.remove", locked.table, by=by, after={"scan": locked.pk})
    return locked


@transaction.atomic
def restore_scan(scan: WetScan, *, by: User) -> WetScan:
    """Let a removed scan wait for confirmation again. Twice does no harm. Raises WetScanRefused."""
    table = _lock(scan.table)
    locked = WetScan.objects.select_related("table").get(pk=scan.pk)
    if locked.superseded_at is None:
        return locked
    if table.scans.filter(pk__gt=locked.pk).exists():
        raise WetScanRefused("已经有新的一份扫描件，没有放回。要用原来那份，请重新上传。")
    if not table.scans.restorable().filter(pk=locked.pk).exists():
        raise WetScanRefused("这份扫描件删除已超过1小时，不能放回。请重新上传。")
    table.scans.current().update(superseded_at=timezone.now())
    locked.superseded_at = locked.removed_by = None
    locked.save(update_fields=["superseded_at", "removed_by"])
    record("scan.restore", locked.table, by=by, after={"scan": locked.pk})
    return locked
