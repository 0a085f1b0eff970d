"""Life of an article: written, checked by a second person, shown, told of, read, withdrawn."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.dates import day_words
from core.versions import claim
from notices.services import notify
from outreach.articles.links import articles_on_show, dead_links_of
from outreach.articles.spreading import tell
from outreach.models import Article, ArticleReading, ArticleVersion, Question, QuestionVersion

STATE = Article.State


class ArticleRefused(Exception):
    """The article cannot do that now; the sentence says why."""


@transaction.atomic
def save_article(article: Article, *, by: User) -> None:
    """Keep what was written, as a draft; what is on show stays as it is. Raises Overtaken."""
    is_new = article.pk is None
    if not is_new:
        claim(article)
    article.edited_by, article.state = by, STATE.DRAFT
    article.dead_links = dead_links_of(article.body, articles_on_show())
    article.save()
    ArticleVersion.objects.create(
        article=article,
        number=article.versions.count() + 1,
        title=article.title,
        body=article.body,
        by=by,
    )
    record("article.begin" if is_new else "article.change", article, by=by)


@transaction.atomic
def ask_for_check(article: Article, *, by: User) -> None:
    """Hand the draft to a second pair of eyes. Raises Overtaken, ArticleRefused."""
    stored = claim(article)
    _only(stored, STATE.DRAFT)
    article.state = STATE.CHECKING
    article.save(update_fields=["state", "version"])
    record("article.ask_check", article, by=by)
    others = [*User.objects.officers(), *User.objects.supervisors_of(None)]
    notify(
        [person for person in others if person.pk != by.pk],
        cause=f"outreach:article:{article.pk}:check:{article.version}",
        template="outreach/email/article_check.txt",
        context={"article": article, "writer": by},
        path=article.get_absolute_url(),
        action_label="去复核",
        short="有一篇文章请您复核。",
    )


@transaction.atomic
def send_back(article: Article, *, by: User) -> None:
    """Give it back to be written on. Raises Overtaken, ArticleRefused."""
    stored = claim(article)
    _only(stored, STATE.CHECKING)
    article.state = STATE.DRAFT
    article.save(update_fields=["state", "version"])
    record("article.send_back", article, by=by)


@transaction.atomic
def publish_article(
    article: Article, *, shown_from: date, shown_until: date | None, review_by: date, by: User
) -> None:
    """Let it be shown from a day on; whoever wrote it last does not publish it.

    Raises Overtaken, ArticleRefused.
    """
    stored = claim(article)
    _only(stored, STATE.CHECKING)
    if stored.edited_by_id == by.pk:
        raise ArticleRefused("最后修改的人不能自己发布，请另一位专员或站长复核后发布。")
    if stored.dead_links:
        raise ArticleRefused(f"有{len(stored.dead_links)}个站内链接打不开，请先改好。")
    article.state = STATE.PUBLISHED
    article.shown_from, article.shown_until = shown_from, shown_until
    article.review_by = review_by
    article.shown_title, article.shown_body = stored.title, stored.body
    article.published_by, article.published_at = by, timezone.now()
    article.withdrawn_at = None
    article.save()
    record("article.publish", article, by=by, after={"shown_from": day_words(shown_from)})


@transaction.atomic
def withdraw_article(article: Article, *, by: User) -> None:
    """Take it off the public pages at once. Raises Overtaken, ArticleRefused."""
    stored = claim(article)
    if not stored.is_out:
        raise ArticleRefused("这篇文章没有在公开，不用撤下。")
    article.state, article.withdrawn_at = STATE.WITHDRAWN, timezone.now()
    article.save(update_fields=["state", "withdrawn_at", "version"])
    record("article.withdraw", article, by=by)


def _only(article: Article, state: str) -> None:
    if article.state != state:
        raise ArticleRefused(f"这篇文章现在是“{article.get_state_display()}”，不能这样办。")


@transaction.atomic
def chase_unread(article: Article, *, by: User) -> int:
    """Remind those who have not read it, at most once a day each; how many were reminded."""
    now, today = timezone.now(), timezone.localdate()
    unread = article.readings.filter(read_at__isnull=True).select_related("enterprise")
    chased = [
        reading
        for reading in unread.select_for_update(of=("self",), no_key=True)
        if reading.chased_at is None or timezone.localdate(reading.chased_at) < today
    ]
    for reading in chased:
        tell(article, reading.enterprise, cause=f"outreach:article:{article.pk}:{today}")
    article.readings.filter(pk__in=[one.pk for one in chased]).update(chased_at=now)
    if chased:
        record("article.chase", article, by=by, after={"enterprises": len(chased)})
    return len(chased)


@transaction.atomic
def mark_read(article: Article, *, by: User) -> bool:
    """Note that this agent's enterprise has read it; False where it was noted or not asked."""
    reading = (
        ArticleReading.objects.select_for_update(no_key=True)
        .filter(article=article, enterprise__agents__user=by, read_at__isnull=True)
        .first()
    )
    if reading is None:
        return False
    reading.read_at, reading.read_by = timezone.now(), by
    reading.save(update_fields=["read_at", "read_by"])
    record("article.read", article, by=by)
    return True


@transaction.atomic
def save_question(question: Question, *, by: User) -> None:
    """Keep a common question with its answer as its next version. Raises Overtaken."""
    if question.pk:
        claim(question)
    question.dead_links = dead_links_of(question.answer, articles_on_show())
    question.save()
    QuestionVersion.objects.create(
        question=question,
        number=question.versions.count() + 1,
        text=question.text,
        answer=question.answer,
        source=question.source,
        by=by,
    )
    record("question.save", question, by=by, after={"version": question.version})
