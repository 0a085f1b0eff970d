"""Attempts, leases, receipts, fuses and alarms of a delivery."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from socket import gaierror
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.models import User
from notices import holds, receipts
from notices.alarms import raise_alarms
from notices.channels import CHANNELS
from notices.channels.base import ChannelDown
from notices.delivery import MOST_ATTEMPTS, deliver
from notices.models import ChannelHealth, Delivery, Notice, Preferences
from notices.services import notify
from notices.tasks import sweep
from tests.factories import liaison
from tests.notices.conftest import tell

State = Delivery.State
NOW = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def delivery(officer: User) -> Delivery:
    return tell(officer).deliveries.get()


@pytest.fixture(autouse=True)
def receipts_folder(settings: Any, tmp_path: Path) -> Path:
    settings.RECEIPTS = tmp_path
    return tmp_path


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[int]:
    """From now on the mail server answers so; counts what was tried."""
    tried: list[int] = []

    def send(_self: object, messages: list[Any]) -> int:
        tried.append(len(messages))
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send)
    return tried


def test_a_delivery_is_sent_once_however_often_it_is_asked_for(delivery: Delivery) -> None:
    assert deliver(delivery.pk)
    assert not deliver(delivery.pk)
    [message] = mail.outbox
    assert message.extra_headers["Message-ID"] == f"<notice-{delivery.notice_id}@wanzhou.example>"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sending_since, delivery.attempts) == (State.SENT, None, 1)


@pytest.mark.parametrize("lease_ended", [False, True])
def test_while_one_worker_sends_another_leaves_it_alone(
    delivery: Delivery, lease_ended: bool
) -> None:
    """Also when the clock says that its lease is over."""
    seen: list[bool] = []
    send = CHANNELS["email"].session

    @contextmanager
    def slow(taken: Delivery) -> Any:
        if lease_ended:
            Delivery.objects.update(next_attempt_at=timezone.now())
        seen.append(deliver(delivery.pk))
        with send(taken) as session:
            yield session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CHANNELS["email"], "session", slow)
        assert deliver(delivery.pk)
    assert seen == [False]
    assert len(mail.outbox) == 1


def test_what_a_killed_worker_was_sending_is_sent_again_under_the_same_id(
    delivery: Delivery,
) -> None:
    Delivery.objects.update(
        attempts=1, sending_since=timezone.now(), next_attempt_at=timezone.now()
    )
    assert deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.repeats, delivery.attempts) == (1, 2)
    assert mail.outbox[0].extra_headers["Message-ID"] == delivery.message_id


def test_what_the_server_had_taken_before_the_kill_is_not_sent_again(
    delivery: Delivery, receipts_folder: Path
) -> None:
    delivery.attempts, delivery.sending_since = 1, timezone.now()
    delivery.save()
    receipts.keep(delivery)
    assert not deliver(delivery.pk)
    assert mail.outbox == []
    delivery.refresh_from_db()
    assert (delivery.state, delivery.repeats) == (State.SENT, 0)
    assert list(receipts_folder.iterdir()) == []


def test_a_receipt_of_another_attempt_counts_for_nothing(delivery: Delivery) -> None:
    delivery.attempts, delivery.sending_since = 1, timezone.now() - timedelta(hours=1)
    receipts.keep(delivery)
    Delivery.objects.update(attempts=1, sending_since=timezone.now())
    assert deliver(delivery.pk)
    assert len(mail.outbox) == 1


def test_without_a_folder_for_receipts_mail_still_goes_out(
    delivery: Delivery, settings: Any, tmp_path: Path
) -> None:
    settings.RECEIPTS = tmp_path / "gone"
    assert deliver(delivery.pk)
    assert len(mail.outbox) == 1


def test_a_refused_address_fails_at_once_and_says_why(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, SMTPRecipientsRefused({"a@b": (550, b"no such user")}))
    assert not deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    assert delivery.last_error == "邮件服务器不接受这个收件地址：550 no such user"
    assert not ChannelHealth.objects.exists()


@pytest.mark.parametrize(
    "error",
    [
        SMTPRecipientsRefused({"a@b": (451, b"greylisted")}),
        SMTPDataError(452, b"too many"),
        SMTPServerDisconnected("gone"),
        ConnectionRefusedError("refused"),
    ],
)
def test_what_may_pass_is_tried_again_later(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    failing(monkeypatch, error)
    with time_machine.travel(NOW, tick=False):
        Delivery.objects.update(next_attempt_at=timezone.now())
        assert not deliver(delivery.pk)
        delivery.refresh_from_db()
        assert delivery.state == State.QUEUED
        assert delivery.sending_since is None
        wait = (delivery.next_attempt_at - timezone.now()).total_seconds()
    assert 48 <= wait <= 72


@pytest.mark.parametrize(
    ("attempts", "shortest", "longest"), [(2, 96, 144), (5, 768, 1152), (30, 2880, 4320)]
)
def test_waits_double_up_to_an_hour_with_jitter(
    delivery: Delivery,
    monkeypatch: pytest.MonkeyPatch,
    attempts: int,
    shortest: int,
    longest: int,
) -> None:
    failing(monkeypatch, SMTPDataError(452, b"too many"))
    with time_machine.travel(NOW, tick=False):
        Delivery.objects.update(attempts=attempts - 1, next_attempt_at=timezone.now())
        deliver(delivery.pk)
        delivery.refresh_from_db()
        wait = (delivery.next_attempt_at - timezone.now()).total_seconds()
    assert shortest <= wait <= longest


def test_after_some_three_days_it_is_given_up_and_says_why(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, SMTPDataError(452, b"too many"))
    Delivery.objects.update(attempts=MOST_ATTEMPTS - 1)
    deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    assert "452" in delivery.last_error


def test_a_fault_of_our_own_is_put_back_and_not_swallowed(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, RuntimeError("bug"))
    with pytest.raises(RuntimeError, match="bug"):
        deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.QUEUED
    assert delivery.next_attempt_at > timezone.now()


def test_a_slow_worker_overwrites_no_later_outcome(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(_self: object, _messages: list[Any]) -> int:
        Delivery.objects.update(attempts=2, state=State.FAILED, last_error="另一次")
        return 1

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", overtaken)
    deliver(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == (State.FAILED, "另一次")


# Channels that fail --------------------------------------------------------------------------


def many(officer: User, count: int) -> None:
    for number in range(count):
        tell(officer, number=number)


def test_a_dead_server_is_tried_three_times_and_then_left_alone(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(officer, 20)
    tried = failing(monkeypatch, ConnectionRefusedError("refused"))
    sweep()
    assert len(tried) == 3
    sweep()
    assert len(tried) == 3
    health = ChannelHealth.objects.get()
    assert (health.key, health.failures) == ("email", 3)
    # Nothing counts as tried that was not.
    assert Delivery.objects.filter(attempts=0).count() == 17


def test_when_it_works_again_what_waited_goes_out_soon(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        many(officer, 6)
        with monkeypatch.context() as patch:
            failing(patch, ConnectionRefusedError("refused"))
            for _ in range(5):
                sweep()
                # Longer than a channel is left alone, up to six minutes and ten seconds.
                clock.shift(timedelta(minutes=7))
        sweep()
        sweep()
    assert len(mail.outbox) == 6
    assert ChannelHealth.objects.get().failing_since is None


def test_after_an_hour_of_failure_officers_and_system_admins_hear_once(
    officer: User,
    system_admin: User,
    agent: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing(monkeypatch, ConnectionRefusedError("refused"))
    with time_machine.travel(NOW, tick=False) as clock:
        tell(agent)
        sweep()
        clock.shift(timedelta(minutes=59))
        sweep()
        assert raise_alarms() == 0
        clock.shift(timedelta(minutes=1))
        assert raise_alarms() == 1
        assert raise_alarms() == 0
    alarms = Notice.objects.filter(cause__startswith="notices:channel:email:")
    assert {notice.recipient for notice in alarms} == {officer, system_admin}
    assert alarms[0].subject == "通知发不出去：电子邮件"
    assert "2026年11月23日 10:00" in alarms[0].body


def test_a_server_that_answers_with_a_refusal_is_not_alarmed_of(
    officer: User, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        tell(agent)
        with monkeypatch.context() as patch:
            failing(patch, ConnectionRefusedError("refused"))
            sweep()
        failing(monkeypatch, SMTPRecipientsRefused({"a@b": (550, b"no such user")}))
        clock.shift(timedelta(minutes=2))
        sweep()
        clock.shift(timedelta(hours=2))
        assert raise_alarms() == 0


def test_after_an_alarm_they_hear_that_it_works_again(
    officer: User, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        tell(agent)
        with monkeypatch.context() as patch:
            failing(patch, ConnectionRefusedError("refused"))
            sweep()
            clock.shift(timedelta(hours=1))
            raise_alarms()
        clock.shift(timedelta(hours=1))
        sweep()
    assert Notice.objects.filter(recipient=officer, subject="通知渠道已恢复：电子邮件").count() == 1


def test_a_channel_that_fails_does_not_hold_up_the_others(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    class DeadSms:
        def send(self, phone: str, text: str, reference: str) -> None:
            raise ChannelDown("短信平台没有应答。")

    monkeypatch.setattr("notices.channels.sms.adapter", lambda _name: DeadSms())
    settings.SMS_ADAPTER = "dead"
    # Each his own: what waits for one person goes in one text message.
    for number in range(10):
        person = liaison("tax", username=f"tax{number}")
        Preferences.objects.create(user=person, sms=True)
        tell(person, number=number)
    sweep()
    assert len(mail.outbox) == 10
    assert Delivery.objects.filter(channel="sms", attempts__gt=0).count() == 3


def test_telling_the_same_cause_again_tells_nobody_twice(
    officer: User, no_broker: list[int], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tell(officer)
        assert Notice.objects.count() == Delivery.objects.count() == 1
        assert (
            notify(
                [officer],
                cause="test:1",
                template="notices/email/confirm_mailbox.txt",
                context={"days": 3},
            )
            == []
        )
    assert len(no_broker) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError("timed out"), "邮件服务器超时没有应答。"),
        (ConnectionRefusedError(111, "Connection refused"), "邮件服务器拒绝了连接。"),
        (gaierror(-2, "Name or service not known"), "邮件服务器地址找不到。"),
        (SMTPAuthenticationError(535, b"no"), "邮件服务器不接受登录名或口令，请检查 EMAIL_URL。"),
        (SMTPServerDisconnected("closed"), "邮件服务器没有应答。"),
    ],
)
def test_a_server_that_cannot_be_reached_is_described_in_chinese(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def refuse(_self: object) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
    deliver(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.last_error == words


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_an_hour_sends_nothing_twice(officer: User, hours: int) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        tell(officer)
        sweep()
        clock.shift(timedelta(hours=hours))
        sweep()
        clock.shift(timedelta(hours=2))
        sweep()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one host")
def test_what_another_host_sends_is_left_alone_though_the_lease_is_over(
    delivery: Delivery, settings: Any, tmp_path: Path
) -> None:
    """Hosts share no folder: each has receipts of its own, and the database alone tells."""

    def on_another_host(pk: int) -> bool:
        try:
            return deliver(pk)
        finally:
            connection.close()

    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for folder in (here, elsewhere):
        folder.mkdir()
    settings.RECEIPTS = here
    hold = holds.take(delivery)
    settings.RECEIPTS = elsewhere
    with ThreadPoolExecutor(1) as other:
        assert not other.submit(on_another_host, delivery.pk).result()
        assert hold is not None
        hold.release()
        assert other.submit(on_another_host, delivery.pk).result()
    assert len(mail.outbox) == 1
