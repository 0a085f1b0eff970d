"""Invitations to a briefing: by notice and mail, by text message, else by a call that is noted."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.dates import near_moment_words
from core.text import brief
from core.versions import claim
from enterprises.ledger.services import note_contact
from enterprises.models import Contact, Demand
from notices.services import notify
from outreach.briefings.keys import invitation_path
from outreach.briefings.print import invitation_address
from outreach.briefings.refusals import BriefingRefused
from outreach.models import Briefing, Invitation, OutwardText
from outreach.texting.sending import send_text

Channel = Invitation.Channel
# One request writes a notice or a message for each.
MOST_AT_ONCE: Final = 200


@transaction.atomic
def invite(briefing: Briefing, demands: Sequence[Demand], *, by: User) -> "Counter[str]":
    """Ask these to come, each once; how many by which channel. Raises BriefingRefused."""
    locked = Briefing.objects.select_for_update(no_key=True).get(pk=briefing.pk)
    if locked.is_cancelled or locked.is_over:
        raise BriefingRefused("宣讲会已经取消或结束，不能再邀请。")
    if len(demands) > MOST_AT_ONCE:
        raise BriefingRefused(f"一次最多邀请{MOST_AT_ONCE}家，请分几次。")
    there = set(locked.invitations.values_list("demand_id", flat=True))
    counted: Counter[str] = Counter()
    for demand in demands:
        if demand.pk not in there:
            counted[_invite(locked, demand, by=by).channel] += 1
    if counted:
        record("briefing.invite", locked, by=by, after={"enterprises": counted.total()})
    return counted


def _invite(briefing: Briefing, demand: Demand, *, by: User) -> Invitation:
    """By the surest way there is: agents here, else a mobile number, else somebody calls."""
    cause = f"briefing:{briefing.pk}:invite:{demand.pk}"
    made = Invitation(briefing=briefing, demand=demand, created_by=by, channel=Channel.CALL)
    people = list(demand.enterprise.people()) if demand.enterprise else []
    if people:
        _notify(briefing, people, cause=cause)
        made.channel = Channel.NOTICE
    elif text := send_text(demand.contact_phone, _words(briefing), cause=cause):
        made.channel, made.text = Channel.TEXT, text
    made.save()
    if made.channel == Channel.NOTICE:
        _note(made, Contact.Kind.MAIL, "发通知和邮件", by=by)
    return made


def _notify(briefing: Briefing, people: Sequence[User], *, cause: str) -> None:
    notify(
        people,
        cause=f"outreach:{cause}",
        template="outreach/email/briefing_invitation.txt",
        context={"briefing": briefing},
        path=invitation_path(briefing),
        action_label="看内容、报名",
        short="请您参加宣讲会。",
    )


def _words(briefing: Briefing) -> str:
    when = near_moment_words(briefing.starts_at)
    address = invitation_address(briefing)
    # Short, since a message that is cut at its length would lose a part of the address.
    return (
        f"{when}在{brief(briefing.place, 30)}举办“{brief(briefing.title, 24)}”，诚邀参加，不收费。"
        f"报名 {address} 电话{settings.HOTLINE}"
    )


def _note(invitation: Invitation, kind: str, how: str, *, by: User) -> None:
    """In the ledger's row, as a contact: an invitation alone has told nobody anything yet."""
    briefing = invitation.briefing
    note_contact(
        demand=invitation.demand,
        by=by,
        kind=kind,
        at=timezone.now(),
        words=f"{how}邀请参加{briefing.day_words}的宣讲会“{briefing.title}”",
        nonce=f"invitation:{invitation.pk}:{kind}",
    )


def note_sent(text: OutwardText) -> bool:
    """Note the message that went out in the row of who was invited by it."""
    sent = Invitation.objects.filter(text=text, text__state=OutwardText.State.SENT)
    found = sent.select_related("briefing", "demand", "created_by").first()
    if found is None:
        return False
    _note(found, Contact.Kind.MESSAGE, "发短信", by=found.created_by)
    return True


@transaction.atomic
def note_call(invitation: Invitation, *, answer: str, note: str, by: User) -> Invitation:
    """What was said on the telephone. Not reached, it stays on the list. Raises Overtaken."""
    claim(invitation)
    invitation.answer, invitation.note = answer, note
    if answer != Invitation.Answer.UNREACHED:
        invitation.called_at, invitation.called_by = timezone.now(), by
    invitation.save()
    label = invitation.get_answer_display()
    note_contact(
        demand=invitation.demand,
        by=by,
        kind=Contact.Kind.CALL,
        at=timezone.now(),
        words=f"打电话邀请参加{invitation.briefing.day_words}的宣讲会：{label}。{note}",
        nonce=f"invitation:{invitation.pk}:call:{invitation.version}",
    )
    record("briefing.call", invitation, by=by, after={"answer": label})
    return invitation
