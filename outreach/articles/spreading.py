"""Important articles told to the enterprises concerned, on the day from which they are shown."""

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from cards.models import Card
from core.sweeping import each
from enterprises.models import Enterprise
from notices.models import Notice
from notices.services import notify
from outreach.models import Article, ArticleReading


def spread_due() -> int:
    """Tell the enterprises concerned of each important article whose day has come."""
    due = Article.objects.to_spread(timezone.localdate())
    return sum(each(due, spread, what="重要文章的传达"))


@transaction.atomic
def spread(article: Article) -> int:
    """How many enterprises were told; each once, however often this runs."""
    locked = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    if locked.spread_at is not None:
        return 0
    concerned = list(concerned_by(locked))
    ArticleReading.objects.bulk_create(
        [ArticleReading(article=locked, enterprise=enterprise) for enterprise in concerned],
        ignore_conflicts=True,
    )
    for enterprise in concerned:
        tell(locked, enterprise, cause=f"outreach:article:{locked.pk}")
    Article.objects.filter(pk=locked.pk).update(spread_at=timezone.now())
    record("article.spread", locked, by=None, after={"enterprises": len(concerned)})
    return len(concerned)


def concerned_by(article: Article) -> "QuerySet[Enterprise]":
    """The verified enterprises that this article is for."""
    verified = Enterprise.objects.filter(status=Enterprise.Status.VERIFIED).order_by("pk")
    if article.audience == Article.Audience.KINDS:
        return verified.filter(kind__in=article.enterprise_kinds)
    if article.audience == Article.Audience.HOLDERS:
        return verified.filter(pk__in=Card.objects.live().values("enterprise_id"))
    return verified


def tell(article: Article, enterprise: Enterprise, *, cause: str) -> list[Notice]:
    return notify(
        enterprise.people(),
        cause=cause,
        template="outreach/email/article.txt",
        context={"article": article},
        path=reverse("outreach:article", args=[article.pk]),
        action_label="阅读并确认",
        short="有新的政策通知，请登录门户阅读。",
    )
