"""The self-test's document, version by version, and the pre-checks made by it in a case."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from core.fields import EncryptedLineField


class FlowQuerySet(models.QuerySet["Flow"]):
    def published(self) -> "FlowQuerySet":
        return self.filter(state=Flow.State.PUBLISHED)

    def in_force(self, day: date) -> "Flow | None":
        """The published version that holds on this day: of those begun, the newest.

        One past its end still holds until the next begins: the officer is asked for that, and
        nobody finds an empty page meanwhile.
        """
        begun = self.published().filter(valid_from__lte=day)
        return begun.order_by("-valid_from", "-number").first()

    def visible_to(self, user: User) -> "FlowQuerySet":
        """Officers and the station's head see every version; nobody else any."""
        return self if user.is_of_station else self.none()


class Flow(models.Model):
    """One version of the questions with their rules, texts and worked examples, as one document."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"

    number = models.PositiveIntegerField("版本", unique=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    document = models.JSONField("题目、规则和样例", default=dict)
    valid_from = models.DateField("从哪天起", null=True, blank=True)
    valid_until = models.DateField("用到哪天", null=True, blank=True)
    source = models.CharField("来源", max_length=300, blank=True)
    change = models.CharField("改了什么", max_length=300, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = FlowQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = "资格自测版本"
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="draft"), name="flow_one_draft"
            ),
            models.CheckConstraint(
                name="flow_published_has_its_day",
                condition=~Q(state="published") | Q(valid_from__isnull=False),
            ),
            models.CheckConstraint(
                name="flow_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"资格自测第{self.number}版"

    def get_absolute_url(self) -> str:
        return reverse("outreach:flow", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class PreCheck(models.Model):
    """An officer's formal word on a case's eligibility, beside the machine's; never changed."""

    class Word(models.TextChoices):
        FITS = "fits", "符合"
        NOT_YET = "not_yet", "暂不符合"
        UNCLEAR = "unclear", "需核实"

    # The word that says the same as an outcome of the rules.
    WORDS = {"yes": Word.FITS, "not_yet": Word.NOT_YET, "call": Word.UNCLEAR}

    application = models.ForeignKey(Application, models.PROTECT, related_name="pre_checks")
    flow = models.ForeignKey(Flow, models.PROTECT, related_name="+")
    answers: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField("回答")
    outcome = models.CharField("按规则", max_length=10)
    reasons: "models.JSONField[list[Any], list[Any]]" = models.JSONField("规则的理由", default=list)
    word = models.CharField("专员的结论", max_length=10, choices=Word.choices)
    reason = EncryptedLineField("专员的理由", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="专员"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    nonce = models.CharField(max_length=36, unique=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "资格预审"

    def __str__(self) -> str:
        return f"{self.application}：{self.get_word_display()}"

    @property
    def outcome_words(self) -> str:
        return self.WORDS[self.outcome].label
