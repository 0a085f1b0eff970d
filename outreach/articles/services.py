"""Life of an article: written, checked by a second person, shown, told of, read, withdrawn."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.filters import midnight
from accounts.models import User
from core.dates import day_words
from core.versions import claim
from enterprises.ledger.matching import row_of
from enterprises.ledger.services import note_contact
from enterprises.models import Contact, Demand
from notices.services import notify
from outreach.articles.links import articles_on_show, dead_links_of
from outreach.articles.spreading import tell
from outreach.models import (
    Article,
    ArticlePost,
    ArticleReading,
    ArticleVersion,
    Question,
    QuestionVersion,
)

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
    # Of what is on show the sweep has the last word; the draft's count when it is published.
    article.dead_links = dead_links_of(article.watched_text, articles_on_show())
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
    dead = dead_links_of(stored.body, articles_on_show())
    if dead:
        raise ArticleRefused(f"有{len(dead)}个站内链接打不开，请先改好：{'、'.join(dead[:5])}")
    article.state, article.dead_links = STATE.PUBLISHED, []
    article.shown_from, article.shown_until = shown_from, shown_until
    article.review_by = review_by
    article.shown_title, article.shown_body = stored.title, stored.body
    article.shown_important, article.shown_to = stored.is_important, stored.audience_now
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
    """Remind those who have not read it, at most once a day each; how many were reminded.

    Raises ArticleRefused for what nobody can read any more.
    """
    now, today = timezone.now(), timezone.localdate()
    if not article.is_on_show(today):
        raise ArticleRefused("这篇文章现在不公开，企业打不开，没有提醒。")
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
    note_contact(
        demand=row_of(reading.enterprise, by=by),
        by=by,
        kind=Contact.Kind.ARTICLE,
        at=reading.read_at,
        words=f"在门户阅读并确认《{article.shown_title}》",
        is_telling=True,
        nonce=f"article-reading:{reading.pk}",
    )
    record("article.read", article, by=by)
    return True


@transaction.atomic
def post_article(
    article: Article, *, channel: str, posted_on: date, note: str, nonce: str, by: User
) -> ArticlePost:
    """Note that it was posted beside the portal; twice sent is one row. Raises ArticleRefused.

    Who was in the enterprises' group on that day was told by it; who reads the public account,
    nobody knows.
    """
    if not article.is_out:
        raise ArticleRefused("这篇文章没有发布，不能外发。")
    post, is_new = ArticlePost.objects.get_or_create(
        nonce=nonce,
        defaults={
            "article": article,
            "channel": channel,
            "posted_on": posted_on,
            "note": note,
            "by": by,
        },
    )
    if is_new:
        if channel == ArticlePost.Channel.GROUP:
            post.told = _tell_group(post)
            post.save(update_fields=["told"])
        after = {"channel": post.get_channel_display(), "enterprises": post.told}
        record("article.post", article, by=by, after=after)
    return post


def _tell_group(post: ArticlePost) -> int:
    """A contact in each row of the ledger that was in the group on that day; how many there are."""
    is_today = post.posted_on == timezone.localdate()
    at = timezone.now() if is_today else midnight(post.posted_on)
    members = Demand.objects.filter(in_group_since__lte=post.posted_on)
    for demand in members:
        note_contact(
            demand=demand,
            by=post.by,
            kind=Contact.Kind.GROUP,
            at=at,
            words=f"企业群发布《{post.article.shown_title}》",
            is_telling=True,
            nonce=f"article-post:{post.pk}:{demand.pk}",
        )
    return len(members)


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
