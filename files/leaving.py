"""Picture as it leaves for the national system: upright, one frame, sRGB, nothing noted in it.

What was stored stays as it came. Where the pixels are right already they leave as they are coded,
and only what stands around them goes: day, place and device (EXIF), comments, previews.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from files.colours import is_srgb
from files.encoding import TooLarge, to_jpeg, to_png
from files.models import EXTENSIONS
from files.pictures import MEDIA_TYPES, PictureRefused, read_exif, read_picture
from files.refusals import readable_size
from files.sniffing import sniff
from files.structure import APPLICATION, COMMENT, END_OF_IMAGE, jpeg_segments

# Sides in pixels to which a picture is shrunk, one after the other, until it is small enough.
LONGEST = (5000, 3600, 2600, 1800)
# What a decoder needs, and the resolution: of JFIF without its preview, of Adobe the colour model.
JFIF, ADOBE = 0xE0, 0xEE
KEPT_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"pHYs", b"sRGB"})
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class OutgoingPicture:
    """`width` and `height` are in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.media_type]

    @property
    def facts(self) -> str:
        """In words, as `StoredFile.facts`: JPG，550×733像素，812 KB."""
        pixels = f"{self.width}×{self.height}像素"
        return f"{self.extension.upper()}，{pixels}，{readable_size(len(self.data))}"


def leave(data: bytes, *, below: int) -> OutgoingPicture:
    """A stored picture made ready, of fewer than `below` bytes; raises PictureRefused."""
    plain = as_coded(data)
    if plain is None or len(plain) >= below:
        plain = _drawn_anew(data, below)
    with Image.open(io.BytesIO(plain), formats=[*MEDIA_TYPES.values()]) as image:
        return OutgoingPicture(plain, str(sniff(plain)), image.width, image.height)


def as_coded(data: bytes) -> bytes | None:
    """The same pixels without anything noted beside them.

    None where they have to be drawn anew: they lie on their side, have other colours than sRGB,
    or are transparent.
    """
    with Image.open(io.BytesIO(data), formats=[*MEDIA_TYPES.values()]) as image:
        orientation, _ = read_exif(image)
        is_plain = is_srgb(image.info.get("icc_profile")) and not image.has_transparency_data
    if orientation != 1 or not is_plain:
        return None
    kept = _kept_of_png(data) if data.startswith(PNG_SIGNATURE) else _kept_of_jpeg(data)
    return b"".join(kept)


def _drawn_anew(data: bytes, below: int) -> bytes:
    for longest in LONGEST:
        picture = read_picture(data, max_bytes=len(data), longest=longest)
        if picture.media_type == "image/png":
            drawn = to_png(picture.image)
            if len(drawn) < below:
                return drawn
        try:
            return to_jpeg(picture.image, below=below)
        except TooLarge:
            continue
    raise PictureRefused("too_large", "这张图片缩小后仍然太大。", "请用较低的分辨率重新扫描。")


def _kept_of_jpeg(data: bytes) -> Iterator[bytes]:
    """Up to the first picture's end; further ones are previews of the same (MPO)."""
    position = 2
    yield data[:position]
    for marker, segment, end in jpeg_segments(data, 0):
        begin = end - (2 if marker == END_OF_IMAGE else 4 + len(segment))
        yield data[position:begin]
        position = end
        if marker == JFIF and segment.startswith(b"JFIF\x00") and len(segment) >= 14:
            yield struct.pack(">BBH", 0xFF, JFIF, 16) + segment[:12] + b"\x00\x00"
        elif marker == ADOBE or not (marker == COMMENT or marker in APPLICATION):
            yield data[begin:end]


def _kept_of_png(data: bytes) -> Iterator[bytes]:
    yield PNG_SIGNATURE
    position, name = len(PNG_SIGNATURE), b""
    while name != b"IEND":
        length, name = struct.unpack(">I4s", data[position : position + 8])
        end = position + 12 + length
        if name in KEPT_CHUNKS:
            yield data[position:end]
        position = end
