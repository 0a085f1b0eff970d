"""Reminds of opinions before and after their deadline. Lateness itself is in the stored times."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.workflow import Status
from notices.services import notify
from reviews.clock import ReminderKind, ReminderMoment, reminder_moments
from reviews.models import Opinion
from reviews.workdays import Calendar, load_calendar

# From this many working days overdue the station's head hears as well.
HEAD_FROM = 2
# Nothing is reminded of earlier than the morning of the last working day before a closure.
HORIZON = timedelta(days=10)


def send_due_reminders(now: datetime | None = None) -> int:
    """Send what is due at `now` and was not sent yet; returns how many notices are new.

    Of several moments missed only the newest is sent, so that a pause of beat makes no flood.
    Outside office hours nothing is sent.
    """
    now, calendar = now or timezone.now(), load_calendar()
    if not calendar.is_open(now):
        return 0
    waiting = (
        Opinion.objects.ready()
        .filter(due_at__lte=now + HORIZON, form__application__status=Status.IN_REVIEW)
        .with_case()
    )
    return sum(_remind(opinion, calendar, now) for opinion in waiting.iterator())


def _remind(opinion: Opinion, calendar: Calendar, now: datetime) -> int:
    opened = opinion.form.circulated_at
    moments = reminder_moments(opened, opinion.due_at, calendar, until=now)
    if not moments:
        return 0
    moment = moments[-1]
    new = notify(
        audience(opinion, moment),
        cause=f"reviews:opinion:{opinion.pk}:{moment.kind}:{moment.at:%Y%m%d%H%M}",
        template=f"reviews/email/reminder_{moment.kind}.txt",
        context={
            "opinion": opinion,
            "application": opinion.form.application,
            "overdue_days": moment.overdue_days,
        },
        path=reverse("reviews:form_detail", args=[opinion.form_id]),
        action_label="查看并办理",
    )
    return len(new)


def audience(opinion: Opinion, moment: ReminderMoment) -> list[User]:
    """First the liaisons, then also their supervisor, then also the station's head."""
    people = list(User.objects.liaisons_of(opinion.department))
    if moment.kind == ReminderKind.OVERDUE:
        people += User.objects.supervisors_of(opinion.department)
    if moment.overdue_days >= HEAD_FROM:
        people += User.objects.supervisors_of(None)
    return people
