"""What leaves for the national system: upright, one frame, sRGB, nothing noted beside it."""

import io

import pytest
from PIL import ExifTags, Image

from files.icc import profile_of
from files.leaving import leave
from files.pages import to_pages
from files.pictures import read_picture
from files.refusals import PictureRefused
from tests.files.pictures import display_p3, gradient, heic, jpeg, png, png_chunk, with_segment

LIMIT = 10 * 1024 * 1024
# The same colour: as Display P3 has it, and as sRGB has it.
RED_IN_P3, RED = (234, 51, 35), (255, 0, 0)


def opened(data):
    return Image.open(io.BytesIO(data))


def noted(orientation=1):
    """What a phone notes: how it was held, when, where, with what."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "SAMPLEPHONE"
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2026:11:01 09:00:00"}
    exif[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSLatitude: (30.0, 48.0, 0.0)}
    return exif


def multi_picture():
    """As phones take them: the photo, and behind it a second picture of the same."""
    buffer = io.BytesIO()
    second = gradient(160, 120)
    gradient(320, 240).save(buffer, "MPO", save_all=True, append_images=[second], exif=noted())
    return buffer.getvalue()


def is_near(found, wanted):
    return all(abs(a - b) <= 6 for a, b in zip(found, wanted, strict=True))


def test_a_clean_picture_leaves_as_it_came():
    assert leave(jpeg(), below=LIMIT).data == jpeg()


def test_what_a_phone_noted_stays_behind_and_no_pixel_changes():
    data = with_segment(jpeg(exif=noted(), comment=b"SAMPLECOMMENT"), 0xE1, b"http://ns.adobe.com/")
    left = leave(data, below=LIMIT).data
    for mark in (b"Exif", b"SAMPLEPHONE", b"SAMPLECOMMENT", b"2026:11:01", b"adobe"):
        assert mark in data
        assert mark not in left
    assert len(opened(left).getexif()) == 0
    assert opened(left).tobytes() == opened(data).tobytes()
    assert opened(left).info["jfif_density"] == opened(data).info["jfif_density"]


@pytest.mark.parametrize(
    ("orientation", "turned"),
    [
        (3, Image.Transpose.ROTATE_180),
        (6, Image.Transpose.ROTATE_270),
        (8, Image.Transpose.ROTATE_90),
        (5, Image.Transpose.TRANSPOSE),
    ],
)
def test_a_photo_that_lies_on_its_side_is_set_upright(orientation, turned):
    upright = gradient().transpose(turned)
    left = leave(jpeg(exif=noted(orientation)), below=LIMIT)
    assert (left.width, left.height) == upright.size
    assert opened(left.data).getexif().get(ExifTags.Base.Orientation, 1) == 1
    for place in ((5, 5), (upright.width - 6, 5), (5, upright.height - 6)):
        assert is_near(opened(left.data).getpixel(place), upright.getpixel(place))
    assert b"SAMPLEPHONE" not in left.data


def test_of_a_photo_with_a_second_frame_the_first_leaves():
    data = multi_picture()
    assert opened(data).n_frames == 2
    left = leave(data, below=LIMIT).data
    assert getattr(opened(left), "n_frames", 1) == 1
    assert left.count(b"\xff\xd8\xff") == 1
    assert b"MPF" not in left
    assert opened(left).tobytes() == opened(data).convert("RGB").tobytes()


@pytest.mark.parametrize("write", [jpeg, png])
def test_other_colours_become_those_of_srgb(write):
    data = write(Image.new("RGB", (60, 40), RED_IN_P3), icc_profile=display_p3())
    left = leave(data, below=LIMIT).data
    assert is_near(opened(left).getpixel((30, 20)), RED)
    assert "icc_profile" not in opened(left).info
    # What is judged is what leaves.
    assert is_near(read_picture(data).image.getpixel((30, 20)), RED)


@pytest.mark.parametrize("profile", [b"", b"none", display_p3()[:300], b"\x00" * 400])
def test_a_broken_profile_is_passed_over(profile):
    data = jpeg(Image.new("RGB", (60, 40), RED_IN_P3), icc_profile=profile)
    assert is_near(opened(leave(data, below=LIMIT).data).getpixel((30, 20)), RED_IN_P3)


def test_a_heic_photo_keeps_its_colours():
    image = Image.new("RGB", (64, 64), RED_IN_P3)
    (page,) = to_pages(heic(image, icc_profile=display_p3()), max_bytes=LIMIT)
    assert is_near(read_picture(page).image.getpixel((32, 32)), RED)


@pytest.mark.parametrize(
    ("primaries", "curve", "expected"),
    [
        (12, 13, RED),  # Display P3
        (12, 1, RED),
        (1, 13, RED_IN_P3),  # sRGB's own
        (12, 16, RED_IN_P3),  # HDR: no profile says how to show it
    ],
)
def test_a_heic_photo_that_names_its_primaries_alone_leaves_as_srgb(primaries, curve, expected):
    image = Image.new("RGB", (64, 64), RED_IN_P3)
    data = heic(image, color_primaries=primaries, transfer_characteristics=curve)
    (page,) = to_pages(data, max_bytes=LIMIT)
    assert is_near(read_picture(page).image.getpixel((32, 32)), expected)


P3 = {
    "transfer_characteristics": 13,
    "color_primary_red_x": 0.68,
    "color_primary_red_y": 0.32,
    "color_primary_green_x": 0.265,
    "color_primary_green_y": 0.69,
    "color_primary_blue_x": 0.15,
    "color_primary_blue_y": 0.06,
    "color_primary_white_x": 0.3127,
    "color_primary_white_y": 0.329,
}


@pytest.mark.parametrize(
    "named",
    [
        None,
        {},
        {"transfer_characteristics": 13},
        {**P3, "transfer_characteristics": 18},
        {**P3, "color_primary_white_x": 0.3457},
        {**P3, "color_primary_red_y": 0},
        {**P3, "color_primary_green_x": 0.68, "color_primary_green_y": 0.32},
    ],
)
def test_what_names_no_colours_or_impossible_ones_has_no_profile(named):
    assert profile_of(P3) is not None
    assert profile_of(named) is None


def test_notes_in_a_png_stay_behind_and_what_is_transparent_becomes_paper():
    data = png()
    spoken = data[:33] + png_chunk(b"tEXt", b"Author\x00SAMPLEPERSON") + data[33:]
    assert leave(spoken, below=LIMIT).data == data
    clear = png(Image.new("RGBA", (60, 40), (0, 0, 0, 0)))
    left = opened(leave(clear, below=LIMIT).data)
    assert (left.mode, left.getpixel((30, 20))) == ("RGB", (255, 255, 255))


def test_a_picture_keeps_to_the_size_that_the_national_system_takes():
    noise = Image.effect_noise((900, 1200), 90).convert("RGB")
    data = jpeg(noise, exif=noted(6), quality=95)
    left = leave(data, below=600_000)
    assert len(left.data) < 600_000
    assert left.facts.startswith("JPG，")
    with pytest.raises(PictureRefused, match="仍然太大"):
        leave(data, below=100)
