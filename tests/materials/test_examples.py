from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from materials.catalogue import CATALOGUE
from materials.examples import examples_for
from materials.reasons import REASONS
from materials.samples.examples import DRAWINGS, MOST_BYTES
from tests.files.pictures import gradient, jpeg

SOURCE = Path(__file__).parents[2] / "static" / "src"
EXAMPLES = {int(kind.number): kind.examples for kind in CATALOGUE}
ALL = {example.name: example for each in EXAMPLES.values() for example in each}


def test_every_material_has_a_good_example_and_a_bad_one():
    assert set(EXAMPLES) == set(range(1, 11))
    for examples in EXAMPLES.values():
        assert [example.is_good for example in examples].count(True) == 1
        assert len(examples) > 1


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_example_is_a_small_picture_that_is_there(name):
    path = SOURCE / ALL[name].file
    assert path.stat().st_size <= MOST_BYTES
    with Image.open(path) as image:
        assert image.format == "PNG"


def test_nothing_is_drawn_that_no_page_shows():
    assert set(DRAWINGS) == set(ALL)


def test_every_picture_of_a_usual_reason_belongs_to_its_materials():
    for reason in REASONS:
        for name in reason.pictures:
            assert any(name in [e.name for e in EXAMPLES[n]] for n in reason.numbers if n), reason


def test_what_was_found_just_now_comes_right_behind_the_good_one():
    first, second, *_ = examples_for(8, {"face_large"})
    assert first.example.is_good
    assert (second.example.name, second.is_it) == ("8-large", True)


@pytest.mark.django_db
def test_the_page_shows_examples_and_marks_the_one_that_was_refused(draft, agent, client_of):
    client = client_of(agent)
    page = client.get(f"/applications/{draft.pk}/materials/8/").content.decode()
    assert "example-8-good.png" in page
    assert "这次的问题" not in page
    wrong = SimpleUploadedFile("a.jpg", jpeg(gradient(600, 800)))
    answer = client.post(f"/applications/{draft.pk}/materials/8/upload/", {"files": wrong})
    assert answer.status_code == 422
    assert "这次的问题" in answer.content.decode()
