"""Removing a page: asked first, and undone for an hour; nobody stays verified without a licence."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from applications.dossier.loading import load_dossier
from applications.models import Application
from applications.services.pages import stack_of
from enterprises.models import Enterprise
from enterprises.services import DocumentStack, freeze, save_enterprise
from files.models import Page
from materials import samples
from materials.stack import MOST_PAGES, PageRefused, add_page, remove_page, restore_page
from tests.conftest import ClientOf
from tests.factories import CorrectionFactory, material_page, picture, standing_page


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    """The agent's."""
    return client_of(agent)


def names(stack: DocumentStack) -> list[str]:
    return [page.file.original_name for page in stack.current()]


class TestAsking:
    def test_a_look_at_the_question_removes_nothing(
        self, client: Client, draft: Application
    ) -> None:
        page = material_page(draft, 5)
        where = f"/applications/{draft.pk}/materials/5/"

        shown = client.get(where)
        asked = client.get(f"{where}pages/{page.pk}/remove/")

        assert f'href="{where}pages/{page.pk}/remove/"' in shown.text
        assert "删除第1页？" in asked.text
        assert "删除后1小时内可以在材料页放回去" in asked.text
        assert len(stack_of(draft, 5).current()) == 1

    def test_of_what_is_locked_nothing_is_asked(
        self, client: Client, submitted: Application
    ) -> None:
        page = submitted.materials.get(number=8).pages.get()
        where = f"/applications/{submitted.pk}/materials/8/"
        locked = client.get(f"{where}pages/{page.pk}/remove/", follow=True)
        assert "现在不能修改" in locked.text
        assert "删除第1页？" not in locked.text

    def test_of_what_is_gone_nothing_is_asked(
        self, client: Client, draft: Application, agent: User
    ) -> None:
        page = material_page(draft, 5)
        stack = stack_of(draft, 5)
        remove_page(stack, page, by=agent)
        gone = client.get(f"{stack.page_address}{page.pk}/remove/")
        assert gone["Location"] == stack.address


