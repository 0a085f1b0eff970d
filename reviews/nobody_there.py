"""Nobody there to sign for a department: whoever watches over it is told instead, once a day."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.models import Department, User
from notices.models import Notice
from notices.services import notify
from reviews.assignments import load_roster, who_is_missing
from reviews.conditions import while_unsigned
from reviews.models import Opinion
from reviews.time_limits import deadline_words
from workdays.calendar import Calendar, local


@dataclass(frozen=True)
class Absence:
    """A department without anybody who could act today: why, and who is told of it."""

    department: Department
    why: str
    watching: list[User]


def absence_of(opinion_id: int, now: datetime) -> Absence | None:
    """Of the department of this opinion; None where somebody is there."""
    department = Department.objects.get(opinions=opinion_id)
    why = who_is_missing(load_roster(local(now).date()), department)
    if not why:
        return None
    people = [*User.objects.supervisors_of(department), *User.objects.officers()]
    return Absence(department, why, people)


def tell_of_absence(absence: Absence, calendar: Calendar, now: datetime) -> int:
    """One message with all that waits for the department; returns how many are new."""
    department = absence.department
    waiting = Opinion.objects.ready().on_the_clock().filter(department=department)
    opinions = list(waiting.with_case().order_by("due_at", "pk"))
    if not opinions:
        return 0
    new = notify(
        absence.watching,
        cause=f"reviews:nobody:{department.pk}:{local(now):%Y%m%d}",
        template="reviews/email/nobody_there.txt",
        context={
            "department": department,
            "why": absence.why,
            "lines": [(one, deadline_words(one.due_at, calendar)) for one in opinions],
        },
        path=reverse("reviews:directory"),
        action_label="查看通讯录",
        kind=Notice.Kind.DEADLINE,
        together=True,
        short=f"{department}没有人在岗签署，{len(opinions)}份意见在等",
        condition=while_unsigned(*opinions),
    )
    return len(new)
