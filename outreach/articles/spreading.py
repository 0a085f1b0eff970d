"""Important articles told to the enterprises concerned, on the day from which they are shown."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from cards.models import Card
from core.sweeping import each
from enterprises.models import Demand, Enterprise
from notices.models import Notice
from notices.services import notify
from outreach.models import Article, ArticleReading

AUDIENCE: Final = Article.Audience


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
    # As it was published: what was written since, the audience too, waits for its check.
    concerned = list(concerned_by(locked.shown_to))
    ArticleReading.objects.bulk_create(
        [ArticleReading(article=locked, enterprise=enterprise) for enterprise in concerned],
        ignore_conflicts=True,
    )
    for enterprise in concerned:
        tell(locked, enterprise, cause=f"outreach:article:{locked.pk}")
    Article.objects.filter(pk=locked.pk).update(spread_at=timezone.now())
    record("article.spread", locked, by=None, after={"enterprises": len(concerned)})
    return len(concerned)


def concerned_by(to: Mapping[str, Any]) -> "QuerySet[Enterprise]":
    """The verified enterprises that an article of this audience is for."""
    verified = Enterprise.objects.filter(status=Enterprise.Status.VERIFIED).order_by("pk")
    match to.get("audience"):
        case AUDIENCE.KINDS:
            return verified.filter(kind__in=to["enterprise_kinds"])
        case AUDIENCE.HOLDERS:
            return verified.filter(pk__in=Card.objects.live().values("enterprise_id"))
        case AUDIENCE.STAGES | AUDIENCE.ECONOMIES:
            return verified.filter(demand__in=_rows(to))
    return verified


def beside_the_portal(to: Mapping[str, Any]) -> "QuerySet[Demand]":
    """Rows of the ledger that it is for as well, and that have no account to be told by."""
    absent = Demand.objects.filter(enterprise__isnull=True)
    absent = absent.exclude(stage=Demand.Stage.NOT_NEEDED)
    match to.get("audience"):
        case AUDIENCE.KINDS:
            return absent.filter(kind__in=to["enterprise_kinds"])
        case AUDIENCE.HOLDERS:
            return absent.filter(stage=Demand.Stage.HOLDING)
        case AUDIENCE.STAGES | AUDIENCE.ECONOMIES:
            return _rows(to).filter(enterprise__isnull=True)
    return absent


def _rows(to: Mapping[str, Any]) -> "QuerySet[Demand]":
    if to["audience"] == AUDIENCE.STAGES:
        return Demand.objects.filter(stage__in=to["stages"])
    return Demand.objects.dealing_with(to["economies"])


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
