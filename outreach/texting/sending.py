"""Sending of text messages to numbers without an account: a row first, the provider later."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.phones import is_mobile
from notices.channels.base import CannotBeSent, ChannelDown, MessageRefused, TryLater
from notices.channels.sms import adapter, is_available
from notices.quiet_hours import next_open_moment
from outreach.models import OutwardText

State = OutwardText.State
LEASE: Final = timedelta(minutes=5)
FIRST_WAIT: Final = timedelta(minutes=2)
MOST_ATTEMPTS: Final = 5
LONGEST: Final = 200


def takes_texts(phone: str) -> bool:
    """Can the station send a message to this number?"""
    return is_available() and is_mobile(phone)


def send_text(phone: str, text: str, *, cause: str) -> OutwardText | None:
    """Queue one message; None where the station sends none to this number. Once for a cause."""
    if not takes_texts(phone):
        return None
    whole = f"【{settings.STATION_SHORT}ABTC】{text}"[:LONGEST]
    row, _ = OutwardText.objects.get_or_create(
        cause=cause, defaults={"phone": phone, "text": whole}
    )
    return row


def deliver_text(row: OutwardText) -> bool:
    """Hand one message to the provider; False where it is put off, or given up."""
    taken = _take(row.pk)
    if taken is None:
        return False
    try:
        if not is_available():
            raise CannotBeSent("本站没有开通短信。")
        adapter(settings.SMS_ADAPTER).send(taken.phone, taken.text, f"outward-{taken.pk}")
    except (MessageRefused, CannotBeSent) as refused:
        _settle(taken, state=State.FAILED, last_error=str(refused)[:300])
        return False
    except (ChannelDown, TryLater) as down:
        _put_off(taken, str(down))
        return False
    _settle(taken, state=State.SENT, sent_at=timezone.now(), last_error="")
    return True


@transaction.atomic
def _take(pk: int) -> OutwardText | None:
    """Put a lease on it; outside office hours put it off, since a telephone rings."""
    now = timezone.now()
    due = OutwardText.objects.due(now).select_for_update(skip_locked=True)
    row: OutwardText | None = due.filter(pk=pk).first()
    if row is None:
        return None
    opens = next_open_moment(now)
    if opens > now:
        row.next_attempt_at = opens
        row.save(update_fields=["next_attempt_at"])
        return None
    row.attempts, row.next_attempt_at = row.attempts + 1, now + LEASE
    row.save(update_fields=["attempts", "next_attempt_at"])
    return row


def _put_off(row: OutwardText, why: str) -> None:
    """Try again later; after the last attempt somebody is to call instead."""
    if row.attempts >= MOST_ATTEMPTS:
        _settle(row, state=State.FAILED, last_error=why[:300])
        return
    wait = FIRST_WAIT * 2 ** (row.attempts - 1)
    _settle(row, next_attempt_at=timezone.now() + wait, last_error=why[:300])


def _settle(row: OutwardText, **outcome: object) -> None:
    """By number of attempts: a worker whose lease ended overwrites no later outcome."""
    mine = OutwardText.objects.filter(pk=row.pk, attempts=row.attempts, state=State.QUEUED)
    mine.update(**outcome)
