"""One stack of pages for both owners: what comes in on either side is held to the same rules."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import AuditEvent, User
from applications.dossier.loading import load_dossier
from applications.models import Application
from applications.services import moves
from applications.services.pages import stack_of
from enterprises.models import Enterprise, StandingDocument, StandingPage
from enterprises.services import DocumentStack, freeze
from files.models import Recognition, StoredFile
from files.recognition import LineOfText, Reading
from materials.stack import PageRefused, add_page, move_page, remove_page, turn_page
from tests.conftest import ClientOf
from tests.factories import CorrectionFactory, picture, standing_page
from tests.files.pictures import pdf


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    """The agent's."""
    return client_of(agent)


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def cut_off() -> bytes:
    """A page whose data ends half way, closed by a right end mark."""
    data = picture(1, "cut off")
    return data[: len(data) // 2] + b"\xff\xd9"


BLANK = jpeg(Image.new("RGB", (900, 1200), "white"))
SMALL = jpeg(Image.linear_gradient("L").resize((300, 400)))
OTHER_NAME = (
    LineOfText("名称", 0.9, (0, 60, 40, 90)),
    LineOfText("别的公司", 0.9, (100, 60, 300, 90)),
)
FAULTS = [
    (BLANK, "page_blank", "像是空白页"),
    (SMALL, "page_small", "图片宽300像素、高400像素，文字可能看不清"),
    (cut_off(), "maybe_cut_off", "可能没有传完整"),
]


def upload_address(side: str, application: Application, number: int) -> str:
    if side == "enterprise":
        return f"/enterprises/{application.enterprise_id}/documents/{number}/upload/"
    return f"/applications/{application.pk}/materials/{number}/upload/"


def send(client: Client, address: str, data: bytes) -> Any:
    return client.post(address, {"files": SimpleUploadedFile("页.jpg", data)}, follow=True)


class TestWhatIsFound:
    @pytest.mark.parametrize("side", ["enterprise", "application"])
    @pytest.mark.parametrize(("data", "code", "words"), FAULTS, ids=[f[1] for f in FAULTS])
    def test_is_kept_and_read_by_the_officer_in_pre_review(
        self,
        client: Client,
        client_of: ClientOf,
        officer: User,
        agent: User,
        ready_draft: Application,
        side: str,
        data: bytes,
        code: str,
        words: str,
    ) -> None:
        shown = send(client, upload_address(side, ready_draft, 4), data)
        moves.submit(ready_draft, by=agent)
        desk = client_of(officer).get(
            f"/applications/{ready_draft.pk}/pre-review/?material=4&page=2"
        )

        assert words in shown.text
        pages = StandingPage.objects.select_related("file")
        [page] = [one for one in pages if one.file.original_name == "页.jpg"]
        assert [warning["code"] for warning in page.warnings] == [code]
        assert desk.status_code == 200
        assert words in desk.text

    @pytest.mark.parametrize("number", [2, 3, 4])
    def test_is_kept_of_each_of_the_shared_documents(
        self, client: Client, draft: Application, number: int
    ) -> None:
        send(client, upload_address("enterprise", draft, number), SMALL)

        assert load_dossier(draft).item(number).found == {"page_small"}

    def test_is_looked_for_anew_in_a_page_that_is_turned(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        stack = DocumentStack(enterprise, 1)
        add_page(stack, data=SMALL, name="公函.jpg", by=agent)

        report = turn_page(stack, stack.current()[0], degrees=90, by=agent)

        assert report is not None
        assert [w["code"] for page in stack.current() for w in page.warnings] == ["page_small"]
        assert "宽400像素、高300像素" in report.warnings[0].message


class TestASharedDocument:
    def test_has_the_same_page_on_both_sides(self, client: Client, draft: Application) -> None:
        standing_page(draft.enterprise, 3)
        standing_page(draft.enterprise, 3, picture(3, "two"))

        own = client.get(f"/enterprises/{draft.enterprise_id}/documents/3/").text
        in_application = client.get(f"/applications/{draft.pk}/materials/3/").text

        for words in (
            "要求：",
            "提示：",
            "由本单位的所有申请共用",
            "日期和有效期",
            "填写或修改日期",
        ):
            assert words in own
            assert words in in_application
        for verb in ("上移", "下移", "向右转", "换这页", "删除", "看原图"):
            assert own.count(f"{verb}</") == in_application.count(f"{verb}</") > 0
        assert "由审核表替代" in in_application
        assert "由审核表替代，不上传" not in own

    def test_what_one_side_changes_the_other_shows(
        self, client: Client, draft: Application, agent: User
    ) -> None:
        for text in ("one", "two"):
            add_page(stack_of(draft, 1), data=picture(1, text), name=f"{text}.jpg", by=agent)
        stack = DocumentStack(draft.enterprise, 1)

        move_page(stack, stack.current()[1], place=1, by=agent)
        remove_page(stack_of(draft, 1), stack.current()[1], by=agent)

        names = [page.file.original_name for page in load_dossier(draft).item(1).pages]
        assert names == ["two.jpg"]
        assert [page.file.original_name for page in stack.current()] == names

    def test_the_licence_is_confirmed_where_it_is_read(
        self, client: Client, draft: Application, agent: User
    ) -> None:
        page = standing_page(draft.enterprise, 2)
        row = Recognition.objects.create(
            file=page.file,
            kind="text",
            state="done",
            done_at=draft.created_at,
            data=Reading(900, 600, 0, OTHER_NAME).as_json(),
        )
        where = f"/applications/{draft.pk}/materials/2/"

        shown = client.get(where).text
        confirm = f"/enterprises/{draft.enterprise_id}/licence/confirm/"
        answer = client.post(confirm, {"next": where})
        elsewhere = client.post(confirm, {"next": "https://example.com/"})

        assert "填的没错，以填写的为准" in shown
        assert answer["Location"] == where
        assert elsewhere["Location"] == f"/enterprises/{draft.enterprise_id}/documents/2/"
        row.refresh_from_db()
        assert row.confirmed_by == agent
        confirmed = client.get(where).text
        assert "别的公司" in confirmed
        assert "填的没错，以填写的为准" not in confirmed


class TestTwice:
    def test_of_two_who_replace_a_standing_page_the_second_is_told(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        page = standing_page(enterprise, 1)
        stack = DocumentStack(enterprise, 1)
        add_page(stack, data=picture(1, "first"), name="1.jpg", by=agent, instead_of=page)

        with pytest.raises(PageRefused, match="刚刚已被替换或删除，没有再换"):
            add_page(stack, data=picture(1, "second"), name="2.jpg", by=agent, instead_of=page)

        assert [each.file.original_name for each in stack.current()] == ["1.jpg"]

    @pytest.mark.parametrize("number", [1, 5])
    def test_the_same_picture_again_stores_and_records_nothing(
        self, draft: Application, agent: User, number: int
    ) -> None:
        stack = stack_of(draft, number)
        for _ in range(2):
            add_page(stack, data=picture(number), name="页.jpg", by=agent)

        assert len(stack.current()) == 1
        assert StoredFile.objects.count() == 1
        assert AuditEvent.objects.filter(action="material.add_page").count() == 1

    def test_a_picture_that_is_there_makes_no_new_version_and_corrects_nothing(
        self, client: Client, submitted: Application, agent: User
    ) -> None:
        CorrectionFactory.create(application=submitted, number=4, sent=True)
        Application.objects.filter(pk=submitted.pk).update(status="returned")
        stack = DocumentStack(submitted.enterprise, 4)
        with stack.current()[0].file.content.open("rb") as file:
            faulted = file.read()

        send(client, upload_address("enterprise", submitted, 4), faulted)

        assert StandingDocument.objects.filter(kind=4).count() == 1
        submitted.refresh_from_db()
        assert load_dossier(submitted).item(4).label == "需要补正"

    @pytest.mark.parametrize(
        ("side", "number"), [("enterprise", 4), ("application", 1), ("application", 5)]
    )
    def test_the_same_page_twice_is_said_and_kept_once(
        self, client: Client, draft: Application, side: str, number: int
    ) -> None:
        where = upload_address(side, draft, number)
        for text in ("one", "two"):
            send(client, where, picture(number, text))

        shown = send(client, where, picture(number, "two"))
        told = client.post(
            where,
            {"files": SimpleUploadedFile("页.jpg", picture(number, "one"))},
            headers={"Accept": "application/json"},
        )

        assert "这一页和第2页完全相同，只留了一页。" in shown.text
        assert "已收下" not in shown.text
        assert told.status_code == 200
        (file,) = told.json()["files"]
        assert (file["taken"], file["verdict"]) == (0, "已经有了，没有重复收")
        assert file["repeated"] == ["这一页和第1页完全相同，只留了一页。"]
        assert StoredFile.objects.count() == 2

    def test_a_pdf_that_holds_a_page_twice_gives_it_once(
        self, client: Client, draft: Application
    ) -> None:
        sheet = Image.linear_gradient("L").resize((595, 842))

        shown = send(client, upload_address("application", draft, 5), pdf(sheet, sheet))

        assert "已收下1页。" in shown.text
        assert "第2页：这一页和第1页完全相同，只留了一页。" in shown.text

    def test_replacing_a_page_with_one_that_is_there_replaces_nothing(
        self, client: Client, draft: Application, agent: User
    ) -> None:
        stack = stack_of(draft, 5)
        for text in ("one", "two"):
            add_page(stack, data=picture(5, text), name=f"{text}.jpg", by=agent)
        where = f"{stack.page_address}{stack.current()[0].pk}/replace/"

        shown = send(client, where, picture(5, "two"))

        assert shown.status_code == 422
        assert "这一页和第2页完全相同" in shown.text
        assert [page.file.original_name for page in stack.current()] == ["one.jpg", "two.jpg"]

    @pytest.mark.parametrize("number", [1, 5])
    def test_a_page_is_removed_once(self, draft: Application, agent: User, number: int) -> None:
        stack = stack_of(draft, number)
        for text in ("one", "two"):
            add_page(stack, data=picture(number, text), name=f"{text}.jpg", by=agent)
        page = stack.current()[0]

        for _ in range(2):
            remove_page(stack, page, by=agent)

        assert [(each.position, each.file.original_name) for each in stack.current()] == [
            (1, "two.jpg")
        ]
        assert AuditEvent.objects.filter(action="material.remove_page").count() == 1
        with pytest.raises(PageRefused, match="不能移动"):
            move_page(stack, page, place=1, by=agent)
        assert turn_page(stack, page, degrees=90, by=agent) is None

    def test_a_frozen_version_keeps_its_pages_whatever_is_done(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        pages = [standing_page(enterprise, 1, picture(1, text)) for text in "abc"]
        freeze(pages[0].document)
        stack = DocumentStack(enterprise, 1)

        move_page(stack, pages[2], place=1, by=agent)
        turn_page(stack, pages[0], degrees=180, by=agent)
        remove_page(stack, pages[1], by=agent)

        kept = StandingPage.objects.filter(document=pages[0].document)
        assert [(page.position, page.superseded_at) for page in kept] == [
            (1, None),
            (2, None),
            (3, None),
        ]
        assert {page.document.version for page in stack.current()} == {2}
        assert len(stack.current()) == 2
