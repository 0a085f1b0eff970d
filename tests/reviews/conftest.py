"""A station at work: certificates, a liaison in each department, and a circulated table."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from accounts.models import User
from applications.models import Application
from reviews.drafts import Draft
from reviews.models import Opinion, ReviewTable
from reviews.services import circulation, opinions
from reviews.signatures.certificates import authority
from tests.factories import SHEETS, ReviewTableFactory
from tests.made_once import same_keys
from workdays.calendar import STATION_TIME

FOUR = ("commerce", "tax", "police", "social")
ANSWERS: dict[str, dict[str, Any]] = {
    "commerce": {"trade": "performance"},
    "tax": {"tax_total": "123.45", "has_arrears": False},
    "police": {},
    "social": {"insured_since": "2024-01-01", "insured_company": "重庆市万州区样例贸易有限公司"},
    "foreign_affairs": {},
}


@dataclass
class Station:
    """The officer, the five liaisons by department code, and their hands."""

    officer: User
    liaisons: dict[str, User]

    def draft(self, form: ReviewTable, code: str, conclusion: str = "agree") -> Opinion:
        opinion = form.opinions.with_case().get(department__code=code)
        draft = Draft(ANSWERS[code], f"{opinion.department}已核实，同意。", conclusion)
        return opinions.save_draft(opinion, draft, by=self.liaisons[code], seen_version=None)

    def sign(self, form: ReviewTable, *codes: str, conclusion: str = "agree") -> None:
        for code in codes:
            opinions.sign(self.draft(form, code, conclusion), by=self.liaisons[code])


@pytest.fixture
def station(
    officer: User,
    commerce_liaison: User,
    tax_liaison: User,
    police_liaison: User,
    social_liaison: User,
    foreign_liaison: User,
    settings: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Station:
    settings.KEYSTORE = tmp_path_factory.mktemp("keys")
    # Before any day on which a test plays.
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC), tick=False), same_keys():
        authority.ensure()
    return Station(
        officer,
        {
            "commerce": commerce_liaison,
            "tax": tax_liaison,
            "police": police_liaison,
            "social": social_liaison,
            "foreign_affairs": foreign_liaison,
        },
    )


@pytest.fixture
def circulated(station: Station, submitted: Application) -> ReviewTable:
    """Round 1, sent to four departments, nothing signed."""
    return circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 by the station's clock; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=STATION_TIME)


def sign_off(form: ReviewTable, *codes: str, by: User, moment: datetime) -> None:
    """As if signed then, without a PDF: for the clock alone."""
    form.opinions.filter(department__code__in=codes).update(
        signed_at=moment, signed_by=by, conclusion="agree"
    )


@pytest.fixture
def on_the_clock(officer: User) -> ReviewTable:
    """Circulated on Monday the 23rd at 10:00, without certificates or a real PDF.

    Four departments are due on Wednesday, foreign affairs and the whole on Thursday, at 18:00.
    """
    with time_machine.travel(on(23, 10), tick=False):
        form: ReviewTable = ReviewTableFactory.create(circulated_by=officer, due_at=on(26, 18))
    form.opinions.parallel().update(due_at=on(25, 18))
    return form
