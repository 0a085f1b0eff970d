import io
import struct
import time
import zipfile
import zlib

import pytest
from PIL import Image

from files.refusals import PictureRefused
from files.structure import read_structure
from tests.files.pictures import (
    gradient,
    jpeg,
    jpeg_declaring,
    png,
    png_chunk,
    png_declaring,
    with_segment,
)


def refusal(data):
    media_type = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    with pytest.raises(PictureRefused) as caught:
        read_structure(data, media_type)
    return caught.value


def test_the_frame_tells_the_size_before_any_pixel_is_decoded():
    assert (read_structure(jpeg(), "image/jpeg").width, 240) == (320, 240)
    assert read_structure(png(), "image/png").height == 240
    assert read_structure(jpeg(progressive=True), "image/jpeg").progressive is True


@pytest.mark.parametrize("make", [jpeg, png])
@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_stops_early_is_truncated(make, keep):
    data = make()
    assert refusal(data[: int(len(data) * keep)]).code == "truncated"


def test_a_jpeg_that_lacks_only_its_end_mark_is_truncated():
    assert refusal(jpeg()[:-2]).code == "truncated"


@pytest.mark.parametrize(
    "data",
    [png_declaring(50_000, 50_000), jpeg_declaring(50_000, 50_000), png_declaring(30_000, 1)],
)
def test_a_declared_bomb_is_refused_by_its_header(data):
    answer = refusal(data)
    assert answer.code == "too_many_pixels"
    assert "请缩小后再上传" in answer.message


def test_a_progressive_jpeg_is_held_to_a_lower_limit_since_it_is_decoded_whole():
    data = bytearray(jpeg(progressive=True))
    frame = data.index(b"\xff\xc2")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 5_000, 6_000)
    assert refusal(bytes(data)).code == "too_many_pixels"


@pytest.mark.parametrize("colour_type", [3, 4, 6])
def test_a_png_with_palette_or_transparency_is_held_to_a_lower_limit(colour_type):
    assert refusal(png_declaring(5_000, 6_000, colour_type=colour_type)).code == "too_many_pixels"
    assert read_structure(png_declaring(5_000, 6_000), "image/png").width == 5_000


def test_a_file_too_short_for_its_promised_pixels_is_truncated():
    assert refusal(jpeg_declaring(6_000, 6_000)).code == "truncated"


@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"progressive": True}])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_flattest_picture_is_not_too_short(mode, options):
    flat = jpeg(Image.new(mode, (3000, 2000), "white"), quality=1, **options)
    assert read_structure(flat, "image/jpeg").width == 3000


@pytest.mark.parametrize("marker", [0xC3, 0xC9, 0xCA])
def test_a_jpeg_of_unusual_coding_is_refused(marker):
    data = bytearray(jpeg())
    data[data.index(b"\xff\xc0") + 1] = marker
    assert refusal(bytes(data)).code == "unusual_jpeg"


def test_an_archive_behind_a_picture_is_refused():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.txt", "x")
    for make in (jpeg, png):
        answer = refusal(make() + archive.getvalue())
        assert answer.code == "trailing_data"
        assert "压缩包" in answer.message


def test_an_archive_inside_a_pictures_comment_is_refused():
    data = jpeg()
    # An end-of-archive record whose own comment is the rest of the picture.
    end_record = b"PK\x05\x06" + bytes(16) + struct.pack("<H", len(data) - 2)
    assert refusal(with_segment(data, 0xFE, end_record)).code == "disguised"


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7 1 0 obj", b"<script>alert(1)</script>", b"<?php system($_GET[0]);"]
)
def test_a_picture_that_carries_another_identity_is_refused(body):
    assert refusal(with_segment(jpeg(), 0xFE, body)).code == "disguised"
    text = png_chunk(b"tEXt", b"Comment\x00" + body)
    data = png()
    assert refusal(data[:33] + text + data[33:]).code == "disguised"


@pytest.mark.parametrize("name", [b"eXIf", b"tEXt", b"iTXt"])
@pytest.mark.parametrize("body", [b"<script>", b"<SCRIPT>x", b"<?php", b"<html", b"<iframe"])
def test_a_script_in_a_pngs_additions_is_refused(name, body):
    # The header's chunk ends at byte 33.
    data = png()[:33] + png_chunk(name, b"II*\x00 " + body) + png()[33:]
    answer = refusal(data)
    assert answer.code == "disguised"
    assert "夹带了网页或程序代码" in answer.message


