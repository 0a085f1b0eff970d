"""The home page: the public one for a stranger, and for who is signed in what he has to do."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from outreach.desk.tasks_of_officer import OfficerTask, tasks
from outreach.guide import views as guide
from reports import views as reports
from reports.worklists import Worklist, WorklistRow
from workdays.calendar import Calendar, load_calendar
from workdays.clock import remaining


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Rooms beside each other do not know one another; here the officer's lists meet."""
    user = request.user
    if not isinstance(user, User):
        return guide.home(request)
    more = _of_outreach(user) if user.is_officer else ()
    return reports.home(request, more)  # type: ignore[arg-type]


def _of_outreach(user: User) -> tuple[Worklist, ...]:
    """What people outside wait for, and texts to be looked over; no list without any."""
    found = tasks(user)
    if not found:
        return ()
    calendar, now = load_calendar(), timezone.now()
    rows = tuple(_row(task, calendar) for task in found)
    late = sum(1 for task in found if task.due_at and task.due_at < now)
    return (Worklist("宣传与咨询", rows, len(rows), "", late=late),)


def _row(task: OfficerTask, calendar: Calendar) -> WorklistRow:
    return WorklistRow(
        url=task.url,
        title=task.title,
        detail=task.detail,
        remaining=remaining(task.due_at, timezone.now(), calendar) if task.due_at else None,
    )
