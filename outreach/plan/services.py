"""Writing the plan: phases, tasks, meetings and talks, and the article that a talk becomes."""

from typing import TypeVar, cast

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from core.dates import day_words
from core.text import brief, line
from core.versions import claim
from outreach.articles.services import save_article
from outreach.models import Article, PlanMeeting, PlanPhase, PlanTalk, PlanTask

Row = TypeVar("Row", PlanPhase, PlanTask, PlanMeeting, PlanTalk)


@transaction.atomic
def save_row(row: Row, *, by: User, nonce: str = "") -> Row:
    """Keep a row; a new one that is sent twice is one row. Raises Overtaken."""
    if row.pk is not None:
        claim(row)
    elif not isinstance(row, PlanPhase):
        there = type(row)._default_manager.filter(nonce=nonce).first()
        if there is not None:
            return cast(Row, there)
        row.nonce = nonce
    row.save()
    _record(row, by)
    return row


def _record(row: Row, by: User) -> None:
    if isinstance(row, PlanPhase):
        record("plan.phase", row, by=by)
    elif isinstance(row, PlanTask):
        record("plan.task", row, by=by, after={"state": row.state_words})
    elif isinstance(row, PlanMeeting):
        record("plan.meeting", row, by=by)
    else:
        record("plan.talk", row, by=by)


@transaction.atomic
def draft_article(talk: PlanTalk, *, by: User) -> Article:
    """Begin an article from what was learned; once begun, the same. Raises Overtaken."""
    stored = claim(talk)
    if stored.article is not None:
        return stored.article
    article = Article(
        kind=Article.Kind.POLICY,
        title=brief(line(talk.learned or talk.asked), 40),
        body=talk.learned or talk.asked,
        source=f"{day_words(talk.held_on)}与{talk.get_office_display()}对接",
    )
    save_article(article, by=by)
    talk.article = article
    talk.save(update_fields=["article", "version"])
    record("plan.talk", talk, by=by)
    return article
