"""Search over all that the public may read: pages, questions, articles and materials."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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
from outreach.wording import StationWords

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
        if _holds(f"{title}\n{text}", wanted)
    ]
    in_title = wanted[0].lower()
    return sorted(found, key=lambda one: in_title not in one.title.lower())[:MOST_FOUND]


def _texts(wanted: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Kind, title, address and text of all that is public; rows only such as hold the words."""
    words = StationWords()
    today = timezone.localdate()
    for question in Question.objects.on_show():
        answer = words.fill(question.answer)
        # Markdown is read only where there is something to show of it.
        if _holds(f"{question.text}\n{answer}", wanted):
            url = f"{reverse('outreach:questions')}#q{question.pk}"
            yield "常见问题", question.text, url, plain_of(answer)
    for article in Article.objects.on_show(today).saying(wanted).newest_first()[:MOST_FOUND]:
        url = reverse("outreach:article", args=[article.pk])
        yield article.get_kind_display(), article.shown_title, url, plain_of(article.shown_body)
    for kind in CATALOGUE:
        url = f"{reverse('outreach:materials')}#m{kind.number}"
        text = "　".join([kind.rule, kind.hint, *kind.must_hold])
        yield "材料", f"{kind.number}　{kind.name}", url, text
    yield from _pages(Known(words, today))


class Known:
    """What the pages' texts depend on: a reading of the parameters, and the day."""

    def __init__(self, words: StationWords, day: date) -> None:
        self.words = words
        self.key = (day, words.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=2)
def _pages(known: Known) -> tuple[tuple[str, str, str, str], ...]:
    """The guide's pages as text, rendered anew when a parameter or the day has changed."""
    station = {"name": settings.STATION_NAME, "district": settings.DISTRICT_NAME}
    station["hotline"] = settings.HOTLINE
    found = []
    for page in PAGES:
        # Their texts are searched row by row, each with its own address.
        if page.code not in ("questions", "materials"):
            context = {"station": station, **contents(page.code, known.words)}
            text = html.unescape(strip_tags(render_to_string(page.template, context)))
            found.append(("指南", page.title, reverse(page.url_name), BLANKS.sub(" ", text)))
    return tuple(found)


def _holds(text: str, wanted: list[str]) -> bool:
    lower = text.lower()
    return all(word.lower() in lower for word in wanted)


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
