"""The repair of a passport scan: shrunk until it is under 1 MB."""

from PIL import Image

from files.encoding import TooLarge, to_jpeg
from files.pictures import Picture
from materials.kinds.passport.check import BELOW_BYTES
from materials.rules.repair import Box, CannotRepair

# Below the last of these, in pixels across, the zone of a scan gets hard to read.
WIDTHS = (3200, 2600, 2100, 1600)


def compress_passport(picture: Picture, _face: Box | None) -> bytes:
    """Under 1 MB, at the most pixels and the best quality that allow it, in colour."""
    for width in WIDTHS:
        image = picture.image
        if image.width > width:
            height = max(1, round(image.height * width / image.width))
            image = image.resize((width, height), Image.Resampling.LANCZOS)
        try:
            return to_jpeg(image, below=BELOW_BYTES, taken_on=picture.taken_on)
        except TooLarge:
            continue
    raise CannotRepair("这张图片缩小后仍超过1 MB。请用300 dpi重新扫描护照首页。")
