"""Takes a delivery, sends it over its channel, and writes down what came of it."""

import random
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notices import receipts
from notices.alarms import call_off
from notices.channels import CHANNELS
from notices.channels.base import CannotBeSent, ChannelDown, MessageRefused, TryLater
from notices.conditions import why_not_needed
from notices.fuses import note_answer, note_failure, note_success
from notices.gathering import GATHERED, lock_receiver, waiting_with
from notices.holds import Hold, take
from notices.models import ChannelHealth, Delivery
from notices.quiet_hours import next_open_moment, waits_for_office

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
# About three days of hours in which it may go out: a mail server may be away for a weekend.
MOST_ATTEMPTS = 78
State = Delivery.State


def deliver(delivery_id: int) -> bool:
    """Send one delivery if it is due. Safe to call any number of times; True when sent now."""
    taken = _take(delivery_id)
    if taken is None:
        return False
    delivery, hold = taken
    try:
        return _send(delivery)
    finally:
        hold.release()


def _send(delivery: Delivery) -> bool:
    channel = CHANNELS[delivery.channel]
    try:
        with channel.session(delivery) as session:
            session.send(delivery)
            # At once: who dies between the server's answer and this note sends it again.
            receipts.keep(delivery)
            _finish(delivery, State.SENT)
            receipts.discard(delivery)
    except ChannelDown as error:
        note_failure((channel.key(delivery), channel.label(delivery)), str(error))
        _put_back(delivery, str(error))
        return False
    except TryLater as error:
        note_answer(channel.key(delivery))
        _put_back(delivery, str(error), error.wait)
        return False
    except (MessageRefused, CannotBeSent) as error:
        if isinstance(error, MessageRefused):
            note_answer(channel.key(delivery))
        _finish(delivery, State.FAILED, str(error))
        return False
    except Exception:
        _put_back(delivery, "门户程序出错，请联系技术人员查看日志。")
        raise
    before = note_success(channel.key(delivery), delivery)
    if before is not None:
        call_off(before)
    return True


def _take(delivery_id: int) -> tuple[Delivery, Hold] | None:
    """Lock the row, put a lease on it and hand it out; None when it is not to be sent now."""
    now = timezone.now()
    with transaction.atomic():
        lock_receiver(delivery_id)
        delivery = (
            Delivery.objects.due(now)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("notice__recipient", "robot")
            .filter(pk=delivery_id)
            .first()
        )
        if delivery is None:
            return None
        if receipts.is_kept(delivery):
            # Its worker died after the server had taken it: only the row is to be mended.
            _finish(delivery, State.SENT)
            receipts.discard(delivery)
            return None
        if _waits_for_office(delivery) or _waits_for_channel(delivery):
            return None
        delivery = _still_needed(delivery)
        if delivery is None:
            return None
        hold = take(delivery)
        if hold is None:
            return None
        if delivery.sending_since is not None:
            # The lease ended without an outcome: it may have arrived. See ADR 0008.
            delivery.repeats += 1
        delivery.attempts += 1
        delivery.sending_since = now
        delivery.next_attempt_at = now + timedelta(seconds=settings.NOTICE_LEASE_SECONDS)
        delivery.save(update_fields=["attempts", "repeats", "sending_since", "next_attempt_at"])
    return delivery, hold


def _waits_for_office(delivery: Delivery) -> bool:
    """Outside office hours, put the delivery off without counting an attempt."""
    if not waits_for_office(delivery.notice, delivery.channel):
        return False
    now = timezone.now()
    opens = next_open_moment(now)
    if opens <= now:
        return False
    delivery.next_attempt_at = opens
    delivery.save(update_fields=["next_attempt_at"])
    return True


def _waits_for_channel(delivery: Delivery) -> bool:
    """While the channel's fuse is out, put the delivery off without counting an attempt."""
    key = CHANNELS[delivery.channel].key(delivery)
    health = ChannelHealth.objects.filter(key=key, closed_until__gt=timezone.now()).first()
    if health is None or health.closed_until is None:
        return False
    delivery.next_attempt_at = health.closed_until + timedelta(seconds=random.uniform(0, 10))  # noqa: S311
    delivery.save(update_fields=["next_attempt_at"])
    return True


def _still_needed(delivery: Delivery) -> Delivery | None:
    """Withdraw it where its cause is gone; of several that go together, what is left in one.

    What waits for the same receiver is put behind the first of it. A message once tried takes
    nothing more along: its repetition must be the same, but for what was withdrawn since.
    """
    is_first = not delivery.attempts
    if delivery.channel not in GATHERED:
        members = [delivery]
    elif is_first:
        members = waiting_with(delivery)
    else:
        members = [delivery, *delivery.followers.queued_along().select_related("notice__recipient")]
    members = _without_lapsed(members)
    if not members:
        return None
    leader, *others = members
    if leader.pk != delivery.pk and not is_first:
        _take_the_lead(leader, after=delivery)
    Delivery.objects.filter(pk__in=[one.pk for one in others]).update(leader=leader)
    return leader


def _without_lapsed(members: list[Delivery]) -> list[Delivery]:
    """Those of which the cause still stands; the others are withdrawn, and say why."""
    lapsed = why_not_needed(one.notice for one in members)
    for one in members:
        if one.notice_id in lapsed:
            Delivery.objects.filter(pk=one.pk, state=State.QUEUED).update(
                state=State.WITHDRAWN,
                withdrawn_because=lapsed[one.notice_id][:120],
                leader=None,
                sending_since=None,
            )
    return [one for one in members if one.notice_id not in lapsed]


def _take_the_lead(leader: Delivery, *, after: Delivery) -> None:
    """The attempts so far were for all of it, of which the first message was withdrawn."""
    leader.leader = None
    leader.attempts, leader.repeats = after.attempts, after.repeats
    leader.sending_since, leader.last_error = after.sending_since, after.last_error
    leader.save(update_fields=["leader", "attempts", "repeats", "sending_since", "last_error"])


def _finish(delivery: Delivery, state: str, error: str = "") -> None:
    """The outcome, for this delivery and for what it carries along."""
    outcome = {
        "state": state,
        "sent_at": timezone.now() if state == State.SENT else None,
        "last_error": error[:300],
        "sending_since": None,
    }
    # By number of attempts: a worker so slow that its lease ended overwrites no later outcome.
    mine = Delivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, state=State.QUEUED
    ).update(**outcome)
    if mine and delivery.channel in GATHERED:
        delivery.followers.filter(state=State.QUEUED).update(**outcome)


def _put_back(delivery: Delivery, error: str, wait: timedelta | None = None) -> None:
    if delivery.attempts >= MOST_ATTEMPTS:
        _finish(delivery, State.FAILED, error)
        return
    if wait is None:
        wait = min(FIRST_WAIT * 2 ** min(delivery.attempts - 1, 10), LONGEST_WAIT)
    Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=State.QUEUED).update(
        # Jitter keeps a thousand messages from knocking again in the same second.
        next_attempt_at=timezone.now() + wait * random.uniform(0.8, 1.2),  # noqa: S311
        last_error=error[:300],
        sending_since=None,
    )
