"""Breaches of the rules of use, and the measures that follow (约谈 to 取消资格)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cards.models.cards import Card
from core.fields import EncryptedLineField, EncryptedNameField, EncryptedTextField
from enterprises.models import Enterprise, of_visible
from files.models import Page


class BreachQuerySet(models.QuerySet["Breach"]):
    def visible_to(self, user: User) -> "BreachQuerySet":
        """The enterprise that it concerns, and the station."""
        return self.filter(of_visible(user))

    def open(self) -> "BreachQuerySet":
        return self.filter(closed_at__isnull=True)


class Breach(models.Model):
    """What happened, as the station states it; what the enterprise says of it; and its end."""

    class Kind(models.TextChoices):
        NOT_RETURNED = "not_returned", "逾期不交回卡"
        PRIVATE_USE = "private_use", "持卡从事商务以外的活动"
        LENT_ON = "lent_on", "转借、冒用"
        LOSS_HIDDEN = "loss_hidden", "遗失不及时报告"
        NOT_CANCELLED = "not_cancelled", "离职、身份变化不注销"
        NO_REPORT = "no_report", "不按期报送登记表"
        UNTRUE = "untrue", "提供不真实的材料"
        OTHER = "other", "其他"

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="breaches", verbose_name="企业"
    )
    card = models.ForeignKey(
        Card, models.PROTECT, null=True, blank=True, related_name="breaches", verbose_name="卡"
    )
    kind = models.CharField("情形", max_length=15, choices=Kind.choices)
    person = EncryptedNameField("涉及的人", max_length=50, blank=True)
    happened_on = models.DateField("发生日期")
    facts = EncryptedTextField("事实", max_length=2000)
    statement_by = models.DateField("请企业在此日前说明")
    statement = EncryptedTextField("企业的说明", max_length=2000, blank=True)
    stated_at = models.DateTimeField("说明时间", null=True, blank=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = EncryptedLineField("办结说明", max_length=300, blank=True)

    objects = BreachQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "违规"
        constraints = [
            models.CheckConstraint(
                name="breach_stated_is_whole",
                condition=Q(stated_at__isnull=True, statement="")
                | (Q(stated_at__isnull=False) & ~Q(statement="")),
            ),
            models.CheckConstraint(
                name="breach_closed_says_how",
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("cards:breach", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class BreachPage(Page):
    """A picture of evidence, given by the station or by the enterprise with its statement."""

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="pages")
    by_enterprise = models.BooleanField("企业提供", default=False)

    class Meta(Page.Meta):
        verbose_name = "违规的证据"


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: User) -> "MeasureQuerySet":
        return self.filter(breach__in=Breach.objects.visible_to(user))

    def suspending(self) -> "MeasureQuerySet":
        """Those that keep an enterprise from applying: not lifted, begun or still to begin."""
        return self.filter(kind__in=SUSPENDING, lifted_at__isnull=True)

    def to_review(self, day: date) -> "MeasureQuerySet":
        """To be looked at again by this day, and still standing."""
        return self.filter(review_on__lte=day, lifted_at__isnull=True, reviewed_at__isnull=True)


class Measure(models.Model):
    """One measure taken because of a breach. It is lifted, never deleted."""

    class Kind(models.TextChoices):
        TALK = "talk", "约谈"
        NOTICE = "notice", "通报批评"
        CANCEL = "cancel", "注销卡"
        SUSPEND = "suspend", "中止申办"
        DISQUALIFY = "disqualify", "取消申办资格"

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="measures")
    kind = models.CharField("措施", max_length=10, choices=Kind.choices)
    starts_on = models.DateField("从哪天起")
    ends_on = models.DateField("到哪天（含当天）", null=True, blank=True)
    review_on = models.DateField("复查日期", null=True, blank=True)
    words = EncryptedLineField("措施说明", max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("决定时间", auto_now_add=True)
    reviewed_at = models.DateTimeField("复查时间", null=True, blank=True)
    review_words = EncryptedLineField("复查情况", max_length=300, blank=True)
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lift_words = EncryptedLineField("解除的原因", max_length=300, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "违规措施"
        constraints = [
            models.CheckConstraint(
                name="measure_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="measure_suspension_has_an_end",
                condition=~Q(kind="suspend") | Q(ends_on__isnull=False),
            ),
            models.CheckConstraint(
                name="measure_lifted_says_why",
                condition=Q(lifted_at__isnull=True) | ~Q(lift_words=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["review_on"],
                name="measure_reviews",
                condition=Q(
                    lifted_at__isnull=True, reviewed_at__isnull=True, review_on__isnull=False
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.breach.enterprise} {self.get_kind_display()}"

    @property
    def is_over(self) -> bool:
        """Lifted, or past its last day."""
        if self.lifted_at is not None:
            return True
        return self.ends_on is not None and self.ends_on < timezone.localdate()


SUSPENDING = (Measure.Kind.SUSPEND, Measure.Kind.DISQUALIFY)
