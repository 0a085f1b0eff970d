"""Services of notices: writing them, reading them, choosing channels, sending again."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.versions import claim
from notices.models import Delivery, Notice, Preferences, WecomRobot
from notices.outbox import DIGEST_KEPT, hand_over, notify

__all__ = [
    "DIGEST_KEPT",
    "mark_all_read",
    "mark_read",
    "notify",
    "retry",
    "save_preferences",
    "save_robot",
]

CHOICES = ("email", "digest", "sms")


def mark_read(notice: Notice, *, by: User) -> None:
    Notice.objects.visible_to(by).unread().filter(pk=notice.pk).update(read_at=timezone.now())


def mark_all_read(*, by: User) -> None:
    Notice.objects.visible_to(by).unread().update(read_at=timezone.now())


@transaction.atomic
def save_preferences(chosen: Preferences, *, by: User) -> None:
    """Save how this person wants to hear of ordinary notices. Raises Overtaken."""
    if chosen.pk:
        stored = claim(chosen)
    else:
        # A window that was opened before there were any shows version 1, too.
        stored, chosen.version = Preferences(), 2
    before = {name: getattr(stored, name) for name in CHOICES}
    after = {name: getattr(chosen, name) for name in CHOICES}
    chosen.user = by
    chosen.save()
    record("notice.preferences", chosen, by=by, before=before, after=after)


@transaction.atomic
def save_robot(robot: WecomRobot, *, changed: list[str], by: User) -> None:
    """Enter or change a group's robot; its address is a key and stays out of the trail.

    Raises Overtaken.
    """
    if robot.pk:
        claim(robot)
    robot.save()
    record(
        "notice.robot",
        robot,
        by=by,
        after={"name": robot.name, "is_active": robot.is_active, "fields": changed},
    )


@transaction.atomic
def retry(delivery: Delivery, *, by: User) -> bool:
    """Send what has failed once more from the start; False when it is no longer failed."""
    locked = Delivery.objects.select_for_update().get(pk=delivery.leader_id or delivery.pk)
    if locked.state != Delivery.State.FAILED:
        return False
    again = {"state": Delivery.State.QUEUED, "attempts": 0, "next_attempt_at": timezone.now()}
    Delivery.objects.filter(pk=locked.pk).update(**again)
    locked.followers.update(**again)
    record("notice.retry", locked, by=by, before={"last_error": locked.last_error})
    transaction.on_commit(lambda: hand_over(locked.pk))
    return True
