"""Links in articles and answers: those of the portal that lead nowhere, and those of others."""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.models import User
from core.sweeping import each
from outreach.markdown import links_of
from outreach.models import Article, Question


@dataclass(frozen=True)
class ExternalLink:
    """A link that leads away from the portal: only a person with a browser can try it."""

    target: str
    where: str
    url: str


def dead_links_of(text: str, shown: frozenset[int]) -> list[str]:
    """Links to the portal's own pages that there are not; `shown` are the articles on show."""
    return [target for target in links_of(text) if _is_dead(target, shown)]


def _is_dead(target: str, shown: frozenset[int]) -> bool:
    path = internal_path(target)
    if path is None:
        return False
    try:
        match = resolve(path)
    except Resolver404:
        return True
    return match.view_name == "outreach:article" and match.kwargs["pk"] not in shown


def internal_path(target: str) -> str | None:
    """The path where this leads to a page of the portal; None for everywhere else."""
    if target.startswith("#"):
        return None
    parts = urlsplit(target)
    if parts.netloc and parts.netloc != urlsplit(settings.SITE_URL).netloc:
        return None
    if parts.scheme not in ("", "http", "https"):
        return None
    return parts.path or "/"


def articles_on_show() -> frozenset[int]:
    return frozenset(Article.objects.on_show(timezone.localdate()).values_list("pk", flat=True))


def check_links() -> int:
    """Note for each article and answer which of its links are dead; how many texts have some."""
    shown = articles_on_show()
    rows: list[Article | Question] = [
        *Article.objects.exclude(state=Article.State.WITHDRAWN),
        *Question.objects.on_show(),
    ]
    found = each(rows, partial(_note_dead, shown=shown), what="失效链接的检查")
    return sum(found)


def _note_dead(row: Article | Question, *, shown: frozenset[int]) -> bool:
    text = row.watched_text if isinstance(row, Article) else row.answer
    dead = dead_links_of(text, shown)
    if dead != row.dead_links:
        type(row)._default_manager.filter(pk=row.pk).update(dead_links=dead)
    return bool(dead)


def external_links(user: User) -> list[ExternalLink]:
    """Those on show, each with the text in which it stands."""
    shown = Article.objects.visible_to(user).on_show(timezone.localdate())
    texts: list[tuple[Article | Question, str]] = [(one, one.shown_body) for one in shown]
    texts += [(one, one.answer) for one in Question.objects.visible_to(user).on_show()]
    return [
        ExternalLink(target, str(row), row.get_absolute_url())
        for row, text in texts
        for target in links_of(text)
        if internal_path(target) is None and target.startswith("http")
    ]
