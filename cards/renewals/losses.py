"""Loss of a card: marked at once, with who had it last; undone when it is found."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from cards.holding.services import mark
from cards.models import Cancellation, Card, EventKind, LossReport
from cards.renewals.refusals import ServiceRefused
from core import text
from core.dates import moment_words
from notices.models import Notice
from notices.services import notify


@transaction.atomic
def report_loss(
    card: Card, *, how: str, noticed_at: datetime, last_holder: str, where: str = "", by: User
) -> LossReport:
    """Mark the card lost now. The report that stands already is given again: a double click.

    Raises ServiceRefused, and CardRefused where the card is cancelled.
    """
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    standing = locked.losses.filter(found_at__isnull=True).first()
    if standing is not None and locked.status == Card.Status.LOST:
        return standing
    if noticed_at > timezone.now():
        raise ServiceRefused("时间还没有到。请填写发现卡不见的时间。")
    last_holder, where = text.name(last_holder), text.line(where)
    told = [LossReport.How(how).label, f"最后拿着卡的人：{last_holder}"]
    mark(
        locked,
        kind=EventKind.LOST,
        by=by,
        effective_at=noticed_at,
        detail="，".join([*told, where] if where else told),
    )
    if standing is None:
        standing = LossReport.objects.create(
            card=locked,
            how=how,
            noticed_at=noticed_at,
            last_holder=last_holder,
            where=where,
            reported_by=by,
        )
    record("loss.report", standing, by=by, after={"how": standing.get_how_display()})
    _tell(standing, by=by)
    return standing


@transaction.atomic
def report_found(card: Card, *, by: User) -> None:
    """The card is there again: to be used, or handed in where it is being cancelled.

    Twice does no harm. Raises CardRefused.
    """
    locked = Card.objects.select_for_update(no_key=True).get(pk=card.pk)
    report = locked.losses.filter(found_at__isnull=True).first()
    if report is None and locked.status != Card.Status.LOST:
        return
    mark(locked, kind=EventKind.FOUND, by=by)
    if report is not None:
        report.found_at = timezone.now()
        report.save(update_fields=["found_at"])
    # What was said for its not being handed in no longer holds.
    Cancellation.objects.open().filter(card=locked, handed_in_on__isnull=True).update(
        without_card="", version=F("version") + 1
    )
    record("loss.found", locked, by=by)


def _tell(report: LossReport, *, by: User) -> None:
    """The station, and the colleagues of whoever reported it."""
    card = report.card
    people = [*User.objects.officers(), *card.enterprise.people()]
    notify(
        [person for person in people if person.pk != by.pk],
        cause=f"cards:loss:{report.pk}",
        template="cards/renewals/email/loss.txt",
        context={"card": card, "report": report, "noticed": moment_words(report.noticed_at)},
        path=card.get_absolute_url(),
        action_label="查看卡片",
        kind=Notice.Kind.INFO,
        short="有一张商务旅行卡已挂失",
    )
