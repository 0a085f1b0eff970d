"""What a morning says to one person of cards and filings is one mail."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail

from accounts.models import User
from cards.tasks import morning
from enterprises.models import Enterprise
from notices.models import Notice
from notices.tasks import sweep as deliver_due
from tests.cards.duty_parts import MONDAY, card_of, keeper_of, lent, visit_to
from tests.factories import ApplicantFactory, CardFactory
from tests.reviews.conftest import on

pytestmark = pytest.mark.django_db


def test_a_card_that_ends_and_one_that_is_overdue_are_one_mail_and_two_notices(
    enterprise: Enterprise, agent: User, officer: User
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        visit_to(enterprise, done_on=MONDAY.date(), done_by=officer)
        lent(card_of(enterprise), keeper_of(enterprise, agent), agent)  # back by 7 December
    holder = ApplicantFactory.create(enterprise=enterprise, passport_expires_on=date(2035, 1, 1))
    CardFactory.create(
        applicant=holder,
        economies=["JPN"],
        issued_on=date(2022, 6, 9),
        card_until=date(2027, 6, 8),
        next_radar_on=date(2026, 12, 8),
    )
    mail.outbox.clear()
    tuesday = on(24, 9).replace(month=12, day=8, minute=15)
    with time_machine.travel(tuesday, tick=False):
        morning()
    with time_machine.travel(tuesday + timedelta(minutes=2), tick=False):
        deliver_due()

    told = Notice.objects.filter(recipient=agent, cause__regex="^cards:(radar|duty):")
    assert sorted(notice.cause.split(":")[1] for notice in told) == ["duty", "radar"]
    mine = [message for message in mail.outbox if agent.email in message.to]
    assert len(mine) == 1
    for notice in told:
        assert notice.subject in mine[0].body


def test_a_part_that_fails_stops_no_other(
    enterprise: Enterprise,
    agent: User,
    officer: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise RuntimeError("坏了")

    done: list[str] = []
    monkeypatch.setattr("cards.tasks.MORNING", (fail, lambda: done.append("其余的")))

    morning()

    assert done == ["其余的"]
    assert "没有办成，其余的照常" in caplog.text
