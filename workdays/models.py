"""The State Council's yearly notices and the station's own closing days, as rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class HolidayNotice(models.Model):
    """A year whose holidays are announced. Without one the year is provisional."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    title = models.CharField("通知标题", max_length=120)
    source = models.CharField("来源", max_length=300)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", auto_now=True)

    class Meta:
        ordering = ["year"]
        verbose_name = "节假日安排通知"

    def __str__(self) -> str:
        return self.title


class WorkdayOverride(models.Model):
    """A weekday that is off, or a weekend day that is worked (调休上班).

    A notice may name days of the December before its year. A row without a notice is a single
    day announced by itself. The source is the row's own: a day may be corrected later than, and
    by somebody else than, the notice it came with.
    """

    date = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=30)
    source = models.CharField("来源", max_length=300)
    notice = models.ForeignKey(
        HolidayNotice, models.CASCADE, null=True, related_name="days", verbose_name="通知"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)

    class Meta:
        ordering = ["date"]
        verbose_name = "放假与调休日"
        constraints = [
            models.CheckConstraint(
                name="workday_override_is_named",
                condition=~Q(name=""),
                violation_error_message="请写明这一天的名称，如“春节”。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}{'调休上班' if self.is_working else '放假'}"


class StationClosure(models.Model):
    """A working day on which this station is closed. It counts for no deadline."""

    date = models.DateField("日期", unique=True)
    reason = models.CharField("原因", max_length=60)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    created_at = models.DateTimeField("录入时间", auto_now_add=True)

    class Meta:
        ordering = ["date"]
        verbose_name = "本站休息日"
        constraints = [
            models.CheckConstraint(
                name="station_closure_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="请写明本站休息的原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.reason}"