class TestUndoing:
    @pytest.mark.parametrize("number", [1, 5, 8])
    def test_what_was_removed_stands_where_it_stood(
        self, client: Client, draft: Application, agent: User, number: int
    ) -> None:
        stack = stack_of(draft, number)
        texts = ("one", "two", "three") if number != 8 else ("one",)
        for text in texts:
            data = samples.photo(1) if number == 8 else picture(number, text)
            add_page(stack, data=data, name=f"{text}.jpg", by=agent)
        page = stack.current()[len(texts) // 2]

        removed = client.post(f"{stack.page_address}{page.pk}/remove/", follow=True)
        address = f"{stack.page_address}{page.pk}/restore/"
        undone = client.post(address, follow=True)
        again = client.post(address, follow=True)

        assert f'action="{address}"' in removed.text
        assert "放回去" in removed.text
        assert "已放回" in undone.text
        assert "放回去" not in undone.text
        assert again.status_code == 200
        current = [each.file.original_name for each in stack.current()]
        assert current == [f"{text}.jpg" for text in texts]
        assert [each.position for each in stack.current()] == list(range(1, len(texts) + 1))

    def test_a_copy_of_a_frozen_version_comes_back_in_the_new_one(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        pages = [standing_page(enterprise, 1, picture(1, text)) for text in "ab"]
        freeze(pages[0].document)
        stack = DocumentStack(enterprise, 1)
        removed = remove_page(stack, pages[0], by=agent)
        assert removed is not None
        assert removed.pk != pages[0].pk
        current = enterprise.current_document(1)
        assert current is not None
        freeze(current)

        restore_page(stack, removed, by=agent)

        assert [each.file_id for each in stack.current()] == [page.file_id for page in pages]
        assert {each.document.version for each in stack.current()} == {3}

    def test_it_is_offered_beside_this_material_alone_and_for_an_hour(
        self, client: Client, draft: Application
    ) -> None:
        page = material_page(draft, 5)
        where = f"/applications/{draft.pk}/materials"
        now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
        with time_machine.travel(now, tick=False):
            client.post(f"{where}/5/pages/{page.pk}/remove/")
            assert "放回去" not in client.get(f"{where}/8/").text
            assert "放回去" in client.get(f"{where}/5/").text
        with time_machine.travel(now + timedelta(minutes=61), tick=False):
            assert "放回去" not in client.get(f"{where}/5/").text
            late = client.post(f"{where}/5/pages/{page.pk}/restore/", follow=True)
        assert "删除已超过1小时，不能放回" in late.text

    def test_a_new_picture_in_its_place_is_not_pushed_out(
        self, draft: Application, agent: User
    ) -> None:
        stack = stack_of(draft, 8)
        add_page(stack, data=samples.photo(1), name="旧.jpg", by=agent)
        removed = remove_page(stack, stack.current()[0], by=agent)
        assert removed is not None
        add_page(stack, data=samples.photo(2), name="新.jpg", by=agent)

        with pytest.raises(PageRefused, match="已经有新的一张"):
            restore_page(stack, removed, by=agent)

    def test_no_material_gets_more_pages_than_it_may_have(
        self, draft: Application, agent: User
    ) -> None:
        page = material_page(draft, 5)
        stack = stack_of(draft, 5)
        removed = remove_page(stack, page, by=agent)
        assert removed is not None
        for number in range(MOST_PAGES):
            material_page(draft, 5, picture(5, str(number)))

        with pytest.raises(PageRefused, match="最多30页，没有放回"):
            restore_page(stack, removed, by=agent)

    @pytest.mark.parametrize("number", [5, 8])
    def test_what_is_as_it_was_told_is_not_corrected(
        self, submitted: Application, agent: User, number: int
    ) -> None:
        if number == 5:
            material_page(submitted, 5, picture(5, "two"))
        CorrectionFactory.create(application=submitted, number=number, sent=True)
        Application.objects.filter(pk=submitted.pk).update(status="returned")
        submitted.refresh_from_db()
        stack = stack_of(submitted, number)
        removed = remove_page(stack, stack.current()[0], by=agent)
        assert removed is not None

        restore_page(stack, removed, by=agent)

        assert load_dossier(submitted).item(number).label == "需要补正"


class TestALicence:
    def test_a_verified_enterprise_without_it_is_not_verified(
        self, client: Client, enterprise: Enterprise, agent: User
    ) -> None:
        page = standing_page(enterprise, 2)
        Enterprise.objects.filter(pk=enterprise.pk).update(
            status="verified", decided_at=timezone.now()
        )
        where = f"/enterprises/{enterprise.pk}/pages/{page.pk}"

        asked = client.get(f"{where}/remove/")
        client.post(f"{where}/remove/")

        assert "删除后本单位不再是“已核验”" in asked.text
        enterprise.refresh_from_db()
        assert enterprise.status == "pending"

    def test_put_back_unchanged_it_is_verified_as_before(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        page: Page = standing_page(enterprise, 2)
        Enterprise.objects.filter(pk=enterprise.pk).update(
            status="verified", decided_at=timezone.now()
        )
        stack = DocumentStack(enterprise, 2)
        for _ in range(2):
            removed = remove_page(stack, page, by=agent)
            assert removed is not None
            page = restore_page(stack, removed, by=agent)
            enterprise.refresh_from_db()
            assert (enterprise.status, enterprise.waiting_since) == ("verified", None)

    @pytest.mark.parametrize("what", ["another page", "another name"])
    def test_beside_what_is_new_it_is_verified_anew(
        self, enterprise: Enterprise, agent: User, what: str
    ) -> None:
        page = standing_page(enterprise, 2)
        Enterprise.objects.filter(pk=enterprise.pk).update(
            status="verified", decided_at=timezone.now()
        )
        stack = DocumentStack(enterprise, 2)
        removed = remove_page(stack, page, by=agent)
        assert removed is not None
        if what == "another page":
            add_page(stack, data=picture(2, "new"), name="新.jpg", by=agent)
        else:
            enterprise.refresh_from_db()
            enterprise.name = "重庆市万州区另一样例有限公司"
            save_enterprise(enterprise, changed=["name"], by=agent)

        restore_page(stack, removed, by=agent)

        enterprise.refresh_from_db()
        assert enterprise.status == "pending"
        assert enterprise.waiting_since is not None

    def test_one_of_two_pages_or_another_document_may_go(
        self, enterprise: Enterprise, agent: User
    ) -> None:
        Enterprise.objects.filter(pk=enterprise.pk).update(
            status="verified", decided_at=timezone.now()
        )
        enterprise.refresh_from_db()
        one, _ = (standing_page(enterprise, 2, picture(2, text)) for text in "ab")
        letter = standing_page(enterprise, 1)
        for number, page in ((2, one), (1, letter)):
            stack = DocumentStack(enterprise, number)
            assert stack.loses(page) == ""
            remove_page(stack, page, by=agent)
        enterprise.refresh_from_db()
        assert enterprise.status == "verified"

    def test_an_exchanged_page_is_no_lost_one(self, enterprise: Enterprise, agent: User) -> None:
        page = standing_page(enterprise, 2)
        Enterprise.objects.filter(pk=enterprise.pk).update(
            status="verified", decided_at=timezone.now()
        )
        stack = DocumentStack(enterprise, 2)
        add_page(stack, data=picture(2, "new"), name="新.jpg", by=agent, instead_of=page)
        enterprise.refresh_from_db()
        assert enterprise.status == "verified"
