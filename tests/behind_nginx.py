"""The portal as in service: gunicorn, a real nginx before it, and people who ask it by https."""

import http.client
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from tests.files.hostile import pdf_showing
from tests.files.sending import multipart
from tests.harness import eventually
from tests.nginx import Ports, nginx
from tests.temporary_services import free_port, stop
from wanzhou_abtc.supervisor import answers

ROOT = Path(__file__).resolve().parent.parent
CSRF_TOKEN = "a" * 32
LOOPBACK = "127.0.0.1"
MANIFEST = {
    "default": {"BACKEND": "files.at_rest.storage.SealedStorage"},
    "sealed_files": {"BACKEND": "files.at_rest.folder.FolderStorage"},
    "staticfiles": {"BACKEND": "wanzhou_abtc.static_files.ModuleStorage"},
}
# A second of drawing on each of three pages, in less than 50 KB.
COSTLY = pdf_showing(b"0 0 m 595 842 l 595 0 l 0 842 l 300 400 l S " * 150_000, b"", pages=3)


@dataclass(frozen=True)
class Site:
    """The portal as people reach it, by https through nginx; each `address` is another visitor."""

    ports: Ports
    address: str = LOOPBACK

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, str, http.client.HTTPMessage, float]:
        """Status, text, headers and how many seconds it took."""
        started = time.monotonic()
        connection = http.client.HTTPSConnection(
            LOOPBACK,
            self.ports.https,
            timeout=60,
            context=trusting_all(),
            source_address=(self.address, 0),
        )
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        return answer.status, text, answer.headers, time.monotonic() - started

    def post_file(self, path: str, name: str, data: bytes, cookies: str) -> Any:
        body, kind = multipart(name, data, "file" if path == "/verify/" else "files")
        return self.post(path, body, kind, cookies)

    def post(self, path: str, body: bytes, kind: str, cookies: str) -> Any:
        headers = {
            "Cookie": f"{cookies}; {settings.CSRF_COOKIE_NAME}={CSRF_TOKEN}",
            "X-CSRFToken": CSRF_TOKEN,
            "Content-Type": kind,
            "Origin": f"https://{LOOPBACK}:{self.ports.https}",
        }
        return self.ask("POST", path, body, **headers)

    def seconds_of_healthz(self) -> float:
        status, text, _, seconds = self.ask("GET", "/healthz")
        assert (status, text) == (200, "ok")
        return seconds

    def connect(self) -> ssl.SSLSocket:
        plain = socket.create_connection((LOOPBACK, self.ports.https), timeout=20)
        return trusting_all().wrap_socket(plain)

    def connect_slowly(self, number: int) -> ssl.SSLSocket:
        """A client that sends half a request, and nothing more; every other one half a body."""
        client = self.connect()
        if number % 2:
            client.sendall(b"GET /verify/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        else:
            head = "POST /verify/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n"
            client.sendall(head.encode() + b"Content-Type: text/plain\r\n\r\nslow")
        return client


def trusting_all() -> ssl.SSLContext:
    """The certificate is this run's own."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def as_a_service(ports: Ports) -> dict[str, str]:
    """What the environment of a service behind one proxy says."""
    return {
        "DEBUG": "false",
        "DEMO": "false",
        "SECURE_SSL_REDIRECT": "true",
        "PROXIES": "1",
        "ALLOWED_HOSTS": LOOPBACK,
        "SITE_URL": f"https://{LOOPBACK}:{ports.https}",
    }


@contextmanager
def served(folder: Path, ports: Ports, environment: dict[str, str]) -> Iterator[Site]:
    """gunicorn with two workers as in service, in this environment, and nginx before it."""
    with override_settings(STORAGES=MANIFEST):
        call_command("collectstatic", interactive=False, verbosity=0)
    port = free_port()
    command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "gunicorn"]
    command += ["--config", "python:wanzhou_abtc.web", "--bind", f"{LOOPBACK}:{port}"]
    with (folder / "gunicorn.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "wanzhou_abtc.wsgi"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        explain = (folder / "gunicorn.log").read_text
        eventually(lambda: answers(port), 60, "gunicorn", lambda: explain(errors="replace"))
        with nginx(folder, ports, f"{LOOPBACK}:{port}"):
            yield Site(ports)
    finally:
        stop(server, SIGTERM)
