"""Files that somebody bent on purpose, by the hundred: each gets an answer, soon, in words."""

import struct
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from materials.checks import check
from tests.files.pictures import gradient, jpeg, jpeg_declaring, png, png_chunk, png_declaring

TODAY = date(2026, 11, 23)
SECONDS = 2

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def marked():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2026:11:01 09:00:00"}
    exif[ExifTags.IFD.GPSInfo] = {1: "N"}
    return jpeg(gradient(60, 45), exif=exif)


SEEDS = (
    jpeg(gradient(60, 45)),
    jpeg(gradient(550, 280), quality=20),
    jpeg(gradient(550, 733), quality=20),
    jpeg(gradient(64, 64), progressive=True),
    jpeg(gradient(64, 64).convert("L")),
    jpeg(Image.new("CMYK", (16, 16))),
    marked(),
    png(gradient(60, 45)),
    png(gradient(60, 45).convert("P")),
    png(gradient(60, 45).convert("RGBA")),
    png(Image.new("1", (16, 16))),
    png(Image.new("I;16", (16, 16))),
    b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00",
    b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    b"<html><script>alert(1)</script></html>",
)


@st.composite
def bent_files(draw):
    """A sound file with a few bytes changed, cut out, put in or taken from another file."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, max(0, min(len(data), 1200) - 1)) | st.integers(0, len(data)))
        match draw(st.sampled_from(("flip", "cut", "drop", "insert", "splice", "length"))):
            case "flip":
                data[place : place + 1] = bytes([draw(st.integers(0, 255))])
            case "cut":
                del data[place:]
            case "drop":
                del data[place : place + draw(st.integers(1, 50))]
            case "insert":
                data[place:place] = draw(st.binary(max_size=40))
            case "splice":
                data[place:] = draw(st.sampled_from(SEEDS))[place:]
            case "length":
                data[place : place + 4] = struct.pack(">I", draw(st.integers(0, 2**32 - 1)))
    return bytes(data)


def answer(kind, data):
    started = time.perf_counter()
    report = check(kind, data, today=TODAY)
    assert time.perf_counter() - started < SECONDS
    for finding in report.problems + report.warnings:
        assert finding.code.isidentifier()
        assert finding.found.endswith("。")
        assert finding.mend.endswith("。")
    return report


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kind=st.integers(1, 10), data=bent_files())
def test_a_bent_file_gets_an_answer_and_never_an_exception(kind, data):
    answer(kind, data)


@settings(max_examples=100, deadline=None)
@given(kind=st.integers(1, 10), data=st.binary(max_size=300))
def test_noise_is_refused(kind, data):
    assert answer(kind, data).accepted is False


@settings(max_examples=60, deadline=None)
@given(exif=st.binary(max_size=400), kind=st.sampled_from((1, 10)))
def test_random_exif_never_stops_a_sound_picture_from_being_judged(exif, kind):
    data = jpeg(gradient(60, 45))
    body = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + exif
    report = answer(
        kind, data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]
    )
    assert report.picture is not None or report.problems[0].code in {"corrupt", "disguised"}


@pytest.mark.parametrize("kind", [1, 8, 10])
@pytest.mark.parametrize(
    "data",
    [
        jpeg_declaring(50_000, 50_000),
        png_declaring(50_000, 50_000),
        png_declaring(2**31 - 1, 2**31 - 1),
        png_declaring(0, 0),
        png_declaring(6_000, 6_000),
        jpeg_declaring(6_000, 6_000),
        png_declaring(100, 100, depth=16),
        png()[:33] + png_chunk(b"acTL", bytes(8)) + png()[33:],
        b"\xff\xd8\xff\xe0" + bytes(5_000_000),
        b"\x89PNG\r\n\x1a\n" + bytes(5_000_000),
    ],
    ids=[
        "jpeg bomb", "png bomb", "png limit", "png zero", "png promise", "jpeg promise",
        "16 bit", "animated", "jpeg zeros", "png zeros",
    ],
)  # fmt: skip
def test_a_known_trick_is_refused(kind, data):
    assert answer(kind, data).accepted is False
