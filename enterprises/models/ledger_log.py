"""What is kept of a row of the ledger beside it: contacts, stages, and filters under a name."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.fields import EncryptedLineField, NameField
from enterprises.models.ledger import Demand, Stage


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User) -> "ContactQuerySet":
        return self if user.is_of_station else self.none()

    def in_time(self) -> "ContactQuerySet":
        """The newest first, by when it happened."""
        return self.order_by("-at", "-pk")


class Contact(models.Model):
    """One contact with an enterprise of the ledger; rows are added and never changed."""

    class Kind(models.TextChoices):
        CALL = "call", "电话"
        COUNTER = "counter", "来访"
        VISIT = "visit", "走访"
        BRIEFING = "briefing", "宣讲会"
        SYMPOSIUM = "symposium", "座谈会"
        GROUP = "group", "企业群"
        ACCOUNT = "account", "公众号"
        ARTICLE = "article", "政策传达"
        CONSULTATION = "consult", "咨询"
        MAIL = "mail", "邮件"
        MESSAGE = "message", "短信"
        OTHER = "other", "其他"

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="contacts", verbose_name="企业")
    kind = models.CharField("方式", max_length=10, choices=Kind.choices)
    at = models.DateTimeField("时间")
    recorded_at = models.DateTimeField("记录时间", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Who noted it where it was kept before the portal.
    author_name = NameField("记录人", max_length=50, blank=True)
    words = EncryptedLineField("说了什么", max_length=1000)
    is_telling = models.BooleanField("宣传了政策", default=False)
    nonce = models.CharField(max_length=80, unique=True, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "联系记录"
        indexes = [
            models.Index(fields=["demand", "-at"], name="contact_of_demand"),
            models.Index(fields=["at", "kind"], name="contact_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.get_kind_display()}"

    @property
    def author(self) -> str:
        return self.author_name or (self.by.name if self.by else "系统")


class DemandChange(models.Model):
    """One move of a row from a stage to another; rows are added and never changed."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="changes", verbose_name="企业")
    was = models.CharField("原阶段", max_length=10, choices=Stage.choices, blank=True)
    became = models.CharField("新阶段", max_length=10, choices=Stage.choices)
    reason = EncryptedLineField("原因", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "台账阶段"
        indexes = [models.Index(fields=["became", "at"], name="demand_change_in_time")]

    def __str__(self) -> str:
        return f"{self.demand} {self.get_became_display()}"

    @property
    def author(self) -> str:
        return self.by.name if self.by else "系统"


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: User) -> "SavedFilterQuerySet":
        """One's own, and what others of the station share."""
        if not user.is_of_station:
            return self.none()
        return self.filter(Q(owner=user) | Q(is_shared=True))


class SavedFilter(models.Model):
    """A filter of the ledger that somebody keeps under a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=30)
    query: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    is_shared = models.BooleanField("全站共用", default=False)
    created_at = models.DateTimeField("保存时间", auto_now_add=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "台账的筛选"
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_one_a_name")
        ]

    def __str__(self) -> str:
        return self.name
