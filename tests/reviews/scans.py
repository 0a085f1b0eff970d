"""Scans of a stamped table as a scanner makes them: askew, with a red ring over the cells."""

import io
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw

from reviews.models import ReviewTable
from reviews.pdf import render_png
from reviews.revisions import load

# A4 at 160 dpi, somewhat above the least that is taken.
DPI = 160


def scanned(
    table: ReviewTable, *, rings: int = 1, turn: float = 1.5, hidden: bool = False
) -> bytes:
    """The newest revision, printed, stamped so many times, scanned; `hidden`: without its code."""
    return _scanned(load(table.newest_revision()), rings, turn, hidden)


@cache
def _scanned(pdf: bytes, rings: int, turn: float, hidden: bool) -> bytes:
    sheet = Image.open(io.BytesIO(render_png(pdf, DPI))).convert("RGB")
    draw = ImageDraw.Draw(sheet)
    width, height = sheet.size
    for ring in range(rings):
        # No seal of anybody's: a ring with a cross.
        x, y = width * 0.72, height * (0.46 + ring * 0.1)
        draw.ellipse((x - 90, y - 90, x + 90, y + 90), outline=(200, 30, 30), width=8)
        draw.line((x - 40, y, x + 40, y), fill=(200, 30, 30), width=8)
        draw.line((x, y - 40, x, y + 40), fill=(200, 30, 30), width=8)
    if hidden:
        draw.rectangle((width * 0.75, height * 0.88, width, height), fill="white")
    turned = sheet.rotate(turn, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    target = io.BytesIO()
    turned.save(target, "JPEG", quality=80)
    return target.getvalue()


def as_pdf(pages: Sequence[bytes]) -> bytes:
    """A PDF as a scanner's software makes it: a picture a page."""
    first, *others = (Image.open(io.BytesIO(page)) for page in pages)
    target = io.BytesIO()
    first.save(target, "PDF", save_all=True, append_images=others, resolution=DPI)
    return target.getvalue()
