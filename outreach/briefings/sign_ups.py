"""Sign-ups for a briefing: a place or the waiting list, moving up, and leaving again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.audit import done_by, record
from accounts.models import User
from core.crypto import keyed_hash
from core.dates import near_moment_words
from core.phones import canonical_phone
from core.text import brief
from enterprises.models import Demand
from finding.words import company_core
from outreach.briefings.refusals import BriefingRefused
from outreach.desk.services import PUBLIC
from outreach.models import Briefing, BriefingQuestion, BriefingSignUp
from outreach.texting.sending import send_text

State = BriefingSignUp.State


@dataclass(frozen=True)
class GuestFacts:
    """Who comes, as he typed it."""

    enterprise_name: str
    name: str = ""
    phone: str = ""
    heads: int = 1


@transaction.atomic
def sign_up(
    briefing: Briefing, guest: GuestFacts, *, question: str, nonce: str, by: User | None = None
) -> BriefingSignUp:
    """A place, or one on the waiting list where there is none; sent twice it is one row.

    Raises BriefingRefused.
    """
    locked = Briefing.objects.select_for_update(no_key=True).get(pk=briefing.pk)
    if (there := BriefingSignUp.objects.filter(nonce=nonce, briefing=locked).first()) is not None:
        return there
    _require_open(locked)
    if guest.heads > locked.capacity:
        raise BriefingRefused(f"名额一共{locked.capacity}人，请少来几位。", field="heads")
    hashed = phone_hash(guest.phone)
    if hashed and locked.sign_ups.standing().filter(phone_hash=hashed).exists():
        raise BriefingRefused(
            "这个手机号码已经报过名，不用再报。要改人数或取消的，请打开报名后的那一页，或打电话给我们。",
            field="phone",
        )
    row = BriefingSignUp.objects.create(
        briefing=locked,
        demand=row_of_name(guest.enterprise_name),
        enterprise_name=guest.enterprise_name,
        name=guest.name,
        phone=guest.phone,
        phone_hash=hashed,
        heads=guest.heads,
        state=State.PLACE if guest.heads <= free_places(locked) else State.WAITING,
        nonce=nonce,
    )
    if question:
        BriefingQuestion.objects.create(
            briefing=locked,
            sign_up=row,
            asked_by=guest.enterprise_name,
            text=question,
            nonce=f"up-{row.pk}",
        )
    with done_by("" if by else PUBLIC):
        record("briefing.sign_up", row, by=by, after={"heads": guest.heads})
    return row


def _require_open(briefing: Briefing) -> None:
    if briefing.is_cancelled:
        raise BriefingRefused("这场宣讲会已经取消，不用报名了。")
    if not briefing.takes_sign_ups:
        until = near_moment_words(briefing.sign_up_until)
        raise BriefingRefused(f"报名已在{until}截止。想来的，请直接打电话问有没有空位。")


def phone_hash(phone: str) -> str:
    """By which the same number is found again, however it was typed."""
    return keyed_hash(f"briefing phone {canonical_phone(phone)}") if phone else ""


def row_of_name(name: str) -> Demand | None:
    """The only row of the ledger with this name, but for district and legal form."""
    core = company_core(name)
    rows = list(Demand.objects.filter(name_core=core)[:2]) if core else []
    return rows[0] if len(rows) == 1 else None


def free_places(briefing: Briefing) -> int:
    taken = briefing.sign_ups.with_place().aggregate(total=Sum("heads"))["total"] or 0
    return max(0, briefing.capacity - int(taken))


def fill_places(briefing: Briefing, *, now: datetime | None = None) -> list[BriefingSignUp]:
    """Those of the waiting list whom there is room for move up, the longest waiting first.

    The caller has locked the briefing.
    """
    free = free_places(briefing)
    moved = []
    for row in briefing.sign_ups.waiting():
        if row.heads > free:
            continue
        free -= row.heads
        row.state, row.moved_up_at = State.PLACE, now or timezone.now()
        when = near_moment_words(briefing.starts_at)
        title, where = brief(briefing.title, 40), brief(briefing.place, 60)
        words = f"您候补的宣讲会“{title}”有名额了，{when}在{where}。"
        row.text = send_text(row.phone, words, cause=f"briefing:{briefing.pk}:up:{row.pk}")
        row.save(update_fields=["state", "moved_up_at", "text"])
        moved.append(row)
    return moved


@transaction.atomic
def leave(row: BriefingSignUp, *, by: User | None = None) -> None:
    """Come no more; whoever waits moves up. Done twice it changes nothing."""
    briefing = Briefing.objects.select_for_update(no_key=True).get(pk=row.briefing_id)
    left = BriefingSignUp.objects.filter(pk=row.pk, cancelled_at__isnull=True)
    if not left.update(cancelled_at=timezone.now()):
        return
    if not briefing.is_cancelled and not briefing.is_over:
        fill_places(briefing)
    with done_by("" if by else PUBLIC):
        record("briefing.leave", row, by=by)


@transaction.atomic
def note_told(row: BriefingSignUp, *, by: User) -> None:
    """An officer has told him that he moved up."""
    waiting = BriefingSignUp.objects.to_be_told().filter(pk=row.pk)
    if waiting.update(told_at=timezone.now()):
        record("briefing.told_place", row, by=by)
