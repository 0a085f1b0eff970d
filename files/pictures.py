"""Decoding a picture that a stranger sent: once, upright, and within bounds."""

import io
import struct
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from PIL import ExifTags, Image, ImageFile

from files.colours import to_srgb
from files.refusals import PictureRefused, readable_size
from files.sniffing import describe, sniff
from files.structure import Structure, read_structure

__all__ = ["MAX_BYTES", "Picture", "PictureRefused", "read_picture", "refuse_size"]

MAX_BYTES = 10 * 1024 * 1024
# Pixels of the longer side, enough to judge by; a larger JPEG is shrunk while it is decoded.
LONGEST_DECODED = 800
MEDIA_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG"}

# What Pillow's decoders raise on hostile bytes, besides their own OSError.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

# EXIF orientation to the transposition that sets the picture upright; 1 needs none.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SWAPS_SIDES = frozenset({5, 6, 7, 8})


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    `width` and `height` are those of the upright original, in pixels, however small `image` is.
    `image` is RGB or L in the colours of sRGB, upright, transparency laid on white; nothing that
    the file noted beside its pixels goes with it.
    """

    media_type: str
    size: int
    width: int
    height: int
    orientation: int
    taken_on: date | None
    image: Image.Image


def read_picture(
    data: bytes,
    *,
    formats: Collection[str] = ("JPEG", "PNG"),
    max_bytes: int = MAX_BYTES,
    longest: int | None = None,
) -> Picture:
    """Decode `data` or raise PictureRefused.

    With `longest` the decoded image has no side above so many pixels; a JPEG is then shrunk
    while it is decoded, which is several times quicker and still reads the file to its end.
    """
    refuse_size(len(data), max_bytes)
    media_type = _require_format(data, formats)
    structure = read_structure(data, media_type)
    # WeasyPrint switches this on for the whole process when it is imported.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image = Image.open(io.BytesIO(data), formats=[MEDIA_TYPES[media_type]])
        decoded = _decode(image, structure, longest)
        orientation, taken_on = read_exif(image)
    except DECODER_ERRORS as error:
        raise PictureRefused(
            "corrupt",
            "图片数据有损坏或不完整，无法完整打开。",
            "请打开原图确认能完整显示，另存为普通JPG后再上传。",
        ) from error
    if orientation in UPRIGHT:
        decoded = decoded.transpose(UPRIGHT[orientation])
    width, height = structure.width, structure.height
    if orientation in SWAPS_SIDES:
        width, height = height, width
    return Picture(
        media_type=media_type,
        size=len(data),
        width=width,
        height=height,
        orientation=orientation,
        taken_on=taken_on,
        image=decoded,
    )


def refuse_size(size: int, max_bytes: int = MAX_BYTES) -> None:
    """Raise PictureRefused for an empty file and for one of more than `max_bytes`."""
    if size == 0:
        raise PictureRefused("empty", "文件是空的，没有内容。", "请重新选择要上传的图片。")
    if size > max_bytes:
        raise PictureRefused(
            "too_large",
            f"文件大小为{readable_size(size)}，超过上限{readable_size(max_bytes)}。",
            "请压缩或降低扫描分辨率后再上传，300 dpi已足够清楚。",
        )


def _require_format(data: bytes, formats: Collection[str]) -> str:
    media_type = sniff(data)
    if media_type is not None and MEDIA_TYPES.get(media_type) in formats:
        return media_type
    found = describe(data)
    if "PNG" not in formats:
        raise PictureRefused(
            "not_jpeg",
            f"这里只收JPG图片，收到的是{found}。",
            "请在看图软件中另存为JPG后再上传；只改文件名不起作用。",
        )
    if media_type in ("application/pdf", "image/heic"):
        raise PictureRefused(
            "pdf" if media_type == "application/pdf" else "heic",
            f"国家系统只收jpg、png、jpeg图片，收到的是{found}。",
            "网上上传时，上传页面会把它逐页转成图片；单独检查时请先存成JPG图片。",
        )
    raise PictureRefused(
        "not_a_picture",
        f"这里只收jpg、png、jpeg图片，收到的是{found}。",
        "请扫描或拍照，存成JPG图片后再上传；只改文件名不起作用。",
    )


def _decode(image: Image.Image, structure: Structure, longest: int | None) -> Image.Image:
    profile = image.info.get("icc_profile")
    decoded = to_srgb(_shrunk(image, structure, longest), profile)
    # Pillow would write a comment or a profile that it finds here into what is saved later.
    decoded.info.clear()
    return decoded


def _shrunk(image: Image.Image, structure: Structure, longest: int | None) -> Image.Image:
    if longest is not None:
        ratio = longest / max(structure.width, structure.height)
        if ratio < 1:
            wanted = (max(1, int(structure.width * ratio)), max(1, int(structure.height * ratio)))
            image.draft(None, wanted)
            image.load()
            # Palette and 1-bit pictures have no averages until they have shades.
            plain = image if image.mode in ("RGB", "L", "RGBA", "LA") else _plain(image)
            return _plain(plain.resize(wanted, Image.Resampling.BOX, reducing_gap=2.0))
    image.load()
    return _plain(image)


def _plain(image: Image.Image) -> Image.Image:
    """RGB or L; what is transparent becomes white, as it would on paper."""
    if image.mode in ("RGB", "L"):
        return image.copy()
    if image.mode == "1":
        return image.convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return image.convert("RGB")


def read_exif(image: Image.Image) -> tuple[int, date | None]:
    """Orientation 1–8 and the day the picture was taken. Pillow passes over broken entries."""
    exif = image.getexif()
    orientation = exif.get(ExifTags.Base.Orientation, 1)
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    stamp = camera.get(ExifTags.Base.DateTimeOriginal) or camera.get(
        ExifTags.Base.DateTimeDigitized
    )
    return int(orientation) if orientation in range(1, 9) else 1, _day(stamp)


def _day(stamp: object) -> date | None:
    """EXIF writes 2026:11:23 09:30:00; an unset camera clock writes zeros or blanks."""
    if not isinstance(stamp, str):
        return None
    try:
        return datetime.strptime(stamp.strip("\x00 ")[:10], "%Y:%m:%d").date()  # noqa: DTZ007
    except ValueError:
        return None
