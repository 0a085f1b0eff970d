"""Text messages to people who have no account, each a row until the provider has taken it."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from core.fields import EncryptedLineField, EncryptedTextField
from core.masks import mask_phone


class OutwardTextQuerySet(models.QuerySet["OutwardText"]):
    def due(self, now: datetime) -> "OutwardTextQuerySet":
        """Queued, and nobody holds a lease on it."""
        queued = OutwardText.State.QUEUED
        return self.filter(state=queued, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")


class OutwardText(models.Model):
    """One message to one number. `next_attempt_at` is also the lease of who sends it."""

    class State(models.TextChoices):
        QUEUED = "queued", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "没有发出"

    # What makes it impossible to send the same twice, such as "briefing:3:invite:17".
    cause = models.CharField(max_length=60, unique=True)
    phone = EncryptedTextField("手机号码")
    text = EncryptedLineField("内容", max_length=200)
    state = models.CharField("状态", max_length=6, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_attempt_at = models.DateTimeField("下次尝试", default=timezone.now)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    last_error = models.CharField("最近的错误", max_length=300, blank=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = OutwardTextQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "对外短信"
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outward_text_queued",
                condition=models.Q(state="queued"),
            )
        ]

    def __str__(self) -> str:
        return f"发给{mask_phone(self.phone)}的短信"
