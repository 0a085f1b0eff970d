import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEvent, User
from applications.models import Application, MaterialPage
from materials import samples
from tests import journey
from tests.conftest import ClientOf
from tests.factories import CorrectionFactory, material_page, picture, standing_page
from tests.files.pictures import heic, pdf


@pytest.fixture(scope="session")
def photo() -> bytes:
    return samples.photo(0, taken_on=timezone.localdate())


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    """The agent's."""
    return client_of(agent)


def upload(client: Client, application: Application, number: int, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, data, "image/jpeg") for name, data in files]
    address = f"/applications/{application.pk}/materials/{number}/upload/"
    return client.post(address, {"files": sent}, follow=True)


@pytest.mark.parametrize("number", range(1, 11))
def test_every_material_states_its_rule(
    client: Client, draft: Application, number: int, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        response = client.get(f"/applications/{draft.pk}/materials/{number}/")

    assert response.context["item"].kind.rule in response.text
    assert ("由审核表替代，不上传" in response.text) == (number in (3, 5, 6, 7))
    # A letter serves those whom it names.
    assert ("由本单位的所有申请共用" in response.text) == (number in (2, 3, 4))
    assert ("multiple" in response.text) == (number <= 7)


@pytest.mark.parametrize("number", [0, 11, 999])
def test_there_are_ten_materials(client: Client, draft: Application, number: int) -> None:
    assert client.get(f"/applications/{draft.pk}/materials/{number}/").status_code == 404


def test_an_accepted_photo_shows_what_really_arrived(
    client: Client, draft: Application, photo: bytes
) -> None:
    response = upload(client, draft, 8, ("我的照片.jpg", photo))

    assert "已收下1页" in response.text
    assert "我的照片.jpg" in response.text
    assert "JPG，550×733像素" in response.text
    assert "下一项：材料9" in response.text


def test_a_passport_scanned_to_a_pdf_of_one_page_becomes_a_jpg(
    client: Client, draft: Application
) -> None:
    scan = Image.open(io.BytesIO(samples.passport(journey.PERSON)))

    response = upload(client, draft, 10, ("护照.pdf", pdf(scan, resolution=200)))

    assert "已收下1页" in response.text
    kept = MaterialPage.objects.select_related("file").get().file
    assert (kept.media_type, kept.width, kept.height) == ("image/jpeg", 1250, 880)


def test_of_a_pdf_of_two_pages_one_has_to_be_chosen(client: Client, draft: Application) -> None:
    scan = Image.open(io.BytesIO(samples.passport(journey.PERSON)))

    response = upload(client, draft, 10, ("护照.pdf", pdf(scan, scan)))

    assert "这里只收一页，收到的PDF有2页" in response.text
    assert not MaterialPage.objects.exists()


def test_an_iphones_photo_is_offered_to_be_cropped(client: Client, draft: Application) -> None:
    taken = Image.open(io.BytesIO(samples.photo(1))).resize((900, 1200))

    response = upload(client, draft, 8, ("IMG_0001.HEIC", heic(taken)))

    assert "照片应为宽550×高733像素，收到的是900×1200像素" in response.text
    assert "按要求自动裁剪" in response.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"hello", "收到的是文本文件"),
        (b"%PDF-1.7\n", "文件有损坏或不完整，无法打开"),
        (picture(9), "照片应为宽550×高733像素，收到的是550×280像素"),
        (picture(8)[:900], "不完整"),
    ],
)
def test_a_refusal_says_what_arrived_and_keeps_what_was_there(
    client: Client, draft: Application, photo: bytes, data: bytes, sentence: str
) -> None:
    upload(client, draft, 8, ("好照片.jpg", photo))

    response = upload(client, draft, 8, ("照片.jpg", data))

    assert response.status_code == 422
    assert sentence in response.text
    assert "照片.jpg：没有收下" in response.text
    assert MaterialPage.objects.current().get().file.original_name == "好照片.jpg"


def test_of_several_pages_each_is_judged_on_its_own(client: Client, draft: Application) -> None:
    response = upload(
        client,
        draft,
        5,
        ("合同1.jpg", picture(5, "one")),
        ("坏的.jpg", b"hello"),
        ("合同2.jpg", picture(5, "two")),
    )

    assert response.status_code == 422
    assert "合同1.jpg：已收下" in response.text
    assert "坏的.jpg：没有收下" in response.text
    assert MaterialPage.objects.count() == 2


def test_too_many_files_and_none_at_all_are_told(client: Client, draft: Application) -> None:
    two = upload(client, draft, 8, ("1.jpg", picture(8)), ("2.jpg", picture(8)))
    assert "一次最多收1个文件，收到了2个" in two.text

    none = client.post(f"/applications/{draft.pk}/materials/8/upload/", {})
    assert none.status_code == 422
    assert "还没有选择文件" in none.text


def test_a_hundred_and_one_files_get_a_page_and_no_crash(
    client: Client, draft: Application
) -> None:
    response = upload(client, draft, 5, *[("页.jpg", b"x")] * 101)

    assert response.status_code == 400
    assert "一次选的文件太多" in response.text


