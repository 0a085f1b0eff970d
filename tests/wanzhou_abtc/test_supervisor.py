"""The supervisor against real processes that end, refuse to end, and start others."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wanzhou_abtc import supervisor as module
from wanzhou_abtc.supervisor import Child, GaveUpError, Supervisor, welcome

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, file=open(sys.argv[1], 'w'), flush=True)\n"
    "time.sleep(600)",
]


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def run(supervisor: Supervisor, seconds: float) -> None:
    threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGTERM)).start()
    supervisor.run(when_ready=lambda: None, is_ready=lambda: True)


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def is_running(pid: int) -> bool:
    """A zombie has ended, though nobody has asked for its exit code yet."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_signal_stops_every_process() -> None:
    children = [Child("一", FOREVER), Child("二", FOREVER)]
    run(Supervisor(children), 0.5)
    assert not any(is_running(pid_of(child)) for child in children)


def test_a_process_that_will_not_end_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 1)
    pid_file = tmp_path / "pid"
    child = Child("聋子", [*DEAF, str(pid_file)])
    run(Supervisor([child]), 1.5)
    time.sleep(0.2)
    assert not is_running(pid_of(child))
    assert not is_running(int(pid_file.read_text()))
    assert "聋子没有按时停止，强制结束。" in capsys.readouterr().out


def test_a_process_that_ends_is_started_again(capsys: pytest.CaptureFixture[str]) -> None:
    child = Child("任务进程", FOREVER)
    supervisor = Supervisor([child])

    seen: list[int] = []

    def look_and_kill() -> None:
        seen.append(pid_of(child))
        os.kill(seen[0], signal.SIGKILL)

    threading.Timer(0.3, look_and_kill).start()
    threading.Timer(1.0, lambda: seen.append(pid_of(child))).start()
    run(supervisor, 1.5)
    assert seen[0] != seen[1]
    assert "任务进程意外退出（退出码 -9），正在重新启动。" in capsys.readouterr().out


def test_a_process_that_keeps_ending_stops_the_portal() -> None:
    steady = Child("网页服务", FOREVER)
    broken = Child("定时进程", [sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(GaveUpError, match="定时进程反复退出（退出码 3）"):
        Supervisor([steady, broken]).run(when_ready=lambda: None, is_ready=lambda: True)
    assert not is_running(pid_of(steady))


def test_a_portal_that_never_answers_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READY_SECONDS", 0.5)
    child = Child("网页服务", FOREVER)
    with pytest.raises(GaveUpError, match="没有就绪"):
        Supervisor([child]).run(when_ready=lambda: None, is_ready=lambda: False)
    assert not is_running(pid_of(child))


def test_the_welcome_names_the_address_and_the_accounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    (tmp_path / "demo.txt").write_text("演示账号：officer\n", encoding="utf-8")
    assert welcome(8001) == (
        "门户已就绪：http://127.0.0.1:8001\n演示账号：officer\n按 Ctrl-C 停止。"
    )
