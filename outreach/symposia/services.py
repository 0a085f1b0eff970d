"""A symposium: who takes part, what was said, who answers by when, and that it was told."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from cards.refusals import Refusal
from core.text import brief, line
from core.versions import claim
from enterprises.ledger.services import note_contact
from enterprises.models import Contact, Demand
from notices.services import notify
from outreach.models import Symposium, SymposiumOpinion, SymposiumParticipant
from outreach.texting.sending import send_text

Told = SymposiumOpinion.Told
SHORTEST_TEXT = 120


class SymposiumRefused(Refusal):
    """It cannot be done so; the words say why."""


@transaction.atomic
def save_symposium(symposium: Symposium, *, by: User) -> None:
    """Plan one, or change it and what came of it. Raises Overtaken, SymposiumRefused."""
    is_new = symposium.pk is None
    if is_new:
        symposium.created_by = by
        symposium.save()
        record("symposium.plan", symposium, by=by)
        return
    stored = claim(symposium)
    if stored.is_cancelled:
        raise SymposiumRefused("这次座谈会已经取消，不能再改。")
    symposium.save()
    record("symposium.change", symposium, by=by)


@transaction.atomic
def cancel_symposium(symposium: Symposium, *, words: str, by: User) -> Symposium:
    """Call it off. Raises Overtaken, SymposiumRefused."""
    stored = claim(symposium)
    if stored.is_cancelled or stored.held_at:
        raise SymposiumRefused("这次座谈会已经取消或者已经开过了。")
    symposium.cancelled_at, symposium.cancel_words = timezone.now(), words
    symposium.save(update_fields=["cancelled_at", "cancel_words", "version"])
    record("symposium.cancel", symposium, by=by)
    return symposium


@transaction.atomic
def add_participants(symposium: Symposium, demands: Sequence[Demand], *, by: User) -> int:
    """Seat these, each once; somebody who was taken off the list sits again."""
    if symposium.is_cancelled:
        raise SymposiumRefused("这次座谈会已经取消。")
    count = 0
    for demand in demands:
        row, is_new = SymposiumParticipant.objects.get_or_create(
            symposium=symposium,
            demand=demand,
            defaults={"name": demand.contact_name, "position": demand.contact_position},
        )
        again = not is_new and row.removed_at is not None
        if again:
            SymposiumParticipant.objects.filter(pk=row.pk).update(removed_at=None)
        count += is_new or again
    if count:
        record("symposium.seat", symposium, by=by, after={"enterprises": count})
    return count


@transaction.atomic
def remove_participant(row: SymposiumParticipant, *, by: User) -> None:
    """Off the list; whoever said something stays. Done twice it changes nothing."""
    if row.opinions.exists():
        raise SymposiumRefused("这一家提过意见，不能移出。没有来的，在签到里不勾选。")
    standing = SymposiumParticipant.objects.filter(pk=row.pk, removed_at__isnull=True)
    if standing.update(removed_at=timezone.now()):
        record("symposium.unseat", row.symposium, by=by)


@transaction.atomic
def hold(symposium: Symposium, came: Iterable[int], *, by: User) -> int:
    """Note who of the participants came; the ledger's row of each gets its contact.

    Also once more, where somebody was forgotten. Raises Overtaken, SymposiumRefused.
    """
    stored = claim(symposium)
    if stored.is_cancelled or stored.starts_at > timezone.now():
        raise SymposiumRefused("座谈会开过以后再记谁来了。")
    present = set(came)
    rows = list(symposium.participants.filter(removed_at__isnull=True).select_related("demand"))
    for row in rows:
        row.came = row.pk in present
        row.save(update_fields=["came"])
        if row.came:
            _note(symposium, row, by=by)
    symposium.held_at = symposium.held_at or timezone.now()
    symposium.save(update_fields=["held_at", "version"])
    count = sum(bool(row.came) for row in rows)
    record("symposium.hold", symposium, by=by, after={"enterprises": count})
    return count


def _note(symposium: Symposium, row: SymposiumParticipant, *, by: User) -> None:
    """Who sat at this table has been told of the card as well."""
    note_contact(
        demand=row.demand,
        by=by,
        kind=Contact.Kind.SYMPOSIUM,
        at=symposium.starts_at,
        words=f"参加座谈会“{symposium.title}”，{row.name}{row.position}",
        is_telling=True,
        nonce=f"symposium:{row.pk}",
    )


@transaction.atomic
def add_opinion(
    symposium: Symposium,
    *,
    words: str,
    participant: SymposiumParticipant | None,
    owner: User,
    due_on: date,
    nonce: str,
    by: User,
) -> SymposiumOpinion:
    """One opinion as a task of somebody. Sent twice it is one; raises SymposiumRefused."""
    if symposium.is_cancelled:
        raise SymposiumRefused("这次座谈会已经取消。")
    if due_on < timezone.localdate():
        raise SymposiumRefused("这一天已经过了，请填今天或以后的日期。", field="due_on")
    row, is_new = SymposiumOpinion.objects.get_or_create(
        nonce=nonce,
        defaults={
            "symposium": symposium,
            "participant": participant,
            "words": words,
            "owner": owner,
            "due_on": due_on,
        },
    )
    if is_new:
        record("symposium.opinion", row, by=by, after={"owner": owner.name})
        _tell_owner(row, by=by)
    return row


def _tell_owner(row: SymposiumOpinion, *, by: User) -> None:
    if row.owner_id == by.pk:
        return
    notify(
        [row.owner],
        cause=f"outreach:opinion:{row.pk}:owner",
        template="outreach/email/opinion_owner.txt",
        context={"opinion": row},
        path=row.get_absolute_url(),
        action_label="去答复",
        short="有一条座谈会意见请您答复。",
    )


@transaction.atomic
def answer_opinion(row: SymposiumOpinion, *, words: str, by: User) -> SymposiumOpinion:
    """Answer, and send it to who said it where that is possible. Raises Overtaken."""
    claim(row)
    row.text = None
    row.answer, row.answered_at, row.answered_by = words, timezone.now(), by
    how = "" if row.participant is None else _send(row)
    # Nobody in particular said it: there is nobody to be told, and it stands in the summary.
    if row.participant is None or how:
        row.told_at, row.told_how = row.answered_at, how
        row.told_by = by
    else:
        row.told_at, row.told_how, row.told_by = None, "", None
    row.save()
    record("symposium.answer", row, by=by)
    if how:
        _note_told(row, by=by)
    return row


def _send(row: SymposiumOpinion) -> str:
    """By which channel the answer went out; "" where somebody has to say it."""
    assert row.participant is not None  # noqa: S101 - asked by the caller
    demand = row.participant.demand
    cause = f"opinion:{row.pk}:v{row.version}"
    people = list(demand.enterprise.people()) if demand.enterprise else []
    if people:
        notify(
            people,
            cause=f"outreach:{cause}",
            template="outreach/email/opinion_answer.txt",
            context={"opinion": row},
            short="您在座谈会上提的意见有答复了。",
        )
        return Told.NOTICE
    # A message holds a short answer whole; a long one is said on the telephone.
    words = line(row.answer)
    if len(words) > SHORTEST_TEXT:
        return ""
    said = f"您在座谈会上提的“{brief(line(row.words), 20)}”，答复：{words}"
    row.text = send_text(demand.contact_phone, said, cause=cause)
    return Told.TEXT if row.text else ""


@transaction.atomic
def note_told(row: SymposiumOpinion, *, how: str, by: User) -> bool:
    """Somebody has told him the answer; noted twice it changes nothing."""
    locked = SymposiumOpinion.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    if not locked.is_to_tell:
        return False
    row.told_at, row.told_how, row.told_by, row.text = timezone.now(), how, by, None
    row.save(update_fields=["told_at", "told_how", "told_by", "text"])
    record("symposium.told", row, by=by, after={"way": row.get_told_how_display()})
    _note_told(row, by=by)
    return True


KINDS = {
    Told.NOTICE: Contact.Kind.MAIL,
    Told.TEXT: Contact.Kind.MESSAGE,
    Told.CALL: Contact.Kind.CALL,
    Told.IN_PERSON: Contact.Kind.OTHER,
}


def _note_told(row: SymposiumOpinion, *, by: User) -> None:
    if row.participant is None:
        return
    note_contact(
        demand=row.participant.demand,
        by=by,
        kind=KINDS[Told(row.told_how)],
        at=timezone.now(),
        words=f"告知座谈会意见“{brief(line(row.words), 60)}”的答复：{brief(line(row.answer), 300)}",
        nonce=f"opinion:{row.pk}:told:{row.version}",
    )
