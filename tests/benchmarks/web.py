"""The portal's web processes as gunicorn runs them, asked by real requests."""

import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.test import Client

from accounts.hashers import PasswordHasher
from accounts.models import User
from tests.factories import PASSWORD
from tests.harness import eventually, process_environment
from tests.temporary_services import free_port, stop
from wanzhou_abtc.supervisor import answers

ROOT = Path(__file__).resolve().parents[2]
CSRF_TOKEN = "a" * 32
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Web:
    """A running gunicorn."""

    port: int
    pid: int

    def get(self, path: str, cookies: str) -> int:
        return self._ask("GET", path, cookies)

    def post(self, path: str, cookies: str, body: bytes, kind: str = FORM) -> int:
        return self._ask("POST", path, cookies, body, kind)

    def _ask(self, method: str, path: str, cookies: str, body: bytes = b"", kind: str = "") -> int:
        """The status of the answer, once all of it is there."""
        headers = {"Cookie": cookies, "X-CSRFToken": CSRF_TOKEN}
        if kind:
            headers["Content-Type"] = kind
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(child) for child in children.split()]


@contextmanager
def web(workers: int) -> Iterator[Web]:
    """Start gunicorn as `script/serve` does, on this run's database."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:wanzhou_abtc.web"]
    command += ["--workers", str(workers), "--bind", f"127.0.0.1:{port}", "wanzhou_abtc.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=process_environment(), start_new_session=True)
    try:
        eventually(lambda: answers(port), 60, "gunicorn")
        yield Web(port, server.pid)
    finally:
        stop(server, signal.SIGTERM)


def signed_in(person: User) -> str:
    """The cookies of somebody who has signed in; his password is hashed as the portal does it."""
    hasher = PasswordHasher()
    person.password = hasher.encode(PASSWORD, hasher.salt())
    person.save(update_fields=["password"])
    client = Client()
    client.force_login(person, backend="accounts.backends.PeopleBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF_TOKEN}"
