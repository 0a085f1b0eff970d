"""Writing pictures as the national system takes them."""

import io
from datetime import date

from PIL import ExifTags, Image

QUALITIES = (92, 88, 84, 80, 75, 70)
DPI = 300
# What a JPEG starts with, and the mark of the segment that most writers put next.
START, FIRST_SEGMENT, EXIF_SEGMENT = b"\xff\xd8", b"\xff\xe0", b"\xff\xe1"


class TooLarge(Exception):
    """Even at the lowest quality that leaves text legible the file is above the limit."""


def to_jpeg(image: Image.Image, *, below: int | None = None, taken_on: date | None = None) -> bytes:
    """A JPEG of fewer than `below` bytes, at the best quality that allows it; raises TooLarge.

    With `taken_on` the day is noted as a camera does, since the picture's age is judged by it.
    """
    for quality in QUALITIES:
        buffer = io.BytesIO()
        image.convert("RGB").save(
            buffer, "JPEG", quality=quality, dpi=(DPI, DPI), exif=_exif(taken_on)
        )
        if below is None or buffer.tell() < below:
            return buffer.getvalue()
    raise TooLarge


def to_png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", dpi=(DPI, DPI))
    return buffer.getvalue()


def with_day(data: bytes, taken_on: date) -> bytes:
    """The same JPEG, pixel by pixel, with the day it was taken noted in it."""
    exif = _exif(taken_on)
    segment = EXIF_SEGMENT + (len(exif) + 2).to_bytes(2) + exif
    behind = len(START)
    if data[behind : behind + 2] == FIRST_SEGMENT:
        behind += 2 + int.from_bytes(data[behind + 2 : behind + 4])
    return data[:behind] + segment + data[behind:]


def _exif(taken_on: date | None) -> bytes:
    if taken_on is None:
        return b""
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: f"{taken_on:%Y:%m:%d} 12:00:00"}
    return exif.tobytes()
