"""`script/serve` as a newcomer starts it: empty folder, default settings, real processes."""

import fcntl
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.harness import eventually
from tests.temporary_services import free_port

ROOT = Path(__file__).resolve().parents[2]
FIRST_START_SECONDS = 240
LATER_START_SECONDS = 60

pytestmark = [pytest.mark.live, pytest.mark.embedded(only=True)]


class Served:
    """A running `script/serve`."""

    def __init__(self, data: Path, port: int) -> None:
        self.port = port
        self.log = data.parent / f"{port}.log"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(ROOT / "script" / "serve")],
                env=kept | {"PORTAL_DATA": str(data), "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def descendants(self) -> set[int]:
        """The processes that it started, and theirs."""
        found: set[int] = set()
        waiting = [self.process.pid]
        while waiting:
            pid = waiting.pop()
            listed = Path(f"/proc/{pid}/task/{pid}/children")
            children = [int(child) for child in listed.read_text().split()]
            found.update(children)
            waiting.extend(children)
        return found


@contextmanager
def served(data: Path, port: int, seconds: float) -> Iterator[Served]:
    portal = Served(data, port)

    def answered() -> bool:
        return "按 Ctrl-C 停止" in portal.output() or portal.process.poll() is not None

    try:
        eventually(answered, seconds, "the portal to answer", portal.output)
        assert portal.process.poll() is None, portal.output()
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.process.send_signal(signal.SIGINT)
            try:
                portal.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(portal.process.pid, signal.SIGKILL)
                portal.process.wait()


def page(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        text: str = answer.read().decode()
        return text


def open_to_others(folder: Path) -> list[str]:
    """What other accounts of the machine may read: nothing, links aside."""
    paths = [path for path in (folder, *folder.rglob("*")) if not path.is_symlink()]
    return [str(path) for path in paths if path.lstat().st_mode & 0o077]


def commands(pids: set[int]) -> str:
    texts = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids]
    return b"\n".join(texts).replace(b"\0", b" ").decode()


def test_the_portal_starts_from_nothing_and_keeps_its_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data, free_port(), FIRST_START_SECONDS) as portal:
        said = portal.output()
        assert f"门户已就绪：http://127.0.0.1:{portal.port}" in said
        accounts = re.findall(r"^ {2}(\S+)", said, re.MULTILINE)
        assert {"officer", "tax", "auditor"} <= set(accounts)
        written = (data / "env").read_text(encoding="utf-8")
        assert "SECRET_KEY=" in written
        # Who starts the portal next, by whatever command, starts no demonstration by this file.
        assert "DEBUG" not in written
        assert "DEMO" not in written
        assert "APEC" in page(portal.port, "/")
        assert "--bs-primary" in page(portal.port, "/static/theme.css")
        with pytest.raises(urllib.error.HTTPError) as missing:
            page(portal.port, "/nothing-here/")
        assert missing.value.code == 404
        assert "找不到这一页" in missing.value.read().decode()
        started = portal.descendants()
        running = commands(started)
        assert "gunicorn" in running
        assert "worker" in running
        assert "beat" in running
        # The demonstration's mails were queued before there was a worker.
        eventually(
            lambda: any((data / "mail").glob("*")), 60, "mail from the worker", portal.output
        )
    assert portal.process.returncode == 0
    # One that had to be killed is gone an instant later.
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), 10, "the end")
    assert not open_to_others(data)

    before = time.monotonic()
    with served(data, free_port(), LATER_START_SECONDS) as portal:
        assert time.monotonic() - before < LATER_START_SECONDS
        assert "第一次启动" not in portal.output()
        assert re.findall(r"^ {2}(\S+)", portal.output(), re.MULTILINE) == accounts


def test_a_port_that_is_no_port_is_refused(tmp_path: Path) -> None:
    portal = Served(tmp_path / "data", 70_000)
    assert portal.process.wait(60) == 1
    assert "PORT 应为 1 到 65535 之间的数字，收到的是：70000" in portal.output()


def test_a_folder_serves_one_portal_at_a_time(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with (data / "serve.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        portal = Served(data, free_port())
        assert portal.process.wait(60) == 1
        assert "门户已在使用" in portal.output()
