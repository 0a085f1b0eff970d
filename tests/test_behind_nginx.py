"""The portal behind a real nginx: slow clients and costly files hold up nobody else."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from enterprises.models import Enterprise
from tests.behind_nginx import COSTLY, Site, as_a_service, served
from tests.conftest import signed_in
from tests.factories import EnterpriseFactory, agent_of
from tests.harness import process_environment
from tests.nginx import free_ports

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

SLOW_CLIENTS = 16
# Seconds. A quiet machine answers within one; unbounded, the costly files held it up for ten, and
# slow clients for as long as they last.
HELD_UP = 5


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """gunicorn with two workers as in service, on this run's database, and nginx before it."""
    ports = free_ports()
    with django_db_blocker.unblock():
        environment = process_environment(**as_a_service(ports))
    with served(tmp_path_factory.mktemp("nginx"), ports, environment) as started:
        yield started


def cookies_of(user: User) -> str:
    value = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={value}"


def test_sixteen_slow_clients_hold_up_nobody(site: Site) -> None:
    with ExitStack() as stack:
        for number in range(SLOW_CLIENTS):
            stack.enter_context(site.connect_slowly(number))
        seconds = [site.seconds_of_healthz() for _ in range(5)]
        status, text, _, took = site.ask("GET", "/accounts/sign-in/")

    assert max(seconds) < HELD_UP
    assert (status, "登录" in text) == (200, True)
    assert took < HELD_UP


def test_eight_costly_files_at_once_hold_up_nobody(site: Site) -> None:
    assert len(COSTLY) < 50_000
    sent = []
    for _ in range(8):
        enterprise: Enterprise = EnterpriseFactory.create()
        agent = agent_of(enterprise)
        sent.append((f"/enterprises/{enterprise.pk}/documents/2/upload/", cookies_of(agent)))
    # Both processes are warm, as they are in service.
    for _ in range(4):
        site.ask("GET", "/accounts/sign-in/")

    with ThreadPoolExecutor(8) as pool:
        posted: list[Future[Any]] = [
            pool.submit(site.post_file, path, "scan.pdf", COSTLY, cookies) for path, cookies in sent
        ]
        seconds = []
        while not all(one.done() for one in posted):
            seconds.append(site.seconds_of_healthz())
            time.sleep(0.1)
    answered = [one.result() for one in posted]

    assert max(seconds) < HELD_UP
    refused = [text for status, text, _, _ in answered if status == 422]
    busy = [(text, headers) for status, text, headers, _ in answered if status == 503]
    assert len(refused) + len(busy) == 8
    assert len(refused) >= 2
    assert len(busy) >= 4
    assert all("这个文件太复杂或有损坏" in text for text in refused)
    assert all("系统正忙，请稍后再试" in text for text, _ in busy)
    assert all(headers["Retry-After"] == "5" for _, headers in busy)


def test_what_is_too_large_is_told_in_words_before_the_portal_sees_it(site: Site) -> None:
    for path, size in (("/accounts/sign-in/", 2), ("/verify/", 22)):
        status, text, _, _ = site.ask("POST", path, b"x" * (size * 1024 * 1024))
        assert status == 413
        assert "文件太大，没有收下" in text


@pytest.mark.parametrize("length", [5_000, 8_100, 12_000])
def test_an_address_of_any_length_is_answered_in_words(site: Site, length: int) -> None:
    """As far as gunicorn takes it by the portal, beyond that by nginx."""
    status, text, _, _ = site.ask("GET", f"/{'x' * length}/")
    assert status == (404 if length < 8_000 else 414)
    assert ("找不到这一页" if status == 404 else "网址太长，没有打开") in text


@pytest.mark.parametrize(
    "path",
    [
        "/applications/1/materials/8/check/",
        "/applications/applicants/new/check/",
        "/applications/consent/Ab_3-xYz/materials/8/upload/",
        "/enterprises/1/hand-over/",
        "/reviews/certificates/tax/seal/",
    ],
)
def test_a_photo_of_three_megabytes_reaches_the_portal_wherever_one_is_asked_for(
    site: Site, path: str
) -> None:
    status, _, _, _ = site.ask("POST", path, b"x" * (3 * 1024 * 1024))
    assert status != 413


def test_a_table_to_be_verified_may_have_as_many_bytes_as_the_portal_takes(site: Site) -> None:
    data = b"%PDF-1.7\n" + b"x" * (3 * 1024 * 1024)
    status, text, _, _ = site.post_file("/verify/", "table.pdf", data, "a=b")
    assert status == 200
    assert "文件结构已损坏" in text


def test_plain_http_leads_to_https(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.ports.http, timeout=20)
    connection.request("GET", "/verify/")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://127.0.0.1/verify/")
    connection.close()
