"""Floods from outside against the portal behind nginx: what they cost everybody else.

As in service: gunicorn's two processes, `deploy/nginx.conf` before them, each visitor with an
address of his own. While a flood lasts, a watchdog asks for /healthz, an officer for his home and
an agent for hers, in turns; each wait is held against the usual one, without a flood, before it.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from django.urls import reverse

from reviews.revisions import load
from reviews.signatures.certificates import authority
from tests.behind_nginx import COSTLY, Site, as_a_service, served
from tests.benchmarks.signing import circulated
from tests.benchmarks.table import Measure
from tests.benchmarks.web import signed_in
from tests.factories import DEPARTMENTS, EnterpriseFactory, UserFactory, agent_of, liaison
from tests.files.sending import BOUNDARY
from tests.harness import process_environment
from tests.nginx import free_ports

# The requirement: /healthz within a second throughout, nobody else over twice the usual time.
MOST_SECONDS, MOST_RATIO = 1.0, 2.0
QUIET_ROUNDS = 15
# How long each flood goes on: whoever was answered clicks again a second later.
FLOOD_SECONDS, CLICK = 12.0, 1.0
PAUSE = 0.1
WATCHDOG, AT_DESK, AT_WORK = "127.0.0.201", "127.0.0.202", "127.0.0.203"

Waits = dict[str, list[float]]


@dataclass(frozen=True)
class Visit:
    """Somebody who goes on with his work meanwhile."""

    name: str
    site: Site
    path: str
    cookies: str = ""

    def take(self) -> float:
        headers = {"Cookie": self.cookies} if self.cookies else {}
        status, _, _, seconds = self.site.ask("GET", self.path, b"", **headers)
        if status != 200:
            raise AssertionError(f"{self.name}：答复是{status}")
        return seconds


def measure() -> list[Measure]:
    authority.ensure()
    officer = UserFactory.create(officer=True)
    for code in DEPARTMENTS:
        liaison(code)
    table = circulated(officer)
    signed = load(table.newest_revision())
    agent = agent_of(table.application.enterprise)
    ports = free_ports()
    environment = process_environment(**as_a_service(ports))
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), ports, environment) as site:
        visits = [
            Visit("/healthz", replace(site, address=WATCHDOG), "/healthz"),
            Visit("专员首页", replace(site, address=AT_DESK), "/", signed_in(officer)),
            Visit("经办人首页", replace(site, address=AT_WORK), "/", signed_in(agent)),
        ]
        with ThreadPoolExecutor(64) as pool:
            floods: dict[str, Callable[[], Sequence[Future[Any]]]] = {
                "8个经办人各传8个耗时PDF": lambda: uploads(site, pool),
                "一个地址同时核验10个文件": lambda: checks(site, pool, signed, 10, addresses=1),
                "六个地址同时核验54个文件": lambda: checks(site, pool, signed, 54, addresses=6),
            }
            found = measured_slow(site, visits)
            for name, flood in floods.items():
                usual = watched(visits, lambda: False, rounds=QUIET_ROUNDS)
                sent = flood()
                waits = watched(visits, lambda: not all(one.done() for one in sent))  # noqa: B023
                found += judged(name, usual, waits, outcome(sent))
    return found


def measured_slow(site: Site, visits: Sequence[Visit]) -> list[Measure]:
    usual = watched(visits, lambda: False, rounds=QUIET_ROUNDS)
    with ExitStack() as stack:
        for number in range(16):
            stack.enter_context(site.connect_slowly(number))
        until = time.monotonic() + FLOOD_SECONDS
        waits = watched(visits, lambda: time.monotonic() < until)
    return judged("16个慢连接", usual, waits, "")


def uploads(site: Site, pool: ThreadPoolExecutor) -> Sequence[Future[Any]]:
    """Eight agents of eight enterprises, each with a request of eight costly files."""
    body = many_files(8)
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    sent = []
    for number in range(8):
        enterprise = EnterpriseFactory.create()
        where = reverse("enterprises:document_upload", args=[enterprise.pk, 2])
        visitor = replace(site, address=f"127.0.0.{10 + number}")
        cookies = signed_in(agent_of(enterprise))
        sent.append(pool.submit(again_and_again, visitor.post, where, body, kind, cookies))
    return sent


def again_and_again(send: Callable[..., Any], *what: Any) -> list[int]:
    """What each was answered, until the flood is over."""
    until, statuses = time.monotonic() + FLOOD_SECONDS, []
    while time.monotonic() < until:
        statuses.append(send(*what)[0])
        time.sleep(CLICK)
    return statuses


def many_files(count: int) -> bytes:
    def parts() -> Iterator[bytes]:
        for number in range(count):
            yield (
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; '
                f'filename="scan{number}.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
            ).encode()
            yield COSTLY + b"\r\n"
        yield f"--{BOUNDARY}--\r\n".encode()

    return b"".join(parts())


def checks(
    site: Site, pool: ThreadPoolExecutor, signed: bytes, count: int, *, addresses: int
) -> Sequence[Future[Any]]:
    """Strangers who drop files on the check page: genuine tables, and what looks like one."""
    sent = []
    for number in range(count):
        visitor = replace(site, address=f"127.0.0.{30 + number % addresses}")
        # Not a byte that stands in the table's own file: each has to be examined.
        data = signed + b"%" + str(number).encode() if number % 2 else COSTLY
        what = ("/verify/", "table.pdf", data, "a=b")
        sent.append(pool.submit(again_and_again, visitor.post_file, *what))
    return sent


def watched(visits: Sequence[Visit], goes_on: Callable[[], bool], rounds: int = 1) -> Waits:
    """What each of them waits, in turns; at least so many rounds, then as long as it goes on."""
    for visit in visits:
        visit.take()  # both processes are warm, as they are in service
    waits: Waits = {visit.name: [] for visit in visits}
    done = 0
    while done < rounds or goes_on():
        for visit in visits:
            waits[visit.name].append(visit.take())
        done += 1
        time.sleep(PAUSE)
    return waits


def outcome(sent: Sequence[Future[Any]]) -> str:
    """How many were answered how."""
    statuses = [status for one in sent for status in one.result()]
    return "，".join(f"{status}：{statuses.count(status)}个" for status in sorted(set(statuses)))


def judged(name: str, usual: Waits, waits: Waits, answers: str) -> list[Measure]:
    health, *people = waits
    count = len(waits[health])
    found = [
        Measure(
            f"{name}：/healthz最慢",
            max(waits[health]),
            MOST_SECONDS,
            "秒",
            f"{count}次{answers and '；'}{answers}",
        )
    ]
    for who in people:
        normal, then = median(usual[who]), median(waits[who])
        worst = max(waits[who])
        note = f"平时{ms(normal)}，其间{ms(then)}，最慢{ms(worst)}"
        found.append(Measure(f"{name}：{who}", then / normal, MOST_RATIO, "倍", note))
    return found


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
