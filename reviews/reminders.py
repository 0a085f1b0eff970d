"""Reminders of opinions before and after their deadline; the moments are in `workdays.clock`.

Lateness itself is in the stored times.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from typing import Protocol, TypeVar

from django.db import transaction
from django.db.models import Count, Max, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.workflow import Status
from core.sweeping import each
from notices.models import Notice
from notices.services import notify
from reviews.assignments import hands_of
from reviews.conditions import while_newest
from reviews.models import Opinion, Reminder, ReviewTable
from reviews.nobody_there import Absence, absence_of, tell_of_absence
from reviews.overdue_digests import readers, send_digests
from reviews.time_limits import deadline_words
from workdays.calendar import STATION_TIME, Calendar, load_calendar, local
from workdays.clock import ReminderKind, ReminderMoment, late_words, reminder_moments

TEMPLATES = {
    Reminder.Kind.LAST_DAY: "reviews/email/reminder_last_day.txt",
    Reminder.Kind.TWO_HOURS: "reviews/email/reminder_two_hours.txt",
    Reminder.Kind.OVERDUE: "reviews/email/reminder_overdue.txt",
    Reminder.Kind.CHASE: "reviews/email/reminder_chase.txt",
}
SEVERAL = "reviews/email/reminder_several.txt"


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
    office hours nothing is sent. What one person is to do of one kind is one message; whoever only
    watches over it has one a day (overdue_digests.py).
    """
    now, calendar = local(now or timezone.now()), load_calendar()
    if not calendar.is_open(now):
        return 0
    due = list(find_due(calendar, now))
    remind = partial(_remind, calendar=calendar, now=now)
    sent = sum(each(_by_person(due, _kind_of), remind, what="时限提醒"))
    sent += send_chases(_waiting_chases(now), calendar, now)
    return sent + send_digests(calendar, now)


def find_due(calendar: Calendar, now: datetime) -> Iterator[Due]:
    """What is to be reminded of at `now`, in at most three queries that read what is nearly due.

    The first reminder of a deadline falls on the last working day not after it, so that nothing
    beyond the days off that follow today can be due for one. One join of all would be left to
    the planner's guesses, which look up every table by its key once the table is large.
    """
    today = local(now).date()
    horizon = datetime.combine(calendar.add_working_days(today, 1), time.min, STATION_TIME)
    newest = Reminder.objects.by_the_clock().filter(opinion=OuterRef("pk")).order_by("-moment")
    fields = ("pk", "table_id", "department__signs_last", "due_at", "reminded", "clock_goes_on")
    rows = list(
        Opinion.objects.unsigned()
        .filter(due_at__lt=horizon)
        .annotate(reminded=Subquery(newest.values("moment")[:1]))
        .with_clock()
        .order_by("due_at", "pk")
        .values_list(*fields)
    )
    opened = _opened({table_id for _, table_id, *_ in rows})
    of_others = {table_id for _, table_id, is_last, *_ in rows if not is_last}
    of_last = {table_id for _, table_id, is_last, *_ in rows if is_last}
    turns = _turns_of_the_last(of_last - of_others)
    waiting = []
    for pk, table_id, is_last, due_at, reminded, goes_on in rows:
        circulated_at, status = opened.get(table_id, (None, ""))
        # The last department hears of nothing that lies before its turn.
        opened_at = turns.get(table_id) if is_last else circulated_at
        if opened_at is not None and (goes_on or status == Status.IN_REVIEW):
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


def _opened(tables: set[int]) -> dict[int, tuple[datetime, str]]:
    """When each of these was circulated, and how its application stands."""
    if not tables:
        return {}
    found = ReviewTable.objects.open().filter(pk__in=tables)
    rows = found.values_list("pk", "circulated_at", "application__status")
    return {pk: (circulated_at, status) for pk, circulated_at, status in rows}


def _turns_of_the_last(tables: set[int]) -> dict[int, datetime]:
    """When the last of the others signed, for those of the tables where all of them have."""
    if not tables:
        return {}
    others = Opinion.objects.filter(table__in=tables).parallel()
    by_table = others.order_by().values("table")
    counted = by_table.annotate(at=Max("signed_at"), all=Count("pk"), signed=Count("signed_at"))
    return {row["table"]: row["at"] for row in counted if row["all"] == row["signed"]}


class OfOpinion(Protocol):
    @property
    def opinion_id(self) -> int: ...


Row = TypeVar("Row", bound=OfOpinion)


def _by_person(rows: list[Row], kind_of: Callable[[Row], object]) -> list[list[Row]]:
    """Those of the same kind that are the same person's to act on, together."""
    if not rows:
        return []
    opinions = Opinion.objects.with_case().in_bulk([row.opinion_id for row in rows])
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        opinion = opinions[row.opinion_id]
        people = sorted(person.pk for person in hands_of(opinion))
        groups[kind_of(row), opinion.department_id, *people].append(row)
    return list(groups.values())


def _kind_of(due: Due) -> str:
    return due.moment.kind


@transaction.atomic
def _remind(dues: list[Due], *, calendar: Calendar, now: datetime) -> int:
    """One message of these, as far as they still wait and nobody is just signing them."""
    # What is overdue is in the day's digest, which says it too.
    is_overdue = dues[0].moment.kind == ReminderKind.OVERDUE
    absence = None if is_overdue else absence_of(dues[0].opinion_id, now)
    found = each(dues, partial(_note, now=now, absence=absence), what="时限提醒")
    new = [one for one in found if one is not None]
    if not new:
        return 0
    return tell(new, calendar, now) + (tell_of_absence(absence, calendar, now) if absence else 0)


