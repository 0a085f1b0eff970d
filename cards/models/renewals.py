"""What a service concerns (ADR 0049): its card, a loss that was reported, a cancellation."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from applications.workflow import Status
from cards.models.cards import Card
from cards.workflow import AGENT
from core.fields import EncryptedLineField, EncryptedNameField, EncryptedTextField


class CardRequest(models.Model):
    """The card that a service concerns, and the enterprise's words for its letter."""

    application = models.OneToOneField(
        Application, models.PROTECT, related_name="card_request", verbose_name="申请"
    )
    # None where it concerns a filing, whose card is not there yet.
    card = models.ForeignKey(
        Card,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name="商务旅行卡",
    )
    words = EncryptedTextField("原因和经过", max_length=500, blank=True)
    # When the enterprise said that it was done in the national system.
    done_on = models.DateField("办妥日期", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "卡片服务"

    def __str__(self) -> str:
        return str(self.application)


class LossReport(models.Model):
    """A card that was reported lost: since when, how, and who had it last."""

    class How(models.TextChoices):
        LOST = "lost", "遗失"
        STOLEN = "stolen", "被盗"

    card = models.ForeignKey(Card, models.PROTECT, related_name="losses", verbose_name="商务旅行卡")
    how = models.CharField("遗失还是被盗", max_length=6, choices=How.choices)
    noticed_at = models.DateTimeField("什么时候发现的")
    last_holder = EncryptedNameField("最后拿着卡的人", max_length=50)
    where = EncryptedLineField("在哪里丢的", max_length=100, blank=True)
    reported_at = models.DateTimeField("登记时间", default=timezone.now)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    found_at = models.DateTimeField("找回时间", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "挂失"
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(found_at__isnull=True),
                name="loss_one_open_a_card",
            ),
            models.CheckConstraint(
                name="loss_noticed_before_reported",
                condition=Q(noticed_at__lte=models.F("reported_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.get_how_display()}"

    @property
    def hours_since(self) -> int:
        """Whole hours since it was noticed."""
        return int((timezone.now() - self.noticed_at) / timedelta(hours=1))


class CancellationQuerySet(models.QuerySet["Cancellation"]):
    def visible_to(self, user: User) -> "CancellationQuerySet":
        if user.is_of_station:
            return self
        return self.filter(card__in=Card.objects.visible_to(user))

    def open(self) -> "CancellationQuerySet":
        return self.filter(completed_on__isnull=True, dropped_at__isnull=True)

    def in_order(self) -> "CancellationQuerySet":
        """What is due soonest first."""
        return self.order_by("due_on", "id")

    def to_remind(self, today: date) -> "CancellationQuerySet":
        return self.filter(next_reminder_on__lte=today).order_by("due_on", "id")

    def with_people(self) -> "CancellationQuerySet":
        return self.select_related(
            "card__enterprise", "application__applicant", "application__enterprise", "received_by"
        )


class Cancellation(models.Model):
    """The cancellation of one card, from the report until the city office has done it."""

    card = models.ForeignKey(
        Card, models.PROTECT, related_name="cancellations", verbose_name="商务旅行卡"
    )
    application = models.OneToOneField(
        Application, models.PROTECT, related_name="cancellation", verbose_name="注销申请"
    )
    happened_on = models.DateField("从哪天起")
    due_on = models.DateField("应在哪天前注销")
    reported_at = models.DateTimeField("报告时间", default=timezone.now)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="报告人"
    )
    # The receipt: who brought the card and who took it.
    handed_in_on = models.DateField("交回日期", null=True, blank=True)
    handed_in_by = EncryptedNameField("交卡人", max_length=50, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="收卡人",
    )
    received_at = models.DateTimeField("收卡时间", null=True, blank=True)
    # Why no card can be handed in, where it is lost.
    without_card = EncryptedLineField("交不回的原因", max_length=200, blank=True)
    completed_on = models.DateField("注销日期", null=True, blank=True)
    dropped_at = models.DateTimeField("撤回时间", null=True, blank=True)
    # The next day on which somebody is reminded; none when it is over.
    next_reminder_on = models.DateField("下次提醒", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = CancellationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "卡片注销"
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(completed_on__isnull=True, dropped_at__isnull=True),
                name="cancellation_one_open_a_card",
            ),
            models.CheckConstraint(
                name="cancellation_due_after_it_happened",
                condition=Q(due_on__gte=models.F("happened_on")),
            ),
            models.CheckConstraint(
                name="cancellation_receipt_is_whole",
                condition=Q(handed_in_on__isnull=True)
                | (Q(received_by__isnull=False, received_at__isnull=False) & ~Q(handed_in_by="")),
            ),
        ]
        indexes = [
            # Holds what somebody is to be reminded of, and nothing that is over.
            models.Index(
                fields=["next_reminder_on"],
                name="cancellation_reminder",
                condition=Q(next_reminder_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card}的注销"

    def get_absolute_url(self) -> str:
        return reverse("cards:cancellation", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.completed_on is None and self.dropped_at is None

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def days_left(self) -> int:
        """Until the deadline; negative when it has passed."""
        return (self.due_on - timezone.localdate()).days

    @property
    def is_card_settled(self) -> bool:
        """The card is with the station, or it was said why it cannot be."""
        return self.handed_in_on is not None or bool(self.without_card)

    @property
    def receipt_number(self) -> str:
        """万州-2026-收00003."""
        year = timezone.localtime(self.received_at or self.reported_at).year
        return f"{settings.STATION_SHORT}-{year}-收{self.pk:05d}"

    @property
    def cause_label(self) -> str:
        return self.application.cause_label

    @property
    def waits_for(self) -> tuple[str, str]:
        """What is to be done next, and who does it."""
        status = self.application.state
        if self.completed_on is not None:
            return "已注销", "—"
        if self.dropped_at is not None:
            return "已撤回，卡照常使用", "—"
        if status in {Status.DRAFT, Status.RETURNED}:
            return "打印注销申请，盖章后上传、提交", AGENT
        if status == Status.SUBMITTED:
            return "预审注销申请", "服务站专员"
        if not self.is_card_settled:
            return "把原卡交到服务站", AGENT
        return "请市政府外办注销，办妥后登记", "服务站专员"
