import io
import subprocess

import pytest
from PIL import Image

from materials import samples
from materials.samples import fonts, photo
from tests.applications.people import COMPANY, PERSON


def test_the_same_look_is_drawn_the_same_and_another_is_not():
    assert photo(3) == photo(3)
    assert len({photo(look) for look in range(12)}) == 12


def test_a_passport_carries_its_holders_face_and_its_size():
    image = Image.open(io.BytesIO(samples.passport(PERSON)))
    assert image.size == (1250, 880)


@pytest.mark.parametrize(("number", "pages"), [(1, 2), (2, 1), (4, 2), (7, 1)])
def test_a_material_has_as_many_pages_as_its_documents(number, pages, today):
    drawn = samples.material(number, person=PERSON, company=COMPANY, day=today)
    assert len(drawn) == pages


@pytest.fixture
def today():
    return PERSON.passport_expires_on.replace(year=2026)


@pytest.fixture
def forget_fonts():
    fonts.font.cache_clear()
    fonts._any_chinese_face.cache_clear()
    yield
    fonts.font.cache_clear()
    fonts._any_chinese_face.cache_clear()


NOWHERE = (("/nonexistent/face.ttf", 0),)


@pytest.mark.usefixtures("forget_fonts")
def test_another_chinese_face_is_found_through_fontconfig():
    assert fonts.font(NOWHERE, 20).getlength("样例") > 20


@pytest.mark.usefixtures("forget_fonts")
@pytest.mark.parametrize("answer", ["", None])
def test_without_a_chinese_face_the_message_says_what_to_install(monkeypatch, answer):
    def fc_list(*arguments, **options):
        if answer is None:
            raise FileNotFoundError("fc-list")
        return subprocess.CompletedProcess(arguments, 0, stdout=answer)

    monkeypatch.setattr("subprocess.run", fc_list)
    with pytest.raises(fonts.FontMissing, match="fonts-noto-cjk"):
        fonts.font(NOWHERE, 20)
