"""The frame of a JPEG or PNG file, read before any pixel is decoded.

Pillow forgives what follows the picture's end and meets a bomb only when it decodes; here a
declared size, a missing end, a second file behind the first are seen from the bytes alone.
"""

import math
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from files.refusals import PictureRefused
from files.sniffing import describe

MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
# A progressive JPEG is held as coefficients, 6 bytes a pixel, before the first row comes out; a
# PNG with a palette or transparency is held twice while it is laid on white.
MAX_HEAVY_PIXELS = 20_000_000
# Each scan is a pass over the whole picture. Encoders write about ten.
MAX_SCANS = 30
# Far above what encoders write; a file of a million tiny segments only costs time.
MAX_SEGMENTS = 10_000
MAX_PREVIEWS = 8

ACTIVE_CONTENT = re.compile(rb"<script|<\?php|<html|<iframe|<!doctype", re.IGNORECASE)
# Any number of FF may fill the room before a mark. Inside a scan FF is followed by 00 (a literal
# FF) or by a restart mark D0–D7; searching without the fill keeps a run of FF linear.
MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
MARKER_IN_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
START_OF_SCAN, END_OF_IMAGE, COMMENT = 0xDA, 0xD9, 0xFE
BASELINE, EXTENDED, PROGRESSIVE = 0xC0, 0xC1, 0xC2
APPLICATION = range(0xE0, 0xF0)
PADDING = b"\x00\xff\r\n\t "


@dataclass(frozen=True)
class Structure:
    """Pixel size as stored (before EXIF orientation) and what else the frame says.

    No file of that many pixels is shorter than `least_bytes`, however flat the picture is.
    """

    width: int
    height: int
    channels: int
    progressive: bool = False
    least_bytes: int = 0


def read_structure(data: bytes, media_type: str) -> Structure:
    """Walk the file to its end; raise PictureRefused for whatever is unsafe or incomplete."""
    structure = _read_jpeg(data) if media_type == "image/jpeg" else _read_png(data)
    _refuse_second_identity(data)
    return structure


def _read_jpeg(data: bytes) -> Structure:
    structure, end, multi_picture = _walk_jpeg(data, 0)
    # Phones append previews as further whole JPEGs and announce them in an MPF segment.
    for _ in range(MAX_PREVIEWS if multi_picture else 0):
        start = data.find(b"\xff\xd8\xff", end)
        if start < 0 or data[end:start].strip(b"\x00"):
            break
        _, end, _ = _walk_jpeg(data, start)
    _refuse_trailing(data, end)
    return structure


def _walk_jpeg(data: bytes, start: int) -> tuple[Structure, int, bool]:
    """Structure, the offset behind the end mark, and whether more pictures are announced."""
    structure: Structure | None = None
    multi_picture = False
    scans = 0
    for marker, segment, end in jpeg_segments(data, start):
        if marker in START_OF_FRAME:
            if structure is not None:
                break
            structure = _jpeg_frame(marker, segment)
        elif marker == COMMENT or marker in APPLICATION:
            _refuse_active_content(segment)
            multi_picture = multi_picture or (marker == 0xE2 and segment.startswith(b"MPF\x00"))
        elif marker == START_OF_SCAN:
            scans += 1
        elif marker == END_OF_IMAGE and structure is not None and 0 < scans <= MAX_SCANS:
            if end - start < structure.least_bytes:
                raise _truncated()
            return structure, end, multi_picture
    raise _malformed()


def jpeg_segments(data: bytes, start: int) -> Iterator[tuple[int, bytes, int]]:
    """Each mark of one JPEG with its payload and the offset behind it, up to the end mark.

    What a scan holds lies between one offset and the next mark.
    """
    position = start + 2
    for _ in range(MAX_SEGMENTS):
        found = MARKER.match(data, position)
        if found is None:
            raise _truncated() if position >= len(data) - 1 else _malformed()
        marker, position = data[found.end() - 1], found.end()
        if marker == END_OF_IMAGE:
            yield marker, b"", position
            return
        segment = _jpeg_segment(data, position)
        position += 2 + len(segment)
        yield marker, segment, position
        if marker == START_OF_SCAN:
            after = MARKER_IN_SCAN.search(data, position)
            if after is None:
                raise _truncated()
            position = after.start()


def _jpeg_segment(data: bytes, position: int) -> bytes:
    if position + 2 > len(data):
        raise _truncated()
    length = int.from_bytes(data[position : position + 2])
    if length < 2:
        raise _malformed()
    if position + length > len(data):
        raise _truncated()
    return data[position + 2 : position + length]


