"""The order of a material's pages, and turning one of them."""

from collections.abc import Iterable, Sequence

from PIL import Image

from files.encoding import TooLarge, to_jpeg, to_png
from files.models import Page, StoredFile
from files.pictures import read_picture
from files.refusals import PictureRefused

# Ample for a sheet of A4 at 300 dpi, and a fraction of what 40 megapixels would take in memory.
LONGEST_TURNED = 5000
CLOCKWISE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def put_at(pages: Sequence[Page], page: Page, place: int) -> None:
    """Move `page` to `place` among `pages`, the current ones in order; the first place is 1.

    The others close up, so that places are counted without gaps from then on.
    """
    others = [other for other in pages if other.pk != page.pk]
    moved = min(max(place, 1), len(pages)) - 1
    close_up([*others[:moved], page, *others[moved:]])


def close_up(pages: Iterable[Page]) -> None:
    """Count the places of these pages from 1 without gaps."""
    for position, each in enumerate(pages, start=1):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])


def turned(stored: StoredFile, degrees: int, *, below: int) -> bytes:
    """The stored picture turned clockwise by 90, 180 or 270 degrees, of the same type.

    The mark of a camera's orientation is carried out and left away; a side of more than
    `LONGEST_TURNED` pixels is shrunk to that. Raises PictureRefused where
    the result cannot be kept under `below` bytes.
    """
    with stored.content.open("rb") as file:
        picture = read_picture(file.read(), max_bytes=stored.size, longest=LONGEST_TURNED)
    image = picture.image.transpose(CLOCKWISE[degrees])
    if picture.media_type == "image/png":
        data = to_png(image)
        if len(data) < below:
            return data
    try:
        return to_jpeg(image, below=below, taken_on=picture.taken_on)
    except TooLarge:
        raise PictureRefused(
            "too_large", "这张图片旋转后太大，没有保存。", "请在看图软件中旋转并缩小后重新上传。"
        ) from None
