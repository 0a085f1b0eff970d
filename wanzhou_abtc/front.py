"""The home page: the public one for a stranger, and for who is signed in what he has to do."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from outreach.desk.tasks_of_officer import OfficerTask, tasks
from outreach.guide import views as guide
from reports.home import views as reports
from reports.home.rows import Worklist, WorklistRow


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
    rows = tuple(_row(task) for task in tasks(user))
    return (Worklist("宣传与咨询", rows, len(rows), ""),) if rows else ()


def _row(task: OfficerTask) -> WorklistRow:
    label, badge = ("超时", "late") if task.is_late else ("", "")
    return WorklistRow(task.url, task.title, task.detail, label, badge)
