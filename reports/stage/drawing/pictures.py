"""Charts as pictures for a Word file: what the page and the PDF draw, each cut to its size."""

import io
from collections.abc import Sequence
from typing import Final

import pypdfium2
from PIL import Image, ImageChops

from core.typesetting import lay_out, rendering, write
from reports.stage.content import Table

# As wide as the text of the Word file, and lower than its page.
WIDTH_MM, HEIGHT_MM = 158, 230
DPI: Final = 180
POINTS_AN_INCH: Final = 72
WHITE: Final = (255, 255, 255)
# A chart has a few colours and their edges.
COLOURS: Final = 64
PAGE: Final = (
    # Without the foot of a printed page, which would keep each picture as long as that page.
    f"@page {{ size: {WIDTH_MM}mm {HEIGHT_MM}mm; margin: 0; @bottom-center {{ content: none }} }} "
    ".chart { break-before: page } figcaption, .line-chart__table { display: none }"
)


def pictures(tables: Sequence[Table]) -> list[list[bytes]]:
    """For each table its chart as PNG, in several where it is longer than a page.

    Raises core.typesetting.RenderingFailed where a character has no glyph.
    """
    if not tables:
        return []
    with rendering:
        document = lay_out(
            "reports/stage/pdf/charts.html", {"tables": tables}, "letter.css", "report.css",
            extra=PAGE,
        )  # fmt: skip
        begun = [sorted(page.anchors) for page in document.pages]
        return _of_each(_pages(write(document)), begun, len(tables))


def _pages(pdf: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_cut(page.render(scale=DPI / POINTS_AN_INCH).to_pil()) for page in document]
    finally:
        document.close()


def _cut(page: Image.Image) -> bytes:
    """Without the white below; the width stays, so that all charts have one measure."""
    drawn = page.convert("RGB")
    box = ImageChops.difference(drawn, Image.new("RGB", drawn.size, WHITE)).getbbox()
    lowest = box[3] if box else 1
    cut = drawn.crop((0, 0, drawn.width, min(lowest + 1, drawn.height)))
    written = io.BytesIO()
    cut.quantize(COLOURS).save(written, "PNG", optimize=True)
    return written.getvalue()


def _of_each(pages: list[bytes], begun: list[list[str]], count: int) -> list[list[bytes]]:
    """A page belongs to the chart that begins on it, or to the one that it goes on with."""
    found: list[list[bytes]] = [[] for _ in range(count)]
    place = -1
    for page, anchors in zip(pages, begun, strict=True):
        place += len(anchors)
        found[place].append(page)
    return found
