"""A program of its own: reads a PDF or HEIC file from standard input, writes JPEG pages.

It runs apart from the web process because PDFium and libheif are large parsers of hostile
input: here a crash, an endless page or a hunger for memory ends this process and nothing else.
Each page goes out behind its length in four bytes; the exit status says what was wrong.
"""

import io
import math
import resource
import signal
import sys
from collections.abc import Iterator

import pillow_heif
import pypdfium2
from PIL import ExifTags, Image, ImageOps

from files.colours import to_srgb
from files.icc import profile_of
from files.page_limits import (
    DPI,
    LOCKED,
    MAX_HEIC_PIXELS,
    MAX_PAGES,
    MAX_PIXELS,
    ONLY_A_NOTICE,
    TOO_COMPLEX,
    TOO_LARGE,
    TOO_MANY_PAGES,
    TOO_MANY_PIXELS,
    UNREADABLE,
)

QUALITY = 88
# What the process writes to, on top of some 40 MB that its libraries take.
MEMORY = 230 * 1024**2
# A scan of five pages takes one second, one of fifty takes ten. A file that takes longer than
# these allow was built to.
CPU_SECONDS_TO_OPEN = 2
CPU_SECONDS_FOR_EACH = 0.3
MOST_CPU_SECONDS = 15
# No single page of a scan takes more than a fifth of that.
CPU_SECONDS_A_PAGE = 1.2
# Photographs take half a byte a pixel; noise takes more, and fills the memory of the receiver.
MOST_BYTES_A_PIXEL = 0.9
MOST_BYTES = 36 * 1024**2
LEAST_JUDGED = 200_000


class Unusable(Exception):
    """Carries the exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def pdf_pages(data: bytes) -> Iterator[bytes]:
    """Every page at 200 dpi, or smaller where a page is larger than a sheet of A3."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = pypdfium2.raw.FPDF_GetLastError() == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Unusable(LOCKED if locked else UNREADABLE) from error
    if len(document) > MAX_PAGES:
        raise Unusable(TOO_MANY_PAGES)
    if len(document) == 0:
        raise Unusable(UNREADABLE)
    allow_in_all(CPU_SECONDS_TO_OPEN + CPU_SECONDS_FOR_EACH * len(document))
    if _is_only_a_notice(document):
        raise Unusable(ONLY_A_NOTICE)
    document.init_forms()
    for page in document:
        width, height = page.get_size()
        if not (width > 0 and height > 0 and math.isfinite(width * height)):
            raise Unusable(UNREADABLE)
        scale = min(DPI / 72, math.sqrt(MAX_PIXELS / (width * height)))
        allow(CPU_SECONDS_A_PAGE)
        image = page.render(scale=scale).to_pil()
        data = jpeg(image)
        if len(data) > MOST_BYTES_A_PIXEL * max(image.width * image.height, LEAST_JUDGED):
            raise Unusable(TOO_COMPLEX)
        yield data
        page.close()


def _is_only_a_notice(document: pypdfium2.PdfDocument) -> bool:
    """A form in XFA: its pages say "Please wait…" until Adobe's own software draws what it holds.

    Some do not say that they have to be drawn; of those the first page's own words decide.
    """
    kind = document.get_formtype()
    if kind == pypdfium2.raw.FORMTYPE_XFA_FOREGROUND:
        allow(CPU_SECONDS_A_PAGE)
        words = document[0].get_textpage().get_text_bounded()
        return len(document) == 1 and "please wait" in words.lower()
    return bool(kind == pypdfium2.raw.FORMTYPE_XFA_FULL)


def allow(seconds: float) -> None:
    """So much of the processor from now on; nothing handles the signal that then comes."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def allow_in_all(seconds: float) -> None:
    """So much of the processor for the whole process, with what it has used already."""
    limit = min(math.ceil(seconds), MOST_CPU_SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, MOST_CPU_SECONDS))


def heic_page(data: bytes) -> bytes:
    """The primary picture, upright, in sRGB; the day it was taken stays, other notes do not."""
    pillow_heif.register_heif_opener()
    try:
        image = Image.open(io.BytesIO(data), formats=["HEIF"])
    except (OSError, SyntaxError, ValueError) as error:
        raise Unusable(UNREADABLE) from error
    if image.width * image.height > MAX_HEIC_PIXELS:
        raise Unusable(TOO_MANY_PIXELS)
    try:
        taken = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        ImageOps.exif_transpose(image, in_place=True)
    except (OSError, SyntaxError, ValueError) as error:
        raise Unusable(UNREADABLE) from error
    plain = image if image.mode in ("RGB", "L") else image.convert("RGB")
    profile = image.info.get("icc_profile") or profile_of(image.info.get("nclx_profile"))
    upright = to_srgb(plain, profile)
    return jpeg(upright, taken if isinstance(taken, str) else None)


def jpeg(image: Image.Image, taken: str | None = None) -> bytes:
    exif = Image.Exif()
    if taken is not None:
        exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: taken}
    # A comment or a profile that stands here would be written as well.
    image.info.clear()
    if image.mode != "RGB":
        image = image.convert("RGB")
    buffer = io.BytesIO()
    image.save(
        buffer, "JPEG", quality=QUALITY, dpi=(DPI, DPI), exif=exif.tobytes() if taken else b""
    )
    return buffer.getvalue()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    allow_in_all(CPU_SECONDS_TO_OPEN)
    data = sys.stdin.buffer.read()
    try:
        pages = pdf_pages(data) if data.startswith(b"%PDF-") else iter([heic_page(data)])
        written = 0
        for page in pages:
            written += len(page)
            if written > MOST_BYTES:
                raise Unusable(TOO_LARGE)
            sys.stdout.buffer.write(len(page).to_bytes(4) + page)
    except Unusable as error:
        return error.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
