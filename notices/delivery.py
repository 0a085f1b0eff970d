"""Takes a delivery, sends it over its channel, and writes down what came of it."""

import random
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from notices.models import Delivery, Notice

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 12


class ChannelFailed(Exception):
    """The channel did not take the message; its text says why."""


def deliver(delivery_id: int) -> bool:
    """Send one delivery if it is due. Safe to call any number of times; True when sent now."""
    delivery = _take(delivery_id)
    if delivery is None:
        return False
    try:
        SENDERS[delivery.channel](delivery.notice)
    except ChannelFailed as error:
        _put_back(delivery, str(error))
        return False
    delivery.state = Delivery.State.SENT
    delivery.sent_at = timezone.now()
    delivery.last_error = ""
    delivery.save(update_fields=["state", "sent_at", "last_error"])
    return True


def _take(delivery_id: int) -> Delivery | None:
    now = timezone.now()
    with transaction.atomic():
        delivery = (
            Delivery.objects.due(now)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("notice__recipient")
            .filter(pk=delivery_id)
            .first()
        )
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.next_attempt_at = now + LEASE
        delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


def _put_back(delivery: Delivery, error: str) -> None:
    wait = min(FIRST_WAIT * 2 ** (delivery.attempts - 1), LONGEST_WAIT)
    # Jitter keeps a thousand messages from knocking again in the same second.
    delivery.next_attempt_at = timezone.now() + wait * random.uniform(0.8, 1.2)  # noqa: S311
    delivery.last_error = error[:300]
    if delivery.attempts >= MOST_ATTEMPTS:
        delivery.state = Delivery.State.FAILED
    delivery.save(update_fields=["next_attempt_at", "last_error", "state"])


def _send_email(notice: Notice) -> None:
    context = {"notice": notice, "station_name": settings.STATION_NAME, "hotline": settings.HOTLINE}
    message = EmailMultiAlternatives(
        subject=f"【{settings.STATION_NAME}】{notice.subject}",
        body=render_to_string("notices/email/notice.txt", context),
        to=[notice.recipient.email],
        # The same for every attempt, so that a mailbox can tell a repetition.
        headers={"Message-ID": f"<notice-{notice.pk}@{settings.EMAIL_DOMAIN}>"},
    )
    message.attach_alternative(render_to_string("notices/email/notice.html", context), "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        raise ChannelFailed(f"邮件服务器未接收：{error}") from error


SENDERS: dict[str, Callable[[Notice], None]] = {Delivery.Channel.EMAIL: _send_email}
