"""The desk's work: wishes to be called back and questions, taken down, answered, with a clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import done_by, record
from accounts.models import User
from core.crypto import keyed_hash
from core.text import brief, line
from core.versions import Overtaken, claim
from enterprises.ledger.services import note_contact
from enterprises.models import Contact
from outreach.desk.callers import phone_key
from outreach.models import CallBack, Consultation, Question
from outreach.self_test.document import walk
from outreach.self_test.services import document_in_force
from parameters.values import number
from workdays.calendar import load_calendar
from workdays.clock import deadline

# How the trail names who asks without an account.
PUBLIC = "公众"
TOKEN_LENGTH = 32


@dataclass(frozen=True)
class Asker:
    """Who asks, and how he is reached."""

    name: str
    phone: str
    enterprise_name: str = ""


def answer_by() -> datetime:
    """By when the station means to have answered what is asked now."""
    return deadline(timezone.now(), max(1, number("outreach.answer_days")), load_calendar())


@transaction.atomic
def ask_call_back(asker: Asker, *, when: str, answers: Mapping[str, str], nonce: str) -> CallBack:
    """Take down whom to call, with his self-test as it comes out now; twice sent is one row."""
    found = document_in_force()
    way = walk(found[1], answers) if found else None
    row, is_new = CallBack.objects.get_or_create(
        nonce=nonce,
        defaults={
            "name": asker.name,
            "phone": asker.phone,
            "enterprise_name": asker.enterprise_name,
            "when": when,
            "flow_number": found[0].number if found and way and way.steps else None,
            "answers": way.answers if way else {},
            "outcome": way.outcome if way and way.steps else "",
            "due_at": answer_by(),
        },
    )
    if is_new:
        with done_by(PUBLIC):
            record("call_back.ask", row, by=None)
    return row


def _claim_open(row: CallBack | Consultation) -> None:
    """Also who opened the page after it was closed is not the first."""
    stored = claim(row)
    if not stored.is_open:
        raise Overtaken(stored)


@transaction.atomic
def close_call_back(row: CallBack, *, note: str, by: User) -> None:
    """Note what was said on the telephone. Raises Overtaken where another officer was first."""
    _claim_open(row)
    row.note, row.closed_by, row.closed_at = note, by, timezone.now()
    row.save()
    record("call_back.close", row, by=by)


@transaction.atomic
def ask_question(asker: Asker, *, text: str, nonce: str) -> str:
    """Take a question down; returns the key of the page on which its answer will stand.

    Sent twice it is one row, whose key is the same: it is made from the page's own nonce.
    """
    token = keyed_hash(f"consultation {nonce}")[:TOKEN_LENGTH]
    row, is_new = Consultation.objects.get_or_create(
        nonce=nonce,
        defaults={
            "name": asker.name,
            "phone": asker.phone,
            "enterprise_name": asker.enterprise_name,
            "phone_key": phone_key(asker.phone),
            "text": text,
            "due_at": answer_by(),
            "token_hash": keyed_hash(token),
        },
    )
    if is_new:
        with done_by(PUBLIC):
            record("consultation.ask", row, by=None)
    return token


def consultation_of(token: str) -> Consultation | None:
    """The question that this key belongs to."""
    found: Consultation | None = Consultation.objects.filter(token_hash=keyed_hash(token)).first()
    return found


@transaction.atomic
def answer_question(row: Consultation, *, answer: str, question: Question | None, by: User) -> None:
    """Answer, and keep which common answer it was taken from. Raises Overtaken."""
    _claim_open(row)
    close(row, answer=answer, question=question, by=by)
    row.save()
    record("consultation.answer", row, by=by)
    note(row, by=by)


def close(row: Consultation, *, answer: str, question: Question | None, by: User) -> None:
    """Make it answered; the caller saves."""
    row.answer, row.closed_by, row.closed_at = answer, by, timezone.now()
    row.question, row.question_version = question, question.version if question else None


def note(row: Consultation, *, by: User) -> None:
    """A contact in the ledger: that it asked, and, once, that it was told."""
    if row.demand is None:
        return
    at, is_told = (row.asked_at, False) if row.is_open else (row.closed_at, True)
    words = f"{row.get_channel_display()}咨询：{brief(line(row.text), 200)}"
    if is_told:
        words = f"{words}　答复：{brief(line(row.answer), 200)}"
    note_contact(
        demand=row.demand,
        by=by,
        kind=Contact.Kind.CONSULTATION,
        at=at or row.asked_at,
        words=words,
        is_telling=is_told,
        nonce=f"consultation-{'answer' if is_told else 'ask'}:{row.pk}",
    )
