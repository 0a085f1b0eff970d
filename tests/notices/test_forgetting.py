"""What beat forgets of messages: digests of a quarter ago, and notes of killed workers."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from notices.forgetting import forget_digests, forget_receipts
from notices.models import Delivery, Notice
from notices.services import DIGEST_KEPT, notify

pytestmark = pytest.mark.django_db

Tell = Callable[..., Notice]


@pytest.fixture
def tell(agent: User) -> Tell:
    def told(cause: str, *, forget_after: timedelta | None = None) -> Notice:
        [notice] = notify(
            [agent],
            cause=cause,
            template="cards/renewals/email/cancel_late.txt",
            context={"cancellations": [], "count": 0},
            forget_after=forget_after,
        )
        return notice

    return told


def test_a_digest_goes_with_its_mail_after_ninety_days_and_what_is_no_digest_stays(
    tell: Tell,
) -> None:
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=91), tick=False):
        tell("old digest", forget_after=DIGEST_KEPT)
        tell("old word")
    with time_machine.travel(now - timedelta(days=89), tick=False):
        tell("new digest", forget_after=DIGEST_KEPT)
    assert forget_digests(now) == 1
    assert set(Notice.objects.values_list("cause", flat=True)) == {"old word", "new digest"}
    assert not Delivery.objects.filter(notice__cause="old digest").exists()


def test_a_digest_whose_mail_carried_along_what_stays_stays_too(tell: Tell) -> None:
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=91), tick=False):
        leading, led = tell("leading", forget_after=DIGEST_KEPT), tell("a task")
    deliver(leading, led)
    assert forget_digests(now) == 0
    assert Notice.objects.count() == 2


def test_digests_of_one_mail_go_together(tell: Tell) -> None:
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=91), tick=False):
        leading = tell("leading", forget_after=DIGEST_KEPT)
        led = tell("led", forget_after=DIGEST_KEPT)
    deliver(leading, led)
    assert forget_digests(now) == 2
    assert not Delivery.objects.exists()


def deliver(leading: Notice, led: Notice) -> None:
    """As one mail."""
    Delivery.objects.all().delete()
    sent = {"channel": Delivery.Channel.DIGEST, "state": "sent", "sent_at": timezone.now()}
    first = Delivery.objects.create(notice=leading, **sent)
    Delivery.objects.create(notice=led, leader=first, **sent)


def test_looking_for_what_is_over_reads_no_other_notice(
    tell: Tell, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        tell(f"a task {number}")
    with django_assert_num_queries(1):
        assert forget_digests(timezone.now()) == 0


def test_notes_of_killed_workers_go_after_a_week(tmp_path: Path, settings: Any) -> None:
    settings.RECEIPTS = tmp_path
    for name, days in (("1-1-old", 8), ("2.lock", 8), ("3-1-new", 6)):
        path = tmp_path / name
        path.touch()
        then = time.time() - days * 86_400
        os.utime(path, (then, then))
    assert forget_receipts() == 2
    assert [path.name for path in tmp_path.iterdir()] == ["3-1-new"]
