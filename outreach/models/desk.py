"""What people outside ask of the station: a call back, or an answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core.fields import EncryptedTextField, NameField
from core.masks import mask_phone
from outreach.models.questions import Question


class OpenQuerySet(models.QuerySet["Asked"]):
    """Rows of the desk; officers and the station's head see all of them, nobody else any."""

    def visible_to(self, user: User) -> "OpenQuerySet":
        return self if user.is_of_station else self.none()

    def open(self) -> "OpenQuerySet":
        return self.filter(closed_at__isnull=True).order_by("due_at", "pk")

    def closed(self) -> "OpenQuerySet":
        return self.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")


class Asked(models.Model):
    """Common to both: who, his telephone, by when the station answers, and who did."""

    name = NameField("怎么称呼您", max_length=50)
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

    objects = OpenQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


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
    note = models.CharField("通话记录", max_length=500, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = "回电"
        indexes = [
            models.Index(
                fields=["due_at"], name="call_back_open", condition=Q(closed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}的回电"

    def get_absolute_url(self) -> str:
        return reverse("outreach:call_back", args=[self.pk])


class Consultation(Asked):
    """A question that was asked on the public page, and its answer, read by a link of its own."""

    text = models.TextField("您的问题", max_length=1000)
    answer = models.TextField("答复", max_length=3000, blank=True)
    # The answer kept for everybody that it was taken from, and of which version.
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="+")
    question_version = models.PositiveIntegerField(null=True)
    token_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = "咨询"
        indexes = [
            models.Index(
                fields=["due_at"], name="consultation_open", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["-closed_at"], name="consultation_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.name}的咨询"

    def get_absolute_url(self) -> str:
        return reverse("outreach:consultation", args=[self.pk])
