"""What waits for the station's officers in this room, for its own page and for the home page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.dates import day_words, near_moment_words
from outreach.models import Article, CallBack, Consultation, Question
from outreach.self_test.services import document_in_force, ends_by

# How long before its end a rule is named.
AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class OfficerTask:
    """One line: what waits, where it is done, and by when if a clock runs."""

    title: str
    detail: str
    url: str
    due_at: datetime | None = None


def tasks(user: User) -> list[OfficerTask]:
    """The nearest deadline first, then what has none."""
    found = [*_asked(), *_articles(user), *_to_review(), *_ending()]
    far = timezone.now() + timedelta(days=36_500)
    return sorted(found, key=lambda task: task.due_at or far)


def _asked() -> list[OfficerTask]:
    found = []
    for title, rows, url in (
        ("请回电", CallBack.objects.all(), "outreach:call_back_list"),
        ("请答复咨询", Consultation.objects.all(), "outreach:consultation_list"),
    ):
        open_rows = rows.filter(closed_at__isnull=True).order_by()
        counted = open_rows.aggregate(count=Count("pk"), first=Min("due_at"))
        if counted["count"]:
            detail = f"{counted['count']}件，最早的{near_moment_words(counted['first'])}前"
            found.append(OfficerTask(title, detail, reverse(url), counted["first"]))
    return found


def _articles(user: User) -> list[OfficerTask]:
    checking = Article.objects.filter(state=Article.State.CHECKING).exclude(edited_by=user)
    return [
        OfficerTask("请复核文章", one.title, one.get_absolute_url())
        for one in checking.defer("body")[:10]
    ]


def _to_review() -> list[OfficerTask]:
    """Answers and articles whose day of review is past, and such with links that lead nowhere."""
    today = timezone.localdate()
    overdue = [
        OfficerTask(
            "请再核对", f"{one}（应在{day_words(one.review_by)}前）", one.get_absolute_url()
        )
        for rows in (Question.objects.to_review(today), Article.objects.to_review(today))
        for one in rows[:10]
    ]
    dead = [
        OfficerTask("链接失效", str(one), one.get_absolute_url())
        for rows in (Question.objects.on_show(), Article.objects.on_show(today))
        for one in rows.exclude(dead_links=[])[:10]
    ]
    return overdue + dead


def _ending() -> list[OfficerTask]:
    """The self-test's version and rules that end within a month, or have ended."""
    found = document_in_force()
    if found is None:
        return [OfficerTask("资格自测没有发布", "请发布一版", reverse("outreach:flow_list"))]
    flow, document = found
    day = timezone.localdate() + AHEAD
    return [
        OfficerTask("资格自测要更新", words, reverse("outreach:flow_list"))
        for words in ends_by(flow, document, day)
    ]
