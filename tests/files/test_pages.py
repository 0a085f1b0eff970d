import io
import subprocess
import sys
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from files.pages import needs_pages, to_pages
from files.pictures import read_picture
from files.refusals import FileRefused, PagesRefused
from tests.files.pictures import gradient, heic, jpeg, pdf, xfa

LIMIT = 10 * 1024 * 1024


def locked(data):
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(data), strict=False))
    writer.encrypt(owner_pass="owner", user_pass="secret")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def refusal(data):
    started = time.perf_counter()
    with pytest.raises(PagesRefused) as caught:
        to_pages(data, max_bytes=LIMIT)
    assert time.perf_counter() - started < 2
    return caught.value


def test_each_page_of_a_pdf_becomes_a_jpg_at_200_dpi():
    # 595×842 points are a sheet of A4.
    pages = to_pages(pdf(gradient(595, 842), gradient(842, 595)), max_bytes=LIMIT)
    pictures = [read_picture(page, formats=("JPEG",)) for page in pages]
    assert [(p.width, p.height) for p in pictures] == [(1653, 2339), (2339, 1653)]


def test_a_page_as_large_as_a_poster_is_kept_within_bounds():
    (page,) = to_pages(pdf(Image.new("L", (20, 20), 99), resolution=0.2), max_bytes=LIMIT)
    picture = read_picture(page)
    assert picture.width * picture.height <= 12_100_000


def test_a_heic_photo_becomes_an_upright_jpg_that_keeps_its_day():
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: "2026:11:01 09:00:00"}
    data = heic(gradient(640, 480), exif=exif.tobytes())
    assert needs_pages(data)
    (page,) = to_pages(data, max_bytes=LIMIT)
    picture = read_picture(page)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 640, 480)
    assert picture.taken_on == date(2026, 11, 1)
    assert picture.orientation == 1


def test_five_hundred_pages_are_refused():
    answer = refusal(pdf(*[Image.new("1", (10, 10))] * 500))
    assert answer.code == "too_many_pages"
    assert "超过50页" in answer.message


def test_a_password_is_said_to_be_in_the_way():
    assert refusal(locked(pdf(gradient()))).code == "pdf_locked"


@pytest.mark.parametrize("says_so", [True, False])
def test_a_form_that_only_says_please_wait_is_refused_in_words(says_so):
    answer = refusal(xfa(says_so=says_so))
    assert answer.code == "pdf_only_a_notice"
    assert "动态表单（XFA）" in answer.message
    assert "Please wait" in answer.message


def test_a_form_in_xfa_whose_pages_show_it_is_taken():
    (page,) = to_pages(xfa(says_so=False, words="Application form"), max_bytes=LIMIT)
    assert read_picture(page).width == 1653


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        pdf(gradient())[:300],
        heic(gradient(200, 100))[:200],
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    ],
    ids=["only a head", "half a pdf", "half a heic", "heic head"],
)
def test_a_broken_document_is_refused(data):
    assert refusal(data).code == "unreadable_document"


def test_anything_else_is_not_converted():
    assert not needs_pages(jpeg())
    assert "JPG图片" in refusal(jpeg()).message


def test_an_empty_or_oversized_document_is_refused():
    with pytest.raises(FileRefused, match="空的"):
        to_pages(b"", max_bytes=LIMIT)
    with pytest.raises(FileRefused, match="超过上限"):
        to_pages(pdf(gradient()), max_bytes=100)


@pytest.mark.parametrize("program", ["import os; os.abort()", "import time; time.sleep(60)", ""])
def test_a_renderer_that_dies_or_never_ends_is_a_refusal(monkeypatch, program):
    monkeypatch.setattr("files.pages.RENDERER", [sys.executable, "-c", program])
    monkeypatch.setattr("files.pages.TIMEOUT_SECONDS", 1)
    assert refusal(pdf(gradient())).code == "too_complex"


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_bent_document_gives_pictures_or_a_refusal(data):
    bent = bytearray(data.draw(st.sampled_from((pdf(gradient(60, 40)), heic(gradient(60, 40))))))
    for _ in range(data.draw(st.integers(1, 8))):
        bent[data.draw(st.integers(12, len(bent) - 1))] = data.draw(st.integers(0, 255))
    try:
        pages = to_pages(bytes(bent), max_bytes=LIMIT)
    except FileRefused as refused:
        pages = []
        outcome = refused.message
    else:
        outcome = "。"
    assert outcome.endswith("。")
    assert all(read_picture(page).media_type == "image/jpeg" for page in pages)


@pytest.mark.parametrize(("pages", "seconds"), [(1, 3), (5, 4), (30, 11), (50, 15)])
def test_a_document_may_compute_some_ten_times_as_long_as_a_genuine_one(pages, seconds):
    """A scan of one page takes half a second, of five one, of fifty ten."""
    told = (
        "import resource; from files import page_renderer as renderer;"
        "renderer.allow_in_all(renderer.CPU_SECONDS_TO_OPEN"
        f" + renderer.CPU_SECONDS_FOR_EACH * {pages});"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    assert int(subprocess.check_output([sys.executable, "-c", told])) == seconds
