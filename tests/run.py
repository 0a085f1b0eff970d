"""What `script/test` runs: the whole suite on PostgreSQL and Redis, then what is marked
`embedded` once more on SQLite and the filesystem queue.

Arguments go to pytest. The last line printed is the sum of both runs.
"""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit
from xml.etree import ElementTree

import psycopg2

from tests.temporary_services import ServiceMissingError, postgresql, redis_server, stop

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "portal_template"
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Tally:
    """What one run of pytest counted. An error before or after a test counts as failed."""

    passed: int
    failed: int
    skipped: int
    exit_code: int


def main(arguments: list[str]) -> int:
    """Run both parts; the exit code is 0 only when something ran and nothing failed."""
    # SIGINT too: a shell starts background jobs with it ignored, and so would we and pytest.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with postgresql() as database_server, redis_server() as queue_server:
            services = {
                "DATABASE_URL": f"{database_server}/{TEMPLATE}",
                "REDIS_URL": f"{queue_server}/0",
                "TEST_TEMPLATE": TEMPLATE,
            }
            make_template(services)
            print("== PostgreSQL 与 Redis 上的全部测试", flush=True)
            first = run_pytest(["-n", "2", *arguments], services)
    except ServiceMissingError as problem:
        print(problem, file=sys.stderr)
        return 1
    print("== 默认方式（SQLite 与文件队列）上的主要流程", flush=True)
    second = run_pytest(["-n", "0", "-m", "embedded", *arguments], {})
    return conclude(first, second, narrowed=bool(arguments))


def make_template(services: dict[str, str]) -> None:
    """Make the one migrated database that every parallel run copies."""
    address = services["DATABASE_URL"]
    server = psycopg2.connect(urlsplit(address)._replace(path="/postgres").geturl())
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {TEMPLATE}")
    server.close()
    migrated = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        env=_environment(services) | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        check=False,
    )
    if migrated.returncode != 0:
        raise ServiceMissingError("数据库迁移未能完成，测试没有运行。原因见上面的输出。")


def run_pytest(arguments: list[str], services: dict[str, str]) -> Tally:
    """Run pytest in a process of its own and read its tally from the report it writes."""
    with tempfile.TemporaryDirectory(prefix="portal-report-") as folder:
        report = Path(folder) / "report.xml"
        command = ["setpriv", "--pdeathsig", "INT", sys.executable, "-m", "pytest"]
        process = subprocess.Popen(
            [*command, *arguments, f"--junitxml={report}"],
            env=_environment(services),
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            exit_code = process.wait()
        except BaseException:
            # pytest has a session of its own, so the Ctrl-C that ended us never reached it.
            stop(process, signal.SIGINT)
            raise
        return read_tally(report, exit_code)


def read_tally(report: Path, exit_code: int) -> Tally:
    if not report.exists():
        return Tally(0, 0, 0, exit_code)
    # The report was written by pytest a moment ago, in a folder of our own.
    [suite] = ElementTree.parse(report).getroot()  # noqa: S314
    count = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"]
    return Tally(
        passed=count["tests"] - failed - count["skipped"],
        failed=failed,
        skipped=count["skipped"],
        exit_code=exit_code,
    )


def conclude(first: Tally, second: Tally, *, narrowed: bool) -> int:
    """Print the sum of both runs as the last line, and return the exit code."""
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
    """This process's environment, with no service but the given ones."""
    chosen = {"DATABASE_URL", "REDIS_URL", "TEST_TEMPLATE"}
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
