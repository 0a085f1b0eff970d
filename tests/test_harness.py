"""The harness itself: what it forbids fails, and its real processes do real work."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import RequestFactory
from playwright.sync_api import Error, Page

from accounts.models import Department, Role, User
from notices.models import Delivery, Notice
from notices.tasks import deliver_one
from reviews.models import Phrase
from tests.harness import LiveProcess, Mailbox, eventually
from tests.loopback import BeyondLoopbackError
from tests.read_only_get import ReadOnlyGetMiddleware, WroteOnGetError
from tests.run import SLOWEST, Tally, embedded_files, read_tally, slowest
from tests.unknown_variable import UnknownVariableError


def test_an_address_beyond_the_loopback_is_refused() -> None:
    with socket.socket() as outward, pytest.raises(BeyondLoopbackError):
        outward.connect(("192.0.2.1", 80))


def test_a_name_of_another_machine_is_not_looked_up() -> None:
    with pytest.raises(BeyondLoopbackError):
        socket.getaddrinfo("example.org", 443)


def test_an_unknown_variable_of_our_template_fails(tmp_path: Path) -> None:
    import tests.unknown_variable as module

    (tmp_path / "page.html").write_text("{{ nobody_gave_this }}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "OURS", tmp_path)
        patch.setattr(Engine.get_default(), "dirs", [tmp_path])
        with pytest.raises(UnknownVariableError, match="nobody_gave_this"):
            Engine.get_default().get_template("page.html").render(Context({}))


def test_an_unknown_variable_of_other_peoples_template_is_empty() -> None:
    template = Engine.get_default().from_string("[{{ nobody_gave_this }}]")
    assert template.render(Context({})) == "[]"


@pytest.mark.django_db
def test_a_get_that_writes_fails(rf: RequestFactory) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        Department.objects.filter(code="tax").update(name="税务")
        return HttpResponse()

    assert ReadOnlyGetMiddleware(view)(rf.post("/")).status_code == 200
    with pytest.raises(WroteOnGetError):
        ReadOnlyGetMiddleware(view)(rf.get("/"))


def test_a_tally_counts_errors_as_failures(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="9" failures="1" errors="2" skipped="3"/></testsuites>'
    )
    tally = read_tally(report, 1)
    assert (tally.passed, tally.failed, tally.skipped) == (3, 3, 3)


def test_a_tally_says_how_long_each_test_took(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="2"><testcase classname="a.b" name="c" time="1.5"/>'
        '<testcase classname="a.b" name="d" time="0.25"/></testsuite></testsuites>'
    )
    assert read_tally(report, 0).seconds == {"a.b::c": 1.5, "a.b::d": 0.25}


def test_the_twenty_slowest_of_both_runs_are_told_in_their_order() -> None:
    first = Tally(30, 0, 0, 0, {f"test_{n}": float(n) for n in range(30)})
    second = Tally(1, 0, 0, 0, {"test_28": 28.5})
    lines = slowest(first, second)
    assert len(lines) == SLOWEST == 20
    assert [line.split() for line in lines[:3]] == [
        ["29.0", "test_29"],
        ["28.5", "test_28（默认方式）"],
        ["28.0", "test_28"],
    ]


@pytest.fixture
def officer() -> User:
    return User.objects.create_user(
        "zhang", "a-Long-passw0rd", name="张专员", email="z@abtc.example", role=Role.STATION_OFFICER
    )


@pytest.mark.live
@pytest.mark.embedded
def test_a_live_worker_sends_a_mail_that_arrives(
    live_worker: LiveProcess, mailbox: Mailbox, officer: User
) -> None:
    with transaction.atomic():
        notice = Notice.objects.create(
            cause="harness", recipient=officer, subject="试一试", body="收到请忽略。"
        )
        delivery = Delivery.objects.create(notice=notice, channel=Delivery.Channel.EMAIL)
        transaction.on_commit(lambda: deliver_one.delay(delivery.pk))
    [message] = mailbox.wait_for(1)
    assert message["To"] == "z@abtc.example"
    assert message["Subject"].endswith("试一试")
    eventually(lambda: Delivery.objects.get().state == Delivery.State.SENT, 10, "sent")


@pytest.mark.live
@pytest.mark.embedded
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_that_commits_leaves_the_migrations_rows(
    time: str, transactional_db: None, officer: User
) -> None:
    assert Department.objects.count() == 5
    assert User.objects.get() == officer
    Phrase.objects.all().delete()
    Department.objects.all().delete()


@pytest.mark.live
@pytest.mark.browser
def test_chromium_reaches_the_portal_and_nothing_else(phone: Page) -> None:
    answer = phone.goto("/healthz")
    assert answer is not None
    assert answer.status == 200
    assert phone.evaluate("window.innerWidth") == 390
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        phone.goto("http://example.org/")


@pytest.mark.live
@pytest.mark.browser
def test_beside_chromium_the_database_and_other_loops_are_as_ever(desktop: Page) -> None:
    assert Department.objects.count() == 5
    before = connection.connection
    with desktop.expect_request("**/healthz"):
        desktop.goto("/healthz")
    with desktop.expect_event("domcontentloaded"):
        desktop.reload()
    assert connection.connection is before
    assert asyncio.run(asyncio.sleep(0, "ran")) == "ran"
    requests: list[str] = []
    desktop.on("request", lambda request: requests.append(request.url))
    desktop.reload()
    assert [url.rpartition("/")[2] for url in requests] == ["healthz"]
    assert desktop.evaluate("1 + 1") == 2


def test_tests_run_on_the_database_that_was_asked_for(settings: Any) -> None:
    asked = "sqlite" if "sqlite" in settings.DATABASES["default"]["ENGINE"] else "postgresql"
    assert connection.vendor == asked


def test_the_files_of_the_embedded_part_are_found_by_their_mark(
    request: pytest.FixtureRequest,
) -> None:
    marked = [item for item in request.session.items if item.get_closest_marker("embedded")]
    assert {str(item.path) for item in marked} <= set(embedded_files())
    assert __file__ in embedded_files()
