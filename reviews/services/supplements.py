"""Taking back what was asked to be supplemented, by whoever asked for it."""

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from applications.services import moves
from applications.services.perform import MoveRefused, lock_for
from applications.workflow import Action
from notices.models import Notice
from notices.services import notify
from reviews.assignments import hands_of
from reviews.conditions import while_in_hand
from reviews.models import Pause, ReviewTable
from reviews.services.circulation import lock_tables, resume
from reviews.time_limits import deadline_words
from workdays.calendar import load_calendar


def may_cancel(pause: Pause, user: User) -> bool:
    """A department takes back what it asked for, and the station what one of it asked for."""
    if pause.by.is_officer:
        return user.is_officer
    return user.is_liaison and user.department_id == pause.by.department_id


def cancellable(table: ReviewTable, user: User) -> Pause | None:
    """The open pause that this person may take back."""
    pauses = table.pauses.filter(ended_at__isnull=True).select_related("by__department")
    pause: Pause | None = pauses.first()
    return pause if pause and may_cancel(pause, user) else None


@transaction.atomic
def cancel_supplement(table: ReviewTable, *, reason: str, by: User) -> None:
    """The enterprise need not supplement any more; the clock goes on, and who waits is told."""
    application = table.application
    lock_tables(application)
    lock_for(application, Action.DROP_SUPPLEMENT, by=by)
    asked = table.pauses.select_related("by__department").get(ended_at__isnull=True)
    if not may_cancel(asked, by):
        raise MoveRefused(f"补充材料是{asked.by.title}要求的，由提出的一方取消。")
    pause, held = resume(application.tables.open().get(), by=by)
    moves.drop_supplement(application, reason=reason, by=by, due_at=pause.table.due_at)
    calendar = load_calendar()
    for opinion in held:
        notify(
            [person for person in hands_of(opinion) if person != by],
            cause=f"reviews:opinion:{opinion.pk}:supplement_cancelled:{pause.pk}",
            template="reviews/email/supplement_cancelled.txt",
            context={
                "opinion": opinion,
                "application": application,
                "by": by,
                "reason": reason,
                "due": deadline_words(opinion.due_at, calendar),
            },
            path=opinion.get_absolute_url(),
            action_label="查看并签署",
            short=f"不用再等补充材料，请签署审核表{opinion.table.number}",
            condition=while_in_hand(opinion),
        )
    if not by.is_officer:
        notify(
            User.objects.officers(),
            cause=f"reviews:pause:{pause.pk}:cancelled",
            template="reviews/email/supplement_dropped.txt",
            context={"table": table, "application": application, "by": by, "reason": reason},
            path=reverse("reviews:table_detail", args=[table.pk]),
            kind=Notice.Kind.INFO,
            short=f"审核表{table.number}不用再补充材料，恢复计时",
        )
