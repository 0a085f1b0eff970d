"""A stored file that somebody altered is neither signed nor handed out."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from accounts.models import AuditEvent
from notices.models import Notice
from reviews.models import ReviewTable
from reviews.revisions import RevisionAltered, load
from reviews.services import opinions
from reviews.services.opinions import OpinionRefused
from tests.conftest import ClientOf
from tests.factories import path_of
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db


@pytest.fixture
def altered(circulated: ReviewTable) -> Path:
    """One byte of the stored base form is another."""
    path = path_of(circulated.newest_revision().file)
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    return path


def test_it_is_not_signed_and_the_officers_hear_of_it_once(
    station: Station, circulated: ReviewTable, altered: Path
) -> None:
    opinion = station.draft(circulated, "tax")
    for _ in range(2):
        with pytest.raises(OpinionRefused, match="存档文件与登记的不一致（加密校验不符）"):
            opinions.sign(opinion, by=station.liaisons["tax"])
    assert circulated.revisions.count() == 1
    notice = Notice.objects.get(recipient=station.officer, cause__endswith=":altered")
    assert notice.subject == "存档文件异常：万州ABTC审〔2026〕0001号"
    assert AuditEvent.objects.filter(action="revision.altered").exists()


def test_a_file_that_is_gone_is_named_as_such(circulated: ReviewTable, altered: Path) -> None:
    altered.unlink()
    with pytest.raises(RevisionAltered, match="文件打不开"):
        load(circulated.newest_revision())


@pytest.mark.parametrize("name", ["table.pdf", "table-1.jpg"])
def test_it_is_not_handed_out(
    circulated: ReviewTable, altered: Path, station: Station, client_of: ClientOf, name: str
) -> None:
    answer = client_of(station.officer).get(f"/reviews/tables/{circulated.pk}/{name}", follow=True)
    assert "存档文件与登记的不一致" in answer.text
    assert answer.redirect_chain[-1][0] == f"/reviews/tables/{circulated.pk}/"


def test_another_file_under_its_name_is_told_by_its_hash(circulated: ReviewTable) -> None:
    """Whoever has the keys of the files still cannot put another table in its place."""
    content = circulated.newest_revision().file.content
    content.storage.delete(str(content.name))
    content.storage.save(str(content.name), ContentFile(b"%PDF-1.7 another"))
    with pytest.raises(RevisionAltered, match="SHA-256不同"):
        load(circulated.newest_revision())
