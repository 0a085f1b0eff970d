"""Reminders of cancellations: before the deadline, and again while it is passed.

Each day an enterprise has one notice of all its cards that are due, and the station one of all
that are overdue. What is found is what is due today: `next_reminder_on` has an index of its own.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cards.models import Cancellation
from core.sweeping import each
from notices.models import Notice
from notices.services import DIGEST_KEPT, notify
from parameters.values import load_parameters


def remind_of_cancellations(today: date | None = None) -> int:
    """Send today's reminders; returns how many cancellations were reminded of."""
    today = today or timezone.localdate()
    due = list(Cancellation.objects.open().to_remind(today).with_people())
    if not due:
        return 0
    again = load_parameters().number("cards.cancel_again_days")
    by_enterprise: dict[int, list[Cancellation]] = defaultdict(list)
    for cancellation in due:
        by_enterprise[cancellation.card.enterprise_id].append(cancellation)
    remind = partial(_remind, today=today, again=again)
    reminded = each(list(by_enterprise.values()), remind, what="卡片注销的提醒")
    late = [one for one in due if one.due_on < today]
    if late:
        _tell_station(late, today=today)
    return sum(reminded)


@transaction.atomic
def _remind(mine: Sequence[Cancellation], *, today: date, again: int) -> int:
    """One notice to an enterprise; the days of the next ones."""
    enterprise = mine[0].card.enterprise
    notify(
        enterprise.people(),
        cause=f"cards:cancel:{enterprise.pk}:{today:%Y%m%d}",
        together=True,
        forget_after=DIGEST_KEPT,
        template="cards/renewals/email/cancel_reminder.txt",
        context={"cancellations": mine, "count": len(mine)},
        path=mine[0].get_absolute_url() if len(mine) == 1 else reverse("cards:cancellations"),
        action_label="查看并办理",
        kind=Notice.Kind.DEADLINE,
        short=f"{len(mine)}张商务旅行卡等您注销",
    )
    for cancellation in mine:
        following = today + timedelta(days=again)
        if today <= cancellation.due_on:
            following = min(following, cancellation.due_on + timedelta(days=1))
        Cancellation.objects.filter(pk=cancellation.pk).update(next_reminder_on=following)
    return len(mine)


def _tell_station(late: Sequence[Cancellation], *, today: date) -> None:
    notify(
        User.objects.officers(),
        cause=f"cards:cancel-late:{today:%Y%m%d}",
        together=True,
        forget_after=DIGEST_KEPT,
        template="cards/renewals/email/cancel_late.txt",
        context={"cancellations": late, "count": len(late)},
        path=reverse("cards:cancellations"),
        action_label="查看逾期的注销",
        kind=Notice.Kind.DEADLINE,
        short=f"{len(late)}张商务旅行卡逾期没有注销",
    )