@pytest.mark.parametrize("name", [b"eXIf", b"tEXt", b"iTXt"])
def test_harmless_additions_to_a_png_are_taken(name):
    data = png()[:33] + png_chunk(name, b"II*\x00 script") + png()[33:]
    assert read_structure(data, "image/png").width == 320


def test_padding_behind_the_end_is_harmless_up_to_a_measure():
    read_structure(jpeg() + b"\x00" * 4096, "image/jpeg")
    assert refusal(jpeg() + b"\x00" * 100_000).code == "trailing_data"


def test_a_phones_announced_preview_is_not_taken_for_a_stowaway():
    data = with_segment(jpeg(), 0xE2, b"MPF\x00" + bytes(20))
    assert read_structure(data + bytes(64) + jpeg(), "image/jpeg").width == 320
    assert refusal(jpeg() + jpeg()).code == "trailing_data"
    assert refusal(data + jpeg() + b"PK\x03\x04").code == "trailing_data"


@pytest.mark.parametrize("marker", [0xE0, 0xE1, 0xFE])
def test_a_preview_is_announced_in_its_own_segment_and_in_no_other(marker):
    """CIPA DC-007: the index of a multi-picture file stands in APP2."""
    data = with_segment(jpeg(), marker, b"MPF\x00" + bytes(20))
    assert read_structure(data, "image/jpeg").width == 320
    assert refusal(data + jpeg()).code == "trailing_data"


def test_a_moving_png_is_refused():
    frames = io.BytesIO()
    gradient().save(
        frames, "PNG", save_all=True, append_images=[gradient().rotate(90).resize((320, 240))]
    )
    assert refusal(frames.getvalue()).code == "animated"


def test_deep_colour_is_refused():
    assert refusal(png(Image.new("I;16", (20, 20)))).code == "deep_colour"
    data = bytearray(jpeg())
    data[data.index(b"\xff\xc0") + 4] = 12
    assert refusal(bytes(data)).code == "deep_colour"


def test_print_colour_is_refused():
    assert refusal(jpeg(Image.new("CMYK", (20, 20)))).code == "cmyk"


def test_a_png_with_a_changed_byte_is_refused():
    data = bytearray(png())
    data[len(data) // 2] ^= 0xFF
    assert refusal(bytes(data)).code == "corrupt"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xda\x00\x02\x00\xff\xd9",
        b"\xff\xd8" + b"\xff\xfe\x00\x02" * 2_000_000 + b"\xff\xd9",
        b"\xff\xd8" + b"\xff" * 8_000_000,
        jpeg()[:-2] + b"\xff" * 8_000_000 + b"\x00\xff\xd9",
        jpeg()[:2] + b"\xff\xfe\x00\x01" + jpeg()[2:],
        jpeg()[:2] + b"\xff\xc0\x00\x04\x08\x00" + jpeg()[2:],
        jpeg()[:2] + b"\xff\xc0\x00\x08\x08\x00\x09\x00\x09\x03" + jpeg()[2:],
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 5, 0, 0, 0)),
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"tEXt", b"a\x00b"),
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 0, 9, 8, 2, 0, 0, 0)),
        png()[:33] + png_chunk(b"tEXt", b"") * 600_000,
    ],
    ids=[
        "no frame",
        "no size",
        "segments",
        "fill",
        "scan fill",
        "negative length",
        "short frame",
        "no components",
        "colour type",
        "no header",
        "zero",
        "chunks",
    ],
)
def test_a_malformed_frame_is_refused_at_once(data):
    started = time.perf_counter()
    media_type = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    try:
        answer = str(read_structure(data, media_type).width)
    except PictureRefused as refused:
        answer = refused.code
    # A run of fill bytes inside a scan is legal, and slow only for a careless reader.
    assert answer in {"corrupt", "truncated", "320"}
    assert time.perf_counter() - started < 1


def test_a_second_frame_in_one_picture_is_refused():
    data = jpeg()
    frame = data.index(b"\xff\xc0")
    again = data[frame : frame + 19]
    assert refusal(data[:frame] + again + data[frame:]).code == "corrupt"


def test_more_scans_than_any_encoder_writes_are_refused():
    data = jpeg(progressive=True)
    scan = data.rindex(b"\xff\xda")
    assert refusal(data[:scan] + data[scan:-2] * 60 + data[-2:]).code == "corrupt"


def test_a_compressed_text_that_inflates_is_left_to_pillows_own_limit():
    bomb = png_chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"x" * 50_000_000))
    data = png()
    assert read_structure(data[:33] + bomb + data[33:], "image/png").width == 320
