"""Search over all that the public may read: pages, questions, articles and materials."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from core.text import line
from materials.catalogue import CATALOGUE
from outreach.guide.contents import contents
from outreach.guide.pages import PAGES, GuidePage
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
    yield from _pages(words)


def _pages(words: StationWords) -> Iterator[tuple[str, str, str, str]]:
    """The guide's pages as text; their questions and materials are searched row by row instead,
    each with its own address."""
    station = {"name": settings.STATION_NAME, "district": settings.DISTRICT_NAME}
    station["hotline"] = settings.HOTLINE
    for page in PAGES:
        if page.code not in ("questions", "materials"):
            context = {"station": station, **contents(page.code, words)}
            yield "指南", page.title, reverse(page.url_name), _text_of(page, context)


# Of each page the text as it was rendered last, and all that went into it.
_rendered: Final[dict[str, tuple[str, str]]] = {}


def _text_of(page: GuidePage, context: dict[str, Any]) -> str:
    """Rendered anew when anything that it shows has changed: a parameter, a department's name,
    a day on which the station is closed."""
    words: StationWords = context["words"]
    shown = {name: value for name, value in context.items() if name != "words"}
    key = repr([sorted(words.key), shown])
    if _rendered.get(page.code, ("", ""))[0] != key:
        text = html.unescape(strip_tags(render_to_string(page.template, context)))
        _rendered[page.code] = (key, BLANKS.sub(" ", text))
    return _rendered[page.code][1]


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
