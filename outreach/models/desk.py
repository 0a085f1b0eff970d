"""What people outside ask of the station: a call back, or an answer."""

from datetime import date, timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.filters import midnight
from accounts.models import Department, User
from core.fields import EncryptedLineField, EncryptedNameField, EncryptedTextField, NameField
from core.masks import mask_phone
from enterprises.models import Demand, Enterprise
from outreach.models.questions import Question

AskedRow = TypeVar("AskedRow", bound="Asked")


class OpenQuerySet(models.QuerySet[AskedRow]):
    """Rows of the desk; officers and the station's head see all of them, nobody else any."""

    def visible_to(self, user: User) -> Self:
        return self if user.is_of_station else self.none()

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True).order_by("due_at", "pk")

    def closed(self) -> Self:
        return self.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")


class Asked(models.Model):
    """Common to both: who, his telephone, by when the station answers, and who did."""

    name = EncryptedNameField("怎么称呼您", max_length=50)
    enterprise_name = NameField("单位名称", max_length=120, blank=True)
    phone = EncryptedTextField("联系电话", blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    due_at = models.DateTimeField("答复时限")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    closed_at = models.DateTimeField("答复时间", null=True, blank=True)
    # One page sent twice makes one row.
    nonce = models.CharField(max_length=36, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


class CallBackQuerySet(OpenQuerySet["CallBack"]):
    """Wishes to be called back."""


class CallBack(Asked):
    """A wish to be called back, with the self-test's answers where it came from there."""

    class When(models.TextChoices):
        ANY = "any", "工作时间都可以"
        MORNING = "morning", "上午"
        AFTERNOON = "afternoon", "下午"

    when = models.CharField(
        "方便接电话的时间", max_length=10, choices=When.choices, default=When.ANY
    )
    flow_number = models.PositiveIntegerField("自测版本", null=True)
    answers: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(
        "自测的回答", default=dict
    )
    outcome = models.CharField("自测的结果", max_length=10, blank=True)
    note = EncryptedLineField("通话记录", max_length=500, blank=True)

    objects = CallBackQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = "回电"
        indexes = [
            models.Index(
                fields=["due_at"], name="call_back_open", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["-closed_at"], name="call_back_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.name}的回电"

    def get_absolute_url(self) -> str:
        return reverse("outreach:call_back", args=[self.pk])


class TopicQuerySet(models.QuerySet["ConsultationTopic"]):
    def in_use(self) -> "TopicQuerySet":
        return self.filter(is_used=True)


class ConsultationTopic(models.Model):
    """What a consultation is about: one of a closed list that the station keeps."""

    name = models.CharField("主题", max_length=30, unique=True)
    position = models.PositiveSmallIntegerField("次序")
    # One that is not used any more stays with the consultations that had it.
    is_used = models.BooleanField("还在用", default=True)
    version = models.PositiveIntegerField(default=1)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "咨询主题"

    def __str__(self) -> str:
        return self.name


class ConsultationQuerySet(OpenQuerySet["Consultation"]):
    """Consultations; what was handed to a department it sees as a handing, without who asked."""

    def between(self, first: date, last: date) -> "ConsultationQuerySet":
        """Asked from the first day to the last, both included."""
        end = midnight(last + timedelta(days=1))
        return self.filter(asked_at__gte=midnight(first), asked_at__lt=end)

    def answered_in_time(self) -> "ConsultationQuerySet":
        """Answered by the moment by which the station had meant to."""
        return self.filter(closed_at__isnull=False, closed_at__lte=F("due_at"))

    def by_topic(self) -> dict[str, int]:
        """How many of each topic, the most first; those without one under 未分主题."""
        return self._counted("topic__name", {"": "未分主题"})

    def by_channel(self) -> dict[str, int]:
        """How many came by each channel, the most first."""
        return self._counted("channel", dict(Consultation.Channel.choices))

    def _counted(self, field: str, labels: dict[str, Any]) -> dict[str, int]:
        rows = self.order_by().values_list(field).annotate(count=Count("pk"))
        found = [(labels.get(value or "", value), count) for value, count in rows]
        return {str(label): count for label, count in sorted(found, key=lambda one: -one[1])}


class Consultation(Asked):
    """A question by telephone, at the counter, by mail or on the public page, and its answer.

    One from the public page is read by a link of its own; `token_hash` is empty for the others.
    """

    class Channel(models.TextChoices):
        CALL = "call", "电话"
        COUNTER = "counter", "来访"
        MAIL = "mail", "邮件"
        WEB = "web", "网上提问"

    text = EncryptedTextField("您的问题", max_length=1000)
    answer = EncryptedTextField("答复", max_length=3000, blank=True)
    # The answer kept for everybody that it was taken from, and of which version.
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="+")
    question_version = models.PositiveIntegerField(null=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices, default=Channel.WEB)
    # When it was asked, which may be before somebody noted it.
    asked_at = models.DateTimeField("什么时候问的", default=timezone.now)
    topic = models.ForeignKey(
        ConsultationTopic,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="主题",
    )
    enterprise = models.ForeignKey(
        Enterprise,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name="登记的企业",
    )
    demand = models.ForeignKey(
        Demand,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name="台账企业",
    )
    # Keyed hash of the number: what else was asked from it, without reading any.
    phone_key = models.CharField(max_length=32, blank=True, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="记录人",
    )
    # Who answers it; nobody in particular where empty.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办理人",
    )
    # The common question that was begun because there was no answer to this.
    drafted = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="asked_first_by"
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = "咨询"
        indexes = [
            models.Index(
                fields=["due_at"], name="consultation_open", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["-closed_at"], name="consultation_closed"),
            models.Index(fields=["asked_at"], name="consultation_asked"),
            models.Index(fields=["phone_key", "-asked_at"], name="consultation_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.name}的咨询"

    def get_absolute_url(self) -> str:
        return reverse("outreach:consultation", args=[self.pk])

    @property
    def what_next(self) -> str:
        where = "；提问的人打开他的网址就能看到" if self.is_public else "，告诉提问的人"
        return f"写下答复{where}"

    @property
    def whose_move(self) -> str:
        return self.owner.title if self.owner else "服务站专员"

    @property
    def is_public(self) -> bool:
        """Asked on the public page: its answer is read there."""
        return self.token_hash is not None


class HandingQuerySet(models.QuerySet["ConsultationHanding"]):
    def visible_to(self, user: User) -> "HandingQuerySet":
        """The station's own see all; a department's people those that went to it."""
        if user.is_of_station:
            return self
        if user.department_id is None or not (user.is_liaison or user.is_supervisor):
            return self.none()
        return self.filter(department=user.department_id)

    def unanswered(self) -> "HandingQuerySet":
        """With a department that has not replied, of consultations that are open."""
        return self.filter(
            department__isnull=False, replied_at__isnull=True, consultation__closed_at__isnull=True
        )


class ConsultationHanding(models.Model):
    """That a consultation was handed on: to a colleague, or to a department, which replies."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="handings")
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="同事",
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="部门",
    )
    note = EncryptedLineField("请对方做什么", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="转办人"
    )
    at = models.DateTimeField("转办时间", auto_now_add=True)
    reply = EncryptedLineField("回复", max_length=1000, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="回复人",
    )
    replied_at = models.DateTimeField("回复时间", null=True, blank=True)
    nonce = models.CharField(max_length=36, unique=True)

    objects = HandingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "咨询转办"
        constraints = [
            models.CheckConstraint(
                name="handing_goes_to_one",
                condition=Q(colleague__isnull=True, department__isnull=False)
                | Q(colleague__isnull=False, department__isnull=True),
            ),
            models.CheckConstraint(
                name="handing_reply_is_whole",
                condition=Q(replied_at__isnull=True, reply="")
                | Q(replied_at__isnull=False) & ~Q(reply=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation}转给{self.to_words}"

    def get_absolute_url(self) -> str:
        return reverse("outreach:handing", args=[self.pk])

    @property
    def to_words(self) -> str:
        return self.department.name if self.department else self.colleague.name  # type: ignore[union-attr]
