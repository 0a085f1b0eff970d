"""Reminders of what an enterprise is to correct or to supplement, before and after its deadline.

The moments are in `workdays.clock`; lateness itself is in the stored times.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial

from django.db.models import Max
from django.utils import timezone

from applications.models import Application
from applications.time_limits import ANSWERED_BY_ENTERPRISE
from core.dates import moment_words
from core.sweeping import each
from notices.conditions import Condition
from notices.models import Notice
from notices.services import notify
from workdays.calendar import STATION_TIME, Calendar, load_calendar, local
from workdays.clock import ReminderKind, ReminderMoment, late_words, reminder_moments

# After its first day overdue an enterprise is reminded once in so many working days.
EVERY = 5


@dataclass(frozen=True)
class AnswerDue:
    """An application whose newest moment was not reminded of yet; `change` opened its deadline."""

    application: Application
    change: int
    moment: ReminderMoment

    @property
    def number(self) -> int:
        return self.application.pk

    @property
    def cause(self) -> str:
        at = f"{local(self.moment.at):%Y%m%d%H%M}"
        return f"applications:answer:{self.change}:{self.moment.kind}:{at}"


def remind_enterprises(now: datetime | None = None) -> int:
    """Send what is due at `now` and was not sent yet; returns how many notices are new.

    Of several moments missed only the newest is sent. Outside office hours nothing is.
    """
    now, calendar = local(now or timezone.now()), load_calendar()
    if not calendar.is_open(now):
        return 0
    found = list(find_due(calendar, now))
    told = Notice.objects.filter(cause__in=[due.cause for due in found])
    known = set(told.values_list("cause", flat=True)) if found else set()
    remind = partial(_remind, calendar=calendar, now=now)
    wanted = [due for due in found if due.cause not in known]
    return sum(each(wanted, remind, what="补正和补充的提醒"))


def find_due(calendar: Calendar, now: datetime) -> Iterator[AnswerDue]:
    """What the enterprises are to answer, with the newest moment to remind of; one query."""
    today = local(now).date()
    horizon = datetime.combine(calendar.add_working_days(today, 1), time.min, STATION_TIME)
    waiting = Application.objects.filter(status__in=ANSWERED_BY_ENTERPRISE, due_at__lt=horizon)
    people = waiting.select_related("enterprise", "applicant").order_by("due_at", "pk")
    for application in people.annotate(change=Max("changes")):
        due_at, since = application.due_at, application.status_since
        change: int | None = vars(application)["change"]
        if due_at is None or change is None:
            continue
        moments = reminder_moments(since, due_at, calendar, until=now)
        wanted = [moment for moment in moments if _is_wanted(moment)]
        if wanted:
            yield AnswerDue(application, change, wanted[-1])


def _is_wanted(moment: ReminderMoment) -> bool:
    if moment.kind == ReminderKind.OVERDUE:
        return (moment.overdue_days - 1) % EVERY == 0
    return moment.kind == ReminderKind.LAST_DAY


def _remind(due: AnswerDue, calendar: Calendar, now: datetime) -> int:
    application = due.application
    due_at = application.due_at
    new = notify(
        application.enterprise.people(),
        cause=due.cause,
        template="applications/email/answer_reminder.txt",
        context={
            "application": application,
            "corrections": application.corrections.open(),
            "due": moment_words(application.due_at),
            "late": late_words(due_at, now, calendar) if due_at and now > due_at else "",
        },
        path=application.get_absolute_url(),
        action_label="查看并办理",
        kind=Notice.Kind.DEADLINE,
        short=f"申请{application.reference}等您补正或补充",
        condition=Condition("applications.newest_move", (due.change,)),
    )
    return len(new)
