"""Search over all that the public may read: pages, questions, articles and materials."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from core.text import line
from materials.catalogue import CATALOGUE
from outreach.guide.contents import contents
from outreach.guide.pages import PAGES
from outreach.markdown import plain_of
from outreach.models import Article, Question
from outreach.wording import Words

LEAST: Final = 2
MOST_WORDS: Final = 5
MOST_LENGTH: Final = 60
MOST_FOUND: Final = 50
AROUND: Final = 40
BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Found:
    """One text in which all words stand; `before`, `hit` and `after` are a piece of it."""

    kind: str
    title: str
    url: str
    before: str
    hit: str
    after: str


def words_of(query: str) -> list[str]:
    """What to look for; none where it is too short to be looked for."""
    words = line(query)[:MOST_LENGTH].split()[:MOST_WORDS]
    return words if all(len(word) >= LEAST for word in words) else []


def search(query: str) -> list[Found]:
    """Where each of the words stands, those with it in the title first."""
    wanted = words_of(query)
    if not wanted:
        return []
    found = [
        _found(kind, title, url, text, wanted)
        for kind, title, url, text in _texts(wanted)
        if all(word.lower() in f"{title}\n{text}".lower() for word in wanted)
    ]
    in_title = wanted[0].lower()
    return sorted(found, key=lambda one: in_title not in one.title.lower())[:MOST_FOUND]


def _texts(wanted: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Kind, title, address and text of all that is public; rows only such as hold the words."""
    words = Words()
    for question in Question.objects.on_show():
        text = plain_of(words.fill(question.answer))
        yield "常见问题", question.text, f"{reverse('outreach:questions')}#q{question.pk}", text
    today = timezone.localdate()
    for article in Article.objects.on_show(today).saying(wanted).newest_first()[:MOST_FOUND]:
        url = reverse("outreach:article", args=[article.pk])
        yield article.get_kind_display(), article.shown_title, url, plain_of(article.shown_body)
    for kind in CATALOGUE:
        url = f"{reverse('outreach:materials')}#m{kind.number}"
        text = "　".join([kind.rule, kind.hint, *kind.must_hold])
        yield "材料", f"{kind.number}　{kind.name}", url, text
    station = {"name": settings.STATION_NAME, "district": settings.DISTRICT_NAME}
    station["hotline"] = settings.HOTLINE
    for page in PAGES:
        # Their texts are above, each with its own address.
        if page.code not in ("questions", "materials"):
            context = {"station": station, **contents(page.code, words)}
            text = html.unescape(strip_tags(render_to_string(page.template, context)))
            yield "指南", page.title, reverse(page.url_name), BLANKS.sub(" ", text)


def _found(kind: str, title: str, url: str, text: str, wanted: list[str]) -> Found:
    """With the piece of text around the first word that stands in it."""
    lower = text.lower()
    places = [(lower.find(word.lower()), len(word)) for word in wanted]
    at, length = next(((at, size) for at, size in places if at >= 0), (0, 0))
    start = max(0, at - AROUND)
    return Found(
        kind,
        title,
        url,
        ("…" if start else "") + text[start:at],
        text[at : at + length],
        text[at + length : at + length + AROUND] + "…",
    )
