"""Files that are hostile, broken or odd, one of each kind, with the refusals that may answer them.

The tests send them through the portal; `script/bench hostile` measures what each one costs.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pillow_heif
import pypdfium2
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from tests.files.pictures import (
    gradient,
    jpeg,
    jpeg_declaring,
    png,
    png_chunk,
    png_declaring,
    with_segment,
)

NAME = "照片.jpg"
EXIF_HEAD = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08"


@dataclass(frozen=True)
class Trick:
    """A file as it is sent, and the codes of which its refusal is one; none: it may be taken."""

    make: Callable[[], bytes]
    codes: tuple[str, ...]
    name: str = NAME


def pdf(pages: int = 1, size: int = 200) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(size, size)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def written_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    data, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return data + head + table + tail % (len(objects) + 1, len(data))


def stream(body: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(body, 9)
    head = b"<</Filter/FlateDecode/Length %d%s>>" % (len(packed), entries)
    return head + b"stream\n" + packed + b"\nendstream"


def pdf_showing(content: bytes, resources: bytes, *more: bytes, pages: int = 1) -> bytes:
    """Pages of A4 with this content; `more` are objects from number 4 on."""
    first = 4 + len(more)
    kids = b" ".join(b"%d 0 R" % (first + place) for place in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<<%s>>>>"
    return written_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        stream(content),
        *more,
        *[page % resources] * pages,
    )


def pdf_of_nested_forms() -> bytes:
    """Twelve drawings, each of which paints the next ten times over."""
    forms = [
        stream(
            b"/F Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F %d 0 R>>>>"
            % (number + 1),
        )
        for number in range(4, 15)
    ]
    last = stream(
        b"0 0 m 595 842 l S " * 50, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<>>"
    )
    return pdf_showing(b"/F Do", b"/XObject<</F 4 0 R>>", *forms, last)


def pdf_of_many_strokes() -> bytes:
    return pdf_showing(b"0 0 m 595 842 l 595 0 l 0 842 l 300 400 l S " * 300_000, b"")


def pdf_with_picture(width: int, height: int, body: bytes, pages: int = 1) -> bytes:
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8" % (width, height)
    image = stream(body, entries + b"/ColorSpace/DeviceRGB")
    content = b"595 0 0 842 0 0 cm /I Do"
    return pdf_showing(content, b"/XObject<</I 4 0 R>>", image, pages=pages)


def noise(width: int, height: int) -> bytes:
    return random.Random(1).randbytes(width * height * 3)


def locked_pdf() -> bytes:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf()), strict=False))
    writer.encrypt(owner_pass="owner", user_pass="secret")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def heic(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (width, height), "white")).save(buffer, quality=50)
    return buffer.getvalue()


def heic_declaring(width: int, height: int) -> bytes:
    """A small HEIC whose picture says that it is of these pixels."""
    data = bytearray(heic(64, 64))
    place = data.find(b"ispe")
    while place >= 0:
        data[place + 8 : place + 16] = struct.pack(">II", width, height)
        place = data.find(b"ispe", place + 4)
    return bytes(data)


def moving(form: str) -> bytes:
    buffer = io.BytesIO()
    frames = [gradient().rotate(turn).resize((320, 240)) for turn in (0, 90, 180)]
    frames[0].save(buffer, form, save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("a.exe", "MZ")
    return packed.getvalue()


def archive_inside_comment() -> bytes:
    data = jpeg()
    return with_segment(data, 0xFE, b"PK\x05\x06" + bytes(16) + struct.pack("<H", len(data) - 2))


def looping_exif() -> bytes:
    """A directory of notes that names itself as the next one, thousands of times."""
    entry = b"\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08"
    return with_segment(jpeg(gradient(900, 900)), 0xE1, EXIF_HEAD + b"\x14\x00" + entry * 5000)


def deep_jpeg() -> bytes:
    data = bytearray(jpeg())
    data[data.index(b"\xff\xc0") + 4] = 12
    return bytes(data)


def arithmetic_jpeg() -> bytes:
    data = bytearray(jpeg())
    data[data.index(b"\xff\xc0") + 1] = 0xC9
    return bytes(data)


def jpeg_of_scans(count: int, side: int) -> bytes:
    """A progressive picture whose last scan is repeated."""
    data = jpeg(Image.new("L", (side, side), 128), progressive=True, quality=30)
    scan = data.rindex(b"\xff\xda")
    return data[:scan] + data[scan:-2] * count + data[-2:]


def beside_pixels(name: bytes, size: int) -> bytes:
    """A PNG with a note that inflates to so many bytes."""
    data = png()
    bomb = png_chunk(name, b"name\x00\x00" + zlib.compress(b"x" * size, 9))
    return data[:33] + bomb + data[33:]


HOSTILE: dict[str, Trick] = {
    "nothing": Trick(lambda: b"", ("empty",)),
    "zeros": Trick(lambda: bytes(100_000), ("not_a_picture", "not_jpeg")),
    "text": Trick(lambda: "这不是图片".encode(), ("not_a_picture", "not_jpeg")),
    "web page": Trick(lambda: b"<html><script>a</script></html>", ("not_a_picture", "not_jpeg")),
    "drawing with script": Trick(
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='a()'/>",
        ("not_a_picture", "not_jpeg"),
    ),
    "program": Trick(lambda: b"MZ" + bytes(5000), ("not_a_picture", "not_jpeg")),
    "archive": Trick(archive, ("not_a_picture", "not_jpeg")),
    "moving gif": Trick(lambda: moving("GIF"), ("not_a_picture", "not_jpeg")),
    "moving webp": Trick(lambda: moving("WEBP"), ("not_a_picture", "not_jpeg")),
    "moving png": Trick(lambda: moving("PNG"), ("animated", "not_jpeg")),
    "archive behind a picture": Trick(lambda: jpeg() + archive(), ("trailing_data",)),
    "archive behind a png": Trick(lambda: png() + archive(), ("trailing_data", "not_jpeg")),
    "archive inside a picture": Trick(archive_inside_comment, ("disguised",)),
    "pdf behind a picture": Trick(lambda: jpeg() + pdf(), ("trailing_data",)),
    "pdf inside a picture": Trick(lambda: with_segment(jpeg(), 0xFE, pdf()), ("disguised",)),
    "script inside a picture": Trick(
        lambda: with_segment(jpeg(), 0xFE, b"<script>alert(1)</script>"), ("disguised",)
    ),
    "script in exif": Trick(
        lambda: with_segment(jpeg(), 0xE1, EXIF_HEAD + b"<?php system(1);"), ("disguised",)
    ),
    "script in a png's text": Trick(
        lambda: png()[:33] + png_chunk(b"tEXt", b"Comment\x00<script>") + png()[33:],
        ("disguised", "not_jpeg"),
    ),
    "print colours": Trick(lambda: jpeg(Image.new("CMYK", (900, 900))), ("cmyk",)),
    "16 bits": Trick(lambda: png(Image.new("I;16", (900, 900))), ("deep_colour", "not_jpeg")),
    "12 bits": Trick(deep_jpeg, ("deep_colour",)),
    "rare coding": Trick(arithmetic_jpeg, ("unusual_jpeg",)),
    "half a picture": Trick(lambda: jpeg(gradient(900, 900))[:4000], ("truncated",)),
    "half a png": Trick(lambda: png(gradient(900, 900))[:2000], ("truncated", "not_jpeg")),
    "broken bytes": Trick(lambda: b"\xff\xd8\xff\xe0" + bytes(5_000_000), ("corrupt",)),
    "jpg of 50000 by 50000": Trick(lambda: jpeg_declaring(50_000, 50_000), ("too_many_pixels",)),
    "png of 50000 by 50000": Trick(
        lambda: png_declaring(50_000, 50_000), ("too_many_pixels", "not_jpeg")
    ),
    "png of no end": Trick(
        lambda: png_declaring(2**31 - 1, 2**31 - 1), ("too_many_pixels", "not_jpeg")
    ),
    "jpg that promises": Trick(lambda: jpeg_declaring(6_000, 6_000), ("truncated",)),
    "png that promises": Trick(
        lambda: png_declaring(6_000, 6_000), ("corrupt", "truncated", "not_jpeg")
    ),
    "millions of segments": Trick(
        lambda: b"\xff\xd8" + b"\xff\xfe\x00\x02" * 2_000_000 + b"\xff\xd9", ("corrupt",)
    ),
    "millions of fill bytes": Trick(
        lambda: b"\xff\xd8" + b"\xff" * 8_000_000, ("corrupt", "truncated")
    ),
    "too many scans": Trick(lambda: jpeg_of_scans(60, 800), ("corrupt",)),
    "scans of many pixels": Trick(lambda: jpeg_of_scans(18, 4400), ()),
    "exif in a loop": Trick(looping_exif, ()),
    "exif of large counts": Trick(
        lambda: with_segment(
            jpeg(gradient(900, 900)), 0xE1, EXIF_HEAD + b"\xff\xff" + b"\x87\x69\x00\x04" * 15_000
        ),
        (),
    ),
    "note that inflates": Trick(
        lambda: beside_pixels(b"zTXt", 50_000_000), ("corrupt", "not_jpeg")
    ),
    "profile that inflates": Trick(
        lambda: beside_pixels(b"iCCP", 50_000_000), ("corrupt", "not_jpeg")
    ),
    "pdf of 500 pages": Trick(lambda: pdf(500), ("too_many_pages", "not_jpeg")),
    "pdf with a password": Trick(locked_pdf, ("pdf_locked", "not_jpeg")),
    "broken pdf": Trick(lambda: b"%PDF-1.7\n" + bytes(2000), ("unreadable_document", "not_jpeg")),
    "pdf of nested forms": Trick(pdf_of_nested_forms, ("too_complex",)),
    "pdf of many strokes": Trick(pdf_of_many_strokes, ("too_complex",)),
    "pdf with a picture of 30000 by 30000": Trick(
        lambda: pdf_with_picture(30_000, 30_000, bytes(30_000_000)), ("too_complex",)
    ),
    "pdf of 50 pages of noise": Trick(
        lambda: pdf_with_picture(1600, 1900, noise(1600, 1900), pages=50),
        ("pages_too_large", "too_complex"),
    ),
    "heic of 30000 by 30000": Trick(
        lambda: heic_declaring(30_000, 30_000),
        ("too_many_pixels", "unreadable_document", "too_complex", "not_jpeg"),
    ),
    "half a heic": Trick(lambda: heic(200, 100)[:200], ("unreadable_document", "not_jpeg")),
    "over ten megabytes": Trick(lambda: b"\xff\xd8\xff\xe0" + bytes(11_000_000), ("too_large",)),
    "name of 300 characters": Trick(
        lambda: jpeg(gradient(900, 900)), ("name_too_long",), "长" * 296 + ".jpg"
    ),
    "name with control characters": Trick(
        lambda: jpeg(gradient(900, 900)), ("name_hides",), "照\x07片\x1b.jpg"
    ),
    "name of 300 with control characters": Trick(
        lambda: jpeg(gradient(900, 900)), ("name_hides",), "a" * 290 + "\x08\x1f/..\\x.jpg"
    ),
    "name that runs backwards": Trick(
        lambda: jpeg(gradient(900, 900)), ("name_hides",), "照片\u202egpj.exe"
    ),
}

# What is as large as may be, and taken: for these the bounds of time and memory hold as well.
LARGE: dict[str, Callable[[], bytes]] = {
    "jpg of 40 megapixels": lambda: jpeg(Image.new("RGB", (8000, 5000), "white"), quality=80),
    "progressive jpg of 20 megapixels": lambda: jpeg(
        Image.new("RGB", (5000, 4000), "white"), progressive=True, subsampling=0
    ),
    "progressive jpg of noise": lambda: jpeg(
        Image.frombytes("RGB", (2400, 2000), noise(2400, 2000)), progressive=True, quality=92
    ),
    "png of 40 megapixels": lambda: png(Image.new("RGB", (8000, 5000), "white")),
    "png of 20 megapixels with transparency": lambda: png(
        Image.new("RGBA", (5000, 4000), (9, 9, 9, 99))
    ),
    "png of 20 megapixels with a palette": lambda: png(Image.new("P", (5000, 4000), 3)),
    "heic of 24 megapixels": lambda: heic(6000, 4000),
}
