"""Writes notices, in the transaction that causes them, and hands them to Celery after it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from core.text import brief, line
from core.wording import render_text
from notices.conditions import Condition
from notices.models import Delivery, Notice
from notices.routing import Routes

logger = logging.getLogger(__name__)

DELIVER = "notices.deliver"
# As long as their columns; names in them may each be as long as their own.
SUBJECT_LIMIT, SHORT_LIMIT = 120, 60
# A digest of a quarter ago tells nothing: what it named has its own rows.
DIGEST_KEPT = timedelta(days=90)


@transaction.atomic
def notify(
    recipients: Iterable[User],
    *,
    cause: str,
    template: str,
    context: dict[str, Any],
    path: str = "",
    action_label: str = "查看",
    kind: str = Notice.Kind.TASK,
    short: str = "",
    condition: Condition | None = None,
    pictures: Sequence[Mapping[str, str]] = (),
    address: str = "",
    together: bool = False,
    forget_after: timedelta | None = None,
) -> list[Notice]:
    """Tell each of these people once about this cause; returns the notices that are new.

    The template's first line is the subject, the rest the text in paragraphs. `short` is what
    group chats and text messages say of it, and so names neither applicant nor enterprise. What
    has not left the portal when the condition no longer holds is withdrawn. `pictures` name
    files of `static/src`, each with a caption; a mail carries them along. With `address` it is
    mailed there, and stands in nobody's inbox as unread. Of an act that asks somebody for several
    things, `together` puts all that he and his group are told of it into one message each, a
    minute later. `forget_after` is how long a digest stays on record.
    """
    people = list(recipients)
    new = []
    routes = Routes(people)
    for recipient in people:
        text = render_text(template, {**context, "recipient": recipient})
        subject, _, body = text.strip().partition("\n")
        notice, created = Notice.objects.get_or_create(
            cause=cause,
            recipient=recipient,
            defaults={
                "kind": kind,
                "subject": brief(line(subject), SUBJECT_LIMIT),
                "body": body.strip(),
                "short": brief(short, SHORT_LIMIT),
                "pictures": [dict(picture) for picture in pictures],
                "path": path,
                "address": address,
                "read_at": timezone.now() if address else None,
                "action_label": action_label,
                "condition": condition.name if condition else "",
                "about": list(condition.about) if condition else [],
                "forget_at": timezone.now() + forget_after if forget_after else None,
            },
        )
        if created:
            new.append(notice)
            _queue(notice, routes, together=together)
    return new


def _queue(notice: Notice, routes: Routes, *, together: bool) -> None:
    for channel, at in routes.personal(notice, together=together):
        delivery = Delivery.objects.create(notice=notice, channel=channel, next_attempt_at=at)
        _after_commit(delivery, routes)
    group = routes.group(notice, together=together)
    if group is None:
        return
    robot, at = group
    delivery, created = Delivery.objects.get_or_create(
        once=f"{robot.pk}:{notice.cause}",
        defaults={
            "notice": notice,
            "channel": Delivery.Channel.WECOM,
            "robot": robot,
            "next_attempt_at": at,
        },
    )
    if created:
        _after_commit(delivery, routes)


def _after_commit(delivery: Delivery, routes: Routes) -> None:
    """Now; what waits for a later hour the sweep takes up."""
    if delivery.next_attempt_at <= routes.now:
        transaction.on_commit(lambda: hand_over(delivery.pk))


def hand_over(delivery_id: int) -> None:
    """Tell a worker to deliver now. Where the broker is away the sweep does it."""
    try:
        current_app.send_task(DELIVER, args=[delivery_id])
    except (OperationalError, OSError):
        logger.warning("任务队列暂不可用，投递%s留待下次清扫。", delivery_id)
