"""A pytest plugin: what the tests stand on. Objects and people are in `tests/conftest.py`."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as portal_settings
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase
from django.test import client as test_client

from tests import kept_schema
from tests.loopback import close_sockets
from tests.temporary_services import free_port, stop

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session
    from pytest_django.live_server_helper import LiveServer

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60
RESTORE_TRIES = 5


def pytest_configure() -> None:
    close_sockets()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what concerns the embedded default alone to the run on the embedded default."""
    if "TEST_TEMPLATE" not in os.environ:
        return
    elsewhere = []
    for item in items:
        marker = item.get_closest_marker("embedded")
        if marker is not None and marker.kwargs.get("only"):
            elsewhere.append(item)
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Whether the database is there already, or may stay when the run is over.

    On SQLite: whether a migrated one of an earlier run was put in its place. PostgreSQL goes as a
    whole, and takes long to drop a database first.
    """
    if connection.vendor != "sqlite":
        return True
    target = Path(connection.settings_dict["TEST"]["NAME"])
    return kept_schema.copy_to(target, kept_schema.kept(".sqlite3"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, monkeypatch_session: pytest.MonkeyPatch
) -> None:
    """A test that commits is taken back by putting the migrated rows in their place again.

    Django would empty every table and write the rows one by one; on SQLite the audit trail's
    triggers refuse even that.
    """
    keep = keep_sqlite if connection.vendor == "sqlite" else keep_postgresql
    with django_db_blocker.unblock():
        restore = keep()
    monkeypatch_session.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: restore())


def keep_sqlite() -> Callable[[], None]:
    """Copy the fresh database aside; what is returned copies it back."""
    fresh = sqlite3.connect(portal_settings.PORTAL_DATA / "fresh.sqlite3", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(fresh)

    path = kept_schema.kept(".sqlite3")
    if not path.exists():
        kept_schema.keep(path, _written(fresh))

    def restore() -> None:
        connection.ensure_connection()
        fresh.backup(connection.connection)

    return restore


def _written(database: sqlite3.Connection) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with closing(sqlite3.connect(path)) as copy:
            database.backup(copy)

    return write


def keep_postgresql() -> Callable[[], None]:
    """Keep the rows of every table; what is returned puts them back. Sequences count on."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = {table: _copied(cursor, table) for table in tables}
    filled = {table: text for table, text in rows.items() if text}

    @transaction.atomic
    def once() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(_with_rows(cursor, tables))} CASCADE")
            # The rows fit each other: they need no order and no check.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, text in filled.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text))

    def restore() -> None:
        # A live worker may read while the tables are emptied; a deadlock is tried again.
        for _ in range(RESTORE_TRIES - 1):
            with suppress(OperationalError):
                return once()
        return once()

    return restore


def _copied(cursor: Any, table: str) -> str:
    buffer = io.StringIO()
    cursor.copy_expert(f"COPY {table} TO STDOUT", buffer)
    return buffer.getvalue()


def _with_rows(cursor: Any, tables: list[str]) -> list[str]:
    # Names of our own tables, from the database itself.
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)  # noqa: S608
    cursor.execute(" UNION ALL ".join(asked))
    return [table for (table,) in cursor.fetchall()]


@pytest.fixture(scope="session", autouse=True)
def whole_pages_contexts(monkeypatch_session: pytest.MonkeyPatch) -> None:
    """What `response.context` remembers: each whole page's context, not that of every part.

    Django's client copies the context of every included template, hundreds of them for a form.
    """

    remember_any = test_client.store_rendered_templates  # type: ignore[attr-defined]

    def remember(store: dict[str, Any], *, template: Any, context: Any, **named: Any) -> None:
        if context.template is template:
            remember_any(store, template=template, context=context, **named)

    monkeypatch_session.setattr(test_client, "store_rendered_templates", remember)


@pytest.fixture(scope="session")
def monkeypatch_session() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


