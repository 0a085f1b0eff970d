"""Reminders: one row each, so that none goes out twice and all can be shown."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from reviews.models.review import Opinion


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> "ReminderQuerySet":
        """As the opinions: a department's own; the station's people read all; nobody else any."""
        return self.filter(opinion__in=Opinion.objects.visible_to(user))

    def by_the_clock(self) -> "ReminderQuerySet":
        return self.exclude(kind=Reminder.Kind.CHASE)

    def chases(self) -> "ReminderQuerySet":
        return self.filter(kind=Reminder.Kind.CHASE)

    def waiting(self) -> "ReminderQuerySet":
        """Asked for outside office hours, and neither sent nor dropped yet."""
        return self.filter(sent_at__isnull=True, dropped_at__isnull=True)


class Reminder(models.Model):
    """Before or after a deadline by the clock, or because the officer asked for it (催办).

    `moment` is what it stands for and the earliest time at which it may go out. `told` holds the
    names of those whom it went to, as they were.
    """

    class Kind(models.TextChoices):
        LAST_DAY = "last_day", "到期当天提醒"
        TWO_HOURS = "two_hours", "到期前两小时提醒"
        OVERDUE = "overdue", "逾期提醒"
        CHASE = "chase", "专员催办"

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="reminders")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    moment = models.DateTimeField("应发时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="催办人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    # Signed or voided before the office opened: nothing was sent.
    dropped_at = models.DateTimeField("取消时间", null=True, blank=True)
    told = models.CharField("告知", max_length=300, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "kind", "moment"], name="reminder_once_a_moment"
            ),
            models.CheckConstraint(
                name="reminder_chase_has_somebody",
                condition=Q(kind="chase", asked_by__isnull=False)
                | (~Q(kind="chase") & Q(asked_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="reminder_sent_or_dropped",
                condition=Q(sent_at__isnull=True) | Q(dropped_at__isnull=True),
            ),
            models.CheckConstraint(
                name="reminder_not_before_its_moment",
                condition=Q(sent_at__isnull=True) | Q(sent_at__gte=F("moment")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["moment"],
                name="reminder_waiting",
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion} {self.get_kind_display()}"
