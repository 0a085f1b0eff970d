"""Cases of which a reader may know, and so open their one page."""

from accounts.models import User
from applications.models import Application
from applications.models.applications import ApplicationQuerySet
from reviews.models import ReviewTable


def cases_of(user: User) -> ApplicationQuerySet:
    """The station's all, drafts by their bare existence; of a department's leader its tables'."""
    if user.is_of_station:
        return Application.objects.known_to(user)
    if user.is_supervisor:
        tables = ReviewTable.objects.visible_to(user)
        return Application.objects.filter(pk__in=tables.values("application"))
    return Application.objects.none()
