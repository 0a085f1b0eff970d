"""Requests of people about their own data, links by which they ask, and what a deletion leaves."""

from datetime import datetime
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Applicant
from core.fields import EncryptedTextField

GONE: Final = "已经删除的人"


class RightsRequestQuerySet(models.QuerySet["RightsRequest"]):
    def visible_to(self, user: User) -> "RightsRequestQuerySet":
        """The station's, all of them; everybody else his own."""
        return self if user.is_of_station else self.filter(user=user)

    def open(self) -> "RightsRequestQuerySet":
        return self.filter(state__in=RightsRequest.OPEN).order_by("due_on", "pk")

    def closed(self) -> "RightsRequestQuerySet":
        return self.exclude(state__in=RightsRequest.OPEN).order_by("-answered_at", "-pk")


class RightsRequest(models.Model):
    """What one person asks about his own data, by when he hears, and what he was told."""

    class Kind(models.TextChoices):
        ACCESS = "access", "查阅、复制"
        CORRECT = "correct", "更正、补充"
        DELETE = "delete", "删除"
        WITHDRAW = "withdraw", "撤回同意"
        EXPLAIN = "explain", "解释说明"
        CLOSE = "close", "注销账户"

    class Way(models.TextChoices):
        LINK = "link", "本人凭链接"
        COUNTER = "counter", "到窗口"
        ACCOUNT = "account", "登录后"

    class State(models.TextChoices):
        ASKED = "asked", "待答复"
        PREPARED = "prepared", "待另一人复核"
        DONE = "done", "已办结"
        REFUSED = "refused", "不予办理"

    OPEN = (State.ASKED, State.PREPARED)

    kind = models.CharField("请求", max_length=8, choices=Kind.choices)
    way = models.CharField("怎样提出", max_length=7, choices=Way.choices)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.ASKED)
    # DataSubject data it is: an applicant, or somebody with an account. Both empty: he was deleted.
    applicant = models.ForeignKey(
        Applicant, models.SET_NULL, null=True, related_name="rights_requests", verbose_name="申请人"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="rights_requests",
        verbose_name="账户",
    )
    words = EncryptedTextField("请求的内容", blank=True)
    # At the counter: which document the officer saw.
    seen = EncryptedTextField("怎样核对的身份", blank=True)
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    due_on = models.DateField("答复期限")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    # What is deleted and what is kept on which ground: names of tables and numbers, no values.
    plan = models.JSONField("删除方案", default=list)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    answer = EncryptedTextField("答复", blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办结人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)
    nonce = models.CharField(max_length=40, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "个人信息请求"
        constraints = [
            models.CheckConstraint(
                name="rights_deletion_by_two",
                condition=~Q(kind="delete", state="done")
                | Q(prepared_by__isnull=False, closed_by__isnull=False)
                & ~Q(prepared_by=F("closed_by")),
            ),
            models.CheckConstraint(
                name="rights_answered_says_when",
                condition=Q(state__in=["asked", "prepared"]) | Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="rights_open",
                condition=Q(state__in=["asked", "prepared"]),
            )
        ]

    def __str__(self) -> str:
        return f"第{self.pk}号个人信息请求（{self.get_kind_display()}）"

    def get_absolute_url(self) -> str:
        return reverse("rights:request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def who(self) -> str:
        if self.applicant is not None:
            return self.applicant.name
        return self.user.title if self.user is not None else GONE

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()


class RequestEvent(models.Model):
    """One step of a request: what, by whom, when. Rows are only added."""

    request = models.ForeignKey(RightsRequest, models.PROTECT, related_name="events")
    words = models.CharField("做了什么", max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="谁"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = "个人信息请求的经过"

    def __str__(self) -> str:
        return self.words


class RightsLink(models.Model):
    """An address by which one applicant asks without an account. Its token is kept as a hash."""

    MOST_WRONG = 5

    applicant = models.ForeignKey(Applicant, models.CASCADE, related_name="rights_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    expires_at = models.DateTimeField("有效期至")
    wrong_count = models.PositiveSmallIntegerField("答错次数", default=0)
    revoked_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "个人信息请求的链接"

    def __str__(self) -> str:
        return f"第{self.pk}号个人信息请求的链接"

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class Tombstone(models.Model):
    """What was deleted: which row and columns, when, by whom, on what ground; never a value."""

    request = models.ForeignKey(
        RightsRequest, models.PROTECT, related_name="tombstones", verbose_name="请求"
    )
    table = models.CharField("表", max_length=60)
    object_id = models.PositiveBigIntegerField("编号")
    columns = models.JSONField("删除的字段", default=list)
    ground = models.CharField("依据", max_length=200)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人"
    )
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="复核人"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = "删除记录"

    def __str__(self) -> str:
        return f"{apps.get_model(self.table)._meta.verbose_name}第{self.object_id}号"
