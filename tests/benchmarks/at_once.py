"""Four people who sign one table at once, as they do: by requests to two web processes.

A request is all that a click costs: session, password, preview, signature, self-check, redirect.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from reviews.cells import Cell
from reviews.models import Opinion
from reviews.revisions import load
from reviews.signatures.certificates import authority, register
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.verification.examining import examine
from tests.benchmarks.signing import circulated, draft
from tests.benchmarks.table import Measure, ratio, seconds
from tests.benchmarks.web import Web, signed_in, web
from tests.factories import DEPARTMENTS, PASSWORD, UserFactory, liaison

ROUNDS = 12
FOUR = DEPARTMENTS[:4]
REDIRECT = 302


@dataclass(frozen=True)
class Click:
    """What a liaison sends who has looked at the cell and typed his password."""

    opinion: Opinion
    cookies: str
    preview: str

    def send(self, portal: Web) -> float:
        path = reverse("reviews:opinion_sign", args=[self.opinion.pk])
        body = urlencode({"password": PASSWORD, "preview": self.preview}).encode()
        return seconds(lambda: expect(portal.post(path, self.cookies, body), REDIRECT))


def measure() -> list[Measure]:
    authority.ensure()
    officer = UserFactory.create(officer=True)
    people = {code: liaison(code) for code in FOUR}
    cookies = {code: signed_in(person) for code, person in people.items()}
    apart, together, single = [], [], []
    with web(workers=2) as portal:
        for number in range(ROUNDS + 1):
            clicks = prepared(officer, people, cookies)
            one_by_one = [click.send(portal) for click in clicks]
            clicks = prepared(officer, people, cookies)
            at_once = seconds(lambda: send_together(clicks, portal))  # noqa: B023
            require_signed(clicks)
            # The first round finds both processes cold.
            if number:
                apart.append(sum(one_by_one))
                single += one_by_one
                together.append(at_once)
    note = (
        f"同时 {min(together) * 1000:.0f} ms，先后 {min(apart) * 1000:.0f} ms；"
        f"一次请求（含验密码）{median(single) * 1000:.0f} ms"
    )
    return [Measure("四人同时签一张表 ÷ 四次签名之和", ratio(together, apart), 1.0, "倍", note)]


def prepared(officer: User, people: Mapping[str, User], cookies: Mapping[str, str]) -> list[Click]:
    """A newly circulated table, its four cells drafted and looked at."""
    form, clicks = circulated(officer), []
    for code, by in people.items():
        opinion = draft(form, code, by)
        cell = Cell(opinion, register.certificate_of(opinion.department), by)
        clicks.append(Click(opinion, cookies[code], cell.pack()))
    return clicks


def send_together(clicks: list[Click], portal: Web) -> None:
    with ThreadPoolExecutor(len(clicks)) as pool:
        list(pool.map(Click.send, clicks, repeat(portal)))


def require_signed(clicks: list[Click]) -> None:
    """All four stand in the table, in whichever order, and it is valid."""
    pdf = load(clicks[0].opinion.table.newest_revision())
    found = examine(pdf, current_trust())
    signed = {finding.department for finding in found.signatures}
    if not (found.valid and signed == {"station", *FOUR}):
        raise AssertionError(found.reason)


def expect(status: int, expected: int) -> None:
    if status != expected:
        raise AssertionError(f"答复是 {status}，应为 {expected}")
