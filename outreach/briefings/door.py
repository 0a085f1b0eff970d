"""The door: the code on the wall opens a page on the visitor's phone, which ticks him off.

What does not count is kept with its reason. The code stays the same for the whole briefing: one
that changes is defeated by a picture in a group chat, and the officer looks on (ADR 60).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.dates import day_words, moment_words, time_words
from core.masks import mask_phone
from core.phones import validate_phone
from finding.words import company_core
from outreach.briefings.attending import AlreadyHere, attend, came, guest_of
from outreach.briefings.sign_ups import GuestFacts, phone_hash
from outreach.models import Attendance, Briefing, BriefingSignUp, DoorAttempt

Reason = DoorAttempt.Reason
# Somebody who types a number means a phone, also one that is a digit short.
DIGITS: Final = re.compile(r"[\d\s+（）()转-]{5,}")


@dataclass(frozen=True)
class Entered:
    """What came of a scan: the attendance, or why there is none; `may_register` as a walk-in."""

    attendance: Attendance | None = None
    reason: str = ""
    words: str = ""
    may_register: bool = False
    # He gave the phone of his sign-up, which is his own, and not a name that anybody knows.
    by_phone: bool = False


def closed_because(briefing: Briefing, now: datetime) -> str:
    """Why nobody can be ticked now; "" while the doors are open."""
    if briefing.is_cancelled:
        return Reason.CANCELLED
    if briefing.doors_at <= now <= briefing.ends_at:
        return ""
    if timezone.localdate(now) != timezone.localdate(briefing.starts_at):
        return Reason.OTHER_DAY
    return Reason.TOO_EARLY if now < briefing.doors_at else Reason.OVER


def closed_words(briefing: Briefing, reason: str) -> str:
    """The same for the visitor, with what he can do."""
    day = day_words(timezone.localdate(briefing.starts_at))
    return {
        Reason.CANCELLED: f"这场宣讲会已经取消：{briefing.cancel_words}",
        Reason.OTHER_DAY: f"这个二维码是{day}那场宣讲会的，今天不能签到。"
        f"宣讲会{moment_words(briefing.starts_at)}开始，{time_words(briefing.doors_at)}起签到。",
        Reason.TOO_EARLY: f"还没有开始签到，请在{time_words(briefing.doors_at)}以后再扫一次。",
        Reason.OVER: f"宣讲会{time_words(briefing.ends_at)}已经结束，手机上不能签到了。"
        "到过场的，请告诉现场的专员，由专员补登。",
    }.get(DoorAttempt.Reason(reason), "")


def scan(briefing: Briefing, typed: str, *, heads: int, nonce: str) -> Entered:
    """Tick off whoever signed up with this phone or this enterprise's name."""
    if closed := closed_because(briefing, timezone.now()):
        return _refused(briefing, closed, typed, closed_words(briefing, closed))
    phone = _phone(typed)
    if phone is None:
        words = "这个号码不像手机号码，请核对后再填一次，或者填单位名称。"
        return _refused(briefing, Reason.UNREADABLE, typed, words)
    found = _found(briefing, phone, typed)
    if len(found) > 1:
        words = "您单位报名的不止一位，请填报名时留的手机号码。"
        return _refused(briefing, Reason.SEVERAL, typed, words)
    if not found:
        words = "报名名单里没有找到。没有报名的，填一下单位和姓名，一样可以参加。"
        return _refused(briefing, Reason.UNKNOWN, typed, words, may_register=True)
    return _tick(briefing, found[0], typed, heads=heads, nonce=nonce, by_phone=bool(phone))


def _phone(typed: str) -> str | None:
    """The number that was typed, "" where it is a name, None where it is a wrong number."""
    if not DIGITS.fullmatch(typed):
        return ""
    try:
        return validate_phone(typed)
    except ValidationError:
        return None


def _found(briefing: Briefing, phone: str, typed: str) -> list[BriefingSignUp]:
    standing = briefing.sign_ups.standing()
    if phone:
        return list(standing.filter(phone_hash=phone_hash(phone)))
    core = company_core(typed)
    # A phone is decrypted for the one alone who is found.
    rows = standing.defer("phone") if core else ()
    return [row for row in rows if company_core(row.enterprise_name) == core]


def _tick(
    briefing: Briefing,
    row: BriefingSignUp,
    typed: str,
    *,
    heads: int,
    nonce: str,
    by_phone: bool,
) -> Entered:
    if row.is_waiting and came(briefing) + heads > briefing.capacity:
        words = "您还在候补名单上，现在没有空位。请找现场的专员。"
        return _refused(briefing, Reason.WAITING, typed, words)
    guest = guest_of(row, heads=heads)
    try:
        return Entered(_attend(briefing, guest, Attendance.Way.DOOR, nonce, row), by_phone=by_phone)
    except AlreadyHere as already:
        again = _refused(briefing, Reason.TWICE, typed, str(already))
        return Entered(already.there, again.reason, again.words, by_phone=by_phone)


def walk_in(briefing: Briefing, guest: GuestFacts, *, nonce: str) -> Entered:
    """Somebody who did not sign up; while there is room."""
    typed = guest.enterprise_name
    if closed := closed_because(briefing, timezone.now()):
        return _refused(briefing, closed, typed, closed_words(briefing, closed))
    is_sent = Attendance.objects.filter(briefing=briefing, nonce=nonce).exists()
    if not is_sent and came(briefing) + guest.heads > briefing.capacity:
        return _refused(briefing, Reason.FULL, typed, "名额已经满了，请找现场的专员。")
    signed = briefing.sign_ups.standing().filter(phone_hash=phone_hash(guest.phone)).first()
    way = Attendance.Way.DOOR if signed else Attendance.Way.WALK_IN
    try:
        return Entered(_attend(briefing, guest, way, nonce, signed), by_phone=True)
    except AlreadyHere as already:
        return _refused(briefing, Reason.TWICE, typed, str(already))


def _attend(
    briefing: Briefing, guest: GuestFacts, way: str, nonce: str, row: BriefingSignUp | None
) -> Attendance:
    return attend(briefing, guest, way=way, at=timezone.now(), nonce=nonce, by=None, sign_up=row)


def _refused(
    briefing: Briefing, reason: str, typed: str, words: str, *, may_register: bool = False
) -> Entered:
    """Kept with its reason; of a number only the mask."""
    shown = mask_phone(typed) if DIGITS.fullmatch(typed) else typed
    DoorAttempt.objects.create(briefing=briefing, reason=reason, typed=shown[:120])
    return Entered(reason=reason, words=words, may_register=may_register)
