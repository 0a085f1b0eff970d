import io
from datetime import date

import pytest
from PIL import Image, ImageDraw, ImageFilter

from materials import samples
from materials.catalogue import CATALOGUE, get
from materials.checks import check
from materials.rules.repair import CannotRepair, RepairRule
from tests import journey


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def rule(number: int) -> RepairRule:
    found = get(number).repair
    assert found is not None
    return found


def repaired(number: int, data: bytes, **face: tuple[int, int, int, int]) -> bytes:
    return rule(number).apply(data, **face)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def portrait(size: tuple[int, int], place: tuple[int, int], across: int) -> bytes:
    """A drawn person of `across` pixels at `place` before a white wall of `size`."""
    wall = Image.new("RGB", size, (252, 252, 252))
    person = opened(samples.photo(0)).resize((across, round(across * 733 / 550)))
    wall.paste(person, place)
    return jpeg(wall)


def codes(number: int, data: bytes) -> set[str]:
    return {problem.code for problem in check(number, data).problems}


@pytest.mark.parametrize("size", [(2400, 3200), (3200, 2400), (1100, 1466)])
def test_a_photo_of_any_shape_becomes_one_that_is_accepted(size: tuple[int, int]) -> None:
    across = min(size[0], int(size[1] * 0.7))
    data = portrait(size, (size[0] - across, size[1] - round(across * 733 / 550)), across)

    mended = repaired(8, data)

    with opened(mended) as image:
        assert (image.format, image.size) == ("JPEG", (550, 733))
    assert codes(8, mended) == set()


def test_around_a_found_face_the_crop_is_a_portrait() -> None:
    data = portrait((2400, 3200), (300, 800), 900)
    read = rule(8).read(data).image
    # The drawn face, where a detector finds it, in pixels of the picture as it is read.
    ratio = read.width / 2400
    left, top, right, bottom = (round(v * ratio) for v in (600, 1180, 900, 1480))

    mended = repaired(8, data, face=(left, top, right, bottom))

    with opened(mended) as image:
        row = image.convert("L").crop((0, 200, 550, 201)).tobytes()
        hair = [x for x, level in enumerate(row) if level < 110]
        assert hair, "the head is in the upper half"
        assert 200 < (hair[0] + hair[-1]) / 2 < 350


def test_the_day_a_photo_was_taken_survives_the_crop() -> None:
    exif = Image.Exif()
    exif[0x8769] = {0x9003: "2026:09:01 10:00:00"}
    buffer = io.BytesIO()
    opened(samples.photo(0)).resize((1100, 1600)).save(buffer, "JPEG", exif=exif)

    mended = repaired(8, buffer.getvalue())

    report = check(8, mended)
    assert report.picture is not None
    assert report.picture.taken_on == date(2026, 9, 1)


def test_a_small_photo_is_not_blown_up() -> None:
    with pytest.raises(CannotRepair, match="原图太小，裁剪后只有约300像素宽"):
        repaired(8, jpeg(opened(samples.photo(0)).resize((300, 400))))


def test_a_coloured_background_stays_and_is_refused() -> None:
    blue = Image.new("RGB", (1100, 1466), (60, 110, 190))
    blue.paste(opened(samples.photo(0)).resize((700, 933)).crop((120, 60, 580, 933)), (320, 560))

    mended = repaired(8, jpeg(blue))

    assert codes(8, mended) == {"background_not_white"}


@pytest.mark.parametrize("ground", [(205, 200, 188), (250, 250, 250), (170, 180, 190)])
def test_a_signature_on_any_paper_becomes_black_on_white(ground: tuple[int, int, int]) -> None:
    paper = Image.new("RGB", (2200, 1400), ground)
    ink = Image.new("RGB", paper.size, (60, 60, 70))
    strokes = opened(samples.signature("张样例", 1)).convert("L").point(lambda v: 255 - v)
    mask = Image.new("L", paper.size, 0)
    mask.paste(strokes.resize((1500, 764)), (40, 30))
    paper.paste(ink, mask=mask.filter(ImageFilter.GaussianBlur(1)))

    mended = repaired(9, jpeg(paper))

    with opened(mended) as image:
        assert image.size == (550, 280)
    assert check(9, mended).accepted


@pytest.mark.parametrize(("pen", "is_taken"), [((190, 30, 40), False), ((30, 50, 170), True)])
def test_red_ink_is_not_made_black_and_blue_is(pen: tuple[int, int, int], is_taken: bool) -> None:
    """A seal would pass for strokes; of blue ink the officer is only warned."""
    paper = Image.new("RGB", (1600, 900), "white")
    strokes = opened(samples.signature("张样例", 1)).convert("L").point(lambda v: 255 - v)
    mask = Image.new("L", paper.size, 0)
    mask.paste(strokes.resize((1200, 611)), (200, 140))
    paper.paste(Image.new("RGB", paper.size, pen), mask=mask)

    if is_taken:
        assert check(9, repaired(9, jpeg(paper))).accepted
    else:
        with pytest.raises(CannotRepair, match="红色或其他颜色的笔迹、印章"):
            repaired(9, jpeg(paper))


def test_a_blank_sheet_has_no_signature_to_crop() -> None:
    with pytest.raises(CannotRepair, match="没有在图片里找到签名的笔迹"):
        repaired(9, jpeg(Image.new("RGB", (1200, 800), (230, 228, 220))))


def test_a_passport_scan_gets_under_a_megabyte_and_stays_legible() -> None:
    scan = opened(samples.passport(journey.PERSON)).resize((3400, 2400))
    noise = Image.effect_noise(scan.size, 60).convert("RGB")
    data = jpeg(Image.blend(scan, noise, 0.1), 98)
    assert len(data) > 1_048_576

    mended = repaired(10, data)

    assert len(mended) < 1_048_576
    with opened(mended) as image:
        assert image.width >= 1600
    assert codes(10, mended) == set()


def test_what_cannot_be_mended_is_not_offered() -> None:
    assert "background_not_white" not in rule(8).codes
    assert "passport_expired" not in rule(10).codes
    assert {kind.number for kind in CATALOGUE if kind.repair} == {8, 9, 10}


def test_a_drawn_frame_line_at_the_edge_does_not_hide_the_signature() -> None:
    sheet = opened(samples.signature("样例", 2)).resize((1100, 560))
    ImageDraw.Draw(sheet).rectangle((0, 0, 1099, 559), outline=(30, 30, 30), width=3)

    assert codes(9, repaired(9, jpeg(sheet))) == set()
