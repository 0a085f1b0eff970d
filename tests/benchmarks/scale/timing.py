"""Looks at pages, several times each while they are warm, and notes what that cost."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from django.db import connection
from django.db.utils import Error
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.scale.pages import Cast, Look, deeper, signed_in

REPEATS: Final = 9
# A page that takes long is not opened again and again.
ENOUGH_MS: Final = 4_000.0
LONGEST_SECONDS: Final = 60
SLOW_QUERY_MS: Final = 30.0


@dataclass(frozen=True)
class Query:
    """One statement of a page, and how long the database had it."""

    sql: str
    milliseconds: float


@dataclass(frozen=True)
class Seen:
    """What one look cost, each time, sorted; empty for a page that failed.

    `milliseconds` are by the clock, `computed` those of both processes, the page's and the
    database's: on a busy machine the clock counts other people's work as well.
    """

    look: Look
    status: int
    milliseconds: Sequence[float]
    computed: Sequence[float]
    queries: int
    kib: float
    slow: Sequence[Query] = field(default_factory=tuple)
    trouble: str = ""

    @property
    def is_fine(self) -> bool:
        return self.status == 200 and not self.trouble

    def percentile(self, percent: int) -> float:
        """By nearest rank."""
        place = -(-len(self.milliseconds) * percent // 100) - 1
        return self.milliseconds[max(0, place)]

    @property
    def work(self) -> float:
        """Median of what was computed."""
        return median(self.computed)


def look_at_all(
    wanted: Callable[[Look], bool], repeats: int = REPEATS, *, is_deep: bool = True
) -> Iterator[Seen]:
    """Every page of everybody that `wanted` lets through; deep: also the next pages of its lists.

    Without repeats each is opened once, to see whether it answers.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = '{LONGEST_SECONDS}s'")
    cast = Cast()
    for who, user in cast.people():
        client = signed_in(user)
        for look in cast.looks(who, user):
            if not wanted(look):
                continue
            seen, content = look_once(client, look, repeats)
            yield seen
            for one in deeper(look, content) if is_deep and seen.is_fine else ():
                yield look_once(client, one, repeats)[0]


def look_once(client: Client, look: Look, repeats: int) -> tuple[Seen, str]:
    """What it cost, and the page itself. The first time only warms, unless it takes very long."""
    opens = [first := _open(client, look)]
    if first.trouble:
        return Seen(look, first.status, (), (), 0, 0, trouble=first.trouble), ""
    if repeats and first.milliseconds < ENOUGH_MS:
        opens = []
        while len(opens) < repeats and sum(one.milliseconds for one in opens) < ENOUGH_MS:
            opens.append(_open(client, look))
    last = opens[-1]
    if last.trouble:
        return Seen(look, last.status, (), (), 0, 0, trouble=last.trouble), ""
    seen = Seen(
        look,
        last.status,
        sorted(one.milliseconds for one in opens),
        sorted(one.computed for one in opens),
        len(last.queries),
        len(last.content) / 1024,
        tuple(one for one in last.queries if one.milliseconds > SLOW_QUERY_MS),
    )
    return seen, last.content.decode("utf-8", "replace")


@dataclass(frozen=True)
class _Opened:
    """A page, once."""

    status: int
    content: bytes
    milliseconds: float
    computed: float
    queries: Sequence[Query]
    trouble: str = ""


def _open(client: Client, look: Look) -> _Opened:
    # Django keeps the newest nine thousand alone.
    connection.queries_log.clear()
    status, content, trouble = 500, b"", ""
    with CaptureQueriesContext(connection) as captured:
        start, work = time.perf_counter(), computed()
        try:
            answer: Any = client.get(look.path, follow=True)
            status = answer.status_code
            content = b"".join(answer) if answer.streaming else answer.content
        except Error as error:
            trouble = str(error)
        spent, work = time.perf_counter() - start, computed() - work
    if status != 200:
        trouble = trouble or f"{status}，{spent:.0f} 秒后"
    queries = [Query(one["sql"], float(one["time"]) * 1000) for one in captured]
    own = [one for one in queries if not one.sql.startswith(("SAVEPOINT", "RELEASE"))]
    return _Opened(status, content, spent * 1000, work * 1000, own, trouble)


def computed() -> float:
    """Seconds that this process and the one that serves its connection have computed so far."""
    own = time.process_time()
    if connection.vendor == "sqlite":
        return own
    served_by = connection.connection.info.backend_pid
    return own + int(Path(f"/proc/{served_by}/schedstat").read_text().split()[0]) / 1e9
