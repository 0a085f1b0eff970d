"""Reminders of opinions before and after their deadline; the moments are in `workdays.clock`.

Lateness itself is in the stored times.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from applications.workflow import Status
from core.sweeping import each
from notices.models import Notice
from notices.services import notify
from reviews.assignments import hands_of
from reviews.conditions import while_newest
from reviews.models import Opinion, Reminder, ReviewTable
from reviews.time_limits import deadline_words
from workdays.calendar import STATION_TIME, Calendar, load_calendar, local
from workdays.clock import ReminderMoment, late_words, reminder_moments

# From this many working days overdue the station's head hears as well.
HEAD_FROM = 2
TEMPLATES = {
    Reminder.Kind.LAST_DAY: "reviews/email/reminder_last_day.txt",
    Reminder.Kind.TWO_HOURS: "reviews/email/reminder_two_hours.txt",
    Reminder.Kind.OVERDUE: "reviews/email/reminder_overdue.txt",
    Reminder.Kind.CHASE: "reviews/email/reminder_chase.txt",
}


@dataclass(frozen=True)
class Due:
    """An opinion whose newest moment was not reminded of yet."""

    opinion_id: int
    moment: ReminderMoment

    @property
    def number(self) -> int:
        return self.opinion_id


def send_due_reminders(now: datetime | None = None) -> int:
    """Send what is due at `now` and was not sent yet; returns how many notices are new.

    Of several moments missed only the newest is sent, so that a pause of beat makes no flood, and
    never one older than what was sent already, so that a clock set back repeats nothing. Outside
    office hours nothing is sent.
    """
    now, calendar = local(now or timezone.now()), load_calendar()
    if not calendar.is_open(now):
        return 0
    due = list(find_due(calendar, now))
    sent = each(due, partial(_remind, calendar=calendar, now=now), what="时限提醒")
    chase = partial(send_chase, calendar=calendar, now=now)
    return sum(sent) + sum(each(_waiting_chases(now), chase, what="催办"))


def find_due(calendar: Calendar, now: datetime) -> Iterator[Due]:
    """What is to be reminded of at `now`, in at most three queries that read what is nearly due.

    The first reminder of a deadline falls on the last working day not after it, so that nothing
    beyond the days off that follow today can be due for one. One join of all would be left to
    the planner's guesses, which look up every table by its key once the table is large.
    """
    today = local(now).date()
    horizon = datetime.combine(calendar.add_working_days(today, 1), time.min, STATION_TIME)
    newest = Reminder.objects.by_the_clock().filter(opinion=OuterRef("pk")).order_by("-moment")
    rows = list(
        Opinion.objects.unsigned()
        .filter(due_at__lt=horizon)
        .annotate(reminded=Subquery(newest.values("moment")[:1]))
        .order_by("due_at", "pk")
        .values_list("pk", "table_id", "department__signs_last", "due_at", "reminded")
    )
    opened = _opened({table_id for _, table_id, _, _, _ in rows})
    of_others = {table_id for _, table_id, is_last, _, _ in rows if not is_last}
    of_last = {table_id for _, table_id, is_last, _, _ in rows if is_last}
    turns = _turns_of_the_last(of_last - of_others)
    waiting = []
    for pk, table_id, is_last, due_at, reminded in rows:
        # The last department hears of nothing that lies before its turn.
        opened_at = turns.get(table_id) if is_last else opened.get(table_id)
        if opened_at is not None and table_id in opened:
            waiting.append(_Waiting(pk, opened_at, due_at, reminded))
    found = each(waiting, partial(_due_of, calendar=calendar, now=now), what="时限提醒")
    yield from filter(None, found)


@dataclass(frozen=True)
class _Waiting:
    """An unsigned opinion: since when, till when, and of which moment it was reminded last."""

    number: int
    opened_at: datetime
    due_at: datetime
    reminded: datetime | None


def _due_of(waiting: _Waiting, *, calendar: Calendar, now: datetime) -> Due | None:
    moments = reminder_moments(waiting.opened_at, waiting.due_at, calendar, until=now)
    if moments and (waiting.reminded is None or moments[-1].at > waiting.reminded):
        return Due(waiting.number, moments[-1])
    return None


def _opened(tables: set[int]) -> dict[int, datetime]:
    """When each of these was circulated; without those whose clock stands still."""
    found = ReviewTable.objects.open().filter(pk__in=tables, application__status=Status.IN_REVIEW)
    return dict(found.values_list("pk", "circulated_at")) if tables else {}


def _turns_of_the_last(tables: set[int]) -> dict[int, datetime]:
    """When the last of the others signed, for those of the tables where all of them have."""
    if not tables:
        return {}
    others = Opinion.objects.filter(table__in=tables).parallel()
    by_table = others.order_by().values("table")
    counted = by_table.annotate(at=Max("signed_at"), all=Count("pk"), signed=Count("signed_at"))
    return {row["table"]: row["at"] for row in counted if row["all"] == row["signed"]}


@transaction.atomic
def _remind(due: Due, calendar: Calendar, now: datetime) -> int:
    opinion = take(due.opinion_id)
    if opinion is None:
        return 0
    reminder, is_new = Reminder.objects.get_or_create(
        opinion=opinion,
        kind=Reminder.Kind(due.moment.kind),
        moment=due.moment.at,
        defaults={"sent_at": now},
    )
    if not is_new:
        return 0
    return tell(reminder, opinion, calendar, now, overdue_days=due.moment.overdue_days)


def take(opinion_id: int) -> Opinion | None:
    """The opinion with its table locked, while it still waits for its department.

    A table in the hands of somebody who is just signing is left to the next sweep.
    """
    tables = ReviewTable.objects.open().filter(opinions=opinion_id)
    if tables.select_for_update(skip_locked=True, of=("self",)).only("pk").first() is None:
        return None
    waiting = Opinion.objects.ready().filter(table__application__status=Status.IN_REVIEW)
    return waiting.with_case().filter(pk=opinion_id).first()


def tell(
    reminder: Reminder, opinion: Opinion, calendar: Calendar, now: datetime, *, overdue_days: int
) -> int:
    """Write the reminder's notices and whom it went to; returns how many."""
    acting, reading = hands_of(opinion), readers(opinion, overdue_days)
    due = deadline_words(opinion.due_at, calendar)
    late = late_words(opinion.due_at, now, calendar) if overdue_days else ""
    new = _write(
        reminder,
        opinion,
        acting,
        context={"due": due, "late": late, "acting": acting, "is_reader": False},
        path=opinion.get_absolute_url(),
        action_label="填写并签署",
    ) + _write(
        reminder,
        opinion,
        reading,
        context={"due": due, "late": late, "acting": acting, "is_reader": True},
        path=opinion.table.get_absolute_url(),
        action_label="查看审核表",
    )
    reminder.told = "、".join(person.name for person in [*acting, *reading])[:300]
    reminder.save(update_fields=["told"])
    return new


