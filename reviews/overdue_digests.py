"""Digests of overdue opinions: one message a day with all of them, for whoever watches over them.

A department's supervisor reads of his department's, the station's officers and its head of every
department's. Whoever is to sign is reminded by reminders.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse

from accounts.models import User
from core.sweeping import each
from notices.models import Notice
from notices.services import notify
from reviews.assignments import hands_of, load_roster, who_is_missing
from reviews.conditions import while_unsigned
from reviews.models import Opinion
from reviews.time_limits import deadline_words
from workdays.calendar import Calendar, local
from workdays.clock import late_words

MOST_LINES = 30
# The station's head hears from the opening of the second working day overdue.
HEAD_FROM = 2


@dataclass(frozen=True)
class Overdue:
    """An opinion past its deadline, and who acts for the department, or why nobody does."""

    opinion: Opinion
    due: str
    late: str
    acting: list[User]
    missing: str
    openings: int


def send_digests(calendar: Calendar, now: datetime, *, to: Iterable[User] | None = None) -> int:
    """Tell those who watch, or of them only `to`, of what was overdue when today's office opened.

    Each is told once a day, whatever becomes overdue or is chased later; returns how many were.
    """
    found = _overdue(calendar, now)
    if not found:
        return 0
    cause = f"reviews:overdue:{local(now):%Y%m%d}"
    people = _watching(found) if to is None else list(to)
    told = set(Notice.objects.filter(cause=cause).values_list("recipient", flat=True))
    waiting = [person for person in people if person.pk not in told]
    return sum(each(waiting, partial(_tell, found=found, cause=cause), what="逾期汇总"))


def _overdue(calendar: Calendar, now: datetime) -> list[Overdue]:
    opening = calendar.hours.opening_of(local(now).date())
    waiting = Opinion.objects.ready().on_the_clock().filter(due_at__lt=opening)
    opinions = list(waiting.with_case().order_by("department__position", "due_at", "pk"))
    if not opinions:
        return []
    roster = load_roster(local(now).date())
    return [
        Overdue(
            opinion,
            deadline_words(opinion.due_at, calendar),
            late_words(opinion.due_at, now, calendar),
            hands_of(opinion),
            who_is_missing(roster, opinion.department),
            calendar.count_working_days(local(opinion.due_at).date(), local(now).date()),
        )
        for opinion in opinions
    ]


def _watching(found: list[Overdue]) -> list[User]:
    departments = {one.opinion.department for one in found}
    people = list(User.objects.officers())
    for department in departments:
        people += User.objects.supervisors_of(department)
    return people + list(User.objects.supervisors_of(None))


def readers(opinion: Opinion) -> list[User]:
    """Who watches over one opinion beside the station: the department's supervisors."""
    return list(User.objects.supervisors_of(opinion.department))


def _of(person: User, found: list[Overdue]) -> list[Overdue]:
    """What this person reads of: a department's own, or the station's all."""
    if person.department_id is not None:
        return [one for one in found if one.opinion.department_id == person.department_id]
    if person.is_officer:
        return found
    return [one for one in found if one.openings >= HEAD_FROM]


def _tell(person: User, *, found: list[Overdue], cause: str) -> int:
    own = _of(person, found)
    if not own:
        return 0
    new = notify(
        [person],
        cause=cause,
        template="reviews/email/overdue_digest.txt",
        context={
            "count": len(own),
            "lines": own[:MOST_LINES],
            "others": max(len(own) - MOST_LINES, 0),
        },
        path=own[0].opinion.table.get_absolute_url() if len(own) == 1 else reverse("home"),
        action_label="查看审核表",
        kind=Notice.Kind.DEADLINE,
        # With what else he is told at the opening, in one mail; it cannot be put off any further.
        together=True,
        short=f"{len(own)}份部门意见已超时限，请督促办理",
        condition=while_unsigned(*(one.opinion for one in own)),
    )
    return len(new)
