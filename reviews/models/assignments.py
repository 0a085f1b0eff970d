"""Assignments: leave with a stand-in, and every change of hands."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from core.dates import span_words
from core.fields import EncryptedLineField
from reviews.models.review import Opinion


class LeaveQuerySet(models.QuerySet["Leave"]):
    def visible_to(self, user: User) -> "LeaveQuerySet":
        """A department's own; the station knows of all."""
        if user.department_id is not None:
            return self.filter(user__department_id=user.department_id)
        return self if user.is_officer or user.is_supervisor else self.none()

    def standing(self) -> "LeaveQuerySet":
        return self.filter(cancelled_at__isnull=True)

    def in_force(self, day: date) -> "LeaveQuerySet":
        return self.standing().filter(first_day__lte=day, last_day__gte=day)

    def not_over(self, day: date) -> "LeaveQuerySet":
        return self.standing().filter(last_day__gte=day)


class Leave(models.Model):
    """A liaison is away from the first to the last day, both included; `stand_in` acts for him."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaves", verbose_name="休假人"
    )
    first_day = models.DateField("第一天")
    last_day = models.DateField("最后一天")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代办人",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    # Taken back before it began, or ended early.
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="取消人"
    )

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]
        verbose_name = "休假"
        constraints = [
            models.CheckConstraint(
                name="leave_ends_after_start",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="休假的最后一天不能早于第一天。",
            ),
            models.CheckConstraint(
                name="leave_stand_in_is_another",
                condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("user")),
                violation_error_message="代办人不能是休假人自己。",
            ),
            models.CheckConstraint(
                name="leave_cancelled_by_somebody",
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["last_day"], name="leave_standing", condition=Q(cancelled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}休假{self.days}"

    @property
    def days(self) -> str:
        """2026年11月23日至11月27日."""
        return span_words(self.first_day, self.last_day)


class AssignmentChange(models.Model):
    """One change of hands of one opinion; the rows together are its way."""

    class Why(models.TextChoices):
        CIRCULATED = "circulated", "送审时分配"
        LEAVE = "leave", "休假代办"
        BACK = "back", "休假结束交还"
        TRANSFER = "transfer", "转办"
        ACCOUNT = "account", "账户停用或调离"

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="assignments")
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="原经办人",
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="现经办人"
    )
    why = models.CharField("缘由", max_length=10, choices=Why.choices)
    reason = EncryptedLineField("原因", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["id"]
        verbose_name = "经办变更"
        constraints = [
            models.CheckConstraint(
                name="assignment_transfer_says_why",
                condition=~Q(why="transfer") | (~Q(reason="") & Q(by__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion} {self.get_why_display()}"