def _write(
    reminder: Reminder,
    opinion: Opinion,
    people: list[User],
    *,
    context: dict[str, Any],
    path: str,
    action_label: str,
) -> int:
    """To those who act, or to those who only read; returns how many are new."""
    case = {"opinion": opinion, "application": opinion.table.application}
    new = notify(
        people,
        cause=f"reviews:opinion:{opinion.pk}:{reminder.kind}:{local(reminder.moment):%Y%m%d%H%M}",
        template=TEMPLATES[Reminder.Kind(reminder.kind)],
        context={"asked_by": reminder.asked_by} | case | context,
        path=path,
        action_label=action_label,
        kind=Notice.Kind.DEADLINE,
        short=f"时限提醒：审核表{opinion.table.number}，{opinion.department}意见",
        condition=while_newest(reminder),
    )
    return len(new)


def readers(opinion: Opinion, overdue_days: int) -> list[User]:
    """Who hears beside whoever acts: the department's supervisor, then also the station's head."""
    people: list[User] = []
    if overdue_days:
        people += User.objects.supervisors_of(opinion.department)
    if overdue_days >= HEAD_FROM:
        people += User.objects.supervisors_of(None)
    return people


def _waiting_chases(now: datetime) -> list[int]:
    waiting = Reminder.objects.chases().waiting().filter(moment__lte=now)
    return list(waiting.values_list("pk", flat=True))


@transaction.atomic
def send_chase(reminder_id: int, calendar: Calendar, now: datetime) -> int:
    """Send what the officer asked for, or drop it where the opinion waits no longer."""
    chases = Reminder.objects.chases().waiting().select_for_update(skip_locked=True, of=("self",))
    reminder = chases.select_related("asked_by").filter(pk=reminder_id).first()
    if reminder is None:
        return 0
    opinion = take(reminder.opinion_id)
    if opinion is None:
        if not Opinion.objects.awaiting_signature().filter(pk=reminder.opinion_id).exists():
            reminder.dropped_at = now
            reminder.save(update_fields=["dropped_at"])
        return 0
    reminder.sent_at = now
    reminder.save(update_fields=["sent_at"])
    overdue = calendar.count_working_days(local(opinion.due_at).date(), now.date())
    return tell(reminder, opinion, calendar, now, overdue_days=max(overdue, 0))
