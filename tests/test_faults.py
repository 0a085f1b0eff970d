"""What is promised when processes die: real workers, beats, broker, and a mail server."""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis
from aiosmtpd.controller import Controller

from accounts.models import User
from notices.models import BeatLease, Delivery, Notice
from tests.harness import ROOT, LiveProcess, eventually, process_environment, start_celery
from tests.temporary_services import free_port, stop

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

NOTICES = 1000
KILLS = 6
LEASE_SECONDS = 8
# Written by a process of its own, so that it tells the same broker as the workers.
WRITE = """
import django
django.setup()
from django.db import transaction
from accounts.models import User
from notices.services import notify
people = list(User.objects.officers())
for start in range(0, {total}, 50):
    with transaction.atomic():
        for number in range(start, start + 50):
            notify(people, cause=f"faults:{{number}}", context={{}},
                   template="enterprises/email/verified.txt")
"""


class Broker:
    """A Redis of this test's own, which can be emptied and killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port)
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        program = shutil.which("redis-server") or pytest.fail("no redis-server")
        command = ["setpriv", "--pdeathsig", "KILL", program, "--port", str(self.port)]
        command += ["--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, start_new_session=True)
        eventually(self.answers, 10, "Redis")

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def lose_everything(self) -> None:
        self.client.flushall()
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        time.sleep(0.5)
        self.start()

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, signal.SIGKILL)


class MailServer:
    """Receives by SMTP. A mailbox drops what has the Message-ID of a mail that it has already."""

    def __init__(self) -> None:
        self.port = free_port()
        self.received: Counter[str] = Counter()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: "SMTP", _session: "Session", envelope: "Envelope"
    ) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        self.received[str(BytesHeaderParser().parsebytes(raw)["Message-ID"])] += 1
        return "250 received"

    def wait_for_more(self, count: int) -> None:
        enough = len(self.received) + count
        eventually(lambda: len(self.received) >= enough, 60, f"{count} mails")

    @property
    def in_mailbox(self) -> set[str]:
        return set(self.received)

    @property
    def repetitions(self) -> int:
        return self.received.total() - len(self.received)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.controller.stop()


def beat(name: str, folder: Path, broker: Broker, **more: str) -> LiveProcess:
    command = ["beat", "--loglevel", "INFO", "--schedule", str(folder / name)]
    environment = {"REDIS_URL": broker.url, "NOTICE_SWEEP_SECONDS": "1"} | more
    return start_celery(command, name, **environment)


def test_a_thousand_notices_outlive_killed_workers_and_an_emptied_broker(
    broker: Broker, mail: MailServer, officer: User, tmp_path: Path
) -> None:
    chance = random.Random(20261123)
    environment = {
        "REDIS_URL": broker.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "NOTICE_LEASE_SECONDS": str(LEASE_SECONDS),
    }
    names = iter(f"faulty-worker-{number}" for number in range(100))

    def worker() -> LiveProcess:
        return start_celery(
            ["worker", "--pool", "solo", "--without-gossip", "--without-mingle", "-l", "INFO"],
            next(names),
            **environment,
        )

    with ExitStack() as running:
        workers = [worker(), worker()]

        def kill_workers() -> None:
            for one in workers:
                one.kill()

        running.callback(kill_workers)
        beating = beat("faulty-beat", tmp_path, broker)
        running.callback(beating.kill)
        writing = subprocess.Popen(
            [sys.executable, "-c", WRITE.format(total=NOTICES)],
            cwd=ROOT,
            env=process_environment(**environment),
        )
        running.callback(writing.kill)
        eventually(lambda: len(mail.received) > 20, 60, "the first mails", workers[0].output)
        for kill in range(KILLS):
            # In the midst of its work, not while it still starts.
            mail.wait_for_more(10)
            time.sleep(chance.uniform(0, 0.3))
            at_work = [number for number in (0, 1) if " ready." in workers[number].output()]
            victim = chance.choice(at_work)
            workers[victim].kill()
            workers[victim] = worker()
            if kill in (1, 4):
                broker.lose_everything()
        waiting = Delivery.objects.exclude(state=Delivery.State.SENT)
        eventually(
            lambda: (
                writing.poll() is not None
                and Notice.objects.count() == NOTICES
                and not waiting.exists()
            ),
            150,
            "all to be sent",
            lambda: f"{waiting.count()} wait\n{workers[0].output()[-2000:]}",
        )

    expected = {delivery.message_id for delivery in Delivery.objects.select_related("notice")}
    assert len(expected) == NOTICES
    assert mail.in_mailbox == expected
    # Transmitted twice is at most what a killed worker was just sending, and each is on record.
    known = sum(Delivery.objects.values_list("repeats", flat=True))
    assert mail.repetitions <= known <= KILLS
    sys.stdout.write(f"{mail.repetitions} transmitted twice, {known} sent again after a kill\n")


def test_of_two_beats_one_works_and_the_other_takes_over(
    broker: Broker, tmp_path: Path, db: None
) -> None:
    lease = {"BEAT_LEASE_SECONDS": "3"}
    with ExitStack() as running:
        beats = [beat(f"beat-{number}", tmp_path, broker, **lease) for number in (1, 2)]
        for one in beats:
            running.callback(one.kill)
        eventually(lambda: broker.client.llen("celery") > 0, 40, "a beat", beats[0].output)
        eventually(lambda: all("beat: Starting" in one.output() for one in beats), 40, "both beats")
        sent = broker.client.llen("celery")
        started = time.monotonic()
        eventually(lambda: broker.client.llen("celery") >= sent + 6, 30, "six sweeps")
        # Two beats would have needed half the time for six sweeps, one each second.
        assert time.monotonic() - started > 4.5
        first = BeatLease.objects.get()
        holder = next(one for one in beats if f":{one.process.pid}:" in first.holder)
        holder.kill()
        eventually(
            lambda: BeatLease.objects.get().holder != first.holder, 15, "the other to take over"
        )
        sent = broker.client.llen("celery")
        eventually(lambda: broker.client.llen("celery") > sent, 10, "its first sweep")
