"""Nothing goes out outside office hours: not by mail, in a group, as a text message, or again."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import Department, User
from notices.delivery import deliver
from notices.models import Delivery, Notice, Preferences, WecomRobot
from notices.services import retry
from notices.tasks import sweep
from tests.notices.conftest import tell
from tests.notices.http_server import Gateway
from workdays.calendar import STATION_TIME
from workdays.models import StationClosure

Kind, State = Notice.Kind, Delivery.State
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office_hours(settings: Any) -> None:
    """Those of the station's calendar, as in the portal itself."""
    settings.NOTICE_QUIET_HOURS = True
    settings.SMS_ADAPTER = "notices.channels.sms.FileSms"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Of November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=STATION_TIME)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (at(23, 9), at(23, 9)),
        (at(23, 17, 59), at(23, 17, 59)),
        (at(23, 12, 30), at(23, 14)),
        (at(23, 18, 1), at(24, 9)),
        (at(24, 3), at(24, 9)),
        (at(27, 20), at(30, 9)),
        (at(28, 10), at(30, 9)),
    ],
)
def test_what_is_written_when_the_office_is_closed_goes_out_at_its_opening(
    tax_liaison: User, written: datetime, sent: datetime
) -> None:
    with time_machine.travel(written, tick=False) as clock:
        delivery = tell(tax_liaison, kind=Kind.DEADLINE).deliveries.get()
        assert delivery.next_attempt_at == sent
        sweep()
        assert len(mail.outbox) == (written == sent)
        clock.move_to(sent)
        sweep()
    assert len(mail.outbox) == 1


def test_a_holiday_and_a_closing_day_are_waited_out(officer: User, tax_liaison: User) -> None:
    StationClosure.objects.create(date=at(24, 9).date(), reason="停电", entered_by=officer)
    with time_machine.travel(at(23, 19), tick=False):
        delivery = tell(tax_liaison, kind=Kind.DEADLINE).deliveries.get()
    assert delivery.next_attempt_at == at(25, 9)
    with time_machine.travel("2026-09-30T20:00:00+08:00", tick=False):
        delivery = tell(tax_liaison, kind=Kind.DEADLINE, number=2).deliveries.get()
    assert timezone.localtime(delivery.next_attempt_at).isoformat() == "2026-10-08T09:00:00+08:00"


@pytest.mark.parametrize(
    ("who", "kind", "held"),
    [
        ("tax_liaison", Kind.DEADLINE, ["email", "sms"]),
        ("tax_liaison", Kind.TASK, ["email", "sms"]),
        ("officer", Kind.INFO, ["email"]),
        ("officer", Kind.ACCOUNT, []),
        ("agent", Kind.DEADLINE, ["email", "sms"]),
        ("agent", Kind.TASK, ["sms"]),
        ("agent", Kind.INFO, []),
        ("agent", Kind.ACCOUNT, []),
    ],
)
def test_who_and_what_decide_what_waits(
    request: pytest.FixtureRequest, who: str, kind: str, held: list[str]
) -> None:
    """An enterprise's ordinary mail, and a link that somebody waits for, go at any hour."""
    person: User = request.getfixturevalue(who)
    Preferences.objects.create(user=person, sms=True)
    with time_machine.travel(at(23, 22), tick=False):
        tell(person, kind=kind)
    waits = Delivery.objects.filter(next_attempt_at=at(24, 9))
    assert sorted(waits.values_list("channel", flat=True)) == held


def test_a_group_is_not_told_at_night(http_gateway: Gateway, tax_liaison: User) -> None:
    tax = Department.objects.get(code="tax")
    WecomRobot.objects.create(name="税务群", department=tax, webhook=http_gateway.url)
    with time_machine.travel(at(23, 22), tick=False) as clock:
        tell(tax_liaison, kind=Kind.DEADLINE)
        sweep()
        assert http_gateway.received == []
        clock.move_to(at(24, 9))
        sweep()
    assert len(http_gateway.received) == 1


def test_a_repeated_attempt_waits_for_the_opening_and_counts_as_none(
    tax_liaison: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, _messages: object) -> int:
        raise ConnectionRefusedError("refused")

    with time_machine.travel(at(23, 17, 59), tick=False) as clock:
        delivery = tell(tax_liaison, kind=Kind.DEADLINE).deliveries.get()
        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
            sweep()
        clock.shift(timedelta(minutes=10))
        sweep()
        delivery.refresh_from_db()
        assert (delivery.attempts, delivery.next_attempt_at) == (1, at(24, 9))
        clock.move_to(at(24, 9))
        sweep()
    assert len(mail.outbox) == 1


def test_what_the_station_sends_again_waits_as_well(tax_liaison: User, officer: User) -> None:
    with time_machine.travel(at(23, 10), tick=False) as clock:
        delivery = tell(tax_liaison, kind=Kind.DEADLINE).deliveries.get()
        Delivery.objects.update(state=State.FAILED)
        clock.move_to(at(23, 21))
        assert retry(delivery, by=officer)
        assert not deliver(delivery.pk)
    assert mail.outbox == []
    delivery.refresh_from_db()
    assert (delivery.state, delivery.next_attempt_at) == (State.QUEUED, at(24, 9))


def test_a_digest_of_the_staff_waits_for_a_working_day_and_is_one(
    officer: User, agent: User
) -> None:
    for person in (officer, agent):
        Preferences.objects.create(user=person, digest=True)
    with time_machine.travel(at(27, 17), tick=False) as clock:
        tell(officer, agent, number=1)
        clock.move_to(at(28, 10))
        tell(officer, number=2)
        sweep()
        assert [message.to for message in mail.outbox] == [[agent.email]]
        clock.move_to(at(30, 9))
        sweep()
    [_, message] = mail.outbox
    assert message.to == [officer.email]
    assert "（2条）" in message.subject


def test_a_message_held_back_is_not_told_to_the_queue(
    no_broker: list[int], tax_liaison: User, django_capture_on_commit_callbacks: Any
) -> None:
    with time_machine.travel(at(23, 22), tick=False):
        with django_capture_on_commit_callbacks(execute=True):
            tell(tax_liaison, kind=Kind.DEADLINE)
        assert no_broker == []
        with django_capture_on_commit_callbacks(execute=True):
            tell(tax_liaison, kind=Kind.ACCOUNT, number=2)
        assert len(no_broker) == 1
