"""What `script/test` runs: the whole suite on PostgreSQL and Redis, and beside it what is marked
`embedded` once more on SQLite and the filesystem queue.

Arguments go to pytest. What the embedded part prints is kept back until the main part is done;
then come the slowest tests of both, and in the last line their sum.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit
from xml.etree import ElementTree

import psycopg2

from tests import kept_schema
from tests.temporary_services import (
    ServiceMissingError,
    database_program,
    postgresql,
    redis_server,
    stop,
)

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "portal_template"
NOTHING_COLLECTED = 5
SLOWEST = 20
EMBEDDED = "默认方式（SQLite 与文件队列）上的主要流程"


@dataclass(frozen=True)
class Tally:
    """What one run of pytest counted. An error before or after a test counts as failed.

    `seconds` holds how long each test took, with what it stands on.
    """

    passed: int
    failed: int
    skipped: int
    exit_code: int
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """A pytest at work, and where its report and its own words go."""

    process: "subprocess.Popen[bytes]"
    report: Path
    output: Path

    def tally(self) -> Tally:
        """What it counted, once it is over."""
        return read_tally(self.report, self.process.wait())


def main(arguments: list[str]) -> int:
    """Run both parts; the exit code is 0 only when something ran and nothing failed."""
    # SIGINT too: a shell starts background jobs with it ignored, and so would we and pytest.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        chosen = arguments or embedded_files()
        with running(["-n", "0", "-m", "embedded", *chosen], {}, aside=True) as embedded:
            with postgresql() as database_server, redis_server() as queue_server:
                services = {
                    "DATABASE_URL": f"{database_server}/{TEMPLATE}",
                    "REDIS_URL": f"{queue_server}/0",
                    "TEST_TEMPLATE": TEMPLATE,
                }
                make_template(services)
                print("== PostgreSQL 与 Redis 上的全部测试", flush=True)
                # Two that compute, and a third for what waits (tests/sharing_out.py).
                shared = ["-n", "2" if arguments else "3"]
                with running([*shared, *arguments], services) as whole:
                    first = whole.tally()
            second = embedded.tally()
            print(f"== {EMBEDDED}", flush=True)
            print(embedded.output.read_text(errors="replace"), end="", flush=True)
    except ServiceMissingError as problem:
        print(problem, file=sys.stderr)
        return 1
    return conclude(first, second, narrowed=bool(arguments))


def embedded_files() -> list[str]:
    """The files that name the mark: to collect all of them takes a process ten seconds."""
    files = sorted((ROOT / "tests").glob("**/test_*.py"))
    return [str(path) for path in files if "mark.embedded" in path.read_text(encoding="utf-8")]


def make_template(services: dict[str, str]) -> None:
    """Make the one migrated database that every parallel run copies."""
    address = services["DATABASE_URL"]
    server = psycopg2.connect(urlsplit(address)._replace(path="/postgres").geturl())
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {TEMPLATE}")
    server.close()
    kept = kept_schema.kept(".sql")
    if kept.exists():
        _run([database_program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(kept), address])
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    _run(migrate, _environment(services) | {"DJANGO_SETTINGS_MODULE": "tests.settings"})
    if not kept.exists():
        dump = [database_program("pg_dump"), "--no-owner", "-d", address, "-f"]
        kept_schema.keep(kept, lambda path: _run([*dump, str(path)]))


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, env=environment, cwd=ROOT, check=False, stdout=subprocess.DEVNULL
    )
    if done.returncode != 0:
        raise ServiceMissingError("数据库迁移未能完成，测试没有运行。原因见上面的输出。")


@contextmanager
def running(
    arguments: list[str], services: dict[str, str], *, aside: bool = False
) -> Iterator[Run]:
    """Run pytest in a process of its own; who leaves before its end ends it.

    `aside` keeps back what it prints.
    """
    with tempfile.TemporaryDirectory(prefix="portal-report-") as folder:
        report, output = Path(folder) / "report.xml", Path(folder) / "output"
        command = ["setpriv", "--pdeathsig", "INT", sys.executable, "-m", "pytest"]
        with output.open("wb") as kept:
            process = subprocess.Popen(
                [*command, *arguments, f"--junitxml={report}"],
                env=_environment(services),
                cwd=ROOT,
                start_new_session=True,
                stdout=kept if aside else None,
                stderr=subprocess.STDOUT if aside else None,
            )
        try:
            yield Run(process, report, output)
        finally:
            # pytest has a session of its own, so a Ctrl-C that ends us never reached it.
            stop(process, signal.SIGINT)


def read_tally(report: Path, exit_code: int) -> Tally:
    if not report.exists():
        return Tally(0, 0, 0, exit_code)
    # The report was written by pytest a moment ago, in a folder of our own.
    [suite] = ElementTree.parse(report).getroot()  # noqa: S314
    count = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"]
    seconds: dict[str, float] = {}
    for case in suite.iter("testcase"):
        # A test that fails and whose clearing up fails as well is reported twice.
        name = f"{case.get('classname')}::{case.get('name')}"
        seconds[name] = seconds.get(name, 0) + float(case.get("time", "0"))
    return Tally(
        passed=count["tests"] - failed - count["skipped"],
        failed=failed,
        skipped=count["skipped"],
        exit_code=exit_code,
        seconds=seconds,
    )


def slowest(first: Tally, second: Tally) -> list[str]:
    """A line for each of the tests that took longest, the longest first."""
    took = [(seconds, name) for name, seconds in first.seconds.items()]
    took += [(seconds, f"{name}（默认方式）") for name, seconds in second.seconds.items()]
    took.sort(key=lambda one: -one[0])
    return [f"{seconds:7.1f}  {name}" for seconds, name in took[:SLOWEST]]


def conclude(first: Tally, second: Tally, *, narrowed: bool) -> int:
    """Print the slowest of both runs and, as the last line, their sum; return the exit code."""
    lines = slowest(first, second)
    if lines:
        print(f"== 最慢的{len(lines)}个测试（秒）", *lines, sep="\n", flush=True)
    passed = first.passed + second.passed
    failed = first.failed + second.failed
    skipped = first.skipped + second.skipped
    fine = {0, NOTHING_COLLECTED} if narrowed else {0}
    broken = [tally.exit_code for tally in (first, second) if tally.exit_code not in fine]
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    if broken:
        return broken[0]
    return 0 if passed and not failed else 1


def _environment(services: dict[str, str]) -> dict[str, str]:
    """This process's environment, with no service but the given ones.

    What is compiled is kept, even where that was switched off: a run starts some sixty processes
    of the portal, and each would compile all of it anew.
    """
    chosen = {"DATABASE_URL", "REDIS_URL", "TEST_TEMPLATE", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in chosen}
    return kept | services


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("已中断，启动的服务都已停止。", file=sys.stderr)
        sys.exit(130)