def test_a_file_over_the_limit_is_told_with_its_size(
    client: Client, draft: Application, settings: Any
) -> None:
    settings.MAX_UPLOAD_BYTES = settings.MAX_VERIFY_BYTES = 1024 * 1024

    response = upload(client, draft, 5, ("扫描.jpg", b"\xff\xd8\xff" + b"x" * 3 * 1024 * 1024))

    assert "文件大小为3.0 MB，超过上限1.0 MB" in response.text


def test_the_review_table_can_stand_in_and_be_taken_back(
    client: Client, draft: Application
) -> None:
    address = f"/applications/{draft.pk}/materials/6/choose/"

    client.post(address, {"chosen": "table"})
    page = client.get(f"/applications/{draft.pk}/materials/6/")
    assert "由区公安局在审核表上填写，这一项不用上传" in page.text

    client.post(address, {"chosen": "upload"})
    assert not draft.materials.get(number=6).by_review_table


def test_what_the_table_cannot_replace_is_refused(client: Client, draft: Application) -> None:
    response = client.post(
        f"/applications/{draft.pk}/materials/8/choose/", {"chosen": "table"}, follow=True
    )

    assert "不能由审核表替代，请上传" in response.text


def test_a_page_can_be_removed(client: Client, draft: Application) -> None:
    page = material_page(draft, 5)

    response = client.post(
        f"/applications/{draft.pk}/materials/5/pages/{page.pk}/remove/", follow=True
    )

    assert "已删除“材料5.jpg”" in response.text
    assert "还没有上传" in response.text


def test_a_submitted_material_is_there_to_be_read(client: Client, submitted: Application) -> None:
    page = MaterialPage.objects.get(material__number=8)

    text = client.get(f"/applications/{submitted.pk}/materials/8/").text
    refused = upload(client, submitted, 8, ("新.jpg", picture(8)))
    removed = client.post(
        f"/applications/{submitted.pk}/materials/8/pages/{page.pk}/remove/", follow=True
    )

    assert "这一项现在只能查看" in text
    assert 'type="file"' not in text
    assert "现在不能修改" in refused.text
    assert "现在不能修改" in removed.text


def test_a_returned_material_says_what_is_wrong(client: Client, submitted: Application) -> None:
    CorrectionFactory.create(application=submitted, number=8, sent=True)
    Application.objects.filter(pk=submitted.pk).update(status="returned")

    text = client.get(f"/applications/{submitted.pk}/materials/8/").text

    assert "照片背景不是白色，请换白底照片。" in text
    assert 'type="file"' in text


class TestPictures:
    def test_who_looks_at_an_original_is_on_record(
        self, client: Client, submitted: Application, agent: User
    ) -> None:
        page = MaterialPage.objects.get(material__number=8)

        response = client.get(f"/applications/{submitted.pk}/materials/8/pages/{page.pk}/")

        assert b"".join(response.streaming_content) == picture(8)  # type: ignore[attr-defined]
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Content-Type-Options"] == "nosniff"
        event = AuditEvent.objects.get(action="material.view")
        assert (event.actor, event.after) == (agent, {"material": 8, "page": page.pk})

    def test_a_thumbnail_is_small_and_leaves_no_record(
        self, client: Client, submitted: Application
    ) -> None:
        page = MaterialPage.objects.get(material__number=8)
        address = f"/applications/{submitted.pk}/materials/8/pages/{page.pk}/thumb/"

        response = client.get(address)

        assert response["Content-Type"] == "image/jpeg"
        assert len(response.content) < 20_000
        assert response["Cache-Control"] == "private, no-store"
        assert not AuditEvent.objects.filter(action="material.view").exists()

    def test_an_officer_sees_what_was_submitted(
        self, client_of: ClientOf, officer: User, submitted: Application
    ) -> None:
        page = MaterialPage.objects.get(material__number=8)

        response = client_of(officer).get(
            f"/applications/{submitted.pk}/materials/8/pages/{page.pk}/"
        )

        assert response.status_code == 200
        assert b"".join(response.streaming_content) == picture(8)  # type: ignore[attr-defined]
        event = AuditEvent.objects.get(action="material.view")
        assert (event.actor, event.after) == (officer, {"material": 8, "page": page.pk})

    @pytest.mark.parametrize("tail", ["", "thumb/"])
    def test_nobody_else_sees_anything(
        self,
        client_of: ClientOf,
        other_agent: User,
        tax_liaison: User,
        auditor: User,
        submitted: Application,
        tail: str,
    ) -> None:
        page = MaterialPage.objects.get(material__number=8)
        address = f"/applications/{submitted.pk}/materials/8/pages/{page.pk}/{tail}"

        for stranger in (other_agent, tax_liaison, auditor):
            assert client_of(stranger).get(address).status_code == 404

    def test_a_page_of_another_enterprise_is_not_reached_through_ones_own_application(
        self, client: Client, submitted: Application, other_enterprise: Any
    ) -> None:
        theirs = standing_page(other_enterprise, 2)

        address = f"/applications/{submitted.pk}/materials/2/pages/{theirs.pk}/"

        assert client.get(address).status_code == 404
