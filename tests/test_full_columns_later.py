"""Rows of the rooms after the table, every free text as long as its column: pages still open."""

from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in
from tests.test_access import ACCESS, arguments_of, everybody
from tests.test_full_columns import fill_every_row, run_every_sweep

pytestmark = pytest.mark.django_db
LATER: Final = ("cards", "imports", "letters", "outreach", "parameters", "reports", "rights")
ADDRESSES: Final = (
    "cards:", "imports:", "letters:", "outreach:", "parameters:", "stage:", "exports:", "find",
    "rights:",
)  # fmt: skip


def test_the_pages_after_the_table_with_every_text_as_long_as_its_column(
    caplog: pytest.LogCaptureFixture,
) -> None:
    people = everybody()
    arguments = arguments_of(people)
    fill_every_row(LATER, leaves_empty=True)
    desks: dict[str, Client] = {letter: signed_in(one) for letter, one in people.items()}
    desks["-"] = Client()
    seen = 0
    for name, rule in ACCESS.items():
        if not name.startswith(ADDRESSES) or rule.method != "get":
            continue
        for letter in rule.allowed:
            answer = desks[letter].get(reverse(name, kwargs=arguments.get(name)))
            assert answer.status_code in (200, 302, 403, 404, 410), (name, letter)
            if answer.streaming:
                answer.getvalue()
            seen += 1
    assert seen > 200
    run_every_sweep(caplog)
