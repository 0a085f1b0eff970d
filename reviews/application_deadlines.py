"""The deadlines of applications in review, for lists of applications."""

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from applications.models import Application, ApplicationQuerySet
from reviews.models import ReviewTable
from reviews.time_limits import remaining_for
from workdays.calendar import load_calendar
from workdays.clock import Remaining


class ApplicationDeadlines:
    """One calendar for all rows of a page."""

    def __init__(self) -> None:
        self.calendar, self.now = load_calendar(), timezone.now()

    def with_due(self, applications: ApplicationQuerySet) -> ApplicationQuerySet:
        open_table = ReviewTable.objects.open().filter(application=OuterRef("pk"))
        return applications.annotate(due_at=Subquery(open_table.values("due_at")[:1]))

    def remaining(self, application: Application) -> Remaining | None:
        """Of an application that `with_due` fetched."""
        due = getattr(application, "due_at", None)
        return remaining_for(due, application.status, self.calendar, self.now) if due else None
