"""Pages for what goes wrong: in Chinese, with a way on."""

import errno
import json
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

import manage
from accounts.models import User
from applications.models import Application
from tests.conftest import ClientOf
from wanzhou_abtc import prepare

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


@pytest.mark.parametrize("address", ["/find/?q=" + "长" * 900, f"/{'x' * 8_000}/"])
def test_an_address_of_a_whole_text_is_told_so(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 414
    assert "网址太长，没有打开" in response.content.decode()


def test_the_longest_address_of_a_page_is_none_of_those(client_of: ClientOf, officer: User) -> None:
    """Sixty characters are all that the search box takes, and four hundred are cut to them."""
    assert client_of(officer).get("/find/?q=" + "长" * 400).status_code == 200


def test_a_stale_form_is_told_to_reload() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {"username": "x"})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_a_fault_shows_no_traceback(
    client_of: ClientOf, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("reports.home.views.for_officer", broken)
    client = client_of(officer)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()
    assert "a fault" not in response.content.decode()


# What surrounds the portal -----------------------------------------------------------------------

FULL_DISK = OSError(errno.ENOSPC, "No space left on device", "/srv/portal/files/2026/11/a.jpg")
NO_DATABASE = OperationalError("could not connect to server db.example")


def refuse(error: BaseException) -> Any:
    def broken(*_: object, **__: object) -> None:
        raise error

    return broken


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FULL_DISK, "系统的磁盘空间已用完，刚才的操作没有完成"),
        (NO_DATABASE, "系统的数据库暂时不能用，刚才的操作没有完成"),
    ],
)
def test_a_fault_of_the_surroundings_is_a_sentence(
    client_of: ClientOf,
    officer: User,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    sentence: str,
) -> None:
    monkeypatch.setattr("reports.home.views.for_officer", refuse(error))
    client = client_of(officer)
    client.raise_request_exception = False
    response = client.get("/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "300")
    assert sentence in response.text
    for leak in ("srv", "No space", "Errno", "28", "db.example"):
        assert leak not in response.text


def test_a_disk_that_fills_while_a_file_comes_in_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It fails before any view, while the form is read."""
    monkeypatch.setattr("files.uploads.ReceivedFile.__init__", refuse(FULL_DISK))
    client = Client(raise_request_exception=False)
    response = client.post("/verify/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})
    assert response.status_code == 503
    assert "系统的磁盘空间已用完" in response.text


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ImproperlyConfigured("缺少环境变量 HASH_KEY。"), "缺少环境变量 HASH_KEY。"),
        (FULL_DISK, "没有做成：系统的磁盘空间已用完。"),
        (NO_DATABASE, "没有做成：系统的数据库暂时不能用。"),
    ],
)
def test_a_command_that_cannot_run_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    sentence: str,
) -> None:
    monkeypatch.setattr(manage, "execute_from_command_line", refuse(error))
    with pytest.raises(SystemExit) as stopped:
        manage.main(["manage.py", "check_audit"])
    assert stopped.value.code == sentence
    with pytest.raises(SystemExit) as stopped:
        manage.main(["manage.py", "verify_form", "table.pdf"])
    assert stopped.value.code == 2
    answer = {"valid": False, "reason": sentence, "outcome": "", "signatures": []}
    assert json.loads(capsys.readouterr().out) == answer


def test_a_fault_of_the_portal_itself_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manage, "execute_from_command_line", refuse(RuntimeError("a fault")))
    with pytest.raises(RuntimeError):
        manage.main(["manage.py", "check_audit"])


def test_a_start_without_its_database_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare, "prepare", refuse(NO_DATABASE))
    assert prepare.main() == 1
    assert capsys.readouterr().err == "门户没有启动：系统的数据库暂时不能用。\n"
