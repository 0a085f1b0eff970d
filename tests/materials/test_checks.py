import io
from datetime import date
from functools import cache

import pytest
from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from materials import samples
from materials.catalogue import UnknownMaterial
from materials.checks import check
from materials.findings import MaterialFacts
from tests.applications.people import COMPANY, PERSON
from tests.files.pictures import gradient, jpeg, png

TODAY = date(2026, 11, 23)
RECENT = date(2026, 11, 1)


def opened(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


def saved(image, **options):
    return jpeg(image, **options)


def dated(image, stamp="2026:11:01 09:00:00", orientation=1):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: stamp}
    return jpeg(image, exif=exif)


def problems(kind, data, **options):
    return [finding.code for finding in check(kind, data, today=TODAY, **options).problems]


def warnings(kind, data, **options):
    report = check(kind, data, today=TODAY, **options)
    assert report.accepted, report.problems
    return [finding.code for finding in report.warnings]


@cache
def portrait(look=0):
    return opened(samples.photo(look))


def on_background(background, look=0):
    """The drawn person before another wall."""
    person = portrait(look)
    picture = background.copy()
    picture.paste(person, mask=person.convert("L").point(lambda value: 0 if value > 240 else 255))
    return picture


# Photo


@pytest.mark.parametrize("look", range(12))
def test_a_drawn_portrait_on_white_is_accepted_without_a_word(look):
    assert warnings(8, samples.photo(look, taken_on=RECENT)) == []


def test_a_photo_of_other_pixels_is_told_both_sizes_and_nothing_else():
    report = check(8, saved(portrait().resize((600, 800))), today=TODAY)
    assert [finding.message for finding in report.problems] == [
        "照片应为宽550×高733像素，收到的是600×800像素。请裁剪后再上传。"
    ]
    assert report.warnings == ()


@pytest.mark.parametrize("size", [(549, 733), (550, 732), (551, 733), (550, 734), (1100, 1466)])
def test_a_photo_that_is_off_by_a_pixel_is_refused(size):
    assert problems(8, saved(portrait().resize(size))) == ["wrong_size"]


def test_a_photo_on_its_side_is_told_to_be_turned():
    report = check(8, saved(portrait().rotate(90, expand=True)), today=TODAY)
    assert "请旋转后再上传" in report.problems[0].message


def test_a_photo_that_only_a_mark_sets_upright_is_measured_upright_and_warned_of():
    lying = portrait().transpose(Image.Transpose.ROTATE_90)
    assert warnings(8, dated(lying, orientation=6)) == ["rotated_by_mark"]
    assert problems(8, dated(portrait(), orientation=6)) == ["wrong_size"]


def test_a_png_is_no_jpg_whatever_its_pixels():
    report = check(8, png(portrait()), today=TODAY)
    assert [finding.code for finding in report.problems] == ["not_jpeg"]
    assert "收到的是PNG图片" in report.problems[0].message


def test_a_black_and_white_photo_is_refused():
    assert problems(8, dated(portrait().convert("L"))) == ["not_colour"]
    assert problems(8, dated(portrait().convert("L").convert("RGB"))) == ["not_colour"]


def under_a_warm_lamp(image):
    """A print without colours, photographed in yellow light."""
    return ImageOps.colorize(image.convert("L"), "black", (255, 245, 232))


def test_a_black_and_white_print_is_not_made_colour_by_the_light_it_was_taken_in():
    assert "not_colour" in problems(8, dated(under_a_warm_lamp(portrait())))
    assert problems(10, saved(under_a_warm_lamp(passport()))) == ["not_colour"]


@pytest.mark.parametrize(
    ("wall", "word"),
    [
        ((67, 142, 219), "蓝"),
        ((210, 40, 50), "红"),
        ((200, 200, 200), "灰"),
        ((225, 238, 255), "蓝"),
        ((120, 170, 110), "绿"),
    ],
)
def test_a_coloured_or_grey_background_is_refused_by_name(wall, word):
    data = dated(on_background(Image.new("RGB", (550, 733), wall)))
    report = check(8, data, today=TODAY)
    assert [finding.code for finding in report.problems] == ["background_not_white"]
    assert f"边缘偏{word}" in report.problems[0].message


def test_a_busy_background_is_refused():
    wall = Image.new("RGB", (550, 733), "white")
    draw = ImageDraw.Draw(wall)
    for x in range(0, 550, 12):
        draw.line((x, 0, x, 733), fill=(196, 196, 196), width=6)
    assert problems(8, dated(on_background(wall))) == ["background_busy"]


