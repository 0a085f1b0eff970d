"""Small pictures of stored pages, for lists."""

import io

from files.models import StoredFile
from files.pictures import read_picture

LONGEST = 320
QUALITY = 80


def thumbnail(stored: StoredFile, longest: int = LONGEST) -> bytes:
    """A JPEG with no side above `longest` pixels, upright."""
    with stored.content.open("rb") as file:
        picture = read_picture(file.read(), longest=longest)
    buffer = io.BytesIO()
    picture.image.convert("RGB").save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def thumbnail_etag(stored: StoredFile, longest: int = LONGEST) -> str:
    """The same as long as the picture is: a stored file never changes."""
    return f'"{stored.sha256[:32]}-{longest}"'
