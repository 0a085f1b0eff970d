"""One portal on two hosts that share no disk: whatever dies in the midst, nothing is lost."""

import asyncio
import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import AuditEvent, User
from applications.models import Application
from applications.workflow import Status
from files.models import StoredFile
from notices.models import Delivery
from reviews.models import Opinion, Revision
from reviews.signatures.certificates import authority
from tests import journey
from tests.behind_nginx import MANIFEST, as_a_service
from tests.factories import PASSWORD, UserFactory, liaison
from tests.fault_services import Broker
from tests.files import object_store
from tests.harness import Mailbox, eventually, process_environment
from tests.nginx import Ports, free_ports, nginx
from tests.temporary_services import free_port
from tests.two_hosts import PORT, Host, hosts
from wanzhou_abtc.shared_store import store_of_files, store_of_keys

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("TEST_TEMPLATE" not in os.environ, reason="SQLite serves one host"),
]

DEPARTMENTS = ("social", "commerce", "police", "tax")
PEOPLE = ("officer", *DEPARTMENTS, "foreign_affairs")
# A worker that died keeps its message for so long.
LEASE_SECONDS = 6
Opened = Callable[[], Page]


class SlowMailbox(Mailbox):
    """Takes a mail at once; its answer waits while `is_silent`."""

    is_silent = False

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: "SMTP", session: "Session", envelope: "Envelope"
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        while self.is_silent:
            await asyncio.sleep(0.02)
        return answer

    def by_message(self) -> Counter[str]:
        return Counter(str(message["Message-ID"]) for message in self.messages)