# Mail ------------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """Receives by SMTP on the loopback and keeps what came, oldest first."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: "SMTP", _session: "Session", envelope: "Envelope"
    ) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        message = message_from_bytes(raw, policy=policy.default)
        self.messages.append(message)
        return "250 received"

    def wait_for(self, count: int = 1, seconds: float = 20) -> list[EmailMessage]:
        """Return the messages as soon as there are `count`; fail the test when time is up."""
        eventually(lambda: len(self.messages) >= count, seconds, f"{count} messages")
        return self.messages

    def wait_for_mail_to(self, address: str, seconds: float = 20) -> EmailMessage:
        """Return the first message to this address as soon as it is there."""

        def arrived() -> list[EmailMessage]:
            return [message for message in self.messages if message["To"] == address]

        eventually(lambda: bool(arrived()), seconds, f"a message to {address}")
        return arrived()[0]


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox(port=free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    yield mailbox
    controller.stop()


@pytest.fixture
def mailbox(mail_server: Mailbox, settings: Any) -> Mailbox:
    """An empty mailbox that both this process and the live worker deliver to."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = mail_server.port
    mail_server.messages.clear()
    return mail_server


# Celery ----------------------------------------------------------------------------------------


@dataclass
class LiveProcess:
    """A Celery process of the portal, with the database, queue and folder of this run."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """End it as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def process_environment(**more: str) -> dict[str, str]:
    """Environment of a real process that works on this run's own test database."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{database['NAME']}"
    else:
        address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    chosen = {"DJANGO_SETTINGS_MODULE": "wanzhou_abtc.settings", "DATABASE_URL": address}
    return os.environ | chosen | more


def start_celery(command: list[str], name: str, *, clock: str = "", **more: str) -> LiveProcess:
    """Start `celery -A wanzhou_abtc …`; returns at once, its log is in the run's folder.

    `clock` is a file that says by how many seconds its clock is wrong.
    """
    log = portal_settings.PORTAL_DATA / f"{name}.log"
    module = ["tests.moved_clock", clock] if clock else ["celery", "-A", "wanzhou_abtc"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", *module, *command],
            cwd=ROOT,
            env=process_environment(**more),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return LiveProcess(process, log)


def start_worker(name: str = "worker", **more: str) -> LiveProcess:
    """Start a worker and return when it takes tasks."""
    worker = start_celery(
        ["worker", "--pool", "solo", "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
        name,
        **more,
    )

    def answered() -> bool:
        return " ready." in worker.output() or worker.process.poll() is not None

    try:
        eventually(answered, READY_SECONDS, f"{name} to be ready", worker.output)
        assert worker.process.poll() is None, worker.output()
    except BaseException:
        worker.kill()
        raise
    return worker


@pytest.fixture(scope="session")
def worker_process(
    django_db_setup: None, mail_server: Mailbox, live_server: "LiveServer", django_db_blocker: Any
) -> Iterator[LiveProcess]:
    with django_db_blocker.unblock():
        worker = start_worker(
            EMAIL_URL=f"smtp://127.0.0.1:{mail_server.port}", SITE_URL=live_server.url
        )
    yield worker
    stop(worker.process, signal.SIGTERM)


@pytest.fixture
def live_worker(
    worker_process: LiveProcess, transactional_db: None, mailbox: Mailbox
) -> LiveProcess:
    """A real worker on this test's database; what it sends arrives in `mailbox`."""
    assert worker_process.process.poll() is None, worker_process.output()
    return worker_process


@pytest.fixture
def live_beat(live_worker: LiveProcess) -> Iterator[LiveProcess]:
    """A real beat, which tells the live worker what to do."""
    schedule = portal_settings.PORTAL_DATA / "beat-of-tests"
    beat = start_celery(["beat", "--loglevel", "INFO", "--schedule", str(schedule)], "beat")
    yield beat
    stop(beat.process, signal.SIGTERM)


@pytest.fixture
def portal(live_server: "LiveServer", live_worker: LiveProcess, settings: Any) -> str:
    """The whole portal at work: web, worker, mail. Its address, as mails give it."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)


def eventually(
    condition: Callable[[], bool],
    seconds: float,
    what: str,
    explain: Callable[[], str] = lambda: "",
) -> None:
    """Return when the condition holds; fail the test when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:.0f} s for {what}\n{explain()}")
        time.sleep(0.05)
