"""Follow-up: visits and calls, what they found, and what holders say of their cards."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cards.models.cards import Card
from core.fields import EncryptedLineField, EncryptedNameField
from enterprises.models import Enterprise, of_visible
from files.models import Page
from materials.economies import NAMES


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> "VisitQuerySet":
        """The station's all; an enterprise's own once done, and those with a day set."""
        visible = self.filter(of_visible(user))
        if user.is_agent:
            return visible.filter(Q(planned_for__isnull=False) | Q(done_on__isnull=False))
        return visible

    def open(self) -> "VisitQuerySet":
        return self.filter(done_on__isnull=True, dropped_at__isnull=True)

    def overdue(self, day: date) -> "VisitQuerySet":
        return self.open().filter(due_on__lt=day)

    def with_people(self) -> "VisitQuerySet":
        return self.select_related("enterprise", "assigned_to", "done_by", "card")


class Visit(models.Model):
    """One visit or call: why, by when, who goes, and what was seen there."""

    class Kind(models.TextChoices):
        VISIT = "visit", "走访"
        CALL = "call", "电话回访"

    class Why(models.TextChoices):
        ISSUED = "issued", "发卡后回访"
        ROUTINE = "routine", "定期回访"
        UNRETURNED = "unreturned", "卡逾期未还"
        NO_REPORT = "no_report", "登记表逾期未报"
        BREACH = "breach", "违规后复查"
        BY_HAND = "by_hand", "服务站安排"

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="visits", verbose_name="企业"
    )
    card = models.ForeignKey(
        Card, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="卡"
    )
    kind = models.CharField("方式", max_length=5, choices=Kind.choices, default=Kind.CALL)
    why = models.CharField("缘由", max_length=10, choices=Why.choices)
    # What makes it impossible to plan the same twice, such as "issued:12"; none by hand.
    cause = models.CharField(max_length=60, null=True, blank=True, unique=True, editable=False)
    due_on = models.DateField("最晚日期")
    planned_for = models.DateField("约定日期", null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="由谁回访",
    )
    person_met = EncryptedNameField("接待人", max_length=50, blank=True)
    # The check list as it was then, each line with its answer: {"words", "answer", "note"}.
    checklist = models.JSONField("检查清单", default=list, blank=True)
    summary = EncryptedLineField("情况", max_length=1000, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    dropped_at = models.DateTimeField("取消时间", null=True, blank=True)
    drop_words = EncryptedLineField("取消的原因", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "回访"
        constraints = [
            models.CheckConstraint(
                name="visit_done_by_somebody",
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False, dropped_at__isnull=True),
            ),
            models.CheckConstraint(
                name="visit_dropped_says_why",
                condition=Q(dropped_at__isnull=True) | ~Q(drop_words=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="visit_open",
                condition=Q(done_on__isnull=True, dropped_at__isnull=True),
            ),
            models.Index(fields=["enterprise", "why"], name="visit_of_enterprise"),
            models.Index(fields=["done_on"], name="visit_done"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_why_display()}"

    def get_absolute_url(self) -> str:
        return reverse("cards:visit", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.dropped_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def day(self) -> date:
        """Where it stands in a calendar: done, else agreed, else the last day."""
        return self.done_on or self.planned_for or self.due_on

    @property
    def state_words(self) -> str:
        if self.dropped_at:
            return "已取消"
        if self.done_on:
            return "已完成"
        return "逾期" if self.is_overdue else ("已约定" if self.planned_for else "待安排")

    @property
    def badge(self) -> str:
        if self.dropped_at:
            return "void"
        if self.done_on:
            return "done"
        return "late" if self.is_overdue else ("wait" if self.planned_for else "act")


class VisitPage(Page):
    """A picture taken on a visit."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="pages")

    class Meta(Page.Meta):
        verbose_name = "回访照片"


class FindingQuerySet(models.QuerySet["VisitFinding"]):
    def visible_to(self, user: User) -> "FindingQuerySet":
        return self.filter(of_visible(user))

    def open(self) -> "FindingQuerySet":
        return self.filter(closed_at__isnull=True)

    def awaiting_enterprise(self) -> "FindingQuerySet":
        return self.open().filter(answered_at__isnull=True)

    def awaiting_station(self) -> "FindingQuerySet":
        return self.open().filter(answered_at__isnull=False)


