"""The desk's own services: a consultation taken down, sorted, handed on, replied to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import Department, User
from core.dates import months_later
from core.text import brief, line
from core.versions import claim
from enterprises.ledger.matching import row_of
from enterprises.ledger.services import add_demand
from enterprises.models import Demand
from notices.services import notify
from outreach.articles.services import save_question
from outreach.desk.callers import Subject, phone_key
from outreach.desk.services import Asker, close, note
from outreach.models import (
    Consultation,
    ConsultationHanding,
    ConsultationTopic,
    Question,
)
from parameters.values import number
from workdays.calendar import load_calendar
from workdays.clock import deadline

CHANNEL: Final = Consultation.Channel
# A new row of the ledger says by which way it came.
SOURCES: Final = {
    CHANNEL.CALL: Demand.Source.CALL,
    CHANNEL.COUNTER: Demand.Source.COUNTER,
    CHANNEL.MAIL: Demand.Source.OTHER,
    CHANNEL.WEB: Demand.Source.QUESTION,
}
REVIEW_MONTHS: Final = 6
MOST_POSITION: Final = 30_000


class DeskRefused(Exception):
    """It cannot be done now; the sentence says why."""


@dataclass(frozen=True)
class Asking:
    """What was asked: by whom, by which way, when, about what, and for which enterprise."""

    asker: Asker
    channel: str
    asked_at: datetime
    text: str
    topic: ConsultationTopic | None
    subject: Subject
    # A new row is made for it in the ledger, under the name of its enterprise.
    is_new: bool = False


def answer_by(asked_at: datetime) -> datetime:
    """Until when a question at the desk is to be answered that could not be answered at once."""
    days = max(1, number("outreach.desk_answer_days"))
    return deadline(asked_at, days, load_calendar())


@transaction.atomic
def take_down(
    asking: Asking,
    *,
    answer: str,
    question: Question | None,
    wants_draft: bool,
    nonce: str,
    by: User,
) -> Consultation:
    """Keep a consultation, answered or waiting; the same page sent twice is one row.

    Raises LedgerRefused where the new row of the ledger cannot be.
    """
    there: Consultation | None = Consultation.objects.filter(nonce=nonce).first()
    if there is not None:
        return there
    demand = _row(asking, nonce=nonce, by=by)
    row = Consultation(
        name=asking.asker.name,
        phone=asking.asker.phone,
        phone_key=phone_key(asking.asker.phone),
        enterprise_name=asking.asker.enterprise_name or (demand.name if demand else ""),
        channel=asking.channel,
        asked_at=asking.asked_at,
        text=asking.text,
        topic=asking.topic,
        enterprise=demand.enterprise if demand else None,
        demand=demand,
        taken_by=by,
        due_at=answer_by(asking.asked_at),
        nonce=nonce,
    )
    if answer:
        close(row, answer=answer, question=question, by=by)
    row.save()
    record("consultation.take", row, by=by, after={"channel": row.get_channel_display()})
    note(row, by=by)
    if wants_draft:
        draft_question(row, by=by)
    return row


def _row(asking: Asking, *, nonce: str, by: User) -> Demand | None:
    """The row of the ledger that it belongs to, made where it is a new one."""
    subject = asking.subject
    if subject.demand is not None:
        return subject.demand
    if subject.enterprise is not None:
        return row_of(subject.enterprise, by=by)
    if not asking.is_new:
        return None
    return add_demand(
        by=by,
        name=asking.asker.enterprise_name,
        source=SOURCES[CHANNEL(asking.channel)],
        contact_name=asking.asker.name,
        contact_phone=asking.asker.phone,
        nonce=f"desk-{nonce}",
    )


@transaction.atomic
def draft_question(row: Consultation, *, by: User) -> Question:
    """Begin a common question from what had no answer; not shown until somebody writes it."""
    if row.drafted is not None:
        return row.drafted
    last = Question.objects.order_by("-position").first()
    question = Question(
        position=min(MOST_POSITION, last.position + 1) if last else 1,
        text=brief(line(row.text), 120),
        answer="",
        source="本站对咨询的答复",
        review_by=months_later(timezone.localdate(), REVIEW_MONTHS),
        is_shown=False,
    )
    save_question(question, by=by)
    row.drafted = question
    Consultation.objects.filter(pk=row.pk).update(drafted=question)
    record("consultation.draft", row, by=by)
    return question


@transaction.atomic
def sort(row: Consultation, *, topic: ConsultationTopic | None, subject: Subject, by: User) -> None:
    """Say what it is about and whose it is, also after it was answered. Raises Overtaken."""
    claim(row)
    row.topic = topic
    row.demand = subject.demand or (
        row_of(subject.enterprise, by=by) if subject.enterprise else None
    )
    row.enterprise = row.demand.enterprise if row.demand else None
    row.save(update_fields=["topic", "demand", "enterprise", "version"])
    record("consultation.sort", row, by=by)
    note(row, by=by)


@transaction.atomic
def hand_on(
    row: Consultation,
    *,
    colleague: User | None,
    department: Department | None,
    request: str,
    nonce: str,
    by: User,
) -> ConsultationHanding:
    """Give it to a colleague, who answers it from now on, or ask a department, which replies.

    Raises Overtaken, DeskRefused.
    """
    there = ConsultationHanding.objects.filter(nonce=nonce).first()
    if there is not None:
        return there
    stored = claim(row)
    if not stored.is_open:
        raise DeskRefused("这条咨询已经答复，不用再转。")
    # Of a department's reply the officer who asked it makes the answer.
    row.owner = colleague or by
    row.save(update_fields=["owner", "version"])
    handing = ConsultationHanding.objects.create(
        consultation=row,
        colleague=colleague,
        department=department,
        note=request,
        nonce=nonce,
        by=by,
    )
    record("consultation.hand", row, by=by, after={"to": handing.to_words})
    people = [colleague] if colleague else []
    if department is not None:
        people = list(User.objects.liaisons_of(department))
    notify(
        people,
        cause=f"outreach:handing:{handing.pk}",
        template="outreach/email/handing.txt",
        context={"handing": handing, "row": row},
        path=row.get_absolute_url() if colleague else handing.get_absolute_url(),
        action_label="去办",
        short="有一条咨询转给您。",
    )
    return handing


@transaction.atomic
def reply(handing: ConsultationHanding, *, words: str, by: User) -> bool:
    """Keep the department's reply and tell who asked; False where somebody replied before."""
    locked = ConsultationHanding.objects.select_for_update(no_key=True).get(pk=handing.pk)
    if locked.replied_at is not None:
        return False
    locked.reply, locked.replied_by, locked.replied_at = words, by, timezone.now()
    locked.save(update_fields=["reply", "replied_by", "replied_at"])
    record("consultation.reply", locked, by=by)
    notify(
        [locked.by],
        cause=f"outreach:handing:{locked.pk}:reply",
        template="outreach/email/handing_reply.txt",
        context={"handing": locked, "row": locked.consultation},
        path=locked.consultation.get_absolute_url(),
        action_label="去答复",
        short="您转办的一条咨询有回复了。",
    )
    return True
