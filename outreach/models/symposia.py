"""Symposia: who of the ledger took part, and each opinion with who answers it and by when."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.fields import EncryptedNameField, EncryptedTextField
from enterprises.models import Demand
from outreach.models.station_rows import StationQuerySet
from outreach.models.texts import OutwardText


class SymposiumQuerySet(StationQuerySet["Symposium"]):
    def between(self, first: date, last: date) -> "SymposiumQuerySet":
        """Held or to be held on one of these days, without those that were called off."""
        return self.within("starts_at", first, last).filter(cancelled_at__isnull=True)


class Symposium(models.Model):
    """One meeting at which enterprises say what they need and what hinders them."""

    title = models.CharField("名称", max_length=80)
    topic = models.CharField("议题", max_length=300, blank=True)
    starts_at = models.DateTimeField("时间")
    place = models.CharField("地点", max_length=120)
    host = models.CharField("主持", max_length=80, blank=True)
    summary = models.TextField("小结", max_length=3000, blank=True)
    held_at = models.DateTimeField("记为已开", null=True, blank=True)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancel_words = models.CharField("取消的原因", max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    nonce = models.CharField(max_length=36, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = SymposiumQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = "座谈会"
        constraints = [
            models.CheckConstraint(
                name="symposium_cancelled_says_why",
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_words=""),
            )
        ]
        indexes = [models.Index(fields=["-starts_at"], name="symposium_days")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outreach:symposium", args=[self.pk])

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def state_words(self) -> str:
        if self.is_cancelled:
            return "已取消"
        if self.held_at:
            return "已开"
        return "请记下谁来了" if self.starts_at <= timezone.now() else "筹备中"

    @property
    def badge(self) -> str:
        if self.is_cancelled:
            return "void"
        if self.held_at:
            return "done"
        return "act" if self.starts_at <= timezone.now() else "wait"


class SymposiumParticipant(models.Model):
    """An enterprise of the ledger at the table: who comes for it, and whether he did."""

    symposium = models.ForeignKey(Symposium, models.PROTECT, related_name="participants")
    demand = models.ForeignKey(
        Demand, models.PROTECT, related_name="symposium_places", verbose_name="台账"
    )
    name = EncryptedNameField("谁来", max_length=50, blank=True)
    position = models.CharField("职务", max_length=50, blank=True)
    came = models.BooleanField("来了", null=True, blank=True)
    removed_at = models.DateTimeField("移出时间", null=True, blank=True)
    created_at = models.DateTimeField("列入时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "座谈会参加单位"
        constraints = [
            models.UniqueConstraint(
                fields=["symposium", "demand"], name="symposium_participant_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.symposium}"


class SymposiumOpinionQuerySet(StationQuerySet["SymposiumOpinion"]):
    def open(self) -> "SymposiumOpinionQuerySet":
        """Nobody has answered yet, the first due first."""
        return self.filter(answered_at__isnull=True).order_by("due_on", "pk")

    def answered(self) -> "SymposiumOpinionQuerySet":
        return self.filter(answered_at__isnull=False)

    def to_tell(self) -> "SymposiumOpinionQuerySet":
        """Answered, and who said it has not heard of it: told by nobody, or no message went out."""
        untold = Q(told_at__isnull=True) | Q(text__state=OutwardText.State.FAILED)
        return self.answered().filter(untold)

    def between(self, first: date, last: date) -> "SymposiumOpinionQuerySet":
        """Said at a symposium on one of these days."""
        found = self.within("symposium__starts_at", first, last)
        return found.filter(symposium__cancelled_at__isnull=True)


class SymposiumOpinion(models.Model):
    """One opinion as a task: who answers it and by when; the answer is told to who said it."""

    class Told(models.TextChoices):
        NOTICE = "notice", "门户通知和邮件"
        TEXT = "text", "短信"
        CALL = "call", "电话"
        IN_PERSON = "in_person", "当面"

    symposium = models.ForeignKey(Symposium, models.PROTECT, related_name="opinions")
    # None where it was said by nobody in particular.
    participant = models.ForeignKey(
        SymposiumParticipant, models.PROTECT, null=True, blank=True, related_name="opinions"
    )
    words = EncryptedTextField("意见", max_length=1000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁办"
    )
    due_on = models.DateField("哪天前答复")
    answer = EncryptedTextField("答复", max_length=2000, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_at = models.DateTimeField("告知时间", null=True, blank=True)
    told_how = models.CharField("怎样告知", max_length=9, choices=Told.choices, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.ForeignKey(
        OutwardText, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="短信"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    nonce = models.CharField(max_length=36, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = SymposiumOpinionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "座谈会意见"
        constraints = [
            models.CheckConstraint(
                name="symposium_opinion_answered_whole",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="symposium_opinion_told_after_answer",
                condition=Q(told_at__isnull=True) | Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="symposium_opinion_open",
                condition=Q(answered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.symposium}的意见"

    def get_absolute_url(self) -> str:
        return reverse("outreach:opinion", args=[self.pk])

    @property
    def is_to_tell(self) -> bool:
        if self.answered_at is None:
            return False
        failed = self.text is not None and self.text.state == OutwardText.State.FAILED
        return self.told_at is None or failed

    @property
    def is_late(self) -> bool:
        return self.answered_at is None and self.due_on < timezone.localdate()

    @property
    def state_words(self) -> str:
        if self.answered_at is None:
            return "逾期未答复" if self.is_late else "待答复"
        return "已答复，请告知" if self.is_to_tell else "已答复并告知"

    @property
    def badge(self) -> str:
        if self.answered_at is None:
            return "late" if self.is_late else "act"
        return "act" if self.is_to_tell else "done"
