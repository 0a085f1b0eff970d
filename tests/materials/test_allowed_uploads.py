"""Uploads that are not taken whatever they hold: no mailbox, no room, no disk."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from applications.models import Application
from applications.services import repairing
from enterprises.models import Enterprise, StandingPage
from enterprises.services import DocumentStack, decide, save_enterprise
from files import judging
from files.models import StoredFile
from materials import samples
from materials.stack import PageRefused, add_page
from tests.conftest import ClientOf
from tests.factories import EnterpriseFactory, agent_of, picture, standing_page
from tests.files.pictures import gradient, pdf

pytestmark = pytest.mark.django_db
UNCONFIRMED = "邮箱确认之后才能上传文件。请打开我们发到agent@example.com的邮件"


def on_disk() -> set[Path]:
    return {path for path in Path(portal_settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def send(client: Client, address: str, data: bytes, *, by_script: bool = False) -> Any:
    file = SimpleUploadedFile("licence.jpg", data, "image/jpeg")
    accept = "application/json" if by_script else "text/html"
    return client.post(address, {"files": [file]}, headers={"Accept": accept})


@pytest.fixture
def never_converted(monkeypatch: pytest.MonkeyPatch) -> None:
    def convert(*_: Any, **__: Any) -> list[bytes]:
        raise AssertionError("converted")

    monkeypatch.setattr(judging, "to_pages", convert)


@pytest.fixture
def unconfirmed(agent: User) -> User:
    agent.email_confirmed_at = None
    agent.save(update_fields=["email_confirmed_at"])
    return agent


class TestMailbox:
    def test_before_it_is_confirmed_nothing_is_taken_nor_even_converted(
        self,
        client_of: ClientOf,
        unconfirmed: User,
        enterprise: Enterprise,
        draft: Application,
        never_converted: None,
    ) -> None:
        client, before = client_of(unconfirmed), on_disk()
        for address in (
            f"/enterprises/{enterprise.pk}/documents/2/upload/",
            f"/applications/{draft.pk}/materials/1/upload/",
            f"/applications/{draft.pk}/materials/5/upload/",
            f"/applications/{draft.pk}/materials/8/upload/",
        ):
            for data in (picture(2), pdf(gradient(60, 40))):
                answer = send(client, address, data)
                assert answer.status_code == 422
                assert UNCONFIRMED in answer.text
                told = send(client, address, data, by_script=True)
                assert told.status_code == 422
                assert UNCONFIRMED in told.json()["problems"][0]
        assert StoredFile.objects.count() == 0
        assert on_disk() == before

    def test_its_page_says_so_and_offers_no_file_to_choose(
        self, client_of: ClientOf, unconfirmed: User, enterprise: Enterprise
    ) -> None:
        text = client_of(unconfirmed).get(f"/enterprises/{enterprise.pk}/documents/2/").text

        assert text.count(UNCONFIRMED) == 1
        assert 'type="file"' not in text

    def test_no_page_is_turned_or_replaced_either(
        self, client_of: ClientOf, unconfirmed: User, enterprise: Enterprise
    ) -> None:
        page = standing_page(enterprise, 4, picture(4))
        client, address = client_of(unconfirmed), f"/enterprises/{enterprise.pk}/pages/{page.pk}/"

        turned = client.post(f"{address}turn/", {"degrees": "90"}, follow=True)
        replaced = send(client, f"{address}replace/", picture(4, "new"))

        assert UNCONFIRMED in turned.text
        assert UNCONFIRMED in replaced.text
        assert list(StandingPage.objects.current()) == [page]

    def test_the_service_itself_refuses(self, unconfirmed: User, enterprise: Enterprise) -> None:
        with pytest.raises(PageRefused, match="邮箱确认之后"):
            add_page(DocumentStack(enterprise, 2), data=picture(2), name="a", by=unconfirmed)


class TestQuota:
    KEPT = 300_000

    @pytest.fixture(autouse=True)
    def quota(self, settings: Any) -> None:
        settings.QUOTA_BYTES = {"unverified": 400_000, "verified": 900_000}

    def keep(self, by: User, size: int = KEPT) -> None:
        StoredFile.objects.create(
            sha256="0" * 64, size=size, media_type="image/jpeg", original_name="a", uploaded_by=by
        )

    def test_it_is_small_before_the_enterprise_was_ever_verified(self, officer: User) -> None:
        enterprise = EnterpriseFactory.create(pending=True)
        agent, stack = agent_of(enterprise), DocumentStack(enterprise, 2)
        self.keep(agent)
        stack.require_room(100_000)
        with pytest.raises(PageRefused) as refusal:
            stack.require_room(100_001)
        assert str(refusal.value) == (
            "贵单位在本站存放的文件最多390 KB，已经用了292 KB，放不下了。通过核验后可以存放更多。"
            "请删除用不着的页，一天后空间会腾出来；急办的请联系服务站。"
        )

        standing_page(enterprise, 2)
        decide(enterprise, verified=True, by=officer)
        enterprise.refresh_from_db()
        stack.require_room(600_000)

        save_enterprise(enterprise, changed=["address"], by=agent)
        assert enterprise.status == "pending"
        stack.require_room(600_000)

    def test_a_refused_enterprise_gets_no_more(self, officer: User) -> None:
        enterprise = EnterpriseFactory.create(pending=True)
        self.keep(agent_of(enterprise))
        decide(enterprise, verified=False, reason="看不清。", by=officer)
        with pytest.raises(PageRefused):
            DocumentStack(enterprise, 2).require_room(100_001)

    def test_all_agents_of_an_enterprise_share_it_and_another_has_its_own(
        self, enterprise: Enterprise, other_enterprise: Enterprise, other_agent: User
    ) -> None:
        for name in ("one@example.com", "two@example.com", "three@example.com"):
            self.keep(agent_of(enterprise, username=name))
        with pytest.raises(PageRefused, match="最多878 KB，已经用了878 KB"):
            DocumentStack(enterprise, 2).require_room(1)
        DocumentStack(other_enterprise, 2).require_room(900_000)

    def test_an_upload_beyond_it_is_refused_in_words_and_leaves_nothing(
        self, client_of: ClientOf, enterprise: Enterprise, agent: User, never_converted: None
    ) -> None:
        self.keep(agent, 900_000)
        client, before = client_of(agent), on_disk()
        address = f"/enterprises/{enterprise.pk}/documents/4/"

        answer = send(client, f"{address}upload/", pdf(gradient(60, 40)))

        assert answer.status_code == 422
        assert "已经用了878 KB，放不下了" in answer.text
        assert "放不下了" in client.get(address).text
        assert on_disk() == before

    def test_a_file_that_would_go_beyond_it_is_refused_before_it_is_written(
        self, client_of: ClientOf, enterprise: Enterprise, agent: User
    ) -> None:
        self.keep(agent, 899_999)
        before = on_disk()

        answer = send(
            client_of(agent),
            f"/enterprises/{enterprise.pk}/documents/2/upload/",
            picture(2),
        )

        assert "放不下了" in answer.text
        assert on_disk() == before
        assert StoredFile.objects.count() == 1

    def test_no_repair_is_kept_beyond_it(self, draft: Application, agent: User) -> None:
        self.keep(agent, 899_999)
        before = on_disk()

        offer = repairing.offer(
            draft, 8, data=samples.photo(1), name="a.jpg", codes=["wrong_size"], by=agent
        )

        assert offer is None
        assert on_disk() == before


class TestDisk:
    def test_while_it_is_nearly_full_uploads_are_refused_in_words(
        self,
        client_of: ClientOf,
        enterprise: Enterprise,
        agent: User,
        settings: Any,
        never_converted: None,
    ) -> None:
        settings.LEAST_FREE_BYTES = 10**18
        client, before = client_of(agent), on_disk()
        address = f"/enterprises/{enterprise.pk}/documents/2/"

        answer = send(client, f"{address}upload/", picture(2))

        assert answer.status_code == 422
        assert "系统的存储空间快用完了，暂时不收文件。请明天再试" in answer.text
        assert "暂时不收文件" in client.get(address).text
        assert on_disk() == before
