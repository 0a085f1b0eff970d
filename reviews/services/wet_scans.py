"""Taking a scan of the stamped table, and confirming that it is of this very table."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from files.pictures import read_picture
from files.refusals import FileRefused
from files.services import Cleared, clear, write
from reviews.models import ReviewTable, WetScan, WetScanPage

MOST_PAGES = 5
# A4 at 150 dpi: below it a stamp cannot be read any more.
SHORTEST_SIDE = 1240


class WetScanRefused(Exception):
    """The scan cannot be taken or confirmed; the text says why and what to do."""


def add_scan(table: ReviewTable, files: Sequence[tuple[str, bytes]], *, by: User) -> WetScan:
    """Keep these pages (name, content) as the table's scan, all or none; it waits for confirmation.

    An earlier scan is superseded. Raises WetScanRefused.
    """
    if not 1 <= len(files) <= MOST_PAGES:
        raise WetScanRefused(f"请选择扫描件的图片，最多{MOST_PAGES}页，现在选了{len(files)}页。")
    pages = [_cleared(name, data) for name, data in files]
    with transaction.atomic():
        locked = _lock(table)
        locked.scans.current().update(superseded_at=timezone.now())
        scan = WetScan.objects.create(table=locked, uploaded_by=by)
        for position, page in enumerate(pages, start=1):
            stored = write(page, by=by)
            WetScanPage.objects.create(scan=scan, file=stored, position=position)
        record("scan.upload", locked, by=by, after={"pages": len(files)})
    return scan


def _cleared(name: str, data: bytes) -> Cleared:
    try:
        picture = read_picture(data)
        cleared = clear(data, picture, name=name)
    except FileRefused as error:
        raise WetScanRefused(f"{name}：{error}") from error
    if min(picture.width, picture.height) < SHORTEST_SIDE:
        raise WetScanRefused(
            f"{name}：图片{picture.width}×{picture.height}像素，太小，印章看不清。"
            f"请用150 dpi以上重新扫描，短边不少于{SHORTEST_SIDE}像素。"
        )
    return cleared


def _lock(table: ReviewTable) -> ReviewTable:
    locked: ReviewTable = ReviewTable.objects.select_for_update().get(pk=table.pk)
    if locked.is_void:
        raise WetScanRefused(f"{locked}已经作废，不用再上传盖章件。重新送审后，请打印新的一轮。")
    return locked


@transaction.atomic
def confirm_scan(scan: WetScan, *, by: User) -> WetScan:
    """The officer has compared number and round; from now on the scan stands for the table.

    Confirming twice is confirming once. Raises WetScanRefused.
    """
    _lock(scan.table)
    locked = WetScan.objects.select_related("table").get(pk=scan.pk)
    if locked.superseded_at:
        raise WetScanRefused("这份扫描件已经被新的替换，请核对新的一份。")
    if locked.confirmed_at is None:
        locked.confirmed_at, locked.confirmed_by = timezone.now(), by
        locked.save(update_fields=["confirmed_at", "confirmed_by"])
        record("scan.confirm", locked.table, by=by, after={"scan": locked.pk})
    return locked
