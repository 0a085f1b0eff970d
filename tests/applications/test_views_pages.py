import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEvent, User
from applications.models import Application, MaterialPage, Repair
from enterprises.models import StandingPage
from materials import samples
from tests.conftest import ClientOf
from tests.factories import material_page, picture, standing_page


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    """The agent's."""
    return client_of(agent)


def address(page: MaterialPage, verb: str) -> str:
    material = page.material
    start = f"/applications/{material.application_id}/materials/{material.number}"
    return f"{start}/pages/{page.pk}/{verb}/"


def order(application: Application, number: int = 5) -> list[int]:
    pages = MaterialPage.objects.current().filter(material__application=application)
    return list(pages.filter(material__number=number).values_list("pk", flat=True))


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def upload_by_script(
    client: Client, application: Application, number: int, **files: SimpleUploadedFile
) -> Any:
    where = f"/applications/{application.pk}/materials/{number}/upload/"
    return client.post(where, files, headers={"Accept": "application/json"})


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_of_many_pictures_costs_no_more_queries(
    client: Client, draft: Application, count: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(count):
        material_page(draft, 5, picture(5, f"page {n}"))

    with django_assert_max_num_queries(12):
        response = client.get(f"/applications/{draft.pk}/materials/5/")

    assert response.text.count("换这页") == count


class TestOrder:
    def test_a_page_moves_to_the_place_asked_for_and_the_others_close_up(
        self, client: Client, draft: Application
    ) -> None:
        one, two, three = (material_page(draft, 5, picture(5, t)) for t in "abc")

        response = client.post(address(three, "move"), {"place": "1"}, follow=True)
        client.post(address(three, "move"), {"place": "1"})  # a double click

        assert "现在是第1页" in response.text
        assert order(draft) == [three.pk, one.pk, two.pk]

    def test_after_a_removal_no_place_is_left_empty(
        self, client: Client, draft: Application
    ) -> None:
        one, _, _ = (material_page(draft, 5, picture(5, t)) for t in "abc")

        client.post(address(one, "remove"))

        places = MaterialPage.objects.current().values_list("position", flat=True)
        assert list(places) == [1, 2]

    @pytest.mark.parametrize("place", ["", "0", "-1", "x", "1e9", "99999999999999999999", "²"])
    def test_a_place_that_is_none_is_refused(
        self, client: Client, draft: Application, place: str
    ) -> None:
        page = material_page(draft, 5)

        assert client.post(address(page, "move"), {"place": place}).status_code == 400

    def test_standing_pages_move_and_a_submitted_application_keeps_its_order(
        self, client: Client, submitted: Application
    ) -> None:
        second = standing_page(submitted.enterprise, 2, picture(2, "second"))
        where = f"/enterprises/{submitted.enterprise_id}/pages/{second.pk}/move/"

        response = client.post(where, {"place": "1"}, follow=True)

        assert "现在是第1页" in response.text
        current = submitted.enterprise.current_document(2)
        assert current is not None
        first = current.pages.filter(superseded_at__isnull=True).first()
        assert first is not None
        assert first.file == second.file
        pinned = submitted.materials.get(number=2).document
        assert pinned is not None
        assert pinned != current
        assert list(pinned.pages.values_list("position", flat=True)) == [1, 2]


class TestTurning:
    def test_a_page_is_turned_and_the_picture_before_stays(
        self, client: Client, draft: Application
    ) -> None:
        page = material_page(draft, 5)  # 620×877
        one_more = material_page(draft, 5, picture(5, "b"))

        response = client.post(address(page, "turn"), {"degrees": "90"}, follow=True)
        client.post(address(page, "turn"), {"degrees": "90"})  # a double click

        assert "已旋转" in response.text
        turned = MaterialPage.objects.current().exclude(pk=one_more.pk).get()
        assert (turned.file.width, turned.file.height) == (877, 620)
        assert turned.position == 1
        assert turned.original == page.file
        page.refresh_from_db()
        assert page.superseded_at is not None

    def test_a_standing_page_is_turned(self, client: Client, draft: Application) -> None:
        page = standing_page(draft.enterprise, 2)
        where = f"/enterprises/{draft.enterprise_id}/pages/{page.pk}/turn/"

        response = client.post(where, {"degrees": "270"}, follow=True)

        assert "已旋转" in response.text
        turned = StandingPage.objects.get(superseded_at__isnull=True)
        assert (turned.file.width, turned.file.height) == (877, 620)

    @pytest.mark.parametrize("degrees", ["", "45", "x"])
    def test_only_quarters_are_turned(
        self, client: Client, draft: Application, degrees: str
    ) -> None:
        page = material_page(draft, 5)

        assert client.post(address(page, "turn"), {"degrees": degrees}).status_code == 400


class TestReplacing:
    def test_the_new_picture_stands_where_the_old_one_stood(
        self, client: Client, draft: Application
    ) -> None:
        one, two, three = (material_page(draft, 5, picture(5, t)) for t in "abc")

        form = client.get(address(two, "replace"))
        response = client.post(
            address(two, "replace"), {"files": sent("新.jpg", picture(5, "new"))}, follow=True
        )

        assert "换掉第2页" in form.text
        assert "已用“新.jpg”换下" in response.text
        now = order(draft)
        assert (now[0], now[2]) == (one.pk, three.pk)
        assert MaterialPage.objects.get(pk=now[1]).file.original_name == "新.jpg"

    def test_a_refused_picture_leaves_the_page_as_it_was(
        self, client: Client, draft: Application
    ) -> None:
        page = material_page(draft, 5)

        response = client.post(address(page, "replace"), {"files": sent("x.jpg", b"hello")})

        assert response.status_code == 422
        assert "收到的是文本文件" in response.text
        assert order(draft) == [page.pk]

    def test_of_two_who_replace_a_page_the_second_is_told(
        self, client: Client, draft: Application
    ) -> None:
        page = material_page(draft, 5)
        client.post(address(page, "replace"), {"files": sent("1.jpg", picture(5, "first"))})

        second = client.post(
            address(page, "replace"), {"files": sent("2.jpg", picture(5, "second"))}
        )

        assert "刚刚已被替换或删除" in second.text
        assert len(order(draft)) == 1

    def test_a_standing_page_is_replaced(self, client: Client, draft: Application) -> None:
        page = standing_page(draft.enterprise, 2)
        where = f"/enterprises/{draft.enterprise_id}/pages/{page.pk}/replace/"

        response = client.post(where, {"files": sent("新.jpg", picture(2, "new"))}, follow=True)

        assert "已用“新.jpg”换下" in response.text
        current = StandingPage.objects.get(superseded_at__isnull=True)
        assert (current.file.original_name, current.position) == ("新.jpg", 1)


class TestByScript:
    def test_each_file_gets_an_answer(self, client: Client, draft: Application) -> None:
        good = upload_by_script(client, draft, 5, files=sent("合同.jpg", picture(5)))
        bad = upload_by_script(client, draft, 5, files=sent("坏.jpg", b"hello"))
        none = upload_by_script(client, draft, 5)

        assert (good.status_code, bad.status_code, none.status_code) == (200, 422, 422)
        told = json.loads(good.content)["files"][0]
        assert (told["name"], told["accepted"], told["taken"]) == ("合同.jpg", True, 1)
        assert "收到的是文本文件" in json.loads(bad.content)["files"][0]["problems"][0]
        assert "还没有选择文件" in json.loads(none.content)["problems"][0]

    def test_the_original_is_kept_and_gives_the_day_it_was_taken(
        self, client: Client, draft: Application
    ) -> None:
        exif = Image.Exif()
        exif[0x8769] = {0x9003: f"{timezone.localdate():%Y:%m:%d} 09:00:00"}
        taken = io.BytesIO()
        Image.open(io.BytesIO(samples.photo(0))).resize((900, 1200)).save(taken, "JPEG", exif=exif)
        original = sent("原图.jpg", taken.getvalue())

        response = upload_by_script(
            client, draft, 8, files=sent("裁好.jpg", samples.photo(0)), original=original
        )

        # Otherwise there would be a warning that the day is not known.
        assert json.loads(response.content)["files"][0]["warnings"] == []
        page = MaterialPage.objects.select_related("original").get()
        assert page.original is not None
        assert page.original.original_name == "原图.jpg"
        shown = client.get(address(page, "original"))
        assert shown.getvalue() == taken.getvalue()
        assert AuditEvent.objects.filter(action="material.view").count() == 1

    def test_a_hostile_original_refuses_the_upload_and_stores_nothing(
        self, client: Client, draft: Application
    ) -> None:
        response = upload_by_script(
            client, draft, 8, files=sent("裁好.jpg", samples.photo(0)), original=sent("x.jpg", b"x")
        )

        assert response.status_code == 422
        assert "原图：" in json.loads(response.content)["files"][0]["problems"][0]
        assert MaterialPage.objects.count() == 0

    def test_a_script_is_offered_no_repair(self, client: Client, draft: Application) -> None:
        upload_by_script(client, draft, 8, files=sent("错.jpg", picture(9)))

        assert Repair.objects.count() == 0


class TestMending:
    def test_a_refused_photo_is_offered_a_crop_on_the_same_page(
        self, client: Client, draft: Application, django_assert_max_num_queries: Any
    ) -> None:
        wide = io.BytesIO()
        Image.open(io.BytesIO(samples.photo(1))).resize((900, 1200)).save(wide, "JPEG")
        where = f"/applications/{draft.pk}/materials/8/"
        refused = client.post(f"{where}upload/", {"files": sent("宽.jpg", wide.getvalue())})
        repair = Repair.objects.get()

        client.post(f"{where}repairs/{repair.pk}/propose/")
        with django_assert_max_num_queries(12):
            shown = client.get(where)
        small = client.get(f"{where}repairs/{repair.pk}/proposal.jpg")
        taken = client.post(f"{where}repairs/{repair.pk}/accept/", follow=True)

        assert "按要求自动裁剪" in refused.text
        assert "裁剪后：JPG，550×733像素" in shown.text
        assert small["Content-Type"] == "image/jpeg"
        assert "已采用裁剪后的图片，原图也留着。" in taken.text
        assert "看裁剪前的图" in taken.text

    def test_what_cannot_be_mended_says_so(self, client: Client, draft: Application) -> None:
        where = f"/applications/{draft.pk}/materials/8/"
        client.post(f"{where}upload/", {"files": sent("小.jpg", picture(9))})
        repair = Repair.objects.get()

        response = client.post(f"{where}repairs/{repair.pk}/propose/", follow=True)

        assert "原图太小" in response.text

    def test_a_mend_of_another_material_is_not_found(
        self, client: Client, draft: Application
    ) -> None:
        client.post(
            f"/applications/{draft.pk}/materials/8/upload/", {"files": sent("小.jpg", picture(9))}
        )
        repair = Repair.objects.get()

        where = f"/applications/{draft.pk}/materials/9/repairs/{repair.pk}"
        assert client.post(f"{where}/accept/").status_code == 404
        right = where.replace("/9/", "/8/")
        assert client.get(f"{right}/proposal.jpg").status_code == 404
        assert client.get(f"{right}/other.jpg").status_code == 404
