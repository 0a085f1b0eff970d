"""The real models, on drawn pictures. Skipped where the optional packages are not installed."""

import io
from datetime import date

import pytest
from PIL import Image

from files.recognition import Reading, find_faces, read_text
from files.recognition_packages import is_available
from materials import samples
from materials.samples import Company, Person

pytestmark = [
    pytest.mark.skipif(not is_available(), reason="recognition packages are not installed"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

PERSON = Person(
    "方知行", "FANG", "ZHIXING", "M", date(1985, 3, 14), "销售部经理", "500101198503140117",
    "EJ7654321", date(2033, 6, 15), 1,
)  # fmt: skip
COMPANY = Company("重庆市万州区云阳桥样例有限公司", "91500101YYYY00012R")


def changed(data, change):
    buffer = io.BytesIO()
    change(Image.open(io.BytesIO(data))).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def texts(reading):
    return [line.text for line in reading.lines]


def test_the_zone_of_a_passport_is_read_character_by_character():
    lines = texts(read_text(samples.passport(PERSON)))
    assert "EJ76543211CHN8503149M3306150<<<<<<<<<<<<<<04" in lines
    assert any(line.endswith("CHNFANG<<ZHIXING" + "<" * 26) for line in lines)


def test_a_licence_upside_down_is_turned_and_read():
    scan = changed(samples.licence(COMPANY), lambda image: image.rotate(180))
    reading = read_text(scan)
    assert reading.turned == 180
    assert "91500101YYYY00012R" in texts(reading)


def test_a_blank_page_has_no_lines():
    assert read_text(changed(samples.photo(1), lambda i: Image.new("RGB", i.size, "white"))) == (
        Reading(550, 733, 0)
    )


@pytest.mark.parametrize("look", range(6))
def test_one_face_is_found_on_each_drawn_portrait(look):
    reading = find_faces(samples.photo(look))
    assert (len(reading.faces), reading.turned) == (1, 0)


def test_two_people_side_by_side_are_two_faces():
    def pair(image):
        both = Image.new("RGB", (1100, 733))
        both.paste(image, (0, 0))
        both.paste(image, (550, 0))
        return both

    assert len(find_faces(changed(samples.photo(1), pair)).faces) == 2


def test_a_portrait_on_its_side_is_found_turned():
    lying = changed(samples.photo(1), lambda image: image.rotate(90, expand=True))
    assert find_faces(lying).turned == 270


def test_what_was_read_survives_being_kept_as_json():
    reading = find_faces(samples.photo(1))
    assert Reading.from_json(reading.as_json()) == reading
