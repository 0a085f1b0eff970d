"""Answers for notices about tables and opinions: why one need not be sent any more.

Each takes any number of notices and says, by the notice's number, what has happened since; what
still stands is left out. ReviewsConfig names them; `notices/conditions.py` asks.
"""

from collections.abc import Callable, Sequence

from django.utils import timezone

from accounts.models import User
from notices.models import Notice
from reviews.models import Opinion, Reminder, ReviewTable
from workdays.calendar import Calendar, load_calendar
from workdays.clock import reminder_moments

Why = Callable[[int, User], str]


def out_of_hand(notices: Sequence[Notice]) -> dict[int, str]:
    opinions = _opinions(notices)

    def why(pk: int, recipient: User) -> str:
        opinion = opinions[pk]
        return _why_done(opinion) or _why_not_his(opinion, recipient)

    return _for_each(notices, why)


def signed(notices: Sequence[Notice]) -> dict[int, str]:
    opinions = _opinions(notices)
    return _for_each(notices, lambda pk, _recipient: _why_done(opinions[pk]))


def closed(notices: Sequence[Notice]) -> dict[int, str]:
    tables = ReviewTable.objects.in_bulk(_numbers(notices))
    return _for_each(notices, lambda pk, _recipient: _why_closed(tables[pk]))


def no_longer_due(notices: Sequence[Notice]) -> dict[int, str]:
    found = Reminder.objects.filter(pk__in=_numbers(notices)).select_related(
        "opinion__table__application", "opinion__department", "opinion__assignee"
    )
    reminders, calendar = {reminder.pk: reminder for reminder in found}, load_calendar()

    def why(pk: int, recipient: User) -> str:
        reminder = reminders[pk]
        opinion = reminder.opinion
        return (
            _why_done(opinion)
            or _why_not_his(opinion, recipient)
            or _why_not_now(reminder, opinion, calendar)
        )

    return _for_each(notices, why)


def _numbers(notices: Sequence[Notice]) -> set[int]:
    return {pk for notice in notices for pk in notice.about}


def _opinions(notices: Sequence[Notice]) -> dict[int, Opinion]:
    found = Opinion.objects.filter(pk__in=_numbers(notices))
    related = found.select_related("table", "department", "assignee")
    return {opinion.pk: opinion for opinion in related}


def _for_each(notices: Sequence[Notice], why: Why) -> dict[int, str]:
    """Not needed when that is so of all rows that the notice is about; the first says why."""
    lapsed = {}
    for notice in notices:
        reasons = [why(pk, notice.recipient) for pk in notice.about]
        if reasons and all(reasons):
            lapsed[notice.pk] = reasons[0] + ("等" if len(reasons) > 1 else "")
    return lapsed


def _why_done(opinion: Opinion) -> str:
    if opinion.is_signed:
        return f"{opinion.department}意见已{opinion.manner}"
    return _why_closed(opinion.table)


def _why_closed(table: ReviewTable) -> str:
    if table.is_open:
        return ""
    return "审核表已作废" if table.is_void else "审核表已办结"


def _why_not_his(opinion: Opinion, recipient: User) -> str:
    """A liaison who acts no longer; who only reads is told whoever acts."""
    acting = opinion.acts_by_name
    if acting is None or acting == recipient or not recipient.is_liaison:
        return ""
    return f"已由{acting}办理"


def _why_not_now(reminder: Reminder, opinion: Opinion, calendar: Calendar) -> str:
    table = opinion.table
    if opinion.is_held:
        return "企业正在补充材料，暂停计时"
    if reminder.kind == Reminder.Kind.CHASE:
        return ""
    # A clock set back must not take a reminder back whose moment now lies ahead.
    until = max(timezone.now(), reminder.moment)
    moments = reminder_moments(table.circulated_at, opinion.due_at, calendar, until=until)
    is_newest = bool(moments) and moments[-1].at == reminder.moment
    return "" if is_newest else "时限有变，或者已到下一次提醒"
