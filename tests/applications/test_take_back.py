"""Taking back what nobody has opened, and beginning again what was withdrawn: nothing is lost."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from applications.models import Application
from applications.services import moves
from applications.services.again import begin_again
from applications.services.intake import IntakeRefused
from applications.services.perform import AlreadyDone, MoveRefused
from notices.conditions import why_not_needed
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import material_page, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    return client_of(agent)


@pytest.fixture
def sent(ready_draft: Application, agent: User) -> Application:
    moves.submit(ready_draft, by=agent)
    return ready_draft


def contents(application: Application) -> list[Any]:
    return [
        (
            material.number,
            material.by_review_table,
            material.facts,
            [page.file_id for page in material.pages.current()],
        )
        for material in application.materials.order_by("number")
    ]


def test_it_is_a_draft_again_with_all_that_was_there(
    officer: User, client: Client, sent: Application
) -> None:
    before = contents(sent)
    url = f"/applications/{sent.pk}/take-back/"
    assert url in client.get(f"/applications/{sent.pk}/").text
    assert "排队从再次提交时算起" in client.get(url).text
    page = client.post(url, follow=True)

    assert "已撤回修改，现在又是草稿" in page.text
    sent.refresh_from_db()
    assert sent.status == "draft"
    assert (sent.submitted_at, sent.consented_sharing_at, sent.due_at) == (None, None, None)
    assert contents(sent) == before
    assert not sent.materials.filter(document__isnull=False).exists()
    assert "撤回修改" in page.text
    first, second = Notice.objects.filter(recipient=officer).order_by("pk")
    assert why_not_needed([first]) == {first.pk: "申请已是“草稿”"}
    assert (second.kind, second.path) == ("info", "")


def test_it_is_submitted_again_as_if_for_the_first_time(sent: Application, agent: User) -> None:
    moves.take_back(sent, by=agent)
    moves.submit(sent, by=agent)
    assert Application.objects.get().status == "submitted"
    moves.take_back(sent, by=agent)


@pytest.mark.parametrize("how", ["opened", "picture"])
def test_what_somebody_at_the_station_has_opened_is_not_taken_back(
    client: Client, client_of: ClientOf, sent: Application, officer: User, how: str
) -> None:
    page = sent.materials.get(number=8).pages.get()
    address = {
        "opened": f"/applications/{sent.pk}/pre-review/",
        "picture": f"/applications/{sent.pk}/materials/8/pages/{page.pk}/",
    }[how]
    assert b"".join(client_of(officer).get(address))

    case = client.get(f"/applications/{sent.pk}/").text
    assert "take-back" not in case
    assert "填错了的，请联系服务站" in case
    late = client.get(f"/applications/{sent.pk}/take-back/", follow=True)
    assert "服务站已经打开这件申请，不能再撤回修改" in late.text
    assert f"请打电话（{settings.HOTLINE}）请服务站退回补正" in late.text
    answer = client.post(f"/applications/{sent.pk}/take-back/", follow=True)
    assert "服务站已经打开这件申请" in answer.text
    assert Application.objects.get().status == "submitted"


def test_before_that_every_page_says_so(client: Client, ready_draft: Application) -> None:
    check = client.get(f"/applications/{ready_draft.pk}/check/").text
    assert "服务站打开之前，可以“撤回修改”再提交" in check
    assert "退回之前不能再改" not in check
    client.post(f"/applications/{ready_draft.pk}/submit/")

    case = client.get(f"/applications/{ready_draft.pk}/").text
    assert "服务站打开之前可以" in case
    assert "请联系服务站" not in case


def test_a_draft_has_nothing_to_take_back(client: Client, ready_draft: Application) -> None:
    answer = client.get(f"/applications/{ready_draft.pk}/take-back/", follow=True)
    assert "这件申请现在是“草稿”，不能撤回修改" in answer.text


def test_the_enterprise_s_own_look_is_none(
    client: Client, client_of: ClientOf, sent: Application, agent: User
) -> None:
    page = sent.materials.get(number=8).pages.get()
    assert b"".join(client.get(f"/applications/{sent.pk}/materials/8/pages/{page.pk}/"))
    moves.take_back(sent, by=agent)
    assert Application.objects.get().status == "draft"


def test_a_second_click_is_no_fault(sent: Application, agent: User) -> None:
    moves.take_back(sent, by=agent)
    with pytest.raises(AlreadyDone):
        moves.take_back(sent, by=agent)


def test_an_officer_who_comes_late_is_told(sent: Application, agent: User, officer: User) -> None:
    moves.take_back(sent, by=agent)
    with pytest.raises(MoveRefused, match="办理“撤回修改”"):
        moves.decline(sent, reason="不符合条件", by=officer)


# Beginning again ---------------------------------------------------------------------------------


def test_a_withdrawn_one_is_begun_again_from_what_was_there(
    client: Client, sent: Application, agent: User
) -> None:
    material_page(sent, 5, picture(5, "second"))
    moves.withdraw(sent, reason="暂不出行", by=agent)
    assert "用原来的材料重新开始" in client.get(f"/applications/{sent.pk}/").text

    page = client.post(f"/applications/{sent.pk}/begin-again/", follow=True)
    assert "已用原来的材料重新开始" in page.text
    old, new = Application.objects.order_by("pk")
    assert (old.status, new.status) == ("withdrawn", "draft")
    assert contents(new) == contents(old)
    assert page.context["dossier"].missing == []


def test_twice_makes_one(sent: Application, agent: User) -> None:
    moves.withdraw(sent, reason="暂不出行", by=agent)
    assert begin_again(sent, by=agent) == begin_again(sent, by=agent)
    assert Application.objects.count() == 2


def test_only_what_was_withdrawn_is_begun_again(sent: Application, agent: User) -> None:
    with pytest.raises(IntakeRefused, match="只有撤回的申请"):
        begin_again(sent, by=agent)
