"""Readings of a case by the station: the rules ticked off, material by material."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from applications.models import Application, SheetReading
from applications.services.perform import MoveRefused, lock_for
from applications.workflow import Action
from core.dates import near_moment_words


@transaction.atomic
def save_reading(
    application: Application,
    *,
    number: int,
    ticked: Sequence[str],
    by: User,
    opened_at: datetime | None = None,
) -> SheetReading:
    """Keep which rules of this material (0: of the typed facts) were ticked off, and by whom.

    Raises MoveRefused where a colleague ticked others after the page was opened.
    """
    lock_for(application, Action.RETURN, by=by)
    there = SheetReading.objects.filter(application=application, number=number).first()
    if opened_at is not None and there is not None and there.at > opened_at:
        _refuse_overtaken(there, ticked, by=by)
    reading, _ = SheetReading.objects.update_or_create(
        application=application,
        number=number,
        defaults={"ticked": list(ticked), "by": by, "at": timezone.now()},
    )
    return reading


def _refuse_overtaken(there: SheetReading, ticked: Sequence[str], *, by: User) -> None:
    """The same ticks again, and one's own of a moment ago, overtake nobody."""
    if there.by_id == by.pk or set(there.ticked) == set(ticked):
        return
    mine = "；".join(rule for rule in ticked if rule not in there.ticked)
    kept = f"您勾了而没有勾在现在这一页的：{mine}" if mine else ""
    raise MoveRefused(
        f"您打开这一页之后，{there.by.title}已于{near_moment_words(there.at)}记下这一项的核对结果，"
        f"和您的不一样。您这次的没有记下，现在显示的是同事勾的，请核对后再记。{kept}"
    )
