"""Log lines: from which request, person and task, and nothing personal."""

import io
import json
import logging
import logging.config
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from celery import shared_task
from django.test import Client
from django.urls import reverse
from structlog.contextvars import clear_contextvars

from accounts.mailboxes import make_token
from accounts.models import AuditEvent, User
from accounts.password_reset import path_for
from applications.models import Application
from outreach.briefings.keys import invitation_path
from tests.conftest import ClientOf
from tests.harness import process_environment
from tests.outreach.factories import BriefingFactory
from wanzhou_abtc.logs import as_json, configure_celery, logging_by, readable

logger = logging.getLogger("reviews.services.sign_batch")
Lines = Callable[[], list[dict[str, Any]]]
KEYS = {"timestamp", "level", "logger", "event", "request_id", "user_id"}


@contextmanager
def listening(renderer: Any) -> Iterator[io.StringIO]:
    """What the root logger's handler writes, by the formatter that the settings name."""
    line = logging_by(renderer, level="INFO")["formatters"]["line"]
    formatter = line.pop("()")(**line)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    clear_contextvars()
    yield written
    clear_contextvars()
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The lines of a service."""
    with listening(as_json()) as written:
        yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture
def readable_lines() -> Iterator[io.StringIO]:
    with listening(readable()) as written:
        yield written


@pytest.mark.django_db
def test_a_line_of_a_request_says_which_and_whose_it_is(
    lines: Lines, agent: User, client_of: ClientOf
) -> None:
    response = client_of(agent).get(reverse("applications:detail", args=[404]))
    [line] = [one for one in lines() if one["logger"] == "django.request"]
    assert set(line) == KEYS
    assert line["timestamp"].endswith("Z")
    assert line["level"] == "warning"
    assert line["event"] == "Not Found: /applications/404/"
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert len(line["request_id"]) == 32
    assert line["user_id"] == agent.pk


@pytest.mark.django_db
def test_an_error_of_a_request_says_nothing_personal(
    lines: Lines,
    draft: Application,
    agent: User,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = draft.applicant

    def broken(*_: Any) -> None:
        raise ValueError(
            f"申请人“{person.name}”的号码{person.id_number}、{person.phone}、"
            f"{person.passport_number}，邮箱{agent.username}\n"
            f"DETAIL:  Failing row contains (5, {person.name},\n{draft.enterprise.name}, null)."
        )

    monkeypatch.setattr("applications.views.agent.load_dossier", broken)
    client = client_of(agent)
    client.raise_request_exception = False
    assert client.get(reverse("applications:detail", args=[draft.pk])).status_code == 500
    [line] = [one for one in lines() if one["level"] == "error"]
    assert set(line) == KEYS | {"exception"}
    assert line["user_id"] == agent.pk
    assert "in broken" in line["exception"]
    assert "ValueError: 申请人…的号码" in line["exception"]
    text = json.dumps(line, ensure_ascii=False)
    for personal in (
        person.name,
        person.id_number,
        person.phone,
        person.passport_number,
        agent.name,
        agent.username,
        draft.enterprise.name,
    ):
        assert personal not in text


@pytest.mark.django_db
def test_each_request_has_a_number_of_its_own_and_a_stranger_none(
    lines: Lines, client: Client, agent: User, client_of: ClientOf
) -> None:
    client_of(agent).get("/nowhere/")
    client.get("/nowhere/")
    first, second = (one for one in lines() if one["event"] == "Not Found: /nowhere/")
    assert first["request_id"] != second["request_id"]
    assert second["user_id"] is None


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (
            "Not Found: /accounts/reset/MQ/c1x-0123456789abcdef0123/",
            "Not Found: /accounts/reset/MQ/…/",
        ),
        ("Not Found: /calendar/0123456789abcdefABCDEF-_.ics", "Not Found: /calendar/….ics"),
        ("电话13800138000打不通", "电话…打不通"),
        ("50010119800101001X 91500101YYYY00012R E12345678", "… … …"),
        ("给agent@example.com的信", "给…的信"),
        (
            "2026-11-23的审核表〔2026〕0001号，投递123456",
            "2026-11-23的审核表〔2026〕0001号，投递123456",
        ),
    ],
)
def test_numbers_mailboxes_and_keys_leave_the_words(lines: Lines, said: str, written: str) -> None:
    logger.warning("%s", said)
    assert [line["event"] for line in lines()] == [written]


@shared_task(name="tests.speak")
def speak() -> None:
    logger.warning("说")


def test_a_line_of_a_task_says_which_and_what_it_is(lines: Lines) -> None:
    result = speak.apply()
    logger.warning("完")
    [during, after] = lines()
    assert (during["task"], during["task_id"]) == ("tests.speak", result.id)
    assert "task" not in after
    assert "task_id" not in after


def test_on_ones_own_machine_a_line_is_readable(readable_lines: io.StringIO) -> None:
    try:
        raise ValueError("坏了")
    except ValueError:
        logger.exception("签署意见%s时数据库出错", 7)
    first, *rest = readable_lines.getvalue().splitlines()
    assert "[error    ] 签署意见7时数据库出错 [reviews.services.sign_batch]" in first
    assert rest[0] == "Traceback (most recent call last):"
    assert rest[-1] == "ValueError: 坏了"


def test_celery_writes_by_our_form_at_the_level_that_it_is_told(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured: list[Any] = []
    monkeypatch.setattr(logging.config, "dictConfig", configured.append)
    before = logging.getLogger("celery").level
    try:
        configure_celery(loglevel=logging.INFO)
        assert logging.getLogger("celery").level == logging.INFO
    finally:
        logging.getLogger("celery").setLevel(before)
    assert configured == [settings.LOGGING]


def test_a_service_writes_one_object_a_line_and_a_trial_does_not() -> None:
    speak = "import django, logging; django.setup(); logging.getLogger('core').warning('说\\n话')"
    keys = {"SECRET_KEY": "x" * 50}
    said = [
        subprocess.run(
            [sys.executable, "-c", speak],
            env=process_environment(**keys, DEMO=demo, DATABASE_URL="sqlite://:memory:"),
            capture_output=True,
            check=True,
            text=True,
        ).stderr.splitlines()
        for demo in ("false", "true")
    ]
    [line] = said[0]
    assert json.loads(line)["event"] == "说\n话"
    assert "[warning  ] 说" in said[1][0]


# What no line may hold ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_page_that_is_not_for_somebody_leaves_no_traceback(
    lines: Lines, agent: User, client_of: ClientOf
) -> None:
    assert client_of(agent).get("/accounts/users/").status_code == 403
    [line] = [one for one in lines() if one["logger"] == "django.request"]
    assert line["event"] == "Forbidden (Permission denied): /accounts/users/"
    assert set(line) == KEYS


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Sommer-2026!", "abc def", "agent@example.com", "王小明1990"])
def test_a_failed_sign_in_leaves_nothing_that_was_typed(
    lines: Lines, client: Client, agent: User, name: str
) -> None:
    for _ in range(7):
        client.post("/accounts/sign-in/", {"username": name, "password": "Geheim-2026?"})
    written = json.dumps(lines(), ensure_ascii=False)
    assert "AXES" in written
    assert name not in written
    assert "Geheim-2026?" not in written
    if name != agent.username:
        rows = [*AccessAttempt.objects.values(), *AccessFailureLog.objects.values()]
        rows += AuditEvent.objects.values()
        assert rows
        for column in (str(value) for row in rows for value in row.values()):
            assert name.lower() not in column.lower()
            assert "Geheim-2026?" not in column


@pytest.mark.django_db
def test_a_key_of_a_briefing_is_in_no_line(lines: Lines, client: Client) -> None:
    briefing = BriefingFactory.create(is_public=False)
    invited = invitation_path(briefing)
    client.get(invited)
    client.post(invited, {"phone": "1"})
    client.get(f"/nowhere{invited}")
    logger.warning("打不开%s", invited)
    written = json.dumps(lines(), ensure_ascii=False)
    assert "打不开" in written
    assert invited.rstrip("/").rpartition("/")[2] not in written


def test_a_link_that_lets_somebody_in_is_in_no_line(
    lines: Lines, client: Client, agent: User
) -> None:
    reset, confirm = path_for(agent), f"/accounts/confirm/{make_token(agent)}/"
    addresses = [reset, confirm, reset.rstrip("/"), f"{reset}x/", f"/nowhere{reset}"]
    addresses += [f"/nowhere/?next={reset}", f"/nowhere/?next={quote(reset, safe='')}"]
    client.raise_request_exception = False
    for address in addresses:
        client.get(address)
        client.post(address)
    Client(enforce_csrf_checks=True).post(reset)
    logger.warning("打不开%s和http://127.0.0.1:8000%s，", reset, confirm)
    logger.warning("去向%s", quote(reset, safe=""))
    try:
        raise ValueError(f"第一行{reset}\n{confirm}")
    except ValueError:
        logger.exception("出错")
    token = reset.rstrip("/").rpartition("/")[2]
    secret = token.partition("-")[2]
    written = json.dumps(lines(), ensure_ascii=False)
    assert "CSRF" in written
    assert secret not in written
    assert make_token(agent)[:40] not in written


def test_no_line_names_a_passkey_however_much_is_logged() -> None:
    """What checks them says the credential's number at INFO."""
    told = logging_by(as_json(), level="DEBUG")
    assert told["loggers"]["fido2"] == {"level": "WARNING"}
