"""What briefings, visits and symposia ask of an officer: a line each with its number."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, DateField, DateTimeField, Min, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from accounts.filters import midnight
from accounts.models import User
from core.dates import near_day_words
from outreach.models import (
    Briefing,
    BriefingQuestion,
    BriefingSignUp,
    CompanyVisit,
    CompanyVisitTask,
    Invitation,
    SymposiumOpinion,
)

Rows = QuerySet[Any, Any]
NO_DAY: Final = Cast(Value(None), DateField())
NO_MOMENT: Final = Min(Cast(Value(None), DateTimeField()))
# Before the name of a kind, where it stands among those of other parts.
OURS: Final = "event:"


# Title, detail, page, and until when, as `outreach.desk.tasks_of_officer.OfficerTask` has them.
Line = tuple[str, str, str, datetime | None]
# Title, unit and page of each kind of work, in the order in which it is shown.
KINDS: Final = {
    "opinion": ("请答复座谈会意见", "条", "outreach:opinion_list"),
    "tell": ("座谈会意见已答复，请告知企业", "条", "outreach:opinion_list"),
    "call": ("请打电话邀请参加宣讲会", "家", "outreach:briefing_list"),
    "moved": ("宣讲会候补转正，请告知", "家", "outreach:briefing_list"),
    "question": ("请答复宣讲会提问", "条", "outreach:briefing_list"),
    "sum_up": ("请写宣讲会小结", "场", "outreach:briefing_list"),
    "visit": ("今天要走访，或过了日子没有记", "家", "outreach:visit_list"),
    "task": ("走访后要办的事", "件", "outreach:visit_list"),
}


def event_counts(user: User) -> list[Rows]:
    """For each kind of work one row: its name here, its number, no moment, and its first day."""
    return [_counted(kind, *rows) for kind, rows in _rows(user).items()]


def event_tasks(counted: Mapping[str, tuple[int, date | None]]) -> list[Line]:
    """What there is to do, each kind with its number and first day, by its name here."""
    return [_task(kind, *counted[OURS + kind]) for kind in KINDS if OURS + kind in counted]


def _rows(user: User) -> "dict[str, tuple[Rows, Any]]":
    """Of each kind the rows, and in which field they are due."""
    now, today = timezone.now(), timezone.localdate()
    coming = Briefing.objects.visible_to(user).coming(now)
    visits = CompanyVisit.objects.visible_to(user).open()
    return {
        "opinion": (SymposiumOpinion.objects.visible_to(user).open(), "due_on"),
        "tell": (SymposiumOpinion.objects.visible_to(user).to_tell(), NO_DAY),
        "call": (
            Invitation.objects.visible_to(user).to_call().filter(briefing__in=coming),
            NO_DAY,
        ),
        "moved": (
            BriefingSignUp.objects.visible_to(user).to_be_told().filter(briefing__in=coming),
            NO_DAY,
        ),
        "question": (
            BriefingQuestion.objects.visible_to(user)
            .open()
            .filter(briefing__cancelled_at__isnull=True),
            NO_DAY,
        ),
        "sum_up": (Briefing.objects.visible_to(user).to_sum_up(now), NO_DAY),
        "visit": (visits.filter(planned_on__lte=today), NO_DAY),
        "task": (CompanyVisitTask.objects.visible_to(user).open(), "due_on"),
    }


def _counted(kind: str, rows: Rows, due: Any) -> Rows:
    grouped = rows.order_by().annotate(kind_of_work=Value(OURS + kind)).values("kind_of_work")
    counted = grouped.annotate(count=Count("pk"), first=NO_MOMENT, day=Min(due))
    found: Rows = counted.values_list("kind_of_work", "count", "first", "day")
    return found


def _task(kind: str, count: int, day: date | None) -> Line:
    title, unit, url = KINDS[kind]
    when = f"，最早的{near_day_words(day, near=timezone.localdate())}前" if day else ""
    # Late is what was not done on its last day.
    until = midnight(day + timedelta(days=1)) if day else None
    return title, f"{count}{unit}{when}", reverse(url), until
