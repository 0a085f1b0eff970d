"""The applicant's own consent: the link by which he gives it, or the paper that he signed."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from applications.models.applications import Application
from core.fields import NameField
from files.models import Page


class ConsentLinkQuerySet(models.QuerySet["ConsentLink"]):
    def live(self, now: datetime) -> "ConsentLinkQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class ConsentLink(models.Model):
    """An address that one applicant may open without an account. Its token is kept as a hash."""

    # Whoever does not know the last digits of the number is not the applicant.
    MOST_WRONG = 5

    application = models.ForeignKey(Application, models.PROTECT, related_name="consent_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("创建时间", default=timezone.now)
    expires_at = models.DateTimeField("有效期至")
    wrong_count = models.PositiveSmallIntegerField("答错次数", default=0)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = ConsentLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "征求同意的链接"
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(revoked_at__isnull=True),
                name="consent_link_one_per_application",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} 征求同意的链接"

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at


class Consent(models.Model):
    """Who agreed to what, when and how. Nothing in it changes; a newer one supersedes it."""

    class Way(models.TextChoices):
        LINK = "link", "申请人本人在网页上同意"
        PAPER = "paper", "申请人签字的授权书"

    application = models.ForeignKey(Application, models.PROTECT, related_name="consents")
    way = models.CharField("方式", max_length=5, choices=Way.choices)
    person = NameField("同意人", max_length=50)
    # Both statements, word for word as they were agreed to.
    words = models.TextField("同意的内容")
    given_at = models.DateTimeField("同意时间", default=timezone.now)
    origin = models.CharField("来源地址", max_length=45, blank=True)
    link = models.ForeignKey(
        ConsentLink, models.PROTECT, null=True, blank=True, related_name="consents"
    )
    # Who vouches that the paper is the applicant's.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    superseded_at = models.DateTimeField("被替换时间", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "申请人的同意"
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(superseded_at__isnull=True),
                name="consent_one_in_force",
            ),
            models.CheckConstraint(
                name="consent_says_how",
                condition=Q(way="link", link__isnull=False, entered_by__isnull=True)
                | Q(way="paper", link__isnull=True, entered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} {self.person}的同意"

    @property
    def is_paper(self) -> bool:
        return self.way == self.Way.PAPER


class ConsentPage(Page):
    """A picture of the paper that the applicant signed."""

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="pages")

    class Meta(Page.Meta):
        verbose_name = "授权书的一页"
