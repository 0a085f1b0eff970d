"""Small pictures of stored pages, for lists."""

import io

from files.models import StoredFile
from files.pictures import read_picture

LONGEST = 320
QUALITY = 80
# A JPEG is decoded at an eighth of its size; a PNG of more pixels than this takes half a second.
MOST_PIXELS_AT_ONCE = 8_000_000


def thumbnail(stored: StoredFile, longest: int = LONGEST) -> bytes:
    """A JPEG with no side above `longest` pixels, upright."""
    with stored.content.open("rb") as file:
        picture = read_picture(file.read(), longest=longest)
    buffer = io.BytesIO()
    picture.image.convert("RGB").save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def is_costly(stored: StoredFile) -> bool:
    """Whether drawing it takes one of the host's places for heavy work."""
    pixels = (stored.width or 0) * (stored.height or 0)
    return stored.media_type == "image/png" and pixels > MOST_PIXELS_AT_ONCE
