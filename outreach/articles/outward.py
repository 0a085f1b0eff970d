"""An article as it goes out beside the portal, and to whom it goes, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.text import brief
from enterprises.models import Demand, Enterprise
from materials.economies import NAMES
from outreach.markdown import TextPicture, pictures_of, plain_of
from outreach.models import Article, ArticlePost

# A longer message in a group is folded by the telephone; the rest is behind its link.
MOST_IN_GROUP = 400


@dataclass(frozen=True)
class ChannelText:
    """What is copied for one channel; `pictures` are put by hand where the text names them."""

    channel: str
    label: str
    text: str
    pictures: list[TextPicture]


def channel_texts(article: Article) -> list[ChannelText]:
    """As published: nobody posts what was not checked."""
    link = settings.SITE_URL.rstrip("/") + reverse("outreach:article", args=[article.pk])
    body, pictures = plain_of(article.shown_body), pictures_of(article.shown_body)
    sign = f"{settings.STATION_NAME}　咨询热线{settings.HOTLINE}"
    source = f"来源：{article.source}\n" if article.source else ""
    short = brief(body, MOST_IN_GROUP)
    channel = ArticlePost.Channel
    return [
        ChannelText(
            channel.ACCOUNT,
            channel.ACCOUNT.label,
            f"{article.shown_title}\n\n{body}\n\n{source}{sign}",
            pictures,
        ),
        ChannelText(
            channel.GROUP,
            channel.GROUP.label,
            f"【{article.shown_title}】\n{short}\n\n全文：{link}\n{sign}",
            [],
        ),
    ]


def audience_words(to: Mapping[str, Any]) -> str:
    """按企业类型：国有企业、民营企业."""
    audience = Article.Audience(to.get("audience", Article.Audience.ALL))
    chosen = {
        Article.Audience.KINDS: [str(Enterprise.Kind(one).label) for one in to["enterprise_kinds"]],
        Article.Audience.STAGES: [str(Demand.Stage(one).label) for one in to["stages"]],
        Article.Audience.ECONOMIES: [NAMES.get(one, one) for one in to["economies"]],
    }.get(audience, [])
    return f"{audience.label}（{'、'.join(chosen)}）" if chosen else str(audience.label)
