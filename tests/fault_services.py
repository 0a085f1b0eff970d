"""A pytest plugin: a broker that can be killed, a mail server that counts, a beat to each."""

import asyncio
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis
from aiosmtpd.controller import Controller

from tests.harness import LiveProcess, eventually, start_celery
from tests.temporary_services import free_port, stop

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session


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
        # How long it takes to accept one.
        self.seconds_a_mail = 0.0
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: "SMTP", _session: "Session", envelope: "Envelope"
    ) -> str:
        await asyncio.sleep(self.seconds_a_mail)
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


def beat(name: str, folder: Path, broker: Broker, *, clock: str = "", **more: str) -> LiveProcess:
    command = ["beat", "--loglevel", "INFO", "--schedule", str(folder / name)]
    environment = {"REDIS_URL": broker.url, "NOTICE_SWEEP_SECONDS": "1"} | more
    return start_celery(command, name, clock=clock, **environment)
