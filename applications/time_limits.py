"""Deadline of an application (`Application.due_at`): until when whoever holds the ball is to act.

The station and the enterprise have targets from the settings, and the application keeps the one
under which it came to them. While the departments hold it, its deadline is its review table's,
which the room of reviews hands over and keeps in step.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from applications.models import Application
from applications.workflow import Status
from workdays.calendar import Calendar, load_calendar
from workdays.clock import PauseSpan, Remaining, remaining
from workdays.following import TargetDeadlines

WAITS_FOR_SUPPLEMENT = "等企业补充材料"
# What an enterprise answers, by a day, and is reminded of.
ANSWERED_BY_ENTERPRISE = frozenset({Status.RETURNED, Status.SUPPLEMENTING})


class ApplicationDeadlines(TargetDeadlines):
    """Deadlines of what the station or the enterprise holds, as they follow the calendar."""

    since = "status_since"

    def waiting(self) -> "models.QuerySet[Any]":
        return Application.objects.filter(due_days__isnull=False).select_related("applicant")

    def whose(self, row: Any) -> str:
        return str(row.ball)

    def record_move(
        self, row: Any, *, by: User | None, before: dict[str, str], after: dict[str, str]
    ) -> None:
        record("application.move_deadline", row, by=by, before=before, after=after)


def target_days(status: Status) -> int:
    """Working days for who holds an application in this status; 0: nobody has said."""
    match status:
        case Status.SUBMITTED:
            return int(settings.STATION_DAYS["pre_review"])
        case Status.RETURNED:
            return int(settings.ANSWER_DAYS["corrections"])
        case Status.SUPPLEMENTING:
            return int(settings.ANSWER_DAYS["supplement"])
        case _:
            return 0


def remaining_of(application: Application, calendar: Calendar, now: datetime) -> Remaining | None:
    """How long is left, for a list; None where nobody has said.

    While the enterprise supplements, that the clock of the review stands still, and beside it
    until when it is to answer.
    """
    due_at = application.due_at
    if application.status == Status.SUPPLEMENTING:
        pause = PauseSpan(now, None, WAITS_FOR_SUPPLEMENT)
        paused = remaining(due_at or now, now, calendar, (pause,))
        answer = f"补充材料{remaining(due_at, now, calendar).words}" if due_at else ""
        return replace(paused, note=answer)
    return remaining(due_at, now, calendar) if due_at else None


def due_words(application: Application) -> str:
    """Until when whoever holds the application is to act, in words; empty where nobody has said."""
    if application.due_at is None:
        return ""
    return remaining(application.due_at, timezone.now(), load_calendar()).words
