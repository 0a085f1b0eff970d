"""Readings of a case by the station: the rules ticked off, material by material."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.models import Application, SheetReading
from applications.services.perform import lock_for
from applications.workflow import Action


@transaction.atomic
def save_reading(
    application: Application, *, number: int, ticked: Sequence[str], by: User
) -> SheetReading:
    """Keep which rules of this material (0: of the typed facts) were ticked off, and by whom."""
    lock_for(application, Action.RETURN, by=by)
    reading, _ = SheetReading.objects.update_or_create(
        application=application,
        number=number,
        defaults={"ticked": list(ticked), "by": by, "at": timezone.now()},
    )
    return reading
