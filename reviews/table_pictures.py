"""The table as the national system takes it: pictures under 2 MB."""

import io
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image

from files.leaving import as_coded
from files.models import StoredFile
from files.pictures import read_picture
from reviews.models import Opinion, ReviewTable, WetScan
from reviews.pdf import JPEG_LIMIT, RenderingFailed, as_jpeg, render_jpeg, render_png
from reviews.revisions import load
from reviews.table_facts import cell_box

# A4 at 300 dpi, then less: a scan full of grain does not get below 2 MB at once.
STEPS = (300, 200, 150)
LONG_SIDE_INCHES = 297 / 25.4
CELL_DPI = 150


@dataclass(frozen=True)
class TablePicture:
    """A JPEG page: of the scan of the stamped paper, or drawn from the signed file."""

    data: bytes
    is_stamped: bool

    @property
    def words(self) -> str:
        return "盖章扫描件" if self.is_stamped else "由电子签名的审核表转成"


def table_pictures(table: ReviewTable) -> list[TablePicture]:
    """Pages of the stamped table where its scan is confirmed, otherwise of the signed one.

    Where a department signed electronically after the scan, the scan lacks that: both are given,
    the signed one first. Raises revisions.RevisionAltered, pdf.RenderingFailed,
    files.refusals.PictureRefused.
    """
    scan = table.scans.current().filter(confirmed_at__isnull=False).first()
    stamped = [] if scan is None else [TablePicture(page, True) for page in _pages(scan)]
    if scan is None or table.opinions.electronic().filter(signed_at__gt=scan.uploaded_at).exists():
        drawn = render_jpeg(load(table.newest_revision()), void=table.is_void)
        return [*(TablePicture(page, False) for page in drawn), *stamped]
    return stamped


def _pages(scan: WetScan) -> list[bytes]:
    return [_small_enough(page.file) for page in scan.pages.select_related("file")]


def _small_enough(stored: StoredFile) -> bytes:
    with stored.content.open("rb") as file:
        data = bytes(file.read())
    plain = as_coded(data) if stored.media_type == "image/jpeg" else None
    if plain is not None and len(plain) < JPEG_LIMIT:
        return plain
    picture = read_picture(data)
    for dpi in STEPS:
        image = picture.image.convert("RGB")
        longest = round(dpi * LONG_SIDE_INCHES)
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        with suppress(RenderingFailed):
            return as_jpeg(image, dpi)
    raise RenderingFailed("盖章扫描件转成图片后仍超过2MB，请用150 dpi重新扫描上传。")


def signed_cell(opinion: Opinion) -> bytes:
    """The department's cell, cut out of the revision that it signed, as a PNG.

    Raises revisions.RevisionAltered.
    """
    revision = opinion.table.revisions.select_related("file").get(opinion=opinion)
    page = Image.open(io.BytesIO(render_png(load(revision), CELL_DPI)))
    box, scale = cell_box(opinion), CELL_DPI / 72
    top, bottom = (page.height - round(edge * scale) for edge in (box.top, box.bottom))
    target = io.BytesIO()
    page.crop((round(box.left * scale), top, round(box.right * scale), bottom)).save(target, "PNG")
    return target.getvalue()
