"""Changing the calendar: a year's notice, and the station's own closing days."""

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from core.dates import day_words
from workdays import following
from workdays.calendar import load_calendar
from workdays.following import DeadlineMove, follow_calendar
from workdays.holiday_notices import NoticeChange, ParsedNotice, calendar_with, enter_notice
from workdays.models import HolidayNotice, StationClosure

# A closing day may be entered afterwards, for instance for a power cut, and well ahead.
LONGEST_PAST, LONGEST_AHEAD = timedelta(days=31), timedelta(days=730)


class CalendarRefused(Exception):
    """The day cannot be entered; the text says why."""


def expected_moves(notice: ParsedNotice) -> list[DeadlineMove]:
    """The open deadlines that entering the notice would move. Reads only."""
    return following.expected_moves(calendar_with(notice))


@transaction.atomic
def import_notice(
    notice: ParsedNotice, *, by: User | None
) -> tuple[NoticeChange, list[DeadlineMove]]:
    """Enter a year's notice; open deadlines follow it, and those whom it concerns are told."""
    change = enter_notice(notice, by=by)
    row = HolidayNotice.objects.get(year=notice.year)
    return change, follow_calendar(row, why=f"{notice.year}年节假日安排已录入", by=by)


def moves_of_closing(day: date) -> list[DeadlineMove]:
    """The open deadlines that a closing day would move. Reads only. Raises CalendarRefused."""
    _require_closable(day)
    calendar = load_calendar()
    closed = replace(calendar, closures={**calendar.closures, day: ""})
    return following.expected_moves(closed)


def _require_closable(day: date) -> None:
    today, calendar = timezone.localdate(), load_calendar()
    existing = StationClosure.objects.filter(date=day).first()
    if existing is not None:
        raise CalendarRefused(f"{day_words(day)}已经登记为本站休息日：{existing.reason}。")
    if not today - LONGEST_PAST <= day <= today + LONGEST_AHEAD:
        raise CalendarRefused(f"{day_words(day)}太远了，只能登记前31天到后两年之内的日子。")
    if not calendar.is_working(day):
        raise CalendarRefused(f"{day_words(day)}本来就休息（{calendar.why(day)}），不需要登记。")


@transaction.atomic
def close_station(day: date, reason: str, *, by: User) -> StationClosure:
    """Enter a working day on which the station is closed. What is signed keeps its deadline."""
    _require_closable(day)
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
