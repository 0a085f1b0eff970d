"""What is said of a picture before its upload, what is offered after, and what may be picked."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import AuditEvent, User
from applications.models import Application, MaterialPage, Repair
from files.models import StoredFile
from materials import samples
from reviews.scan_forms import ScanForm
from tests.conftest import ClientOf
from tests.factories import picture


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    """The agent's."""
    return client_of(agent)


def sent(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("图.jpg", data, "image/jpeg")


def large() -> bytes:
    """A photo that only has to be cropped."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(samples.photo(1))).resize((900, 1200)).save(buffer, "JPEG")
    return buffer.getvalue()


class TestTheCheckBefore:
    @pytest.mark.parametrize(
        ("number", "data", "accepted", "words"),
        [
            (8, samples.photo(1), True, ""),
            # Of the right pixels, and nothing is on it.
            (8, picture(8), False, "看不到人像"),
            (9, samples.signature("张样例"), True, ""),
            (9, picture(9), False, "签名"),
        ],
    )
    def test_says_what_the_upload_would_and_keeps_nothing(
        self,
        client: Client,
        draft: Application,
        number: int,
        data: bytes,
        accepted: bool,
        words: str,
    ) -> None:
        where = f"/applications/{draft.pk}/materials/{number}"

        before = client.post(f"{where}/check/", {"files": sent(data)}).json()["files"][0]
        assert StoredFile.objects.count() == 0
        assert not AuditEvent.objects.filter(action__startswith="material.").exists()
        after = client.post(
            f"{where}/upload/", {"files": sent(data)}, headers={"Accept": "application/json"}
        ).json()["files"][0]

        assert before["accepted"] is accepted
        assert words in "".join(before["problems"])
        assert (before["problems"], before["warnings"]) == (after["problems"], after["warnings"])

    def test_of_a_locked_material_says_so(self, client: Client, submitted: Application) -> None:
        where = f"/applications/{submitted.pk}/materials/8/check/"
        (file,) = client.post(where, {"files": sent(samples.photo(1))}).json()["files"]
        assert not file["accepted"]
        assert "现在不能修改" in file["problems"][0]

    def test_is_there_for_single_pictures_alone(self, client: Client, draft: Application) -> None:
        where = f"/applications/{draft.pk}/materials"
        assert client.post(f"{where}/5/check/", {"files": sent(picture(5))}).status_code == 404
        nothing = client.post(f"{where}/8/check/")
        assert nothing.status_code == 422
        assert "还没有选择文件" in nothing.json()["problems"][0]


class TestAnOffer:
    def test_ends_with_the_next_upload_whatever_comes_of_it(
        self, client: Client, draft: Application
    ) -> None:
        where = f"/applications/{draft.pk}/materials/8/"
        assert "可以自动裁剪" in client.post(f"{where}upload/", {"files": sent(large())}).text

        # Nothing was sent, so nothing has come.
        client.post(f"{where}upload/")
        assert Repair.objects.pending().count() == 1
        # Refused, and beyond repair.
        refused = client.post(f"{where}upload/", {"files": sent(picture(8))})

        assert "可以自动裁剪" not in refused.text
        assert "可以自动裁剪" not in client.get(where).text
        assert Repair.objects.pending().count() == 0

    def test_ends_with_an_upload_by_script_too(self, client: Client, draft: Application) -> None:
        where = f"/applications/{draft.pk}/materials/8/upload/"
        client.post(where, {"files": sent(large())})

        client.post(where, {"files": sent(b"GIF89a")}, headers={"Accept": "application/json"})

        assert Repair.objects.pending().count() == 0
        assert MaterialPage.objects.count() == 0


def test_every_picker_takes_photos_on_every_phone(client: Client, draft: Application) -> None:
    pages = [f"/applications/{draft.pk}/materials/{number}/" for number in range(1, 11)]
    pages += [f"/enterprises/{draft.enterprise_id}/documents/{number}/" for number in range(2, 5)]
    for address in pages:
        (accept,) = re.findall(r'<input type="file"[^>]*accept="([^"]*)"', client.get(address).text)
        assert accept == "image/*,.heic,.heif,application/pdf", address
    assert ScanForm().fields["files"].widget.attrs["accept"].startswith("image/*")
