"""Questions before and at a briefing, their answers, and the common question made of one."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit import done_by, record
from accounts.models import User
from core.text import brief, line
from core.versions import claim
from outreach.articles.services import save_question
from outreach.briefings.refusals import BriefingRefused
from outreach.desk.services import PUBLIC
from outreach.models import Attendance, Briefing, BriefingQuestion, BriefingSignUp, Question

MOST_A_PERSON: Final = 5
LAST_POSITION: Final = 30_000
REVIEW_IN: Final = timedelta(days=180)


@transaction.atomic
def ask(
    briefing: Briefing,
    *,
    text: str,
    nonce: str,
    asked_by: str,
    sign_up: BriefingSignUp | None = None,
    attendance: Attendance | None = None,
    by: User | None = None,
) -> BriefingQuestion:
    """Keep a question; sent twice it is one. Raises BriefingRefused."""
    mine = BriefingQuestion.objects.filter(sign_up=sign_up, attendance=attendance)
    if by is None and mine.exclude(nonce=nonce).count() >= MOST_A_PERSON:
        raise BriefingRefused(f"一人最多提{MOST_A_PERSON}个问题，其余的请当场问，或打电话。")
    row, is_new = BriefingQuestion.objects.get_or_create(
        briefing=briefing,
        nonce=nonce,
        defaults={
            "text": text,
            "asked_by": asked_by,
            "sign_up": sign_up,
            "attendance": attendance,
        },
    )
    if is_new:
        with done_by("" if by else PUBLIC):
            record("briefing.ask", row, by=by)
    return row


@transaction.atomic
def answer(row: BriefingQuestion, *, words: str, by: User) -> BriefingQuestion:
    """Answer, also once more; the asker reads it on his page. Raises Overtaken."""
    claim(row)
    row.answer, row.answered_at, row.answered_by = words, timezone.now(), by
    row.save(update_fields=["answer", "answered_at", "answered_by", "version"])
    record("briefing.answer", row, by=by)
    return row


@transaction.atomic
def make_common(row: BriefingQuestion, *, by: User) -> Question:
    """A common question of it, hidden until somebody has looked it over; made once."""
    locked = BriefingQuestion.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    if locked.question is not None:
        return locked.question
    if locked.answered_at is None:
        raise BriefingRefused("请先答复，再写进常见问题。")
    last = Question.objects.aggregate(last=Max("position"))["last"] or 0
    made = Question(
        position=min(LAST_POSITION, last + 1),
        text=brief(line(locked.text), 120),
        answer=locked.answer,
        source=brief(f"宣讲会“{locked.briefing.title}”的提问", 200),
        review_by=timezone.localdate() + REVIEW_IN,
        is_shown=False,
    )
    save_question(made, by=by)
    locked.question = made
    locked.save(update_fields=["question"])
    return made
