"""Deleting drafts and applicants: at once, with the act in the trail and no name in it."""

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from applications.models import Applicant, Application, Material, MaterialPage
from applications.services import moves
from files.models import StoredFile
from files.ownerless import GRACE, discard_unreferred
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    return client_of(agent)


def test_a_draft_goes_with_its_materials_and_then_its_files(
    client: Client, ready_draft: Application
) -> None:
    files = list(
        StoredFile.objects.filter(
            pk__in=MaterialPage.objects.filter(material__application=ready_draft).values("file")
        )
    )
    reference = ready_draft.reference
    url = f"/applications/{ready_draft.pk}/delete/"
    assert "审计记录只留下" in client.get(url).text
    page = client.post(url, follow=True)

    assert "已删除张样例的草稿和其中的材料。" in page.text
    assert not Application.objects.exists()
    assert not Material.objects.exists()
    assert discard_unreferred(max(file.created_at for file in files) + 2 * GRACE) >= len(files)
    event = AuditEvent.objects.get(action="application.delete")
    assert event.object_label == reference
    assert "张样例" not in f"{event.before}{event.after}"
    assert client.post(url).status_code == 404


@pytest.mark.parametrize("how", ["submitted", "taken back"])
def test_what_was_ever_submitted_is_not_deleted(
    client: Client, ready_draft: Application, agent: User, how: str
) -> None:
    moves.submit(ready_draft, by=agent)
    if how == "taken back":
        moves.take_back(ready_draft, by=agent)
    page = client.post(f"/applications/{ready_draft.pk}/delete/", follow=True)
    assert "办理记录要留存，不能删除" in page.text
    assert Application.objects.exists()
    assert "删除草稿" not in client.get(f"/applications/{ready_draft.pk}/").text


def test_an_applicant_without_an_application_goes(client: Client, applicant: Applicant) -> None:
    url = f"/applications/applicants/{applicant.pk}/delete/"
    assert url in client.get(f"/applications/applicants/{applicant.pk}/edit/").text
    assert "身份证号码" in client.get(url).text
    assert "已删除申请人张样例。" in client.post(url, follow=True).text
    assert not Applicant.objects.exists()
    event = AuditEvent.objects.get(action="applicant.delete")
    assert event.object_label == f"第{applicant.pk}号申请人"


@pytest.mark.parametrize(
    ("kind", "sentence"), [("draft", "请先删除草稿"), ("submitted", "办理记录要留存，不能删除")]
)
def test_one_with_an_application_stays_and_why_is_said(
    client: Client, applicant: Applicant, kind: str, sentence: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)
    page = client.post(f"/applications/applicants/{applicant.pk}/delete/", follow=True)
    assert sentence in page.text
    assert Applicant.objects.exists()


def test_nothing_of_another_enterprise_is_deleted(
    client_of: ClientOf, other_agent: User, draft: Application
) -> None:
    client = client_of(other_agent)
    assert client.post(f"/applications/{draft.pk}/delete/").status_code == 404
    url = f"/applications/applicants/{draft.applicant_id}/delete/"
    assert client.post(url).status_code == 404