class VisitFinding(models.Model):
    """What a visit found that the enterprise is to put right, and by when."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="findings", verbose_name="企业"
    )
    words = EncryptedLineField("问题和要求", max_length=500)
    due_on = models.DateField("整改期限")
    # Set while the enterprise's answer waits for the station, emptied when it is asked again.
    answered_at = models.DateTimeField("企业答复时间", null=True, blank=True)
    closed_at = models.DateTimeField("销号时间", null=True, blank=True)
    remind_on = models.DateField("下次提醒", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "回访发现的问题"
        constraints = [
            models.CheckConstraint(
                name="finding_settled_is_not_reminded",
                condition=Q(remind_on__isnull=True)
                | Q(answered_at__isnull=True, closed_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["remind_on"],
                name="finding_reminders",
                condition=Q(remind_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} 回访问题"

    def get_absolute_url(self) -> str:
        return reverse("cards:finding", args=[self.pk])

    @property
    def is_late(self) -> bool:
        return (
            self.closed_at is None
            and self.answered_at is None
            and self.due_on < timezone.localdate()
        )

    @property
    def state_words(self) -> str:
        if self.closed_at:
            return "已销号"
        if self.answered_at:
            return "企业已答复，待服务站核对"
        return "逾期未整改" if self.is_late else "待企业整改"

    @property
    def badge(self) -> str:
        if self.closed_at:
            return "done"
        if self.answered_at:
            return "wait"
        return "late" if self.is_late else "act"


class FindingEntry(models.Model):
    """What was said about a finding; rows are added and never changed."""

    class Kind(models.TextChoices):
        TOLD = "told", "告知企业"
        ANSWERED = "answered", "企业答复"
        ASKED_AGAIN = "asked_again", "要求继续整改"
        CLOSED = "closed", "销号"

    finding = models.ForeignKey(VisitFinding, models.PROTECT, related_name="entries")
    kind = models.CharField("记录", max_length=12, choices=Kind.choices)
    words = EncryptedLineField("内容", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "整改记录"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.finding}"


class FindingPage(Page):
    """A picture that the enterprise gives with its answer."""

    entry = models.ForeignKey(FindingEntry, models.PROTECT, related_name="pages")

    class Meta(Page.Meta):
        verbose_name = "整改的照片"


class FeedbackLinkQuerySet(models.QuerySet["FeedbackLink"]):
    def live(self) -> "FeedbackLinkQuerySet":
        return self.filter(
            used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
        )


class FeedbackLink(models.Model):
    """An address by which a holder answers three questions, once. Its token is kept as a hash."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="feedback_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    expires_at = models.DateTimeField("有效期至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = FeedbackLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "持卡人反馈链接"
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="feedback_link_one_a_card",
            )
        ]

    def __str__(self) -> str:
        return f"{self.card} 反馈链接"


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: User) -> "FeedbackQuerySet":
        if user.is_of_station:
            return self
        return self.filter(card__in=Card.objects.visible_to(user))


class Feedback(models.Model):
    """What a holder said: where the card took him, how fast the gate was, what went wrong."""

    class Gate(models.TextChoices):
        FAST = "fast", "走了专用通道，10分钟以内"
        USUAL = "usual", "走了专用通道，和普通通道差不多"
        SLOW = "slow", "走了专用通道，但等了很久"
        NONE = "none", "没有找到或没有走专用通道"

    link = models.OneToOneField(FeedbackLink, models.PROTECT, related_name="feedback")
    card = models.ForeignKey(Card, models.PROTECT, related_name="feedbacks")
    economies = models.JSONField("去过的经济体", default=list, blank=True)
    gate = models.CharField("通关快慢", max_length=5, choices=Gate.choices)
    trouble = EncryptedLineField("遇到的问题", max_length=500, blank=True)
    given_at = models.DateTimeField("反馈时间", auto_now_add=True)
    origin = models.CharField("来源地址", max_length=45, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "持卡人反馈"
        # What the list counts of all, without reading them.
        indexes = [models.Index(fields=["gate"], name="feedback_gates")]

    def __str__(self) -> str:
        return f"{self.card} 反馈"

    @property
    def economy_names(self) -> str:
        return "、".join(NAMES[code] for code in self.economies if code in NAMES)