def test_an_off_white_wall_is_accepted():
    wall = Image.new("RGB", (550, 733), (245, 243, 240))
    assert warnings(8, dated(on_background(wall))) == []


def test_a_soft_shadow_on_one_side_is_only_a_warning():
    shade = Image.linear_gradient("L").rotate(90).resize((550, 733)).point(lambda v: 212 + v // 6)
    wall = Image.merge("RGB", (shade, shade, shade))
    assert warnings(8, dated(on_background(wall))) == ["background_uneven"]


def test_a_blank_photo_is_refused():
    assert problems(8, dated(Image.new("RGB", (550, 733), "white"))) == ["photo_blank"]


def test_a_blurred_photo_is_a_warning_since_a_machine_may_err():
    assert warnings(8, dated(portrait().filter(ImageFilter.GaussianBlur(5)))) == ["photo_blurred"]


def test_the_noise_of_a_dark_room_does_not_pass_for_sharpness():
    blurred = portrait().filter(ImageFilter.GaussianBlur(5))
    noise = Image.merge("RGB", [Image.effect_noise(blurred.size, 16)] * 3)
    assert warnings(8, dated(ImageChops.add(blurred, noise, offset=-128))) == ["photo_blurred"]
    page = passport().filter(ImageFilter.GaussianBlur(5))
    noise = Image.merge("RGB", [Image.effect_noise(page.size, 8)] * 3)
    assert "passport_blurred" in warnings(10, saved(ImageChops.add(page, noise, offset=-128)))


def test_a_photo_older_than_six_months_by_its_own_date_is_refused():
    assert warnings(8, dated(portrait(), "2026:05:23 09:00:00")) == []
    report = check(8, dated(portrait(), "2026:05:22 09:00:00"), today=TODAY)
    assert "拍摄日期是2026年5月22日，已超过6个月" in report.problems[0].message


def test_a_photo_without_a_date_asks_for_a_confirmation():
    assert warnings(8, samples.photo(0)) == ["photo_date_unknown"]
    assert warnings(8, samples.photo(0), facts=MaterialFacts(taken_recently=True)) == []


def test_a_photo_from_the_future_asks_like_one_without_a_date():
    future = dated(portrait(), "2027:01:01 09:00:00")
    assert warnings(8, future) == ["photo_date_in_future"]
    assert warnings(8, future, facts=MaterialFacts(taken_recently=True)) == []
    old = dated(portrait(), "2026:05:22 09:00:00")
    assert problems(8, old, facts=MaterialFacts(taken_recently=True)) == ["photo_too_old"]


# Signature


@cache
def signature():
    return opened(samples.signature("林晓岚"))


@pytest.mark.parametrize("name", ["周敏", "林晓岚", "欧阳明远", "向一", "龘靐齉"])
def test_a_drawn_signature_is_accepted(name):
    assert warnings(9, samples.signature(name, 3)) == []


@pytest.mark.parametrize("size", [(550, 275), (1100, 560), (560, 280), (280, 550)])
def test_a_signature_of_other_pixels_is_refused_though_its_ratio_may_be_right(size):
    assert problems(9, saved(signature().resize(size))) == ["wrong_size"]


def test_a_blank_signature_is_refused():
    assert problems(9, saved(Image.new("RGB", (550, 280), "white"))) == ["signature_blank"]


def test_a_speck_of_dust_is_no_signature():
    paper = Image.new("RGB", (550, 280), "white")
    paper.paste((0, 0, 0), (200, 100, 212, 112))
    assert problems(9, saved(paper)) == ["signature_blank"]


def test_a_solid_block_is_refused():
    paper = Image.new("RGB", (550, 280), "white")
    paper.paste((0, 0, 0), (60, 40, 490, 240))
    assert problems(9, saved(paper)) == ["signature_solid"]


def test_an_all_black_picture_is_refused():
    assert "ground_not_white" in problems(9, saved(Image.new("RGB", (550, 280), "black")))


def test_pale_ink_is_refused():
    pale = signature().point(lambda value: 172 + value * 82 // 255)
    assert problems(9, saved(pale)) == ["ink_pale"]
    paler = signature().point(lambda value: 215 + value * 40 // 255)
    assert problems(9, saved(paler)) == ["ink_pale"]


def test_a_grey_or_coloured_ground_is_refused():
    grey = signature().point(lambda value: value * 190 // 255)
    assert problems(9, saved(grey)) == ["ground_not_white"]
    red, green, blue = signature().split()
    yellow = Image.merge("RGB", (red, green, blue.point(lambda value: value * 200 // 255)))
    report = check(9, saved(yellow), today=TODAY)
    assert "底色带有颜色" in report.problems[0].message


def test_a_slightly_grey_ground_is_a_warning():
    grey = signature().point(lambda value: value * 228 // 255)
    assert warnings(9, saved(grey)) == ["ground_uneven"]


def test_blue_ink_is_dark_enough_but_black_was_asked_for():
    blue = ImageOps.colorize(signature().convert("L"), (20, 40, 150), (255, 255, 255))
    assert warnings(9, saved(blue)) == ["ink_blue"]


def test_red_ink_and_a_stamp_beside_the_signature_are_refused():
    red = ImageOps.colorize(signature().convert("L"), (190, 30, 40), (255, 255, 255))
    assert problems(9, saved(red)) == ["ink_coloured"]
    stamped = signature().copy()
    ImageDraw.Draw(stamped).ellipse((330, 60, 500, 230), outline=(210, 40, 40), width=6)
    assert problems(9, saved(stamped)) == ["ink_coloured"]


def ruled(level, angle):
    """The signature on paper with lines, as it lies on the scanner's glass."""
    paper = Image.new("RGB", (750, 480), (252, 252, 252))
    draw = ImageDraw.Draw(paper)
    for y in range(10, 480, 44):
        draw.line((0, y, 750, y), fill=(level, level, level), width=2)
    paper = paper.rotate(angle, Image.Resampling.BICUBIC).crop((100, 100, 650, 380))
    return ImageChops.darker(paper, signature())


@pytest.mark.parametrize("level", [200, 230])
@pytest.mark.parametrize("angle", [0, 1, -2])
def test_lines_under_a_signature_are_refused_however_pale_and_askew(level, angle):
    assert "ground_ruled" in problems(9, saved(ruled(level, angle)))


def test_a_long_level_stroke_is_no_ruled_line():
    paper = Image.new("RGB", (550, 280), "white")
    ImageDraw.Draw(paper).line((20, 140, 530, 136), fill="black", width=9)
    assert warnings(9, saved(paper)) == []


def test_a_shadow_over_half_of_the_paper_is_called_a_shadow_and_not_ink():
    shade = Image.new("L", (550, 280), 0)
    ImageDraw.Draw(shade).polygon([(330, 0), (550, 0), (550, 280), (420, 280)], fill=110)
    shade = shade.filter(ImageFilter.GaussianBlur(25))
    paper = ImageChops.subtract(signature(), Image.merge("RGB", (shade, shade, shade)))
    report = check(9, saved(paper), today=TODAY)
    assert [finding.code for finding in report.problems] == ["ground_not_white"]
    assert "底色有阴影" in report.problems[0].message


def test_specks_of_dust_at_the_edge_are_not_strokes_that_touch_it():
    paper = signature().copy()
    draw = ImageDraw.Draw(paper)
    for x, y in ((0, 40), (548, 200), (300, 278), (120, 0), (30, 20)):
        draw.rectangle((x, y, x + 1, y + 1), fill=(60, 60, 60))
    assert warnings(9, saved(paper, quality=98, subsampling=0)) == []


@pytest.mark.parametrize("shift", [(-60, 0), (60, 0), (0, -60), (0, 60)])
def test_strokes_that_run_off_the_edge_are_refused(shift):
    paper = Image.new("RGB", (550, 280), "white")
    paper.paste(signature(), shift)
    assert problems(9, saved(paper)) == ["touches_edge"]


def test_a_scanned_frame_counts_as_touching_the_edge():
    framed = ImageOps.expand(signature().crop((2, 2, 548, 278)), 2, (10, 10, 10))
    assert problems(9, saved(framed)) == ["touches_edge"]


def test_a_tiny_signature_is_a_warning():
    paper = Image.new("RGB", (550, 280), "white")
    paper.paste(signature().resize((165, 84)), (190, 100))
    assert "signature_small" in warnings(9, saved(paper))


def test_a_thin_or_crowded_signature_is_a_warning():
    paper = Image.new("RGB", (550, 280), "white")
    ImageDraw.Draw(paper).line((60, 140, 490, 120), fill="black", width=3)
    assert warnings(9, saved(paper)) == ["signature_thin"]
    crowded = Image.new("RGB", (550, 280), "white")
    # The strokes begin 46 pixels from the left.
    crowded.paste(signature(), (-41, 0))
    assert warnings(9, saved(crowded)) == ["close_to_edge"]


# Passport


@cache
def passport():
    return opened(samples.passport(PERSON))


def test_a_drawn_passport_with_a_long_term_is_accepted():
    facts = MaterialFacts(passport_expires_on=date(2035, 3, 1))
    assert warnings(10, samples.passport(PERSON), facts=facts) == []


def test_a_passport_of_a_megabyte_is_refused_and_one_byte_less_is_not():
    data = samples.passport(PERSON)
    # Application segments fill the file up without touching the picture.
    filled = data[:2]
    missing = 1_048_576 - len(data)
    while missing:
        part = min(missing, 60_000) if missing - min(missing, 60_000) not in (1, 2, 3) else 50_000
        filled += b"\xff\xeb" + (part - 2).to_bytes(2) + b"x" * (part - 4)
        missing -= part
    filled += data[2:]
    assert len(filled) == 1_048_576
    report = check(10, filled, today=TODAY)
    assert [finding.code for finding in report.problems] == ["over_1_mb"]
    assert "（1048576字节）" in report.problems[0].message
    start = filled.index(b"x" * 100)
    length = int.from_bytes(filled[start - 2 : start])
    shorter = filled[: start - 2] + (length - 1).to_bytes(2) + filled[start + 1 :]
    assert len(shorter) == 1_048_575
    assert check(10, shorter, today=TODAY).accepted


def test_a_grey_passport_scan_is_refused():
    assert problems(10, saved(passport().convert("L"))) == ["not_colour"]


def test_a_blank_passport_scan_is_refused():
    assert problems(10, saved(Image.new("RGB", (1200, 850), (230, 220, 210)))) == ["passport_blank"]


def test_a_small_or_blurred_passport_scan_is_a_warning():
    assert "passport_small" in warnings(10, saved(passport().resize((700, 493))))
    blurred = passport().filter(ImageFilter.GaussianBlur(5))
    assert "passport_blurred" in warnings(10, saved(blurred))


def test_everything_that_is_wrong_with_a_passport_is_told_at_once():
    facts = MaterialFacts(passport_expires_on=date(2027, 1, 1))
    noisy = Image.effect_noise((1600, 1130), 120).convert("RGB")
    data = saved(noisy, quality=98)
    assert len(data) > 1_048_576
    assert problems(10, data, facts=facts) == ["over_1_mb", "not_colour", "passport_expires_soon"]


@pytest.mark.parametrize(
    ("expires_on", "expected"),
    [
        (date(2026, 11, 22), ["passport_expired"]),
        (date(2026, 11, 23), ["passport_expires_soon"]),
        (date(2027, 11, 22), ["passport_expires_soon"]),
        (date(2027, 11, 23), []),
    ],
)
def test_a_passport_needs_a_whole_year(expires_on, expected):
    facts = MaterialFacts(passport_expires_on=expires_on)
    assert problems(10, samples.passport(PERSON), facts=facts) == expected


@pytest.mark.parametrize(
    ("expires_on", "expected"),
    [(date(2032, 5, 22), ["passport_term_short"]), (date(2032, 5, 23), [])],
)
def test_less_than_five_and_a_half_years_is_a_warning(expires_on, expected):
    facts = MaterialFacts(passport_expires_on=expires_on)
    assert warnings(10, samples.passport(PERSON), facts=facts) == expected


def facts_of_zone(**changes):
    typed = {
        "surname": "LIN",
        "given_names": "XIAOLAN",
        "passport_number": "EZ9990001",
        "birth_date": date(1988, 5, 6),
        "sex": "F",
        "passport_expires_on": date(2035, 3, 1),
        "mrz_text": "POCHNLIN<<XIAOLAN<<<<<<<<<<<<<<<<<<<<<<<<<<<\n"
        "EZ99900013CHN8805061F3503018<<<<<<<<<<<<<<08",
    }
    return MaterialFacts(**{**typed, **changes})


def test_a_zone_that_agrees_with_what_was_typed_says_nothing():
    assert warnings(10, samples.passport(PERSON), facts=facts_of_zone()) == []


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"passport_number": "EZ9990002"}, "number_differs", "“EZ9990001”，填写的是“EZ9990002”"),
        ({"surname": "LING"}, "surname_differs", "“LIN”，填写的是“LING”"),
        ({"given_names": "XIAONAN"}, "given_names_differs", "“XIAOLAN”"),
        ({"birth_date": date(1988, 6, 5)}, "birth_date_differs", "“1988年5月6日”"),
        ({"sex": "M"}, "sex_differs", "“女”，填写的是“男”"),
        ({"passport_expires_on": date(2035, 3, 2)}, "expires_on_differs", "“2035年3月2日”"),
    ],
)
def test_each_difference_from_the_zone_is_shown_beside_the_other(change, code, words):
    report = check(10, samples.passport(PERSON), facts=facts_of_zone(**change), today=TODAY)
    assert [finding.code for finding in report.problems] == [code]
    assert words in report.problems[0].message


# The names fill their 39 places, and the rest of them was left out.
CUT_ZONE = (
    "POCHNABUDUREHEMAN<<MUHETAERJIANGABUDUKELIMUJ\nEZ99900013CHN8805061F3503018<<<<<<<<<<<<<<08"
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("MUHETAERJIANGABUDUKELIMUJIANG", []),
        ("MUHETAERJIANG ABUDUKELIMUJIANG", []),
        ("MUHETAERJIANGABUDUKELIMUJ", []),
        ("XIAOLAN", ["given_names_unsure"]),
    ],
)
def test_a_name_that_the_zone_cut_agrees_by_its_beginning_and_never_bars(typed, found):
    facts = facts_of_zone(mrz_text=CUT_ZONE, surname="ABUDUREHEMAN", given_names=typed)
    assert warnings(10, samples.passport(PERSON), facts=facts) == found


def test_a_zone_that_cannot_be_read_is_a_warning():
    assert warnings(10, samples.passport(PERSON), facts=facts_of_zone(mrz_text="模糊")) == [
        "zone_unreadable"
    ]


def test_a_field_whose_check_digit_fails_is_not_compared():
    misread = facts_of_zone().mrz_text.replace("EZ9990001", "EZ9990007")
    assert warnings(10, samples.passport(PERSON), facts=facts_of_zone(mrz_text=misread)) == [
        "zone_unsure"
    ]


# Pages


@pytest.mark.parametrize("kind", range(1, 8))
@pytest.mark.parametrize("make", [jpeg, png])
def test_every_other_material_takes_jpg_and_png(kind, make):
    assert warnings(kind, make(gradient(900, 1200))) == []


def test_a_blank_or_small_page_is_only_a_warning():
    assert warnings(1, png(Image.new("RGB", (300, 400), "white"))) == ["page_blank", "page_small"]


def test_a_strip_of_one_pixel_is_measured_without_a_fault():
    assert "page_small" in warnings(1, png(Image.new("RGB", (1, 700), "white")))
    assert problems(10, jpeg(gradient(2, 1500))) != ["corrupt"]


def test_a_jpg_whose_data_ran_out_behind_a_right_end_mark_is_a_warning():
    data = jpeg(gradient(900, 1200))
    assert warnings(1, data[: len(data) // 2] + b"\xff\xd9") == ["maybe_cut_off"]


@pytest.mark.parametrize("kind", range(1, 8))
def test_a_pdf_is_refused_with_the_way_to_a_picture(kind):
    report = check(kind, b"%PDF-1.7\n", today=TODAY)
    assert [finding.code for finding in report.problems] == ["pdf"]
    assert "逐页转成图片" in report.problems[0].message


def test_social_insurance_counts_six_months_by_the_date_typed():
    page = jpeg(gradient(900, 1200))
    assert warnings(7, page, facts=MaterialFacts(insured_since=date(2026, 5, 23))) == []
    assert problems(7, page, facts=MaterialFacts(insured_since=date(2026, 5, 24))) == [
        "insured_too_short"
    ]


@pytest.mark.parametrize("number", range(1, 11))
def test_every_drawn_sample_passes_its_check(number):
    for page in samples.material(number, person=PERSON, company=COMPANY, day=RECENT):
        assert warnings(number, page) == []


# The report


def test_a_report_becomes_the_json_that_others_read():
    report = check(9, saved(Image.new("RGB", (10, 10), "white")), today=TODAY)
    assert report.as_json() == {
        "accepted": False,
        "problems": [
            {
                "code": "wrong_size",
                "message": "签名应为宽550×高280像素，收到的是10×10像素。请裁剪后再上传。",
            }
        ],
        "warnings": [],
    }
    assert report.picture is not None
    assert (report.picture.width, report.picture.height) == (10, 10)


def test_a_file_above_the_portals_limit_is_refused(settings):
    settings.MAX_UPLOAD_BYTES = 2000
    assert problems(1, jpeg(gradient(900, 1200))) == ["too_large"]


@pytest.mark.parametrize("kind", [0, 11])
def test_a_kind_outside_the_annex_is_an_error_of_the_caller(kind):
    with pytest.raises(UnknownMaterial):
        check(kind, b"")
