"""The rows of this room: its reports and packages, each kept for a week (ADR 58, 78)."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from reviews.readers import reads_every_opinion

# How long a worker may be silent before another takes the report up.
LEASE: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=7)


class StageReportQuerySet(models.QuerySet["StageReport"]):
    def visible_to(self, user: User) -> "StageReportQuerySet":
        """The station's officers' and its head's."""
        return self if user.is_of_station else self.none()

    def waiting(self, now: datetime) -> "StageReportQuerySet":
        """To be counted, and nobody does so just now."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        return self.filter(free, state=StageReport.State.COUNTING)

    def over(self, now: datetime) -> "StageReportQuerySet":
        return self.filter(expires_at__lt=now)


def _in_a_week() -> datetime:
    return timezone.now() + KEPT


class StageReport(models.Model):
    """The figures of one period as they were counted, and what the officer wrote beside them.

    No file is kept: PDF, docx and xlsx are drawn from the same figures when they are asked for.
    """

    class State(models.TextChoices):
        COUNTING = "counting", "统计中"
        READY = "ready", "已完成"
        FAILED = "failed", "没有完成"

    first = models.DateField("从哪天起")
    last = models.DateField("到哪天（含当天）")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.COUNTING)
    # Sections that are counted, of so many.
    done_count = models.PositiveSmallIntegerField("已统计", default=0)
    section_count = models.PositiveSmallIntegerField("共几部分", default=0)
    content: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        "指标", default=dict, blank=True
    )
    # By section, and under the names of `reports.stage.narrative`: 经验、问题、下一步.
    words: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(
        "补充说明", default=dict, blank=True
    )
    counted_at = models.DateTimeField("统计时间", null=True, blank=True)
    leased_until = models.DateTimeField("办理到", null=True, blank=True)
    expires_at = models.DateTimeField("保留到", default=_in_a_week)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="制作人"
    )
    created_at = models.DateTimeField("制作时间", default=timezone.now)
    # One page sent twice makes one report.
    nonce = models.CharField(max_length=40, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = StageReportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "工作报告"
        constraints = [
            models.CheckConstraint(
                name="stage_report_ends_after_it_begins", condition=Q(last__gte=F("first"))
            ),
            models.CheckConstraint(
                name="stage_report_ready_was_counted",
                condition=~Q(state="ready") | Q(counted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["leased_until"],
                name="stage_report_counting",
                condition=Q(state="counting"),
            ),
            models.Index(fields=["expires_at"], name="stage_report_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.first:%Y-%m-%d}至{self.last:%Y-%m-%d}工作报告"

    def get_absolute_url(self) -> str:
        return reverse("stage:report", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_counting(self) -> bool:
        return self.state == self.State.COUNTING

    @property
    def badge(self) -> str:
        return BADGES[self.State(self.state)]


BADGES = {
    StageReport.State.COUNTING: "wait",
    StageReport.State.READY: "done",
    StageReport.State.FAILED: "late",
}


class ArchiveYearQuerySet(models.QuerySet["ArchiveYear"]):
    def visible_to(self, user: User) -> "ArchiveYearQuerySet":
        """Those of the station who read every opinion: its officers and its head."""
        is_allowed = user.is_of_station and reads_every_opinion(user)
        return self if is_allowed else self.none()

    def waiting(self, now: datetime) -> "ArchiveYearQuerySet":
        """With packages to be made, and nobody does so just now."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
        return self.filter(free, state=ArchiveYear.State.MAKING)

    def over(self, now: datetime) -> "ArchiveYearQuerySet":
        return self.filter(expires_at__lt=now)


class ArchiveYear(models.Model):
    """Archive packages of all cases that were over in one year, made one after the other."""

    class State(models.TextChoices):
        MAKING = "making", "生成中"
        READY = "ready", "已完成"

    year = models.PositiveSmallIntegerField("办结的年份")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.MAKING)
    done_count = models.PositiveIntegerField("已办", default=0)
    case_count = models.PositiveIntegerField("共几件", default=0)
    # The case that is being made; one whose worker dies twice is not tried a third time.
    trying = models.PositiveBigIntegerField("正在生成的申请", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("第几次", default=0)
    leased_until = models.DateTimeField("办理到", null=True, blank=True)
    expires_at = models.DateTimeField("保留到", default=_in_a_week)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="制作人"
    )
    created_at = models.DateTimeField("制作时间", default=timezone.now)
    # One page sent twice makes one.
    nonce = models.CharField(max_length=40, unique=True, editable=False)

    objects = ArchiveYearQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "年度归档"
        constraints = [
            models.CheckConstraint(
                name="archive_year_counts", condition=Q(done_count__lte=F("case_count"))
            )
        ]
        indexes = [
            models.Index(
                fields=["leased_until"],
                name="archive_year_making",
                condition=Q(state="making"),
            ),
            models.Index(fields=["expires_at"], name="archive_year_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年办结的归档信息包"

    def get_absolute_url(self) -> str:
        return reverse("archiving:year", args=[self.pk])

    @property
    def is_making(self) -> bool:
        return self.state == self.State.MAKING

    @property
    def folder(self) -> str:
        """Where its packages lie in storage."""
        return f"packages/{self.pk}"

    @property
    def badge(self) -> str:
        return "wait" if self.is_making else "done"


class ArchivedCase(models.Model):
    """One case of such a year: its package, or why there is none."""

    run = models.ForeignKey(
        ArchiveYear, models.CASCADE, related_name="cases", verbose_name="年度归档"
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="+", verbose_name="申请"
    )
    file_name = models.CharField("文件名", max_length=120, blank=True)
    content = models.FileField("归档信息包", max_length=200, blank=True)
    size = models.PositiveBigIntegerField("字节数", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    sm3 = models.CharField("SM3", max_length=64, blank=True)
    is_good = models.BooleanField("四性检测合格", default=False)
    words = models.TextField("不合格或没有生成的原因", blank=True)

    class Meta:
        ordering = ["application_id"]
        verbose_name = "年度归档的一件"
        constraints = [
            models.UniqueConstraint(fields=["run", "application"], name="archived_case_once")
        ]

    def __str__(self) -> str:
        return self.file_name or str(self.application)

    @property
    def has_package(self) -> bool:
        return self.sha256 != ""
