"""Changing the calendar: notices and closing days, and what is open recomputed and told at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEvent, User
from notices.models import Notice
from notices.services import notify
from reviews.holiday_notices import Notice as HolidayArrangement
from reviews.holiday_notices import NoticeChange, calendar_with, enter_notice
from reviews.models import HolidayNotice, ReviewForm, StationClosure
from reviews.time_limits import (
    Move,
    deadline_words,
    is_paused,
    moment_words,
    reckon,
    recompute,
    with_deadlines,
)
from reviews.workdays import Calendar, load_calendar, local

# A closing day may be entered afterwards, for instance for a power cut, and well ahead.
LONGEST_PAST, LONGEST_AHEAD = timedelta(days=31), timedelta(days=730)
MOST_LINES = 30
FIRST_ASKED_IN = 11  # From November on the station is told that next year's notice is missing.


class CalendarRefused(Exception):
    """The day cannot be entered; the text says why."""


def expected_moves(notice: HolidayArrangement) -> list[Move]:
    """The open deadlines that entering the notice would move. Reads only."""
    calendar, now = calendar_with(notice), timezone.now()
    forms = with_deadlines(ReviewForm.objects.open()).order_by("due_at", "pk")
    return [move for form in forms if not is_paused(form) for move in reckon(form, calendar, now)]


@transaction.atomic
def import_notice(
    notice: HolidayArrangement, *, by: User | None
) -> tuple[NoticeChange, list[Move]]:
    """Enter a year's notice; open deadlines follow it, and those whom it concerns are told."""
    change = enter_notice(notice, by=by)
    row = HolidayNotice.objects.get(year=notice.year)
    return change, follow_calendar(row, why=f"{notice.year}年节假日安排已录入", by=by)


@transaction.atomic
def close_station(day: date, reason: str, *, by: User) -> StationClosure:
    """Enter a working day on which the station is closed."""
    today, calendar = timezone.localdate(), load_calendar()
    existing = StationClosure.objects.filter(date=day).first()
    if existing is not None:
        raise CalendarRefused(f"{day_words(day)}已经登记为本站休息日：{existing.reason}。")
    if not today - LONGEST_PAST <= day <= today + LONGEST_AHEAD:
        raise CalendarRefused(f"{day_words(day)}太远了，只能登记前31天到后两年之内的日子。")
    if not calendar.is_working(day):
        raise CalendarRefused(f"{day_words(day)}本来就休息（{calendar.why(day)}），不需要登记。")
    closure = StationClosure.objects.create(date=day, reason=reason, entered_by=by)
    record("calendar.close", closure, by=by, after={"date": day.isoformat(), "reason": reason})
    follow_calendar(closure, why=f"{day_words(day)}本站休息（{reason}）", by=by)
    return closure


@transaction.atomic
def reopen_station(closure_id: int, *, by: User) -> None:
    """Take a closing day back; one that is gone already is nobody's fault."""
    closure = StationClosure.objects.select_for_update().filter(pk=closure_id).first()
    if closure is None:
        return
    before = {"date": closure.date.isoformat(), "reason": closure.reason}
    record("calendar.reopen", closure, by=by, before=before)
    StationClosure.objects.filter(pk=closure_id).delete()
    follow_calendar(closure, why=f"{day_words(closure.date)}本站照常上班", by=by)


@transaction.atomic
def follow_calendar(cause: models.Model, *, why: str, by: User | None) -> list[Move]:
    """Recompute what is open, record what moved, and tell whom it moved for.

    A table whose clock stands still is recomputed, but not told: its deadline follows, and is
    told, when the clock goes on.
    """
    calendar, moves = load_calendar(), []
    locked = ReviewForm.objects.open().select_for_update(of=("self",)).order_by("pk")
    for form in with_deadlines(locked):
        moved = recompute(form, calendar)
        if moved:
            _record_moves(form, moved, by=by)
        if not is_paused(form):
            moves += moved
    event = record("calendar.recompute", cause, by=by, after={"moved": len(moves)})
    _tell(moves, event, why=why, calendar=calendar)
    return moves


def _record_moves(form: ReviewForm, moves: list[Move], *, by: User | None) -> None:
    record(
        "review.move_deadlines",
        form,
        by=by,
        before={move.whose: moment_words(move.before) for move in moves},
        after={move.whose: moment_words(move.after) for move in moves},
    )


def _tell(moves: list[Move], event: AuditEvent, *, why: str, calendar: Calendar) -> None:
    """One message a person: each department its own, officers all, an enterprise its own."""
    departments, enterprises = defaultdict(list), defaultdict(list)
    for move in moves:
        if move.opinion is None:
            enterprises[move.form.application.enterprise].append(move)
        else:
            departments[move.opinion.department].append(move)
    for department, own in departments.items():
        _notify(User.objects.liaisons_of(department), own, event, why, calendar)
    for enterprise, own in enterprises.items():
        _notify(enterprise.people(), own, event, why, calendar)
    if moves:
        _notify(User.objects.officers(), moves, event, why, calendar)


def _notify(
    people: Iterable[User], moves: list[Move], event: AuditEvent, why: str, calendar: Calendar
) -> None:
    forms = {move.form.pk for move in moves}
    notify(
        people,
        cause=f"reviews:calendar:{event.pk}",
        template="reviews/email/deadlines_moved.txt",
        context={
            "why": why,
            "count": len(forms),
            "lines": [
                (move, moment_words(move.before), deadline_words(move.after, calendar))
                for move in moves[:MOST_LINES]
            ],
            "others": max(len(moves) - MOST_LINES, 0),
        },
        path=reverse("reviews:form_time", args=[*forms]) if len(forms) == 1 else reverse("home"),
        action_label="查看时限",
        kind=Notice.Kind.DEADLINE,
        short=f"{len(forms)}份审核表的办理时限有变",
    )


def missing_years(calendar: Calendar, today: date) -> list[int]:
    """The years whose notice should be entered by now: this one, and from November the next."""
    years = [today.year] + ([today.year + 1] if today.month >= FIRST_ASKED_IN else [])
    return [year for year in years if calendar.is_provisional(year)]


def tell_of_missing_notices() -> int:
    """Tell the officers once a month, in office hours, which notice is missing."""
    now, calendar = local(timezone.now()), load_calendar()
    if not calendar.is_open(now):
        return 0
    new = []
    for year in missing_years(calendar, now.date()):
        new += notify(
            User.objects.officers(),
            cause=f"reviews:calendar:{year}:missing:{now:%Y%m}",
            template="reviews/email/notice_missing.txt",
            context={"year": year},
            path=reverse("reviews:calendar_import"),
            action_label="录入节假日安排",
            kind=Notice.Kind.TASK,
            short=f"{year}年节假日安排还没有录入",
        )
    return len(new)


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
