"""Writes notices, in the transaction that causes them, and hands them to Celery after it."""

import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from notices.models import Delivery, Notice
from notices.tasks import deliver_one

logger = logging.getLogger(__name__)


@transaction.atomic
def notify(
    recipients: Iterable[User],
    *,
    cause: str,
    template: str,
    context: dict[str, Any],
    path: str = "",
    action_label: str = "查看",
) -> list[Notice]:
    """Tell each of these people once about this cause; returns the notices that are new.

    The template's first line is the subject, the rest the text in paragraphs.
    """
    new = []
    for recipient in recipients:
        text = render_to_string(template, {**context, "recipient": recipient})
        subject, _, body = text.strip().partition("\n")
        notice, created = Notice.objects.get_or_create(
            cause=cause,
            recipient=recipient,
            defaults={
                "subject": subject.strip(),
                "body": body.strip(),
                "path": path,
                "action_label": action_label,
            },
        )
        if created:
            new.append(notice)
            _queue(notice)
    return new


def _queue(notice: Notice) -> None:
    delivery = Delivery.objects.create(notice=notice, channel=Delivery.Channel.EMAIL)
    transaction.on_commit(lambda: _hand_over(delivery.pk))


def _hand_over(delivery_id: int) -> None:
    try:
        deliver_one.delay(delivery_id)
    except (OperationalError, OSError):
        # The row stays queued, and the next sweep delivers it.
        logger.warning("任务队列暂不可用，投递%s留待下次清扫。", delivery_id)


def mark_read(notice: Notice, *, by: User) -> None:
    Notice.objects.visible_to(by).unread().filter(pk=notice.pk).update(read_at=timezone.now())


def mark_all_read(*, by: User) -> None:
    Notice.objects.visible_to(by).unread().update(read_at=timezone.now())
