"""Tells those who run the station that a channel has failed for an hour, and when it works."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from core.sweeping import each
from notices.models import ChannelHealth, Notice
from notices.outbox import notify

TEMPLATES = {
    "down": "notices/email/channel_down.txt",
    "up": "notices/email/channel_up.txt",
}


def raise_alarms() -> int:
    """Returns how many channels were told of now."""
    return sum(each(ChannelHealth.objects.to_be_alarmed_of(), _raise_alarm, what="渠道告警"))


@transaction.atomic
def _raise_alarm(health: ChannelHealth) -> bool:
    told = _tell(health, "down", Notice.Kind.TASK)
    ChannelHealth.objects.filter(pk=health.pk).failing().update(alarmed_at=timezone.now())
    return bool(told)


def call_off(health: ChannelHealth) -> None:
    """After an alarm: the channel works again. `health` is how it stood before."""
    if health.alarmed_at is not None:
        _tell(health, "up", Notice.Kind.INFO)


def _tell(health: ChannelHealth, turn: str, kind: str) -> list[Notice]:
    administrators = User.objects.active().filter(role=Role.SYSTEM_ADMIN)
    people = [*User.objects.officers(), *administrators]
    words = "已恢复" if turn == "up" else "连续一小时发送失败"
    return notify(
        people,
        cause=f"notices:channel:{health.key}:{health.failing_since:%Y%m%d%H%M%S}:{turn}",
        template=TEMPLATES[turn],
        context={"health": health},
        path=reverse("notices:delivery_list"),
        action_label="查看消息投递",
        kind=kind,
        short=f"通知渠道“{health.label}”{words}",
    )
