"""Articles for the public, their versions, and who of those concerned has read which."""

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from enterprises.models import Enterprise


class ArticleQuerySet(models.QuerySet["Article"]):
    def on_show(self, today: date) -> "ArticleQuerySet":
        """Published and within its days; time alone shows and withdraws an article.

        What is being written anew stays on show as it was published.
        """
        published = self.filter(published_at__isnull=False, withdrawn_at__isnull=True)
        shown = published.filter(shown_from__lte=today)
        return shown.filter(Q(shown_until__isnull=True) | Q(shown_until__gte=today))

    def newest_first(self) -> "ArticleQuerySet":
        return self.order_by("-shown_from", "-pk")

    def visible_to(self, user: User) -> "ArticleQuerySet":
        """Officers and the station's head see all of them, also drafts; nobody else any."""
        return self if user.is_of_station else self.none()

    def to_review(self, today: date) -> "ArticleQuerySet":
        return self.on_show(today).filter(review_by__lt=today).order_by("review_by", "pk")

    def to_spread(self, today: date) -> "ArticleQuerySet":
        """Important ones whose day has come and whom nobody was told of yet."""
        return self.on_show(today).filter(shown_important=True, spread_at__isnull=True)

    def saying(self, words: list[str]) -> "ArticleQuerySet":
        """In which each of the words stands, in title or text as published."""
        found = self
        for word in words:
            found = found.filter(Q(shown_title__icontains=word) | Q(shown_body__icontains=word))
        return found


# What says to whom an article goes; kept as one at its publication.
AUDIENCE_FIELDS: Final = ("audience", "enterprise_kinds", "stages", "economies")


class Article(models.Model):
    """One notice, policy or guide, in Markdown without HTML."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "通知公告"
        POLICY = "policy", "政策"
        GUIDE = "guide", "办事指南"

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        CHECKING = "checking", "待复核"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤下"

    class Audience(models.TextChoices):
        ALL = "all", "全部企业"
        KINDS = "kinds", "按企业类型"
        STAGES = "stages", "按台账阶段"
        ECONOMIES = "economies", "按往来经济体"
        HOLDERS = "holders", "有人持卡的企业"

    kind = models.CharField("栏目", max_length=10, choices=Kind.choices, default=Kind.NOTICE)
    title = models.CharField("标题", max_length=80)
    body = models.TextField("正文", max_length=20_000)
    source = models.CharField("来源", max_length=200, blank=True)
    # As it was published last; what is written since waits for its check.
    shown_title = models.CharField("公开的标题", max_length=80, blank=True)
    shown_body = models.TextField("公开的正文", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    shown_from = models.DateField("哪天发布", null=True, blank=True)
    shown_until = models.DateField("哪天后撤下", null=True, blank=True)
    review_by = models.DateField("哪天前再核对", null=True, blank=True)
    is_important = models.BooleanField("重要，发给有关企业并确认已读", default=False)
    audience = models.CharField(
        "发给哪些企业", max_length=10, choices=Audience.choices, default=Audience.ALL
    )
    enterprise_kinds: "models.JSONField[list[str], list[str]]" = models.JSONField(
        "哪些类型", default=list, blank=True
    )
    stages: "models.JSONField[list[str], list[str]]" = models.JSONField(
        "哪些阶段", default=list, blank=True
    )
    economies: "models.JSONField[list[str], list[str]]" = models.JSONField(
        "哪些经济体", default=list, blank=True
    )
    # To whom it goes as it was published: what is written since waits for its check, that as well.
    shown_important = models.BooleanField("公开时要传达", default=False)
    shown_to: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        "公开时发给哪些企业", default=dict, blank=True
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="最后修改人"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发布人"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    spread_at = models.DateTimeField("发给企业的时间", null=True, blank=True)
    dead_links: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "文章"
        constraints = [
            models.CheckConstraint(
                name="article_published_is_whole",
                condition=~Q(state="published")
                | Q(shown_from__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="article_ends_after_it_begins",
                condition=Q(shown_until__isnull=True) | Q(shown_until__gte=models.F("shown_from")),
            ),
        ]
        indexes = [models.Index(fields=["state", "-shown_from"], name="article_shown")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outreach:article_edit", args=[self.pk])

    @property
    def is_out(self) -> bool:
        """Published and not withdrawn, whether or not its day has come."""
        return self.published_at is not None and self.withdrawn_at is None

    def is_on_show(self, today: date) -> bool:
        """As `on_show` asks of many."""
        begun = self.is_out and self.shown_from is not None and self.shown_from <= today
        return begun and (self.shown_until is None or self.shown_until >= today)

    @property
    def audience_now(self) -> dict[str, Any]:
        """To whom it would go as it is written now."""
        return {name: getattr(self, name) for name in AUDIENCE_FIELDS}

    @property
    def watched_text(self) -> str:
        """The text whose links are to lead somewhere: what the public reads, else the draft."""
        return self.shown_body if self.is_out else self.body


class ArticleVersion(models.Model):
    """What an article said from one save to the next; never changed."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    title = models.CharField("标题", max_length=80)
    body = models.TextField("正文")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="修改人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = "文章的旧版"
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.article}第{self.number}版"


class ArticlePost(models.Model):
    """That an article went out beside the portal: in the public account or an enterprises' group.

    What stands in a group has told everybody who was in it on that day.
    """

    class Channel(models.TextChoices):
        ACCOUNT = "account", "公众号"
        GROUP = "group", "企业群"

    article = models.ForeignKey(Article, models.PROTECT, related_name="posts")
    channel = models.CharField("发在哪里", max_length=10, choices=Channel.choices)
    posted_on = models.DateField("哪天发的")
    note = models.CharField("说明", max_length=200, blank=True)
    told = models.PositiveIntegerField("告诉了几户", default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人"
    )
    at = models.DateTimeField("记录时间", auto_now_add=True)
    nonce = models.CharField(max_length=36, unique=True)

    class Meta:
        ordering = ["-posted_on", "-pk"]
        verbose_name = "文章的发布渠道"

    def __str__(self) -> str:
        return f"{self.article}：{self.get_channel_display()}"


class ArticleReading(models.Model):
    """An enterprise that was told of an important article, and when one of its agents read it."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="readings")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="article_readings")
    told_at = models.DateTimeField("通知时间", auto_now_add=True)
    chased_at = models.DateTimeField("最近提醒", null=True, blank=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="已读人"
    )

    class Meta:
        ordering = ["read_at", "pk"]
        verbose_name = "文章阅读"
        constraints = [
            models.UniqueConstraint(fields=["article", "enterprise"], name="article_told_once"),
            models.CheckConstraint(
                name="article_reading_is_whole",
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}：{self.article}"
