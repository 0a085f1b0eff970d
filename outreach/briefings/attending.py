"""Attendance: who came, once each; officers tick, enter late, read a paper list, and take back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.audit import done_by, record
from accounts.models import User
from core.crypto import keyed_hash
from core.dates import near_moment_words, time_words
from enterprises.ledger.services import add_demand, move_stage, note_contact
from enterprises.models import Contact, Demand
from finding.words import company_core
from outreach.briefings.refusals import BriefingRefused
from outreach.briefings.sign_ups import GuestFacts, phone_hash, row_of_name
from outreach.desk.services import PUBLIC
from outreach.models import Attendance, Briefing, BriefingSignUp

Way = Attendance.Way
# An officer still ticks with the clock's own time while people are leaving.
AFTER_END: Final = timedelta(hours=1)


class AlreadyHere(BriefingRefused):
    """The same person stands on the list already."""

    def __init__(self, there: Attendance) -> None:
        self.there = there
        who = there.name or there.enterprise_name
        super().__init__(f"{who}已于{time_words(there.at)}签到，不用再签。")


@transaction.atomic
def attend(
    briefing: Briefing,
    guest: GuestFacts,
    *,
    way: str,
    at: datetime,
    nonce: str,
    by: User | None,
    sign_up: BriefingSignUp | None = None,
) -> Attendance:
    """Count somebody as having come; sent twice it is one row. Raises AlreadyHere."""
    locked = Briefing.objects.select_for_update(no_key=True).get(pk=briefing.pk)
    if (sent := Attendance.objects.filter(nonce=nonce, briefing=locked).first()) is not None:
        return sent
    key = person_key(guest)
    if (there := locked.attendances.standing().filter(person_key=key).first()) is not None:
        raise AlreadyHere(there)
    row = Attendance.objects.create(
        briefing=locked,
        sign_up=sign_up,
        demand=_demand_of(guest, sign_up),
        enterprise_name=guest.enterprise_name,
        name=guest.name,
        phone=guest.phone,
        phone_hash=phone_hash(guest.phone),
        heads=guest.heads,
        way=way,
        person_key=key,
        at=at,
        recorded_by=by,
        nonce=nonce,
    )
    with done_by("" if by else PUBLIC):
        record("briefing.attend", row, by=by, after={"way": row.get_way_display()})
    _note(row, by=by)
    return row


def person_key(guest: GuestFacts) -> str:
    """The phone's, since that is one person's; without one, that of enterprise and name."""
    who = phone_hash(guest.phone) or f"{company_core(guest.enterprise_name)} {guest.name}"
    return keyed_hash(f"briefing person {who}")


def _demand_of(guest: GuestFacts, sign_up: BriefingSignUp | None) -> Demand | None:
    known = sign_up.demand if sign_up is not None else None
    return known or row_of_name(guest.enterprise_name)


def _note(row: Attendance, *, by: User | None) -> None:
    """Who came has been told: it counts for the coverage. Once for each enterprise and person."""
    if row.demand is None:
        return
    who = f"{row.name}等" if row.heads > 1 and row.name else row.name
    note_contact(
        demand=row.demand,
        by=by,
        kind=Contact.Kind.BRIEFING,
        at=row.at,
        words=f"参加宣讲会“{row.briefing.title}”，{who}{row.heads}人",
        is_telling=True,
        nonce=f"attendance:{row.pk}",
    )


def came(briefing: Briefing) -> int:
    """How many persons, as far as ticked."""
    return int(briefing.attendances.standing().aggregate(total=Sum("heads"))["total"] or 0)


def tick(sign_up: BriefingSignUp, *, way: str, at: datetime, nonce: str, by: User) -> Attendance:
    """An officer ticks somebody who signed up. Raises AlreadyHere, BriefingRefused."""
    require_real_time(sign_up.briefing, at)
    guest = guest_of(sign_up)
    return attend(sign_up.briefing, guest, way=way, at=at, nonce=nonce, by=by, sign_up=sign_up)


def guest_of(sign_up: BriefingSignUp, *, heads: int | None = None) -> GuestFacts:
    return GuestFacts(sign_up.enterprise_name, sign_up.name, sign_up.phone, heads or sign_up.heads)


@transaction.atomic
def tick_paper(
    briefing: Briefing, sign_ups: Iterable[BriefingSignUp], *, at: datetime, by: User
) -> int:
    """All that signed on paper, in one go; who was ticked otherwise meanwhile stays as he is."""
    require_real_time(briefing, at)
    count = 0
    for row in sign_ups:
        try:
            attend(
                briefing,
                guest_of(row),
                way=Way.PAPER,
                at=at,
                nonce=f"paper-{row.pk}-{row.attendances.count()}",
                by=by,
                sign_up=row,
            )
        except AlreadyHere:
            continue
        count += 1
    return count


def require_real_time(briefing: Briefing, at: datetime) -> None:
    """Raise BriefingRefused where nobody can have come then."""
    if briefing.is_cancelled:
        raise BriefingRefused("这场宣讲会已经取消，不能登记到场。")
    if at > timezone.now():
        raise BriefingRefused("到场时间还没有到，请核对。", field="at")
    if not briefing.doors_at <= at <= briefing.ends_at + AFTER_END:
        first, last = near_moment_words(briefing.doors_at), time_words(briefing.ends_at)
        raise BriefingRefused(f"到场时间应在{first}到{last}之间，请核对。", field="at")


@transaction.atomic
def enter(
    briefing: Briefing, guest: GuestFacts, *, at: datetime, nonce: str, by: User
) -> Attendance:
    """An officer enters somebody by hand: at the door, or late with the real time.

    Raises AlreadyHere, BriefingRefused.
    """
    require_real_time(briefing, at)
    signed = briefing.sign_ups.standing().filter(phone_hash=phone_hash(guest.phone) or "-").first()
    way = Way.LATE if briefing.is_over else Way.OFFICER
    return attend(briefing, guest, way=way, at=at, nonce=nonce, by=by, sign_up=signed)


@transaction.atomic
def take_back(row: Attendance, *, words: str, by: User) -> bool:
    """He was not there after all; the row stays, with who took it back and why."""
    standing = Attendance.objects.standing().filter(pk=row.pk)
    if not standing.update(undone_at=timezone.now(), undone_by=by, undo_words=words):
        return False
    record("briefing.take_back", row, by=by)
    if row.demand is not None:
        _take_back_telling(row, row.demand, words=words, by=by)
    return True


def _take_back_telling(row: Attendance, demand: Demand, *, words: str, by: User) -> None:
    """The ledger only grows: a contact says that the one before did not happen."""
    note_contact(
        demand=demand,
        by=by,
        kind=Contact.Kind.OTHER,
        at=timezone.now(),
        words=f"更正：撤销宣讲会“{row.briefing.title}”的到场（{words}）",
        nonce=f"attendance:{row.pk}:undone",
    )
    told = demand.contacts.filter(is_telling=True).exclude(nonce=f"attendance:{row.pk}")
    stored = Demand.objects.get(pk=demand.pk)
    if stored.stage == Demand.Stage.TOLD and not told.exists():
        reason = "宣讲会的到场已撤销"
        move_stage(demand=stored, to=Demand.Stage.UNTOUCHED, by=by, reason=reason)


@transaction.atomic
def bind(row: Attendance, demand: Demand | None, *, by: User) -> Demand:
    """Say which row of the ledger this guest belongs to; None makes a new one. Done once."""
    locked = Attendance.objects.select_for_update(no_key=True).get(pk=row.pk)
    if locked.demand is not None:
        return locked.demand
    found = demand or add_demand(
        by=by,
        name=locked.enterprise_name,
        source=Demand.Source.BRIEFING,
        source_note=locked.briefing.title,
        nonce=f"attendance:{locked.pk}",
        contact_name=locked.name,
        contact_phone=locked.phone,
    )
    locked.demand = found
    locked.save(update_fields=["demand"])
    record("briefing.bind", locked, by=by)
    _note(locked, by=by)
    return found
