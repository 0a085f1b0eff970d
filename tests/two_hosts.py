"""Hosts of one portal: each with its own network, folder and processes, and nothing in common but
PostgreSQL, Redis, a bucket and a mail server, which it reaches by wires that a test can hold.

With root each host is a network namespace, from which nothing else is to be reached; else it has an
address of its own on the loopback.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.harness import ROOT, eventually

PORT = 8000
READY_SECONDS = 90


class Wire:
    """A way from one host to a port of this machine's loopback."""

    def __init__(self, address: str, target: int) -> None:
        self.target = target
        self.listener = socket.create_server((address, 0))
        self.port: int = self.listener.getsockname()[1]
        self.ends: list[socket.socket] = []
        # What begins so is kept back while it is held, and noted.
        self.held = b""
        self.kept_back = threading.Event()
        self.flows = threading.Event()
        self.flows.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self, beginning: bytes) -> None:
        self.held = beginning
        self.kept_back.clear()
        self.flows.clear()

    def let_go(self) -> None:
        self.held = b""
        self.flows.set()

    def cut(self) -> None:
        """As of a host that is gone; another connection may be made."""
        self.let_go()
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()

    def close(self) -> None:
        self.listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                self.ends += [near, far]
                for source, sink, is_out in ((near, far, True), (far, near, False)):
                    threading.Thread(
                        target=self._carry, args=(source, sink, is_out), daemon=True
                    ).start()

    def _carry(self, source: socket.socket, sink: socket.socket, is_out: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if is_out and self.held and data.startswith(self.held):
                    self.kept_back.set()
                    self.flows.wait()
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


@dataclass
class Host:
    """One machine: `address` is its own, `way_out` that of its services, as it sees them."""

    name: str
    folder: Path
    address: str
    way_out: str
    within: list[str]
    wires: dict[str, Wire] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    starts: int = 0

    def reach(self, name: str, address: str) -> str:
        """The address of a service of the loopback, as this host has to write it."""
        parts = urlsplit(address)
        assert parts.port is not None
        wire = self.wires[name] = Wire(self.way_out, parts.port)
        place = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"{place[0]}{place[1]}{self.way_out}:{wire.port}").geturl()

    def start(self) -> None:
        """Web as in service, a worker and a beat; returns at once."""
        web = ["gunicorn", "--config", "python:wanzhou_abtc.web", "--bind"]
        web += [f"{self.address}:{PORT}", "--access-logfile", "-", "wanzhou_abtc.wsgi"]
        worker = ["celery", "-A", "wanzhou_abtc", "worker", "--pool", "solo", "--beat"]
        worker += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        worker += ["--hostname", f"{self.name}@%h"]
        self.starts += 1
        self.processes = [self._run("web", web), self._run("worker", worker)]

    def _run(self, name: str, module: list[str]) -> "subprocess.Popen[bytes]":
        with self.log(name).open("ab") as log:
            return subprocess.Popen(
                [*self.within, "setpriv", "--pdeathsig", "KILL", sys.executable, "-m", *module],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def wait_until_ready(self) -> None:
        eventually(self._answers, READY_SECONDS, f"{self.name} to answer", self._told)

    def _answers(self) -> bool:
        assert all(one.poll() is None for one in self.processes), self._told()
        # Not from this process: its own sockets stay on the loopback.
        knock = ["bash", "-c", f"exec 3<>/dev/tcp/{self.address}/{PORT}"]
        is_listening = subprocess.run(knock, capture_output=True, check=False).returncode == 0
        return is_listening and self._read("worker").count(" ready.") == self.starts

    def _told(self) -> str:
        return self._read("web")[-6000:] + self._read("worker")[-6000:]

    def _read(self, name: str) -> str:
        return self.log(name).read_text(errors="replace")

    def requests(self) -> int:
        """How many it answered."""
        return self._read("web").count('HTTP/1.1" 2')

    def die(self) -> None:
        """All of it at once, as by a power cut; its services notice that it is gone."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for wire in self.wires.values():
            wire.cut()
        self.processes = []


@contextmanager
def hosts(
    folder: Path, services: Mapping[str, str], environment: Mapping[str, str], static: Path
) -> Iterator[list[Host]]:
    """Two, not started: each reaches `services`, addresses by the name of their setting."""
    with ExitStack() as stack:
        made = []
        for number in (1, 2):
            host = stack.enter_context(_place(number, folder))
            data = host.folder / "data"
            shutil.copytree(static, data / "staticfiles")
            host.environment = dict(environment) | {
                name: host.reach(name, address) for name, address in services.items()
            }
            host.environment["PORTAL_DATA"] = str(data)
            stack.callback(_leave, host)
            made.append(host)
        yield made


def _leave(host: Host) -> None:
    host.die()
    for wire in host.wires.values():
        wire.close()


@contextmanager
def _place(number: int, folder: Path) -> Iterator[Host]:
    own = folder / f"host-{number}"
    own.mkdir()
    name = f"host{number}"
    if os.geteuid() != 0 or shutil.which("ip") is None:
        yield Host(name, own, f"127.0.0.{10 + number}", "127.0.0.1", [])
        return
    # Addresses for trials between networks (RFC 2544), four of them a host; several runs at a time.
    run = os.getpid()
    inside, outside = f"198.18.{run % 250}.{4 * number + 2}", f"198.18.{run % 250}.{4 * number + 1}"
    space, near, far = f"abtc{run}n{number}", f"ab{run}o{number}", f"ab{run}i{number}"
    _ip("netns", "add", space)
    try:
        _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", space)
        _ip("addr", "add", f"{outside}/30", "dev", near)
        _ip("link", "set", near, "up")
        _ip("-n", space, "addr", "add", f"{inside}/30", "dev", far)
        _ip("-n", space, "link", "set", far, "up")
        _ip("-n", space, "link", "set", "lo", "up")
        yield Host(name, own, inside, outside, ["ip", "netns", "exec", space])
    finally:
        # The link goes with it.
        _ip("netns", "delete", space)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
