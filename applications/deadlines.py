"""When an application is due. The clock lies in a room further right: settings say which asks.

`settings.APPLICATION_DEADLINES` names a class without arguments, made anew for each page.
"""

from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from applications.models import Application, ApplicationQuerySet
from applications.workflow import Status


class Deadlines(Protocol):
    def with_due(self, applications: ApplicationQuerySet) -> ApplicationQuerySet:
        """Adds `due_at`: until when the departments are to be done; None outside a review."""

    def remaining(self, application: Application) -> Any:
        """How long is left of it, as components/_remaining.html shows it, or None."""


def deadlines() -> Deadlines:
    made: Deadlines = import_string(settings.APPLICATION_DEADLINES)()
    return made


def due_words(application: Application) -> str:
    """Until when the departments are to be done, in words; empty outside a review."""
    if application.status != Status.IN_REVIEW:
        return ""
    clock = deadlines()
    dated = clock.with_due(Application.objects.filter(pk=application.pk)).get()
    remaining = clock.remaining(dated)
    return str(remaining.words) if remaining else ""
