"""Briefings: when and where one is told of the card, who was invited, and what was given out."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from core.dates import day_words, moment_words, time_words
from enterprises.models import Demand
from files.models import StoredFile
from outreach.models.articles import Article
from outreach.models.station_rows import StationQuerySet
from outreach.models.texts import OutwardText

COUNTED: Any = models.IntegerField()


class BriefingQuerySet(StationQuerySet["Briefing"]):
    def coming(self, now: datetime) -> "BriefingQuerySet":
        """Neither over nor called off, the next first."""
        return self.filter(cancelled_at__isnull=True, ends_at__gt=now).order_by("starts_at", "pk")

    def over(self, now: datetime) -> "BriefingQuerySet":
        """Held or called off, the last first."""
        past = Q(ends_at__lte=now) | Q(cancelled_at__isnull=False)
        return self.filter(past).order_by("-starts_at", "-pk")

    def public(self) -> "BriefingQuerySet":
        return self.filter(is_public=True)

    def to_sum_up(self, now: datetime) -> "BriefingQuerySet":
        """Held, and nobody has written down yet how it went."""
        return self.held(now).filter(summed_up_at__isnull=True)

    def held(self, now: datetime) -> "BriefingQuerySet":
        return self.filter(cancelled_at__isnull=True, ends_at__lte=now)

    def between(self, first: date, last: date) -> "BriefingQuerySet":
        """Held or to be held on one of these days; one that was called off never was."""
        return self.within("starts_at", first, last).filter(cancelled_at__isnull=True)

    def with_counts(self) -> "BriefingQuerySet":
        """With `taken`, `waiting`, `came` (persons) and `invited` (enterprises); one query."""
        return self.annotate(
            taken=_sum("sign_ups", "heads", state="place", cancelled_at__isnull=True),
            waiting=_sum("sign_ups", "heads", state="waiting", cancelled_at__isnull=True),
            came=_sum("attendances", "heads", undone_at__isnull=True),
            invited=_sum("invitations", "one"),
        )


def _sum(relation: str, what: str, **narrowed: object) -> Any:
    """A sum over another table by itself: joined to a second one it would count rows twice."""
    model = Briefing._meta.get_field(relation).related_model
    rows = model._default_manager.filter(briefing=models.OuterRef("pk"), **narrowed)  # type: ignore[union-attr]
    value: Any = Sum(what) if what != "one" else models.Count("pk")
    summed = rows.order_by().values("briefing").annotate(total=value).values("total")
    return Coalesce(models.Subquery(summed, output_field=COUNTED), 0)


class Briefing(models.Model):
    """One briefing: what, when, where, by whom, for whom, and how it went."""

    title = models.CharField("名称", max_length=80)
    about = models.TextField("讲什么", max_length=1000, blank=True)
    for_whom = models.CharField("面向", max_length=200, blank=True)
    place = models.CharField("地点", max_length=120)
    speaker = models.CharField("主讲人", max_length=80, blank=True)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    doors_at = models.DateTimeField("几点起签到")
    sign_up_until = models.DateTimeField("报名截止")
    capacity = models.PositiveSmallIntegerField("名额（人）")
    is_public = models.BooleanField("公开页面上可以报名", default=True)
    # People were invited to it by its number alone, before invitations carried a key.
    opens_by_number = models.BooleanField(default=False, editable=False)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancel_words = models.CharField("取消的原因", max_length=200, blank=True)
    summary = models.TextField("小结", max_length=3000, blank=True)
    summed_up_at = models.DateTimeField("小结时间", null=True, blank=True)
    summed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What was written for the public about it, from its summary.
    article = models.OneToOneField(
        Article, models.PROTECT, null=True, blank=True, related_name="briefing"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="安排人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    nonce = models.CharField(max_length=36, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        verbose_name = "宣讲会"
        constraints = [
            models.CheckConstraint(
                name="briefing_times_in_order",
                condition=Q(
                    doors_at__lte=F("starts_at"),
                    starts_at__lt=F("ends_at"),
                    sign_up_until__lte=F("ends_at"),
                ),
            ),
            models.CheckConstraint(name="briefing_has_room", condition=Q(capacity__gte=1)),
            models.CheckConstraint(
                name="briefing_cancelled_says_why",
                condition=Q(cancelled_at__isnull=True) | ~Q(cancel_words=""),
            ),
            models.CheckConstraint(
                name="briefing_summed_up_by_somebody",
                condition=Q(summed_up_at__isnull=True, summed_up_by__isnull=True)
                | Q(summed_up_at__isnull=False, summed_up_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="briefing_days")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outreach:briefing", args=[self.pk])

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def takes_sign_ups(self) -> bool:
        return not self.is_cancelled and timezone.now() < self.sign_up_until

    @property
    def when_words(self) -> str:
        """2026年12月8日14:30至16:30."""
        last = self.ends_at
        same = timezone.localdate(self.starts_at) == timezone.localdate(last)
        end = time_words(last) if same else moment_words(last)
        return f"{moment_words(self.starts_at)}至{end}"

    @property
    def day_words(self) -> str:
        return day_words(timezone.localdate(self.starts_at))

    @property
    def state_words(self) -> str:
        if self.is_cancelled:
            return "已取消"
        if self.summed_up_at:
            return "已小结"
        if self.is_over:
            return "待写小结"
        return "正在签到" if self.doors_at <= timezone.now() else "筹备中"

    @property
    def badge(self) -> str:
        if self.is_cancelled:
            return "void"
        if self.summed_up_at:
            return "done"
        return "act" if self.is_over or self.doors_at <= timezone.now() else "wait"


class BriefingMaterial(models.Model):
    """Something for those who came: a text, or a file to be downloaded."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="materials")
    title = models.CharField("名称", max_length=80)
    text = models.TextField("文字", max_length=5000, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    removed_at = models.DateTimeField("撤下时间", null=True, blank=True)
    created_at = models.DateTimeField("加入时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "宣讲材料"
        constraints = [
            models.CheckConstraint(
                name="briefing_material_holds_something",
                condition=~Q(text="") | Q(file__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title


class InvitationQuerySet(StationQuerySet["Invitation"]):
    def to_call(self) -> "InvitationQuerySet":
        """Whom nobody has reached: no address, or the message did not go out."""
        unsent = Q(channel="call") | Q(text__state=OutwardText.State.FAILED)
        return self.filter(unsent, called_at__isnull=True)


class Invitation(models.Model):
    """An enterprise of the ledger asked to a briefing, by which channel, and what it said."""

    class Channel(models.TextChoices):
        NOTICE = "notice", "门户通知和邮件"
        TEXT = "text", "短信"
        CALL = "call", "电话"

    class Answer(models.TextChoices):
        COMES = "comes", "会来"
        PERHAPS = "perhaps", "再看看"
        NOT = "not", "不来"
        UNREACHED = "unreached", "没有打通"

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="invitations")
    demand = models.ForeignKey(
        Demand, models.PROTECT, related_name="invitations", verbose_name="台账"
    )
    channel = models.CharField("方式", max_length=6, choices=Channel.choices)
    text = models.ForeignKey(
        OutwardText, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="短信"
    )
    answer = models.CharField("答复", max_length=9, choices=Answer.choices, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    called_at = models.DateTimeField("打通电话", null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("邀请时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "宣讲会邀请"
        constraints = [
            models.UniqueConstraint(
                fields=["briefing", "demand"], name="invitation_once_a_briefing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.briefing}"

    @property
    def is_to_call(self) -> bool:
        failed = self.text is not None and self.text.state == OutwardText.State.FAILED
        return self.called_at is None and (self.channel == self.Channel.CALL or failed)

    @property
    def state_words(self) -> str:
        if self.answer:
            return self.get_answer_display()
        if self.is_to_call:
            return "请打电话"
        if self.text is not None:
            return self.text.get_state_display()
        return "已发通知"

    @property
    def badge(self) -> str:
        if self.answer in (self.Answer.COMES, self.Answer.PERHAPS):
            return "done"
        return "act" if self.is_to_call else "wait"
