"""Until when an enterprise is to be verified, with dates counted by hand.

The 23rd of November 2026 is a Monday; the station promises one working day.
"""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine

from accounts.confirmation import confirm
from accounts.mailboxes import make_token
from accounts.models import AuditEvent, User
from enterprises import services
from enterprises.models import Enterprise
from materials.stack import add_page, remove_page
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import EnterpriseFactory, agent_of, picture, standing_page
from workdays import services as calendar
from workdays.calendar import STATION_TIME
from workdays.following import catch_up_with_calendar

pytestmark = pytest.mark.django_db
LICENCE = 2


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STATION_TIME)


@pytest.fixture
def newcomer(db: None) -> Enterprise:
    """Signed up, the mailbox confirmed, the licence still missing."""
    made: Enterprise = EnterpriseFactory.create(pending=True)
    agent_of(made)
    return made


def upload(enterprise: Enterprise, when: str, *, kind: int = LICENCE) -> None:
    person = enterprise.agents.get().user
    with time_machine.travel(at(when), tick=False):
        stack = services.DocumentStack(enterprise, kind)
        add_page(stack, data=picture(kind), name="执照.jpg", by=person)


def due(enterprise: Enterprise) -> datetime | None:
    enterprise.refresh_from_db()
    return enterprise.due_at


@pytest.fixture
def waiting(newcomer: Enterprise) -> Enterprise:
    """Waits since Monday at 10:00."""
    upload(newcomer, "2026-11-23T10:00")
    return newcomer


def test_the_wait_begins_with_the_licence_where_the_mailbox_is_confirmed(
    newcomer: Enterprise,
) -> None:
    upload(newcomer, "2026-11-20T10:00", kind=1)
    assert due(newcomer) is None
    upload(newcomer, "2026-11-23T10:00")
    assert due(newcomer) == at("2026-11-24T18:00")
    assert newcomer.waiting_since == at("2026-11-23T10:00")


def test_and_with_the_mailbox_where_the_licence_is_there(newcomer: Enterprise) -> None:
    person = newcomer.agents.get().user
    person.email_confirmed_at = None
    person.save()
    # Uploaded before the mailbox was changed: without a confirmed one nothing can be.
    standing_page(newcomer, 2)
    assert due(newcomer) is None
    with time_machine.travel(at("2026-11-25T20:00"), tick=False):
        confirm(make_token(person))
    assert due(newcomer) == at("2026-11-26T18:00")


def test_it_ends_with_the_decision_and_begins_again_when_a_refused_one_saves(
    waiting: Enterprise, officer: User
) -> None:
    with time_machine.travel(at("2026-11-24T10:00"), tick=False):
        services.decide(waiting, verified=False, reason="营业执照看不清。", by=officer)
    assert (due(waiting), waiting.waiting_since) == (None, None)
    person = waiting.agents.get().user
    with time_machine.travel(at("2026-11-27T10:00"), tick=False):
        services.save_enterprise(waiting, changed=["address"], by=person)
    assert due(waiting) == at("2026-11-30T18:00")
    with time_machine.travel(at("2026-11-30T10:00"), tick=False):
        services.decide(waiting, verified=True, by=officer)
    assert due(waiting) is None
    with time_machine.travel(at("2026-12-01T10:00"), tick=False):
        services.save_enterprise(waiting, changed=["name"], by=person)
    assert due(waiting) == at("2026-12-02T18:00")


def test_who_goes_on_waiting_keeps_the_deadline(waiting: Enterprise) -> None:
    person = waiting.agents.get().user
    with time_machine.travel(at("2026-11-24T10:00"), tick=False):
        services.save_enterprise(waiting, changed=["address"], by=person)
    assert due(waiting) == at("2026-11-24T18:00")


def test_without_its_licence_it_no_longer_waits(waiting: Enterprise) -> None:
    document = waiting.current_document(LICENCE)
    assert document is not None
    stack = services.DocumentStack(waiting, LICENCE)
    remove_page(stack, document.pages.get(), by=waiting.agents.get().user)
    assert due(waiting) is None


def test_where_the_station_promises_nothing_there_is_no_deadline(
    newcomer: Enterprise, settings: Any
) -> None:
    settings.STATION_DAYS = {"verification": 0}
    upload(newcomer, "2026-11-23T10:00")
    assert due(newcomer) is None
    assert newcomer.waiting_since == at("2026-11-23T10:00")


def test_a_closing_day_moves_it_on_record_and_tells_nobody(
    waiting: Enterprise, officer: User
) -> None:
    with time_machine.travel(at("2026-11-23T15:00"), tick=False):
        closure = calendar.close_station(date(2026, 11, 24), "机房停电检修", by=officer)
        assert due(waiting) == at("2026-11-25T18:00")
        calendar.reopen_station(closure.pk, by=officer)
    assert due(waiting) == at("2026-11-24T18:00")
    assert not Notice.objects.filter(cause__contains="calendar").exists()
    event = AuditEvent.objects.filter(action="enterprise.move_deadline").earliest("pk")
    assert (event.actor, event.object_id) == (officer, str(waiting.pk))
    assert datetime.fromisoformat(event.before["due_at"]) == at("2026-11-24T18:00")
    assert datetime.fromisoformat(event.after["due_at"]) == at("2026-11-25T18:00")


def test_a_deadline_from_the_old_calendar_is_mended(waiting: Enterprise) -> None:
    Enterprise.objects.update(due_at=at("2026-11-23T18:00"))
    catch_up_with_calendar()
    assert due(waiting) == at("2026-11-24T18:00")


def test_the_officers_list_has_what_is_due_first_on_top(
    waiting: Enterprise, officer: User, client_of: ClientOf
) -> None:
    urgent = EnterpriseFactory.create(pending=True)
    agent_of(urgent)
    standing_page(urgent, LICENCE)
    Enterprise.objects.filter(pk=urgent.pk).update(
        waiting_since=at("2026-11-20T10:00"), due_days=1, due_at=at("2026-11-23T18:00")
    )
    with time_machine.travel(at("2026-11-23T11:00"), tick=False):
        page = client_of(officer).get("/").text
    assert "还剩1个工作日，11月24日18:00前" in page
    assert page.index(urgent.name) < page.index(waiting.name)
