"""What hostile and broken uploads leave behind: a sentence, and nothing else."""

import io
import time

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from files.models import Recognition, StoredFile
from tests.files.pictures import (
    gradient,
    jpeg,
    jpeg_declaring,
    png,
    png_chunk,
    png_declaring,
    with_segment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::UserWarning:PIL")]

SECONDS = 2
EXIF_BOMB = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + b"\xff\xff" + b"\x87\x69\x00\x04" * 15_000
NASTY_NAME = "a" * 300 + "\u202egpj.exe\x00\x07/..\\照片.jpg"


def pdf(pages):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 200)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


HOSTILE = {
    "empty": b"",
    "text named jpg": "这不是图片".encode(),
    "page of script": b"<html><script>alert(1)</script></html>",
    "cmyk": jpeg(Image.new("CMYK", (900, 900))),
    "sixteen bits": png(Image.new("I;16", (900, 900))),
    "animated": png()[:33] + png_chunk(b"acTL", bytes(8)) + png()[33:],
    "jpeg of 50000 by 50000": jpeg_declaring(50_000, 50_000),
    "png of 50000 by 50000": png_declaring(50_000, 50_000),
    "script in a comment": with_segment(jpeg(), 0xFE, b"<script>alert(1)</script>"),
    "archive behind": jpeg() + b"PK\x05\x06" + bytes(18),
    "pdf behind": jpeg() + pdf(1),
    "half a picture": jpeg(gradient(900, 900))[:4000],
    "broken pdf": b"%PDF-1.7\n" + bytes(2000),
    "pdf of 500 pages": pdf(500),
    "over ten megabytes": b"\xff\xd8\xff\xe0" + bytes(11_000_000),
}


@pytest.fixture
def send(draft, agent, client_of):
    client = client_of(agent)
    client.get(f"/applications/{draft.pk}/materials/5/")  # what a first page loads is not measured

    def post(data, name="照片.jpg", number=5):
        address = f"/applications/{draft.pk}/materials/{number}/upload/"
        return client.post(address, {"files": SimpleUploadedFile(name, data)})

    return post


@pytest.mark.parametrize("number", [5, 8])
@pytest.mark.parametrize("trick", HOSTILE)
def test_it_is_refused_in_words_soon_and_not_kept(send, trick, number):
    started = time.perf_counter()
    answer = send(HOSTILE[trick], number=number)
    spent = time.perf_counter() - started
    assert answer.status_code == 422
    [judgement] = answer.context["judgements"]
    assert judgement.taken == 0
    assert all(problem.endswith("。") for problem in judgement.problems)
    assert not StoredFile.objects.filter(original_name="照片.jpg").exists()
    assert Recognition.objects.count() == 0
    # The whole request on a busy machine; the refusal itself takes a small part of it.
    assert spent < SECONDS * 2


def test_a_bomb_of_exif_is_passed_over_or_refused_but_never_stops_the_page(send):
    answer = send(with_segment(jpeg(gradient(900, 900)), 0xE1, EXIF_BOMB[:65_000]))
    assert answer.status_code in (302, 422)


def test_a_name_of_control_characters_is_kept_as_words(send):
    assert send(jpeg(gradient(900, 900)), name=NASTY_NAME).status_code == 302
    name = StoredFile.objects.get().original_name
    assert len(name) <= 120
    assert not set(name) & set("\u202e\x00\x07/\\")
