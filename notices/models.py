"""Messages to people: one Notice a message and a recipient, one Delivery a channel it takes."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone

from accounts.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> "NoticeQuerySet":
        return self.filter(recipient=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def unread_first(self) -> "NoticeQuerySet":
        """Unread above read, the newest first within each."""
        is_read = Case(When(read_at__isnull=True, then=0), default=1)
        return self.order_by(is_read, "-id")


class Notice(models.Model):
    """What is told to one person. The row itself is the in-portal message."""

    # The cause names what happened once, such as "reviews:opinion:12:last-day".
    cause = models.CharField("缘由", max_length=120)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="收件人"
    )
    subject = models.CharField("标题", max_length=120)
    body = models.TextField("内容")
    path = models.CharField("页面", max_length=200, blank=True)
    action_label = models.CharField("按钮文字", max_length=40, default="查看")
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "通知"
        constraints = [
            models.UniqueConstraint(fields=["cause", "recipient"], name="notice_once_per_cause")
        ]
        indexes = [
            models.Index(
                fields=["recipient"], name="notice_unread", condition=Q(read_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.body.split("\n\n") if part.strip()]

    @property
    def link(self) -> str:
        """Full address of the page that the notice is about, or an empty text."""
        return f"{settings.SITE_URL}{self.path}" if self.path else ""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime | None = None) -> "DeliveryQuerySet":
        """Queued, and at a time when an attempt may be made: nobody holds a lease on it."""
        return self.filter(state=Delivery.State.QUEUED, next_attempt_at__lte=now or timezone.now())


class Delivery(models.Model):
    """One notice over one channel, with its attempts.

    `next_attempt_at` is also the lease: who takes the row moves it ahead before sending,
    so a second worker leaves it alone, and a worker that dies gives it back in time.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "电子邮件"
        WECOM = "wecom", "企业微信"
        SMS = "sms", "短信"

    class State(models.TextChoices):
        QUEUED = "queued", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_attempt_at = models.DateTimeField("下次尝试", default=timezone.now)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    last_error = models.CharField("最近的错误", max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "投递"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_per_channel"),
            models.CheckConstraint(
                name="delivery_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="delivery_queued", condition=Q(state="queued")
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.notice}"
