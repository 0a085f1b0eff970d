"""Months that are over, and the sums of times that were counted of each."""

from django.db import models
from django.db.models import Q

from accounts.models import Department


class ClosedMonthQuerySet(models.QuerySet["ClosedMonth"]):
    def counted(self) -> "ClosedMonthQuerySet":
        return self.filter(counted_at__isnull=False)


class ClosedMonth(models.Model):
    """A calendar month whose sums stand in rows from `counted_at` on.

    The row is there before it is counted, so that whatever changes the month's past has a row to
    lock and to reopen. `calendar` are the working days and hours by which it was counted, from
    `since` to its end: where today's calendar has others, the sums do not count any more.
    """

    first = models.DateField("月份", unique=True)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    counted_at = models.DateTimeField("统计时间", null=True, blank=True)
    since = models.DateField("最早送审", null=True, blank=True)
    calendar = models.TextField("依据的日历", blank=True)

    objects = ClosedMonthQuerySet.as_manager()

    class Meta:
        ordering = ["first"]
        verbose_name = "结算月份"

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


class MonthTimes(models.Model):
    """Sums of a closed month, in seconds of office time.

    Of what a department answered; with `of_tables` of the whole tables that were concluded: those
    on which the department has an opinion, or without a department all.
    """

    month = models.ForeignKey(ClosedMonth, models.CASCADE, related_name="times")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+"
    )
    of_tables = models.BooleanField("全表")
    count = models.PositiveIntegerField("件数")
    late = models.PositiveIntegerField("超时")
    response = models.PositiveBigIntegerField("首次响应合计")
    used = models.PositiveBigIntegerField("用时合计")
    longest = models.PositiveBigIntegerField("最长用时")
    whole = models.PositiveBigIntegerField("自送审起合计")
    # Of tables that never waited for the enterprise: how many, and their working days.
    plain_count = models.PositiveIntegerField("没有暂停的件数")
    plain_days = models.PositiveBigIntegerField("没有暂停的工作日合计")
    # What cannot be summed: of a department each time that it used; of all tables how many took
    # how many working days, and the slowest as days, seconds and number.
    uses = models.JSONField("每件用时", default=list, blank=True)
    days = models.JSONField("每种天数的件数", default=dict, blank=True)
    slowest = models.JSONField("最慢的审核表", default=list, blank=True)

    class Meta:
        verbose_name = "月度用时"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "department", "of_tables"], name="month_times_once"
            ),
            models.UniqueConstraint(
                fields=["month"], condition=Q(department__isnull=True), name="month_times_once_all"
            ),
            models.CheckConstraint(
                name="month_times_of_somebody",
                condition=Q(department__isnull=False) | Q(of_tables=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.department or '全部'}"
