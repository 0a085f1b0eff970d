"""The picture that a repaired one was made from; it stays on record beside it."""

from dataclasses import dataclass

from django.conf import settings

from files.pages import needs_pages, to_pages
from files.pictures import LONGEST_DECODED, Picture, PictureRefused, read_picture
from files.services import Cleared, clear
from files.sniffing import sniff


@dataclass(frozen=True)
class Original:
    """Bytes that decode safely, and what was found about them."""

    data: bytes
    name: str
    picture: Picture


def read_original(data: bytes, name: str) -> Original:
    """Hold a picture to what a stored file must be; raises a FileRefused.

    An iPhone's HEIC photo becomes the JPEG that it shows. Any size in pixels and any content
    will do, since it is only kept.
    """
    if needs_pages(data) and sniff(data) == "image/heic":
        data = to_pages(data, max_bytes=settings.MAX_UPLOAD_BYTES)[0]
    try:
        picture = read_picture(data, max_bytes=settings.MAX_UPLOAD_BYTES, longest=LONGEST_DECODED)
    except PictureRefused as refusal:
        raise PictureRefused(refusal.code, f"原图：{refusal.found}", refusal.mend) from refusal
    return Original(data, name, picture)


def clear_original(original: Original) -> Cleared:
    """Hold it to what is asked of every upload; raises a files.refusals.FileRefused."""
    return clear(original.data, original.picture, name=original.name)