@pytest.fixture
def letters() -> Iterator[SlowMailbox]:
    mailbox = SlowMailbox(port=free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    yield mailbox
    mailbox.is_silent = False
    controller.stop()


@pytest.fixture
def bucket(settings: Any) -> Iterator[str]:
    """This process looks into the same one, to see what lies there."""
    with object_store.bucket() as endpoint:
        shared = object_store.options(endpoint)
        stores = {"sealed_files": store_of_files(shared), **store_of_keys(shared)}
        settings.STORAGES = settings.STORAGES | stores
        yield endpoint


@pytest.fixture
def people(transactional_db: None, bucket: str, settings: Any) -> dict[str, User]:
    """With passwords that a service can check, and keys to sign with."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.PasswordHasher"]
    authority.ensure()
    found = {"officer": UserFactory.create(officer=True, username="officer@station.example")}
    for code in PEOPLE[1:]:
        found[code] = liaison(code, username=f"{code}@station.example")
    for person in found.values():
        person.set_password(PASSWORD)
        person.save()
    return found


@pytest.fixture
def ports() -> Ports:
    return free_ports()


@pytest.fixture
def both(
    people: dict[str, User],
    bucket: str,
    broker: Broker,
    letters: SlowMailbox,
    ports: Ports,
    tmp_path: Path,
) -> Iterator[list[Host]]:
    """Two hosts that answer, and an nginx that sends each request to the other one."""
    static = tmp_path / "static"
    # Not compressed, which takes longer than a host takes to start.
    plain = {"WHITENOISE_SKIP_COMPRESS_EXTENSIONS": ("css", "js", "svg", "txt", "json", "map")}
    with override_settings(STORAGES=MANIFEST, STATIC_ROOT=static, **plain):
        call_command("collectstatic", interactive=False, verbosity=0)
    environment = process_environment(
        **as_a_service(ports),
        **object_store.environment(bucket),
        RECOGNITION="off",
        NOTICE_LEASE_SECONDS=str(LEASE_SECONDS),
        NOTICE_SWEEP_SECONDS="1",
        BEAT_LEASE_SECONDS="3",
    )
    services = {
        "DATABASE_URL": environment["DATABASE_URL"],
        "REDIS_URL": broker.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{letters.port}",
        "FILES_S3_ENDPOINT": bucket,
    }
    with hosts(tmp_path, services, environment, static) as made:
        for host in made:
            host.start()
        for host in made:
            host.wait_until_ready()
        with nginx(tmp_path, ports, *(f"{host.address}:{PORT}" for host in made)):
            yield made


@pytest.fixture
def opened(chromium: Browser, both: list[Host], ports: Ports) -> Iterator[Opened]:
    contexts: list[BrowserContext] = []

    def one() -> Page:
        context = chromium.new_context(
            base_url=f"https://127.0.0.1:{ports.https}",
            ignore_https_errors=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield one
    for context in contexts:
        context.close()


def test_the_main_journey_over_two_hosts_one_of_which_dies_twice(
    both: list[Host],
    letters: SlowMailbox,
    people: dict[str, User],
    opened: Opened,
    tmp_path: Path,
) -> None:
    papers = journey.Papers(tmp_path)
    agent, officer = opened(), opened()
    journey.sign_up(agent, papers, letters)
    journey.sign_in(officer, people["officer"].username)
    journey.verify_enterprise(officer)
    journey.add_applicant(agent)
    journey.fill_materials(agent, papers)
    journey.consent(opened(), journey.ask_for_consent(agent))
    journey.submit(agent)

    die_in_the_midst_of_delivery(both, letters, officer)
    for code in DEPARTMENTS:
        journey.sign_opinion(opened(), link_to(letters, people[code]), *signer(people, code))
    both[0].wait_until_ready()
    die_in_the_midst_of_signing(both, letters, people, opened)

    pdf, _ = journey.download_table(agent, tmp_path)
    stranger = opened()
    journey.verify_file(stranger, pdf)
    expect(stranger.locator("main")).to_contain_text("原件，没有改动")
    nothing_is_lost(letters)
    assert all(host.requests() > 20 for host in both)


def signer(people: dict[str, User], code: str) -> tuple[str, journey.Answer]:
    return people[code].username, journey.ANSWERS[code]


def link_to(letters: SlowMailbox, person: User) -> str:
    return journey.link_in(letters.wait_for_mail_to(person.email, seconds=60))


def die_in_the_midst_of_delivery(both: list[Host], letters: SlowMailbox, officer: Page) -> None:
    """Each host sends a mail that the server has taken and not yet answered; one host goes."""
    before = len(letters.messages)
    letters.is_silent = True
    journey.circulate(officer)
    letters.wait_for(before + 2, seconds=30)
    both[0].die()
    letters.is_silent = False
    waiting = Delivery.objects.filter(channel="email").exclude(state=Delivery.State.SENT)
    eventually(lambda: not waiting.exists(), 60, "the other host to send the rest")
    both[0].start()


def die_in_the_midst_of_signing(
    both: list[Host], letters: SlowMailbox, people: dict[str, User], opened: Opened
) -> None:
    """The last department signs; the host that does it dies while it stores the signed table."""
    link = link_to(letters, people["foreign_affairs"])
    page, before = opened(), Revision.objects.count()
    page.goto(link)
    journey.fill_sign_in(page, people["foreign_affairs"].username)
    page.get_by_label("办理意见").fill(journey.ANSWERS["foreign_affairs"].words)
    page.get_by_label("同意", exact=True).check()
    page.get_by_role("button", name="预览并签署").click()
    expect(page.get_by_role("img", name=re.compile("预览"))).to_be_visible()
    page.get_by_label("密码", exact=False).fill(PASSWORD)
    stores = [host.wires["FILES_S3_ENDPOINT"] for host in both]
    for wire in stores:
        wire.hold(b"PUT ")
    page.get_by_role("button", name="确认签署").click(no_wait_after=True)
    eventually(lambda: any(wire.kept_back.is_set() for wire in stores), 30, "a host that stores")
    [signing] = [host for host, wire in zip(both, stores, strict=True) if wire.kept_back.is_set()]
    signing.die()
    for wire in stores:
        wire.let_go()
    expect(page.locator("h1")).to_contain_text("系统暂时不能用")
    assert Revision.objects.count() == before

    journey.sign_opinion(opened(), link, *signer(people, "foreign_affairs"))
    assert Revision.objects.count() == before + 1


def nothing_is_lost(letters: SlowMailbox) -> None:
    application = Application.objects.get()
    assert application.state == Status.ENDORSED
    assert Opinion.objects.filter(signed_at__isnull=False).count() == len(PEOPLE) - 1
    signed = AuditEvent.objects.filter(action="opinion.sign")
    assert signed.count() == len(PEOPLE) - 1
    for stored in StoredFile.objects.all():
        with default_storage.open(str(stored.content.name)) as file:
            assert hashlib.sha256(file.read()).hexdigest() == stored.sha256
    waiting = Delivery.objects.filter(channel="email").exclude(state=Delivery.State.SENT)
    eventually(lambda: not waiting.exists(), 60, "the last mails")
    sent = Delivery.objects.filter(channel="email", leader=None)
    came = letters.by_message()
    assert {delivery.message_id for delivery in sent.select_related("notice")} <= set(came)
    # What the dead host was just sending may come twice: under one Message-ID, and on record.
    repeats = sum(sent.values_list("repeats", flat=True))
    assert came.total() - len(came) <= repeats <= 1


def test_the_database_soon_lets_go_of_what_a_host_without_power_held() -> None:
    with connection.cursor() as cursor:
        # Over TCP, as hosts come; on a socket of the machine these say nothing.
        cursor.execute(
            "SELECT current_setting('tcp_keepalives_idle')::int"
            " + current_setting('tcp_keepalives_interval')::int"
            " * current_setting('tcp_keepalives_count')::int,"
            " current_setting('tcp_user_timeout')"
        )
        assert cursor.fetchone() == (30, "30000")
