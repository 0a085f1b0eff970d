"""The stored deadlines of a form and its opinions, from its start, its targets and its pauses."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from applications.workflow import Status
from reviews.clock import PauseSpan, Remaining, deadline, remaining
from reviews.models import LAST, Pause, ReviewForm
from reviews.workdays import Calendar


def spans(form: ReviewForm) -> tuple[PauseSpan, ...]:
    """The form's pauses as the clock takes them."""
    return tuple(span(pause) for pause in form.pauses.all())


def span(pause: Pause) -> PauseSpan:
    return PauseSpan(pause.started_at, pause.ended_at, pause.reason)


def target_days(department_code: str | None) -> int:
    """Working days for one department, or with None for the whole."""
    key = "whole" if department_code in (None, LAST) else "departments"
    return int(settings.TARGET_DAYS[key])


def due_at(
    started_at: datetime,
    department_code: str | None,
    calendar: Calendar,
    pauses: tuple[PauseSpan, ...] = (),
    now: datetime | None = None,
) -> datetime:
    """When the department's opinion, or with None the whole table, is due."""
    return deadline(started_at, target_days(department_code), calendar, pauses, now)


def recompute(form: ReviewForm, calendar: Calendar) -> None:
    """Write the deadlines again after a pause has ended or the calendar has changed."""
    pauses, now = spans(form), timezone.now()
    for opinion in form.opinions.awaiting_signature().select_related("department"):
        opinion.due_at = due_at(form.circulated_at, opinion.department.code, calendar, pauses, now)
        opinion.save(update_fields=["due_at"])
    form.due_at = due_at(form.circulated_at, None, calendar, pauses, now)
    form.save(update_fields=["due_at"])


def remaining_for(
    due: datetime, application_status: str, calendar: Calendar, now: datetime
) -> Remaining:
    """How long is left, in words for a list; while the enterprise supplements, that it is paused.

    Takes stored values alone, so that a list of any length costs no query a row.
    """
    paused = application_status == Status.SUPPLEMENTING
    pauses = (PauseSpan(now, None, "等企业补充材料"),) if paused else ()
    return remaining(due, now, calendar, pauses)
