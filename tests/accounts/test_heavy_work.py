"""Requests that convert, verify or draw: two at a time on a host, the next told in words."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.heavy_work import holder_of
from accounts.models import User
from applications.models import Application
from core import work_places
from core.work_places import place
from enterprises.models import Enterprise
from files.models import StoredFile
from tests.conftest import ClientOf
from tests.factories import ReviewTableFactory, picture, standing_page

pytestmark = pytest.mark.django_db
SENTENCE = "系统正忙，请稍后再试"


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places of this test's own, and nobody waits."""
    settings.PORTAL_DATA, settings.WORK_PLACES = tmp_path, 2
    monkeypatch.setattr(work_places, "PATIENCE_SECONDS", 0.0)


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def all_taken(held: ExitStack) -> ExitStack:
    held.enter_context(place("a"))
    held.enter_context(place("b"))
    return held


def sent(name: str = "a.jpg", data: bytes = b"x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def expect_busy(answer: Any) -> None:
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert SENTENCE in answer.text


def test_whatever_an_agent_sends_is_told_while_all_places_are_taken(
    client_of: ClientOf,
    agent: User,
    enterprise: Enterprise,
    draft: Application,
    all_taken: ExitStack,
) -> None:
    page = standing_page(enterprise, 2)
    repair = draft.repairs.create(
        number=8, original=page.file, proposal=page.file, state="proposed", created_by=agent
    )
    client = client_of(agent)
    for address, body in (
        (f"/enterprises/{enterprise.pk}/documents/2/upload/", {"files": [sent()]}),
        (f"/applications/{draft.pk}/materials/5/upload/", {"files": [sent()]}),
        (f"/enterprises/{enterprise.pk}/pages/{page.pk}/turn/", {"degrees": "90"}),
        (f"/enterprises/{enterprise.pk}/pages/{page.pk}/replace/", {"files": [sent()]}),
        (reverse("applications:repair_propose", args=[draft.pk, 8, repair.pk]), {}),
        (reverse("applications:repair_accept", args=[draft.pk, 8, repair.pk]), {}),
    ):
        expect_busy(client.post(address, body))
    assert StoredFile.objects.count() == 1


def test_a_script_is_told_in_json(
    client_of: ClientOf, agent: User, enterprise: Enterprise, all_taken: ExitStack
) -> None:
    answer = client_of(agent).post(
        f"/enterprises/{enterprise.pk}/documents/2/upload/",
        {"files": [sent()]},
        headers={"Accept": "application/json"},
    )

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json() == {"problems": ["系统正忙，请稍后再试。"]}


def test_a_stranger_who_verifies_a_file_is_told(client: Client, all_taken: ExitStack) -> None:
    expect_busy(client.post("/verify/", {"file": sent("a.pdf", b"%PDF-1.7")}))
    assert client.get("/verify/").status_code == 200


def test_an_officers_scan_and_downloads_are_told(
    client_of: ClientOf, officer: User, all_taken: ExitStack
) -> None:
    table = ReviewTableFactory.create()
    client = client_of(officer)

    expect_busy(client.post(f"/reviews/tables/{table.pk}/scan/", {"files": [sent()]}))
    expect_busy(client.get(f"/reviews/tables/{table.pk}/table-1.jpg"))
    assert client.head(f"/reviews/tables/{table.pk}/table-1.jpg").status_code == 503


def test_pages_that_only_show_something_need_no_place(
    client_of: ClientOf, agent: User, enterprise: Enterprise, all_taken: ExitStack
) -> None:
    client = client_of(agent)
    page = standing_page(enterprise, 2)
    for address in (
        "/",
        "/healthz",
        f"/enterprises/{enterprise.pk}/",
        f"/enterprises/{enterprise.pk}/documents/2/",
        f"/enterprises/{enterprise.pk}/pages/{page.pk}/replace/",
        f"/enterprises/{enterprise.pk}/pages/{page.pk}/thumb/",
    ):
        assert client.get(address).status_code == 200, address


def test_a_large_png_is_drawn_small_in_a_place_of_its_own(
    client_of: ClientOf, agent: User, enterprise: Enterprise, all_taken: ExitStack
) -> None:
    page = standing_page(enterprise, 2)
    StoredFile.objects.filter(pk=page.file_id).update(
        media_type="image/png", width=4000, height=3000
    )
    address = f"/enterprises/{enterprise.pk}/pages/{page.pk}/thumb/"

    assert client_of(agent).get(address).status_code == 503


def test_one_account_has_one_place_and_strangers_have_one_among_them_all(
    client: Client, client_of: ClientOf, agent: User, enterprise: Enterprise, held: ExitStack
) -> None:
    address = f"/enterprises/{enterprise.pk}/documents/2/upload/"
    held.enter_context(place("strangers"))
    expect_busy(client.post("/verify/", {"file": sent("a.pdf", b"%PDF-1.7")}))
    accepted = client_of(agent).post(address, {"files": [sent(data=picture(2))]})
    assert accepted.status_code == 302

    held.close()
    held.enter_context(place(f"account-{agent.pk}"))
    expect_busy(client_of(agent).post(address, {"files": [sent(data=picture(2, "2"))]}))
    assert client.post("/verify/", {"file": sent("a.pdf", b"%PDF-1.7")}).status_code == 200


def test_a_place_is_free_again_after_the_request(
    client_of: ClientOf, agent: User, enterprise: Enterprise
) -> None:
    client = client_of(agent)
    for text in ("one", "two", "three"):
        answer = client.post(
            f"/enterprises/{enterprise.pk}/documents/2/upload/",
            {"files": [sent(data=picture(1, text))]},
        )
        assert answer.status_code == 302


def test_accounts_are_told_apart_by_number(rf: Any, agent: User) -> None:
    request = rf.post("/")
    request.user = agent
    assert holder_of(request) == f"account-{agent.pk}"