def _jpeg_frame(marker: int, segment: bytes) -> Structure:
    if len(segment) < 6:
        raise _malformed()
    precision, height, width, channels = struct.unpack(">BHHB", segment[:6])
    if precision != 8:
        raise PictureRefused(
            "deep_colour", f"这张JPG每个颜色用{precision}位记录，国家系统只认8位。", RE_EXPORT
        )
    if channels == 4:
        raise PictureRefused(
            "cmyk",
            "这张JPG是印刷用的CMYK颜色，屏幕和国家系统无法正确显示。",
            "请在看图软件中另存为RGB颜色的JPG，或重新扫描、拍照。",
        )
    if marker not in (BASELINE, EXTENDED, PROGRESSIVE):
        raise PictureRefused(
            "unusual_jpeg", "这张JPG用了少见的编码方式，国家系统可能打不开。", RE_EXPORT
        )
    progressive = marker == PROGRESSIVE
    limit = MAX_HEAVY_PIXELS if progressive else MAX_PIXELS
    _refuse_dimensions(width, height, limit)
    blocks = _blocks(width, height, segment[6 : 6 + 3 * channels])
    # A Huffman code has at least one bit. A block takes one code for its mean and, unless it is
    # progressive, one for its end; a decoder paints grey what is missing and says nothing.
    least_bytes = blocks // 8 if progressive else blocks // 4
    return Structure(width, height, channels, progressive, least_bytes)


def _blocks(width: int, height: int, components: bytes) -> int:
    """How many blocks of 8×8 samples all components have; each has its sampling in byte 1."""
    factors = [(byte >> 4, byte & 15) for byte in components[1::3]]
    if len(components) % 3 or not factors or any(0 in pair for pair in factors):
        raise _malformed()
    widest, tallest = max(x for x, _ in factors), max(y for _, y in factors)
    return sum(
        math.ceil(width * x / widest / 8) * math.ceil(height * y / tallest / 8) for x, y in factors
    )


def _read_png(data: bytes) -> Structure:
    structure: Structure | None = None
    position = 8
    for _ in range(MAX_SEGMENTS):
        if position + 12 > len(data):
            raise _truncated()
        length, name = struct.unpack(">I4s", data[position : position + 8])
        body_end = position + 8 + length
        if body_end + 4 > len(data):
            raise _truncated()
        body = data[position + 8 : body_end]
        if zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(data[body_end : body_end + 4]):
            raise PictureRefused(
                "corrupt", "这张PNG图片的数据有损坏（校验不符）。", "请重新保存或扫描后再上传。"
            )
        position = body_end + 4
        if structure is None:
            structure = _png_header(name, body)
        elif name == b"acTL":
            raise PictureRefused("animated", "这是一张会动的PNG图片。", "请换成静止的图片。")
        elif name in (b"tEXt", b"iTXt", b"eXIf"):
            _refuse_active_content(body)
        elif name == b"IEND":
            _refuse_trailing(data, position)
            return structure
    raise _malformed()


def _png_header(name: bytes, body: bytes) -> Structure:
    if name != b"IHDR" or len(body) != 13:
        raise _malformed()
    width, height, depth, colour_type = struct.unpack(">IIBB", body[:10])
    if depth > 8:
        raise PictureRefused(
            "deep_colour", f"这张PNG每个颜色用{depth}位记录，国家系统只认8位。", RE_EXPORT
        )
    channels = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}.get(colour_type)
    if channels is None:
        raise _malformed()
    is_heavy = colour_type in (3, 4, 6)
    _refuse_dimensions(width, height, MAX_HEAVY_PIXELS if is_heavy else MAX_PIXELS)
    return Structure(width, height, channels)


def _refuse_dimensions(width: int, height: int, limit: int) -> None:
    if width == 0 or height == 0:
        raise _malformed()
    if width * height > limit or max(width, height) > MAX_SIDE:
        raise PictureRefused(
            "too_many_pixels",
            f"图片宽{width}像素、高{height}像素，超出可以处理的大小（共{limit // 10_000}万像素）。",
            "请缩小后再上传；扫描用300 dpi已足够清楚。",
        )


def _refuse_trailing(data: bytes, end: int) -> None:
    # A megabyte of zeros is no longer padding, whatever it is.
    rest = data[end:]
    extra = rest.strip(PADDING)
    if not extra and len(rest) <= 64 * 1024:
        return
    raise PictureRefused(
        "trailing_data",
        f"图片结束之后还藏有{len(rest)}字节的其他内容（{describe(extra)}），可能是动态照片或被改动过的文件。",
        "请在看图软件中打开后另存为普通JPG，或截图后再上传。",
    )


def _refuse_second_identity(data: bytes) -> None:
    """A picture that a PDF reader or an unpacker would open as its own kind of file."""
    archive_end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    is_archive = 0 <= archive_end <= len(data) - 22 and archive_end + 22 + int.from_bytes(
        data[archive_end + 20 : archive_end + 22], "little"
    ) == len(data)
    if is_archive or b"%PDF-" in data[:1024]:
        raise PictureRefused(
            "disguised",
            f"这个文件既是图片，又能当作{'压缩包' if is_archive else 'PDF'}打开，不予接收。",
            RE_EXPORT,
        )


def _refuse_active_content(metadata: bytes) -> None:
    if ACTIVE_CONTENT.search(metadata):
        raise PictureRefused(
            "disguised", "图片的附加信息里夹带了网页或程序代码，不予接收。", RE_EXPORT
        )


RE_EXPORT = "请在看图软件中打开后另存为普通的JPG图片，再上传。"


def _truncated() -> PictureRefused:
    return PictureRefused(
        "truncated",
        "图片不完整，后半部分缺失，多半是传输或复制中断了。",
        "请打开原图确认能完整显示，再重新上传。",
    )


def _malformed() -> PictureRefused:
    return PictureRefused("corrupt", "图片的内部结构有错误，无法正常打开。", RE_EXPORT)
