"""Memory of a web worker after pages, previews, four signatures at once, and verifications.

A verification of a file works in a process of its own, whose memory is bounded there.
"""

from pathlib import Path

from django.urls import reverse

from accounts.models import Department, User
from reviews.revisions import load
from reviews.signatures.certificates import authority
from tests.benchmarks.at_once import Click, expect, prepared, send_together
from tests.benchmarks.table import Measure, megabytes
from tests.benchmarks.web import Web, signed_in, web
from tests.factories import UserFactory, liaison

PAGES, CELLS, TABLES, FILES = 200, 40, 6, 8
MOST_MB = 300
OK = 200


def measure() -> list[Measure]:
    authority.ensure()
    people = {department.code: liaison_of(department) for department in Department.objects.all()}
    people.pop("foreign_affairs")
    cookies = {code: signed_in(person) for code, person in people.items()}
    officer = UserFactory.create(officer=True)
    tables = [prepared(officer, people, cookies) for _ in range(TABLES)]
    with web(workers=1) as portal:
        look_around(portal, tables[0][0])
        for clicks in tables:
            send_together(clicks, portal)
        verify(portal, tables[0][0])
        [worker] = portal.workers()
        status = Path(f"/proc/{worker}/status").read_text()
    now, peak = (megabytes(status, key) for key in ("VmRSS", "VmHWM"))
    done = f"{PAGES} 页、{CELLS} 次预览、{TABLES} 次四人同时签署、{FILES} 次核验之后"
    return [Measure("网页进程内存最高", peak, MOST_MB, "MB", f"{done}；现在 {now:.0f} MB")]


def liaison_of(department: Department) -> User:
    return User.objects.liaisons_of(department).first() or liaison(department.code)


def look_around(portal: Web, click: Click) -> None:
    for number in range(PAGES + CELLS):
        path = reverse("home")
        if number % (PAGES // CELLS) == 0:
            path = reverse("reviews:opinion_preview", args=[click.opinion.pk])
        expect(portal.get(path, click.cookies), OK)


def verify(portal: Web, click: Click) -> None:
    """As somebody from outside who drops the file on the page."""
    pdf, edge = load(click.opinion.table.newest_revision()), "----------edge"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="table.pdf"\r\n'
    head += "Content-Type: application/pdf\r\n\r\n"
    body = head.encode() + pdf + f"\r\n--{edge}--\r\n".encode()
    for _ in range(FILES):
        kind = f"multipart/form-data; boundary={edge}"
        expect(portal.post(reverse("reviews:verify"), click.cookies, body, kind), OK)
