"""Corrections: usual reasons for a return, what was asked for, and how far the station has read."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.urls import reverse

from applications.models.applications import Application, StatusChange
from core.fields import EncryptedTextField
from core.text import sentences
from materials.catalogue import LATER_NUMBERS, item_name
from materials.examples import named
from materials.rules.examples import Example


class ReturnReasonQuerySet(models.QuerySet["ReturnReason"]):
    def usual_for(self, number: int) -> "list[ReturnReason]":
        """The active ones that occur in this material (0: in the typed facts), by code."""
        return [reason for reason in self.filter(is_active=True) if number in reason.numbers]


class ReturnReason(models.Model):
    """A usual reason for returning an application; the station adds, rewords and retires them.

    What an enterprise was told keeps its words: a correction copies them.
    """

    code = models.CharField("编号", max_length=6, unique=True)
    numbers = models.JSONField("出现在哪些材料", help_text="材料编号的列表，0 表示填写的信息")
    defect = models.CharField("哪里不对", max_length=120)
    mend = models.CharField("怎么改", max_length=200)
    example = models.CharField("举例", max_length=120, blank=True)
    pictures = models.JSONField("样例图", default=list, blank=True)
    is_active = models.BooleanField("使用中", default=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReturnReasonQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = "退回原因"

    def __str__(self) -> str:
        return f"{self.code} {self.defect}"

    def get_absolute_url(self) -> str:
        return reverse("applications:reason_edit", args=[self.pk])

    @property
    def number_names(self) -> str:
        return "、".join(item_name(number) for number in self.numbers)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def noted(self) -> "CorrectionQuerySet":
        """Ticked by the officer and not yet told to the enterprise."""
        return self.filter(sent_at__isnull=True)

    def open(self) -> "CorrectionQuerySet":
        """Told to the enterprise and not yet resubmitted."""
        return self.filter(sent_at__isnull=False, resolved_at__isnull=True)

    def told(self) -> "CorrectionQuerySet":
        return self.filter(sent_at__isnull=False)

    def counts_by_month(self) -> "models.QuerySet[Any, Any]":
        """Told to enterprises: one dict a month, reason and material, with their `count`.

        `month` is the first moment of a month in Shanghai; `reason__code` is None for the
        officer's own words.
        """
        return (
            self.told()
            .annotate(month=TruncMonth("sent_at"))
            .values("month", "reason__code", "number")
            .annotate(count=models.Count("pk"))
            .order_by("month", "reason__code", "number")
        )


class Correction(models.Model):
    """What is wrong with one material (or with the typed facts), and what the agent answered."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField("材料编号", help_text="0 表示填写的信息")
    words = EncryptedTextField("哪里不对", max_length=500)
    mend = EncryptedTextField("怎么改", max_length=500, blank=True)
    example = EncryptedTextField("举例", max_length=500, blank=True)
    pictures = models.JSONField("样例图", default=list, blank=True)
    reason = models.ForeignKey(
        ReturnReason, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    told_in = models.ForeignKey(
        StatusChange, models.PROTECT, null=True, blank=True, related_name="told"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField("告知时间", null=True, blank=True)
    replaced_at = models.DateTimeField("已替换", null=True, blank=True)
    answer = EncryptedTextField("企业说明", max_length=500, blank=True)
    resolved_at = models.DateTimeField("补正时间", null=True, blank=True)
    # Whoever asked for it needs it no more; then `resolved_at` says when.
    is_dropped = models.BooleanField("已取消", default=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["number", "id"]
        verbose_name = "补正事项"
        constraints = [
            models.CheckConstraint(
                name="correction_number_in_annex",
                condition=Q(number__gte=0, number__lte=10) | Q(number__in=LATER_NUMBERS),
            )
        ]
        # Reasons are counted by month.
        indexes = [
            models.Index(
                fields=["sent_at"], name="correction_told", condition=Q(sent_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_name}：{self.words}"

    @property
    def item_name(self) -> str:
        return item_name(self.number)

    @property
    def full_words(self) -> str:
        """Defect and mend in one text, as the mail has it."""
        return sentences(self.words, self.mend)

    @property
    def whole_words(self) -> str:
        """The same with the example, where there is one."""
        return sentences(self.full_words, self.example and f"例如：{self.example}")

    @property
    def examples(self) -> list[Example]:
        """The drawn pictures that were sent with it."""
        return named(self.pictures)

    @property
    def is_met(self) -> bool:
        return self.replaced_at is not None or bool(self.answer)

    @property
    def answer_words(self) -> str:
        """What the enterprise did about it; empty while nothing."""
        if self.is_dropped:
            return "已取消"
        if self.replaced_at is not None:
            return "已更正"
        return "已说明" if self.answer else ""


class SheetReading(models.Model):
    """How far the station has gone through one material (0: the typed facts) in pre-review."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="readings")
    number = models.PositiveSmallIntegerField("材料编号", help_text="0 表示填写的信息")
    ticked = models.JSONField("核对过的要求", default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("核对时间")

    class Meta:
        ordering = ["number"]
        verbose_name = "预审核对"
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="sheet_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.application} {item_name(self.number)}"
