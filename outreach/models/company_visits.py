"""Visits to enterprises that may need cards: planned, noted on the way, and followed up."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.fields import EncryptedNameField, EncryptedTextField
from enterprises.models import Demand
from files.models import Page
from outreach.models.station_rows import StationQuerySet


class CompanyVisitQuerySet(StationQuerySet["CompanyVisit"]):
    def open(self) -> "CompanyVisitQuerySet":
        return self.filter(done_at__isnull=True, dropped_at__isnull=True)

    def done(self) -> "CompanyVisitQuerySet":
        return self.filter(done_at__isnull=False)

    def between(self, first: date, last: date) -> "CompanyVisitQuerySet":
        """Made on one of these days."""
        return self.within("done_at", first, last)

    def over(self) -> "CompanyVisitQuerySet":
        """Made or called off, the last first."""
        past = Q(done_at__isnull=False) | Q(dropped_at__isnull=False)
        ended = self.filter(past).annotate(over_at=Coalesce("done_at", "dropped_at"))
        return ended.order_by("-over_at", "-pk")

    def in_hands_of(self, user: User) -> "CompanyVisitQuerySet":
        return self.filter(officers=user)

    def by_route(self) -> "CompanyVisitQuerySet":
        return self.order_by("planned_on", "route_order", "pk")


class CompanyVisit(models.Model):
    """One visit to one enterprise of the ledger: what was told, what was asked, what came of it."""

    demand = models.ForeignKey(
        Demand, models.PROTECT, related_name="company_visits", verbose_name="台账"
    )
    planned_on = models.DateField("哪天去")
    route_order = models.PositiveSmallIntegerField("第几家", default=1)
    officers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="company_visits", verbose_name="谁去"
    )
    purpose = models.CharField("去做什么", max_length=200, blank=True)
    met_name = EncryptedNameField("接待人", max_length=50, blank=True)
    met_position = models.CharField("接待人职务", max_length=50, blank=True)
    told = EncryptedTextField("讲了什么", max_length=2000, blank=True)
    asked = EncryptedTextField("对方问了什么、有什么意见", max_length=2000, blank=True)
    done_at = models.DateTimeField("走访时间", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    dropped_at = models.DateTimeField("取消时间", null=True, blank=True)
    drop_words = models.CharField("取消的原因", max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CompanyVisitQuerySet.as_manager()

    class Meta:
        ordering = ["planned_on", "route_order", "id"]
        verbose_name = "走访"
        constraints = [
            models.UniqueConstraint(
                fields=["demand"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="company_visit_one_open",
            ),
            models.CheckConstraint(
                name="company_visit_done_by_somebody",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False, dropped_at__isnull=True),
            ),
            models.CheckConstraint(
                name="company_visit_dropped_says_why",
                condition=Q(dropped_at__isnull=True) | ~Q(drop_words=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["planned_on", "route_order"],
                name="company_visit_open",
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
            ),
            models.Index(fields=["-done_at"], name="company_visit_done"),
            models.Index(
                Coalesce("done_at", "dropped_at").desc(),
                F("id").desc(),
                name="company_visit_over",
                condition=Q(done_at__isnull=False) | Q(dropped_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"走访{self.demand}"

    def get_absolute_url(self) -> str:
        return reverse("outreach:visit", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    @property
    def is_late(self) -> bool:
        return self.is_open and self.planned_on < timezone.localdate()

    @property
    def state_words(self) -> str:
        if self.dropped_at:
            return "已取消"
        if self.done_at:
            return "已走访"
        return "过了日子，还没有记" if self.is_late else "待走访"

    @property
    def badge(self) -> str:
        if self.dropped_at:
            return "void"
        if self.done_at:
            return "done"
        return "late" if self.is_late else "act"


class CompanyVisitPage(Page):
    """A picture taken on the visit."""

    visit = models.ForeignKey(CompanyVisit, models.PROTECT, related_name="pages")

    class Meta(Page.Meta):
        verbose_name = "走访照片"


class CompanyVisitTaskQuerySet(StationQuerySet["CompanyVisitTask"]):
    def open(self) -> "CompanyVisitTaskQuerySet":
        return self.filter(done_at__isnull=True)


class CompanyVisitTask(models.Model):
    """What was promised on a visit: who does it, by when, and what came of it."""

    visit = models.ForeignKey(CompanyVisit, models.PROTECT, related_name="tasks")
    words = models.CharField("要办什么", max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="谁办"
    )
    due_on = models.DateField("哪天前")
    outcome = models.CharField("办得怎样", max_length=500, blank=True)
    done_at = models.DateTimeField("办好时间", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    nonce = models.CharField(max_length=36, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = CompanyVisitTaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "走访后的事"
        constraints = [
            models.CheckConstraint(
                name="company_visit_task_done_by_somebody",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="company_visit_task_open", condition=Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.visit}后要办的事"

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on < timezone.localdate()
