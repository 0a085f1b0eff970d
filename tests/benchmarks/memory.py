"""Memory of a web worker after it has answered pages and rendered cells for a while."""

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Department, User
from reviews import authority
from tests.benchmarks.signing import drafted
from tests.benchmarks.table import Measure, megabytes
from tests.factories import UserFactory, liaison
from tests.harness import eventually, process_environment
from tests.temporary_services import free_port, stop
from wanzhou_abtc.supervisor import answers

ROOT = Path(__file__).resolve().parents[2]
PAGES, CELLS = 200, 40
MOST_MB = 300


def measure() -> list[Measure]:
    authority.ensure()
    for department in Department.objects.all():
        if not User.objects.liaisons_of(department).exists():
            liaison(department.code)
    police = User.objects.liaisons_of(Department.objects.get(code="police"))[0]
    opinion = drafted(UserFactory.create(officer=True), police)
    client = Client()
    client.force_login(police, backend="accounts.backends.PeopleBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "wanzhou_abtc.wsgi", "--workers", "1"]
    command += ["--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    server = subprocess.Popen(command, cwd=ROOT, env=process_environment(), start_new_session=True)
    try:
        eventually(lambda: answers(port), 60, "gunicorn")
        for number in range(PAGES + CELLS):
            path = reverse("home")
            if number % (PAGES // CELLS) == 0:
                path = reverse("reviews:opinion_preview", args=[opinion.pk])
            address = urllib.request.Request(
                f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie}
            )
            with urllib.request.urlopen(address, timeout=60) as answer:
                answer.read()
        [worker] = children(server.pid)
        status = Path(f"/proc/{worker}/status").read_text()
    finally:
        stop(server, signal.SIGTERM)
    now, peak = (megabytes(status, key) for key in ("VmRSS", "VmHWM"))
    note = f"{PAGES} 页与 {CELLS} 次预览之后；现在 {now:.0f} MB"
    return [Measure("网页进程内存最高", peak, MOST_MB, "MB", note)]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
