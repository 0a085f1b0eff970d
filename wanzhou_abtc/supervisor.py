"""Runs the portal's processes on one machine: `python -m wanzhou_abtc.supervisor`.

Web server, Celery worker and Celery beat are started as real processes and watched. One that
ends is started again; one that keeps ending stops the whole, with a sentence that says so.
Ctrl-C or TERM stops everything that was started, by KILL where asking does not help.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from django.conf import settings

from files.recognition_packages import is_available

ROOT = Path(__file__).resolve().parent.parent
# In the data folder: what `manage.py demo` printed at the first start.
DEMO_ACCOUNTS = "demo.txt"
STOP_SECONDS = 10
READY_SECONDS = 60
# This many ends within so many seconds mean that starting again does not help.
TRIES = 3
TRIES_WINDOW_SECONDS = 60


class GaveUpError(Exception):
    """A process keeps ending; the sentence names it."""


@dataclass
class Child:
    """One process that is kept running."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    ends: deque[float] = field(default_factory=lambda: deque(maxlen=TRIES))

    def start(self) -> None:
        # A session of its own: the terminal's Ctrl-C reaches the supervisor alone, which then
        # asks each process itself. Were the supervisor killed outright, TERM would follow.
        self.process = subprocess.Popen(  # noqa: S603 - the commands are written below
            ["setpriv", "--pdeathsig", "TERM", *self.command],  # noqa: S607
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def restart(self, now: float) -> None:
        """Start again after an end; raise when it has ended too often lately."""
        code = self.process.returncode if self.process else None
        self.end_group()
        self.ends.append(now)
        if len(self.ends) == TRIES and now - self.ends[0] < TRIES_WINDOW_SECONDS:
            raise GaveUpError(
                f"{self.name}反复退出（退出码 {code}），门户已停止。原因见上面的输出。"
            )
        say(f"{self.name}意外退出（退出码 {code}），正在重新启动。")
        self.start()

    def ask_to_stop(self) -> None:
        # The main process alone: it ends its own children in order.
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end_group(self) -> None:
        """End whatever is left of the process and of those that it started."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()


class Supervisor:
    """Keeps children running until told to stop."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = False

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def run(self, *, when_ready: Callable[[], None], is_ready: Callable[[], bool]) -> None:
        """Run until SIGINT or SIGTERM; raise GaveUpError when a child keeps ending."""
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGHUP, self.stop)
        deadline = time.monotonic() + READY_SECONDS
        announced = False
        try:
            for child in self.children:
                child.start()
            while not self.stopping:
                if not announced and is_ready():
                    announced = True
                    when_ready()
                if not announced and time.monotonic() > deadline:
                    raise GaveUpError(f"网页服务在{READY_SECONDS}秒内没有就绪，门户已停止。")
                self.revive()
                time.sleep(0.2)
        finally:
            self.stop_all()

    def revive(self) -> None:
        for child in self.children:
            if child.has_ended():
                child.restart(time.monotonic())

    def stop_all(self) -> None:
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process is not None:
                try:
                    child.process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    say(f"{child.name}没有按时停止，强制结束。")
            child.end_group()


def portal_children(port: int) -> list[Child]:
    """Web on the loopback, worker, beat, and where pictures are recognised a worker for that."""
    # Celery remarks on root at every start; whoever tries the portal as root knows it.
    python = [sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m"]
    web = ["--config", "python:wanzhou_abtc.web", "--bind", f"127.0.0.1:{port}"]
    celery = [*python, "celery", "--quiet", "-A", "wanzhou_abtc"]
    children = [
        Child(
            "网页服务",
            [*python, "gunicorn", "wanzhou_abtc.wsgi", *web],
        ),
        Child("任务进程", [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"]),
        Child("定时进程", [*celery, "beat", "--loglevel", "WARNING"]),
    ]
    if is_available():
        # One picture at a time; a child that has grown beyond this many KiB is replaced.
        reader = ["worker", "--queues", settings.RECOGNITION_QUEUE, "--hostname", "recognition@%h"]
        reader += ["--concurrency", "1", "--max-memory-per-child", "1000000"]
        children.append(Child("识别进程", [*celery, *reader, "--loglevel", "WARNING"]))
    return children


def answers(port: int) -> bool:
    """Does somebody listen on this port of the loopback?"""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def say(text: str) -> None:
    print(text, flush=True)


def welcome(port: int) -> str:
    """What is printed when the portal answers: its address and the demonstration accounts."""
    lines = [f"门户已就绪：http://127.0.0.1:{port}"]
    accounts = Path(os.environ.get("PORTAL_DATA", ROOT / "var")) / DEMO_ACCOUNTS
    if accounts.exists():
        lines.append(accounts.read_text(encoding="utf-8").rstrip())
    return "\n".join([*lines, "按 Ctrl-C 停止。"])


def main() -> int:
    """Supervise the portal on PORT until it is told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanzhou_abtc.settings")
    port = int(os.environ.get("PORT", "8000"))
    supervisor = Supervisor(portal_children(port))
    try:
        supervisor.run(when_ready=lambda: say(welcome(port)), is_ready=lambda: answers(port))
    except GaveUpError as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    say("门户已停止。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
