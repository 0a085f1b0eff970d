"""Pages for what goes wrong: in Chinese, with a way on."""

import pytest
from django.test import Client

from accounts.models import User
from applications.models import Application
from tests.conftest import ClientOf

pytestmark = pytest.mark.django_db


def test_an_unknown_address_leads_home(client: Client) -> None:
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert "找不到这一页" in response.content.decode()


def test_an_action_opened_as_a_page_leads_back_to_its_page(
    client_of: ClientOf, agent: User, draft: Application
) -> None:
    page = f"/applications/{draft.pk}/materials/8/"
    response = client_of(agent).get(page + "upload/")
    assert response.status_code == 405
    assert "刷新或重新打开不会再做一次" in response.text
    assert f'href="{page}"' in response.text


def test_a_page_of_another_role_says_so(client_of: ClientOf, officer: User) -> None:
    response = client_of(officer).get("/accounts/users/")
    assert response.status_code == 403
    assert "没有权限" in response.content.decode()


def test_a_stale_form_is_told_to_reload() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {"username": "x"})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_a_fault_shows_no_traceback(
    client_of: ClientOf, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("reports.worklists.for_officer", broken)
    monkeypatch.setattr("reports.views.WORKLISTS", {"station_officer": broken})
    client = client_of(officer)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()
    assert "a fault" not in response.content.decode()
