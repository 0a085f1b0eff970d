"""Four liaisons sign one table at the same moment: all succeed, in some order."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier, Event
from time import sleep
from typing import Any

import pytest
from django.db import connection

from reviews.cells import Cell
from reviews.models import Opinion, ReviewTable
from reviews.revisions import load
from reviews.services import opinions
from reviews.signatures.signing import sign_cell
from reviews.verdict import judge
from tests.races import at_once, hold
from tests.reviews.conftest import FOUR, Station

pytestmark = [pytest.mark.live, pytest.mark.embedded]


def test_all_four_succeed_and_every_signature_is_valid(
    transactional_db: None, station: Station, circulated: ReviewTable
) -> None:
    drafts = [station.draft(circulated, code) for code in FOUR]
    start = Barrier(len(FOUR))

    def sign(opinion: Opinion) -> None:
        try:
            start.wait(timeout=20)
            opinions.sign(opinion, by=station.liaisons[opinion.department.code])
        finally:
            connection.close()

    with ThreadPoolExecutor(len(FOUR)) as pool:
        list(pool.map(sign, drafts))
    revisions = list(circulated.revisions.select_related("opinion__department", "file"))
    assert [revision.sequence for revision in revisions] == [0, 1, 2, 3, 4]
    signed = {revision.opinion.department.code for revision in revisions if revision.opinion}
    assert signed == set(FOUR)
    chain = [load(revision) for revision in revisions]
    assert all(later.startswith(earlier) for earlier, later in pairwise(chain))
    verdict = judge(chain[-1])
    assert verdict.label == "尚未签齐"
    assert [line.words for line in verdict.signatures] == ["签名有效，证书可信"] * 5
    station.sign(circulated, "foreign_affairs")
    circulated.refresh_from_db()
    assert circulated.is_concluded


def test_nobody_waits_while_anothers_cell_is_drawn(
    transactional_db: None,
    station: Station,
    circulated: ReviewTable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Drawing takes half of a signature's time: it comes before the form's row is locked."""
    in_transaction = []

    draw = Cell.draw

    def draw_watched(cell: Cell) -> bytes:
        in_transaction.append(connection.in_atomic_block)
        return draw(cell)

    monkeypatch.setattr(Cell, "draw", draw_watched)
    station.sign(circulated, "tax")
    assert in_transaction == [False]


def test_two_colleagues_of_one_department_sign_once(
    transactional_db: None, station: Station, circulated: ReviewTable
) -> None:
    opinion = station.draft(circulated, "tax")
    start = Barrier(2)

    def sign(_attempt: int) -> None:
        try:
            start.wait(timeout=20)
            opinions.sign(opinion, by=station.liaisons["tax"])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sign, range(2)))
    assert circulated.revisions.count() == 2


def test_each_signature_is_added_to_the_one_before(
    transactional_db: None,
    station: Station,
    circulated: ReviewTable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is held between reading the newest revision and adding its own."""
    codes = ("police", "social")
    drafts = [station.draft(circulated, code) for code in codes]
    hold(monkeypatch, opinions, "sign_cell")
    at_once(2, lambda n: opinions.sign(drafts[n], by=station.liaisons[codes[n]]))
    revisions = list(circulated.revisions.select_related("file"))
    assert [revision.sequence for revision in revisions] == [0, 1, 2]
    chain = [load(revision) for revision in revisions]
    assert all(later.startswith(earlier) for earlier, later in pairwise(chain))
    assert len(judge(chain[-1]).signatures) == 3


def test_a_second_click_waits_for_the_signature_that_the_first_is_making(
    transactional_db: None,
    station: Station,
    circulated: ReviewTable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opinion, by = station.draft(circulated, "police"), station.liaisons["police"]
    begun = Event()

    def slowly(*args: Any, **kwargs: Any) -> bytes:
        begun.set()
        sleep(0.7)
        return sign_cell(*args, **kwargs)

    monkeypatch.setattr(opinions, "sign_cell", slowly)

    def click(number: int) -> bool:
        if number == 0:
            return opinions.sign(opinion, by=by).is_signed
        assert begun.wait(timeout=20)
        return opinions.has_signed(opinion, by=by)

    assert at_once(2, click) == [True, True]
