"""Keeps a channel that fails from holding up the others, and notes since when it fails."""

import random
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notices.models import ChannelHealth, Delivery

# So many failures in a row, and nothing is sent this way for a while.
FAILURES = 3
SHORTEST = timedelta(seconds=30)
LONGEST = timedelta(minutes=5)
SOUND = {"failures": 0, "failing_since": None, "closed_until": None, "alarmed_at": None}
A_WAY = tuple[str, str]  # key and label of ChannelHealth


@transaction.atomic
def note_failure(way: A_WAY, error: str) -> None:
    key, label = way
    ChannelHealth.objects.get_or_create(key=key, defaults={"label": label})
    health = ChannelHealth.objects.select_for_update().get(key=key)
    now = timezone.now()
    health.label = label
    health.failures += 1
    health.failing_since = health.failing_since or now
    health.last_error = error[:300]
    if health.failures >= FAILURES:
        doubled = SHORTEST * 2 ** min(health.failures - FAILURES, 10)
        health.closed_until = now + min(doubled, LONGEST) * random.uniform(0.8, 1.2)  # noqa: S311
    health.save()


def note_answer(key: str) -> None:
    """The server answered, if only with a refusal: it is there, and not to be alarmed of.

    After an alarm only a message that was taken ends the failure.
    """
    ChannelHealth.objects.filter(key=key, alarmed_at__isnull=True).failing().update(**SOUND)


@transaction.atomic
def note_success(key: str, delivery: Delivery) -> ChannelHealth | None:
    """The channel works again: what waited for it goes out soon. Returns how it stood before."""
    health = ChannelHealth.objects.select_for_update().filter(key=key).failing().first()
    if health is None:
        return None
    ChannelHealth.objects.filter(pk=health.pk).update(**SOUND)
    now = timezone.now()
    Delivery.objects.queued().filter(
        channel=delivery.channel,
        robot=delivery.robot,
        sending_since__isnull=True,
        attempts__gt=0,
        next_attempt_at__gt=now,
    ).update(next_attempt_at=now)
    return health
