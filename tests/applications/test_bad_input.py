"""What hostile and broken uploads leave behind: a sentence, and nothing else.

What each of them costs is measured by `script/bench hostile`.
"""

import pytest

from files.models import Recognition, StoredFile
from tests.files.hostile import HOSTILE, NAME
from tests.files.pictures import gradient, jpeg
from tests.files.sending import multipart

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::UserWarning:PIL")]

REFUSED = [kind for kind, trick in HOSTILE.items() if trick.codes]
# Where a JPG of exact pixels is wanted, a picture has to get past other rules.
ON_THE_PHOTO = [
    "nothing",
    "web page",
    "moving png",
    "archive behind a picture",
    "print colours",
    "16 bits",
    "jpg of 50000 by 50000",
    "pdf of 500 pages",
    "pdf with a password",
    "name of 300 characters",
    "name that runs backwards",
]


@pytest.fixture
def send(draft, agent, client_of):
    client = client_of(agent)

    def post(data, name=NAME, number=5):
        address = f"/applications/{draft.pk}/materials/{number}/upload/"
        body, content_type = multipart(name, data)
        return client.generic("POST", address, body, content_type=content_type)

    return post


def assert_refused(answer, trick):
    assert answer.status_code == 422
    [judgement] = answer.context["judgements"]
    assert judgement.taken == 0
    assert set(judgement.codes) & set(trick.codes)
    assert all(problem.endswith("。") for problem in judgement.problems)
    assert all(kept.original_name.startswith("材料") for kept in StoredFile.objects.all())
    assert Recognition.objects.count() == 0


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_in_words_and_not_kept(send, kind):
    trick = HOSTILE[kind]
    assert_refused(send(trick.make(), trick.name), trick)


@pytest.mark.parametrize("kind", ON_THE_PHOTO)
def test_a_photo_of_that_kind_is_refused_as_well(send, kind):
    trick = HOSTILE[kind]
    assert_refused(send(trick.make(), trick.name, number=8), trick)


@pytest.mark.parametrize("kind", [kind for kind, trick in HOSTILE.items() if not trick.codes])
def test_what_only_looks_dangerous_is_passed_over_or_refused_but_never_stops_the_page(send, kind):
    assert send(HOSTILE[kind].make()).status_code in (302, 422)


def test_a_name_with_a_folder_before_it_is_kept_without(send):
    picture = jpeg(gradient(900, 900))
    assert send(picture, name="C:\\" + "夹" * 300 + "\\照片.jpg").status_code == 302
    [kept] = [one for one in StoredFile.objects.all() if one.original_name == "照片.jpg"]
    assert kept.size == len(picture)


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u200d"])
def test_a_harmless_mark_in_a_name_is_left_away(send, mark):
    assert send(jpeg(gradient(900, 900)), name=f"照片{mark}.jpg").status_code == 302
    assert "照片.jpg" in {kept.original_name for kept in StoredFile.objects.all()}
