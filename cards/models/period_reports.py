"""《管理与使用情况登记表》 of a quarter or a year: asked for, filled, sent, and kept as it was."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.fields import EncryptedLineField, EncryptedListField
from enterprises.models import Enterprise, of_visible
from files.models import StoredFile


class ReportPeriod(models.Model):
    """A span for which reports are asked, made once when it is over; who has cards then is asked.

    Its days stand here as the parameters had them, so that a later change moves no deadline.
    """

    class Kind(models.TextChoices):
        PERIOD = "period", "定期"
        YEAR = "year", "年度"

    kind = models.CharField("种类", max_length=6, choices=Kind.choices)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    due_on = models.DateField("报送期限")
    label = models.CharField("期间", max_length=30)
    opened_at = models.DateTimeField("发出时间", auto_now_add=True)

    class Meta:
        ordering = ["-ends_on", "kind"]
        verbose_name = "报送期间"
        constraints = [
            models.UniqueConstraint(fields=["kind", "ends_on"], name="report_period_once"),
            models.CheckConstraint(
                name="report_period_in_order",
                condition=Q(starts_on__lte=F("ends_on"), due_on__gt=F("ends_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class PeriodReportQuerySet(models.QuerySet["PeriodReport"]):
    def visible_to(self, user: User) -> "PeriodReportQuerySet":
        """The station sees what was sent, and that something is missing; not the enterprise's
        unfinished work, which `PeriodReport.rows` of an unsent one is."""
        return self.filter(of_visible(user))

    def missing(self) -> "PeriodReportQuerySet":
        """Asked for and never sent; what is being corrected was sent before."""
        return self.filter(sent_at__isnull=True, sequence=1)

    def late(self, day: date) -> "PeriodReportQuerySet":
        return self.missing().filter(period__due_on__lt=day)


class PeriodReport(models.Model):
    """One enterprise's report of a period. Sent, it does not change: a correction is another.

    `rows` hold what the register gave and what the enterprise put in its place, a dict a card.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="period_reports", verbose_name="企业"
    )
    period = models.ForeignKey(
        ReportPeriod, models.PROTECT, related_name="reports", verbose_name="期间"
    )
    sequence = models.PositiveSmallIntegerField("第几次报送", default=1)
    rows = EncryptedListField("各卡情况", default=list, blank=True)
    remarks = EncryptedLineField("其他说明", max_length=500, blank=True)
    filled_at = models.DateTimeField("生成时间", null=True, blank=True)
    sent_at = models.DateTimeField("报送时间", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The PDF as it was sent.
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    remind_on = models.DateField("下次提醒", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = PeriodReportQuerySet.as_manager()

    class Meta:
        ordering = ["-period__ends_on", "-sequence"]
        verbose_name = "管理与使用情况登记表"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "period", "sequence"], name="period_report_once"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "period"],
                condition=Q(sent_at__isnull=True),
                name="period_report_one_unsent",
            ),
            models.CheckConstraint(
                name="period_report_sent_is_whole",
                condition=Q(sent_at__isnull=True, sent_by__isnull=True, file__isnull=True)
                | Q(
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                    file__isnull=False,
                    remind_on__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_on"],
                name="period_report_reminders",
                condition=Q(remind_on__isnull=False),
            ),
            models.Index(
                fields=["period"], name="period_report_missing", condition=Q(sent_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.period}登记表"

    def get_absolute_url(self) -> str:
        return reverse("cards:period_report", args=[self.pk])

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def is_late(self) -> bool:
        last = timezone.localdate(self.sent_at) if self.sent_at else timezone.localdate()
        return self.sequence == 1 and last > self.period.due_on

    @property
    def state_words(self) -> str:
        if self.is_sent:
            return "已报送（晚于期限）" if self.is_late else "已报送"
        if self.sequence > 1:
            return "更正中，还没有报送"
        return "逾期未报送" if self.is_late else "待报送"

    @property
    def badge(self) -> str:
        if self.is_sent:
            return "done"
        return "late" if self.is_late else "act"
