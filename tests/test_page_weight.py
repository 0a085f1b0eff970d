"""What a page makes a phone fetch before it is drawn: styles and scripts, as they are sent."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory

pytestmark = pytest.mark.django_db
MOST_KIB = 60
BUILT = settings.BASE_DIR / "static" / "build"
IMPORTED = re.compile(r"""(?:^|[;}\s])(?:import|from)\s*["'](\./|\.\./)([^"']+)["']""")


def fetched(page: str) -> set[Path]:
    """The files that a page names, and those that its scripts import at once."""
    names = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page)
    waiting = [BUILT / name for name in names]
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop().resolve()
        if path not in seen:
            seen.add(path)
            if path.suffix == ".js":
                found = IMPORTED.findall(path.read_text())
                waiting += [path.parent / f"{start}{name}" for start, name in found]
    return seen


def kib(files: set[Path]) -> float:
    return sum(len(gzip.compress(path.read_bytes())) for path in files) / 1024


def names(files: set[Path]) -> set[str]:
    return {path.name for path in files}


@pytest.mark.parametrize("number", [1, 8, 9, 10])
def test_a_material_page_brings_the_cropper_only_when_somebody_crops(
    client_of: ClientOf, draft: Application, number: int
) -> None:
    url = reverse("applications:material", args=[draft.pk, number])
    page = client_of(draft.created_by).get(url).content.decode()
    files = fetched(page)
    assert "theme.css" in names(files)
    assert not {"cropper.js", "signature-pad.js"} & names(files)
    assert kib(files) < MOST_KIB


def test_the_opinion_page_is_light(client_of: ClientOf, tax_liaison: User) -> None:
    opinion = ReviewTableFactory.create().opinions.get(department__code="tax")
    url = reverse("reviews:opinion_edit", args=[opinion.pk])
    page = client_of(tax_liaison).get(url).content.decode()
    files = fetched(page)
    assert "theme.css" in names(files)
    assert "mending.css" not in names(files)
    assert kib(files) < MOST_KIB


def test_the_public_page_and_the_officers_desk_are_light(
    client: Client, client_of: ClientOf, officer: User
) -> None:
    for asked, path in [
        (client, reverse("home")),
        (client_of(officer), reverse("home")),
        (client_of(officer), reverse("outreach:desk")),
    ]:
        files = fetched(asked.get(path).content.decode())
        assert "theme.css" in names(files), path
        assert kib(files) < MOST_KIB, path
