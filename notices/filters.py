"""Filters of the station's ledger of messages."""

import django_filters as filters

from accounts.filters import DaysFilter, few
from accounts.models import User
from core import text
from core.forms import BaseForm
from notices.models import Delivery, Notice
from notices.models.messages import NoticeQuerySet

# More people have so many messages that the newest of them are near the top.
MOST_PEOPLE = 200
STATES = [
    ("queued", "待发送"),
    ("failed", "发送失败"),
    ("sent", "已发送"),
    ("withdrawn", "已撤回，不再需要"),
    ("portal", "只在门户内"),
    ("unread", "未读"),
    ("read", "已读"),
]


class NoticeFilter(DaysFilter):
    """By how it stands, way, kind, recipient, and days (both included)."""

    moment = "created_at"
    state = filters.ChoiceFilter(
        label="状态", choices=STATES, empty_label="全部状态", method="by_state"
    )
    channel = filters.ChoiceFilter(
        label="渠道", choices=Delivery.Channel.choices, empty_label="全部渠道", method="by_channel"
    )
    kind = filters.ChoiceFilter(label="类别", choices=Notice.Kind.choices, empty_label="全部类别")
    who = filters.CharFilter(label="收件人", method="by_person", max_length=50)

    class Meta:
        model = Notice
        fields = ["state", "channel", "kind", "who", "since", "until"]
        form = BaseForm

    def by_person(self, notices: NoticeQuerySet, _name: str, words: str) -> NoticeQuerySet:
        """Through the people, whom an index on the recipient serves."""
        people = User.objects.filter(name__icontains=text.name(words))
        return notices.filter(recipient__in=few(people, most=MOST_PEOPLE))

    def by_state(self, notices: NoticeQuerySet, _name: str, state: str) -> NoticeQuerySet:
        if state == "portal":
            return notices.filter(deliveries__isnull=True)
        if state in ("read", "unread"):
            return notices.filter(read_at__isnull=state == "unread")
        return notices.with_delivery(state=state)

    def by_channel(self, notices: NoticeQuerySet, _name: str, channel: str) -> NoticeQuerySet:
        return notices.with_delivery(channel=channel)
