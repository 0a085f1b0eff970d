"""Delivery outside the request. The rows decide; these only set to work on them."""

import time
from itertools import takewhile

from celery import shared_task
from django.utils import timezone

from core.sweeping import each
from notices.alarms import raise_alarms
from notices.delivery import deliver
from notices.forgetting import forget_digests, forget_receipts
from notices.lapsed import read_lapsed
from notices.missing_notices import tell_of_missing_holiday_notices
from notices.models import Delivery, Heartbeat
from notices.outbox import DELIVER
from notices.reset_links import mail_reset_links
from notices.signing_locks import tell_of_signing_locks

SWEEP_AT_MOST = 500
# Well under the time limit of a task; the next sweep takes up the rest.
SWEEP_SECONDS = 60


@shared_task(name=DELIVER)
def deliver_one(delivery_id: int) -> None:
    deliver(delivery_id)


@shared_task(name="notices.sweep")
def sweep() -> None:
    """Take up what was never done: the broker was away, a worker died, or a retry is due."""
    end = time.monotonic() + SWEEP_SECONDS
    due = Delivery.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)
    in_time = takewhile(lambda _: time.monotonic() <= end, due[:SWEEP_AT_MOST])
    each(in_time, deliver, what="投递")


@shared_task(name="notices.send_reset_links")
def send_reset_links(typed: str, origin: str) -> None:
    """Asked for by somebody who waits: were it lost, he asks again. Twice mails once."""
    mail_reset_links(typed, origin)


@shared_task(name="notices.read_lapsed")
def read_what_lapsed() -> None:
    read_lapsed()


@shared_task(name="notices.watch_channels")
def watch_channels() -> None:
    raise_alarms()


@shared_task(name="notices.ask_for_holiday_notice")
def ask_for_holiday_notice() -> None:
    tell_of_missing_holiday_notices()


@shared_task(name="notices.tell_of_signing_locks")
def tell_of_locks() -> None:
    tell_of_signing_locks()


@shared_task(name="notices.heartbeat")
def heartbeat() -> None:
    """Written by a worker because beat said so: both are alive, and so is what lies between."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


@shared_task(name="notices.forget")
def forget() -> None:
    forget_digests(timezone.now())
    forget_receipts()
