"""Home of who leads: in one minute what is under way, what is late, with whom, and how fast."""

from dataclasses import replace
from datetime import timedelta

from django.db.models import Case, Count, Q, When
from django.urls import reverse
from django.utils import timezone

from accounts.filters import midnight
from accounts.models import User
from reports.home.figures import Owed
from reports.home.opinions import PAUSED_LAST, for_lists, opinion_row
from reports.home.rows import ToRow, Worklist, WorklistRow, worklist
from reviews.models import Opinion
from reviews.models.review import CLOCK_RUNS
from workdays.calendar import Calendar

# The late ones on the first screen; the list of tables has the rest.
SHOWN_OPINIONS = 10


def for_supervisor(user: User, calendar: Calendar) -> Worklist:
    """What the department, or with none the whole station, has open: the late on top.

    Its counts are those of opinions whose clock runs; what is over is behind links.
    """
    opinions = for_lists(Opinion.objects.visible_to(user))
    running = Case(When(CLOCK_RUNS, then="due_at"))
    ready = opinions.ready().annotate(running_due=running).order_by(*PAUSED_LAST, "due_at", "pk")
    return worklist(
        "尚未签署",
        ready,
        _chasing_row(user, calendar),
        empty="没有待签署的意见。",
        due="running_due",
        most=SHOWN_OPINIONS,
    )


def owed_by_department(user: User) -> list[Owed]:
    """By department what is late and what is due later today; one query."""
    now, tomorrow = timezone.now(), midnight(timezone.localdate() + timedelta(days=1))
    running = Opinion.objects.visible_to(user).ready().on_the_clock().filter(due_at__lt=tomorrow)
    rows = (
        running.order_by("department__position")
        .values_list("department__name", "department__position")
        .annotate(
            late=Count("pk", filter=Q(due_at__lt=now)),
            today=Count("pk", filter=Q(due_at__gte=now)),
        )
    )
    return [Owed(name, late, today) for name, _, late, today in rows]


def _chasing_row(user: User, calendar: Calendar) -> ToRow:
    """With whom to call and a button to chase him, where the department is late."""
    plain = opinion_row(user, calendar, to_table=True)

    def to_row(opinion: Opinion) -> WorklistRow:
        row = replace(plain(opinion), url=reverse("case", args=[opinion.table.application_id]))
        if row.remaining is None or row.remaining.state != "late":
            return row
        chase_url = reverse("reviews:chase", args=[opinion.table_id])
        return replace(row, call=opinion.assignee, chase=opinion.pk, chase_url=chase_url)

    return to_row
