"""Ways out of the portal: what a person chose, the groups' robots, and how each way stands."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Department
from core.fields import EncryptedTextField

ALARM_AFTER = timedelta(hours=1)


class Preferences(models.Model):
    """How one person wants to hear of ordinary notices. Deadlines and links do not ask here."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences", verbose_name="用户"
    )
    email = models.BooleanField("一般通知同时发邮件", default=True)
    digest = models.BooleanField("每天9点汇总成一封", default=False)
    sms = models.BooleanField("同时发短信", default=False)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "通知方式"

    def __str__(self) -> str:
        return f"{self.user}的通知方式"


class WecomRobot(models.Model):
    """A robot in the WeCom group of a department, or without one of the station."""

    name = models.CharField("群名称", max_length=60)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="部门"
    )
    webhook = EncryptedTextField("Webhook 地址")
    is_active = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        ordering = ["department__position", "id"]
        verbose_name = "企业微信群机器人"
        constraints = [
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(is_active=True),
                name="robot_one_active_per_department",
                violation_error_message="这个部门已有启用的机器人，请先停用原来的。",
            ),
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True, department__isnull=True),
                name="robot_one_active_of_the_station",
                violation_error_message="服务站已有启用的机器人，请先停用原来的。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owner(self) -> str:
        return str(self.department) if self.department else "服务站"


class ChannelHealthQuerySet(models.QuerySet["ChannelHealth"]):
    def failing(self) -> "ChannelHealthQuerySet":
        return self.filter(failing_since__isnull=False)

    def to_be_alarmed_of(self, now: datetime | None = None) -> "ChannelHealthQuerySet":
        """Failing for an hour, and nobody was told yet."""
        early = (now or timezone.now()) - ALARM_AFTER
        return self.filter(failing_since__lte=early, alarmed_at__isnull=True)


class ChannelHealth(models.Model):
    """One way out, such as "email" or "wecom:3": since when it fails, and when it is tried next.

    `closed_until` is a fuse: while it lies ahead nothing is sent this way, so that a server that
    does not answer keeps no worker from the other channels.
    """

    key = models.CharField("渠道", max_length=40, unique=True)
    label = models.CharField("名称", max_length=80)
    failures = models.PositiveIntegerField("连续失败次数", default=0)
    failing_since = models.DateTimeField("开始失败", null=True, blank=True)
    last_error = models.CharField("最近的错误", max_length=300, blank=True)
    closed_until = models.DateTimeField("暂停到", null=True, blank=True)
    alarmed_at = models.DateTimeField("告警时间", null=True, blank=True)

    objects = ChannelHealthQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = "渠道状态"
        constraints = [
            models.CheckConstraint(
                name="channel_alarm_needs_failure",
                condition=Q(alarmed_at__isnull=True) | Q(failing_since__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.label