@transaction.atomic
def _note(due: Due, *, now: datetime, absence: Absence | None) -> tuple[Reminder, Opinion] | None:
    """Write down that it is reminded of; None where it need not be, or was."""
    opinion = take(due.opinion_id)
    if opinion is None:
        return None
    reminder, is_new = Reminder.objects.get_or_create(
        opinion=opinion,
        kind=Reminder.Kind(due.moment.kind),
        moment=due.moment.at,
        defaults={"sent_at": now},
    )
    if not is_new:
        return None
    watching = readers(opinion) if reminder.kind == Reminder.Kind.OVERDUE else []
    keep_told(reminder, [*hands_of(opinion), *(absence.watching if absence else watching)])
    return reminder, opinion


def keep_told(reminder: Reminder, people: list[User]) -> None:
    """Write down whom it went to, and who hears of it by the day's digest."""
    reminder.told = "、".join(person.name for person in people)[:300]
    reminder.save(update_fields=["told"])


def take(opinion_id: int) -> Opinion | None:
    """The opinion with its table locked, while it still waits for its department.

    A table in the hands of somebody who is just signing is left to the next sweep.
    """
    tables = ReviewTable.objects.open().filter(opinions=opinion_id)
    if tables.select_for_update(skip_locked=True, of=("self",)).only("pk").first() is None:
        return None
    waiting = Opinion.objects.ready().on_the_clock()
    return waiting.with_case().filter(pk=opinion_id).first()


def tell(own: list[tuple[Reminder, Opinion]], calendar: Calendar, now: datetime) -> int:
    """Write the message to whoever acts for these opinions; returns how many are new."""
    (reminder, opinion), kind = own[0], Reminder.Kind(own[0][0].kind)
    moment = f"{local(reminder.moment):%Y%m%d%H%M}"
    lines = [_line(one, calendar, now) for _, one in own]
    is_one = len(own) == 1
    new = notify(
        hands_of(opinion),
        cause=f"reviews:opinion:{opinion.pk}:{reminder.kind}:{moment}",
        template=TEMPLATES[kind] if is_one else SEVERAL,
        context={
            "opinion": opinion,
            "application": opinion.table.application,
            "askers": "、".join(dict.fromkeys(_asker(one) for one, _ in own)),
            "due": lines[0].due,
            "late": lines[0].late,
            "kind": kind,
            "lines": lines,
        },
        path=opinion.get_absolute_url() if is_one else reverse("home"),
        action_label="填写并签署" if is_one else "查看待签署的意见",
        kind=Notice.Kind.DEADLINE,
        short=f"时限提醒：审核表{opinion.table.number}，{opinion.department}意见"
        if is_one
        else f"时限提醒：{len(own)}份审核表等您签署",
        condition=while_newest(*(one for one, _ in own)),
    )
    return len(new)


def _asker(reminder: Reminder) -> str:
    return reminder.asked_by.title if reminder.asked_by else ""


@dataclass(frozen=True)
class Line:
    """An opinion in a message: until when, and how late it is, or an empty text."""

    opinion: Opinion
    due: str
    late: str


def _line(opinion: Opinion, calendar: Calendar, now: datetime) -> Line:
    late = late_words(opinion.due_at, now, calendar) if now > opinion.due_at else ""
    return Line(opinion, deadline_words(opinion.due_at, calendar), late)


def _waiting_chases(now: datetime) -> list[int]:
    waiting = Reminder.objects.chases().waiting().filter(moment__lte=now)
    return list(waiting.values_list("pk", flat=True))


def send_chases(reminder_ids: list[int], calendar: Calendar, now: datetime) -> int:
    """Send what an officer asked for; several to one person are one message."""
    asked = Reminder.objects.chases().waiting().filter(pk__in=reminder_ids).order_by("pk")
    groups = _by_person(list(asked), lambda chase: chase.kind)
    return sum(each(groups, partial(_send_chase, calendar=calendar, now=now), what="催办"))


@transaction.atomic
def _send_chase(chases: list[Reminder], *, calendar: Calendar, now: datetime) -> int:
    """One message of these chases; one whose opinion waits no longer is dropped."""
    waiting = Reminder.objects.chases().waiting().select_for_update(skip_locked=True, of=("self",))
    found = waiting.select_related("asked_by").filter(pk__in=[one.pk for one in chases])
    own, watching = [], set()
    for reminder in found.order_by("pk"):
        opinion = take(reminder.opinion_id)
        if opinion is None:
            _drop_where_done(reminder, now)
            continue
        own.append((reminder, opinion))
        reminder.sent_at = now
        reminder.save(update_fields=["sent_at"])
        reads = readers(opinion) if now > opinion.due_at else []
        watching.update(reads)
        keep_told(reminder, [*hands_of(opinion), *reads])
    new = tell(own, calendar, now) if own else 0
    # An overdue opinion that is chased is in the day's digest, which goes out once.
    return new + (send_digests(calendar, now, to=watching) if watching else 0)


def _drop_where_done(reminder: Reminder, now: datetime) -> None:
    """What somebody is just signing is left to the next sweep."""
    if not Opinion.objects.awaiting_signature().filter(pk=reminder.opinion_id).exists():
        reminder.dropped_at = now
        reminder.save(update_fields=["dropped_at"])
