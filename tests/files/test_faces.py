import io
import sys
from typing import Any

import pytest
from PIL import Image

from files.faces import find_face
from files.recognition_packages import is_available
from materials import samples

needs_detector = pytest.mark.skipif(
    not is_available(), reason="the packages of recognition are not installed"
)


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


@needs_detector
def test_the_face_of_a_portrait_is_found_in_its_upper_half() -> None:
    found = find_face(samples.photo(0))

    assert found is not None
    (left, top, right, bottom), (width, height) = found
    assert (width, height) == (550, 733)
    assert left < 275 < right
    assert top < 733 * 0.45 < bottom


@needs_detector
def test_two_faces_are_none_to_go_by() -> None:
    pair = Image.new("RGB", (1100, 733))
    for place, look in enumerate((0, 1)):
        pair.paste(Image.open(io.BytesIO(samples.photo(look))), (place * 550, 0))

    assert find_face(jpeg(pair)) is None


@pytest.mark.parametrize("data", [b"", b"hello", jpeg(Image.new("RGB", (400, 400), "white"))])
def test_where_there_is_no_face_there_is_none(data: bytes) -> None:
    assert find_face(data) is None


def test_without_the_packages_there_is_none(settings: Any) -> None:
    settings.RECOGNITION = "off"

    assert find_face(samples.photo(0)) is None


def test_a_program_that_fails_is_named_in_the_log(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.RECOGNITION = "on"
    failing = [sys.executable, "-c", "raise SystemExit('out of memory')"]
    monkeypatch.setattr("files.faces.FINDER", failing)

    assert find_face(samples.photo(0)) is None
    assert "找人脸的程序失败（1），按画面裁剪：out of memory" in caplog.text
