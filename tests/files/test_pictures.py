import io
import zlib
from datetime import date
from importlib import import_module

import pytest
from PIL import ExifTags, Image

from files.pictures import PictureRefused, read_picture, refuse_size
from tests.files.pictures import gradient, jpeg, png, png_chunk, with_segment


def refusal(data, **options):
    with pytest.raises(PictureRefused) as caught:
        read_picture(data, **options)
    return caught.value


def test_a_picture_comes_with_its_facts():
    data = jpeg()
    picture = read_picture(data)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 320, 240)
    assert picture.size == len(data)
    assert picture.taken_on is None
    assert picture.image.mode == "RGB"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_set_upright_by_its_mark(orientation):
    upright = Image.new("RGB", (40, 20), "white")
    upright.paste((200, 0, 0), (0, 0, 10, 10))
    turned = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if turned is None else upright.transpose(turned)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture = read_picture(jpeg(stored, exif=exif, quality=100, subsampling=0))
    assert (picture.width, picture.height) == (40, 20)
    assert picture.image.size == (40, 20)
    green = picture.image.getchannel("G").tobytes()
    assert green[4 * 40 + 4] < 60
    assert green[15 * 40 + 35] > 200


def test_the_day_a_picture_was_taken_is_read():
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2026:03:09 18:20:00"}
    assert read_picture(jpeg(exif=exif)).taken_on == date(2026, 3, 9)


@pytest.mark.parametrize("stamp", ["0000:00:00 00:00:00", "    :  :  ", "昨天", ""])
def test_an_unset_camera_clock_is_no_date(stamp):
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: stamp}
    assert read_picture(jpeg(exif=exif)).taken_on is None


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_does_not_lose_a_sound_picture():
    data = with_segment(
        jpeg(), 0xE1, b"Exif\x00\x00" + b"MM\x00\x2a\x00\x00\x00\x08" + b"\xff" * 60
    )
    assert read_picture(data).width == 320


def test_a_large_jpeg_is_shrunk_while_it_is_decoded():
    picture = read_picture(jpeg(gradient(2400, 1600)), longest=600)
    assert (picture.width, picture.height) == (2400, 1600)
    assert picture.image.size == (600, 400)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "RGB"])
def test_every_ordinary_png_becomes_plain_colour_on_white(mode):
    picture = read_picture(png(gradient().convert(mode)), longest=100)
    assert picture.image.mode in {"RGB", "L"}
    assert picture.image.size == (100, 75)


def test_what_is_transparent_becomes_white():
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert read_picture(png(clear)).image.getpixel((5, 5)) == (255, 255, 255)


def test_an_empty_file_is_said_to_be_empty():
    assert refusal(b"").code == "empty"


def test_a_file_above_the_limit_is_told_both_sizes():
    answer = refusal(jpeg(), max_bytes=1000)
    assert answer.code == "too_large"
    assert "KB" in answer.message
    assert "1000字节" in answer.message
    with pytest.raises(PictureRefused, match=r"11\.0 MB，超过上限10\.0 MB"):
        refuse_size(11 * 1024 * 1024)


def test_a_disguised_file_is_told_what_it_really_is():
    assert "GIF图片" in refusal(b"GIF89a\x01\x00\x01\x00").message
    assert "PNG图片" in refusal(png(), formats=("JPEG",)).message
    assert refusal(png(), formats=("JPEG",)).code == "not_jpeg"
    assert refusal(b"%PDF-1.7").code == "pdf"
    assert refusal(b"\x00\x00\x00\x18ftypheic").code == "heic"
    assert refusal(b"hello").code == "not_a_picture"


def test_pixels_that_do_not_inflate_are_refused():
    body = io.BytesIO(png())
    data = body.getvalue()
    start = data.index(b"IDAT") - 4
    broken = data[:start] + png_chunk(b"IDAT", b"not deflated") + png_chunk(b"IEND", b"")
    assert refusal(broken).code == "corrupt"


@pytest.mark.parametrize("start", [b"zTXt", b"iCCP"])
def test_what_inflates_out_of_all_proportion_beside_the_pixels_is_refused(start):
    bomb = png_chunk(start, b"name\x00\x00" + zlib.compress(b"x" * 50_000_000))
    data = png()
    assert refusal(data[:33] + bomb + data[33:]).code == "corrupt"


def test_a_torn_picture_is_refused_in_a_process_that_also_renders_tables():
    """WeasyPrint tells Pillow to accept torn pictures, for its own."""
    import_module("weasyprint")
    data = png()
    torn = data[:33] + data[33:].replace(b"IDAT", b"IDAT", 1)[:-40] + data[-12:]
    assert refusal(torn).code in {"corrupt", "truncated"}
