"""What follows a changed calendar: open deadlines recomputed, on record, and told."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEvent, User
from notices.conditions import Condition
from notices.models import Notice
from notices.services import notify
from reviews.conditions import while_open, while_unsigned
from reviews.models import ReviewForm
from reviews.time_limits import (
    Move,
    deadline_words,
    is_paused,
    moment_words,
    reckon,
    recompute,
    with_deadlines,
)
from reviews.workdays import Calendar, load_calendar, local

MOST_LINES = 30
FIRST_ASKED_IN = 11  # From November on the station is told that next year's notice is missing.


@transaction.atomic
def follow_calendar(cause: models.Model, *, why: str, by: User | None) -> list[Move]:
    """Recompute what is open, record what moved, and tell whom it moved for.

    A table whose clock stands still is recomputed, but not told: its deadline follows, and is
    told, when the clock goes on.
    """
    calendar, moves = load_calendar(), []
    locked = ReviewForm.objects.open().select_for_update(of=("self",)).order_by("pk")
    for form in with_deadlines(locked):
        moved = recompute(form, calendar)
        if moved:
            _record_moves(form, moved, by=by)
        if not is_paused(form):
            moves += moved
    event = record("calendar.recompute", cause, by=by, after={"moved": len(moves)})
    _tell(moves, event, why=why, calendar=calendar)
    return moves


def catch_up_with_calendar() -> list[Move]:
    """Mend a deadline that was computed from the old calendar while the new one was entered."""
    forms = with_deadlines(ReviewForm.objects.open()).order_by("pk")
    calendar, now = load_calendar(), timezone.now()
    for form in forms:
        if not is_paused(form) and any(reckon(form, calendar, now)):
            return follow_calendar(form, why="工作日历已更改", by=None)
    return []


def _record_moves(form: ReviewForm, moves: list[Move], *, by: User | None) -> None:
    record(
        "review.move_deadlines",
        form,
        by=by,
        before={move.whose: moment_words(move.before) for move in moves},
        after={move.whose: moment_words(move.after) for move in moves},
    )


def _tell(moves: list[Move], event: AuditEvent, *, why: str, calendar: Calendar) -> None:
    """One message a person: each department its own, officers all, an enterprise its own."""
    departments, enterprises = defaultdict(list), defaultdict(list)
    for move in moves:
        if move.opinion is None:
            enterprises[move.form.application.enterprise].append(move)
        else:
            departments[move.opinion.department].append(move)
    for department, own in departments.items():
        _notify(User.objects.liaisons_of(department), own, event, why, calendar)
    for enterprise, own in enterprises.items():
        _notify(enterprise.people(), own, event, why, calendar)
    if moves:
        _notify(User.objects.officers(), moves, event, why, calendar)


def _notify(
    people: Iterable[User], moves: list[Move], event: AuditEvent, why: str, calendar: Calendar
) -> None:
    forms = {move.form.pk for move in moves}
    notify(
        people,
        cause=f"reviews:calendar:{event.pk}",
        template="reviews/email/deadlines_moved.txt",
        context={
            "why": why,
            "count": len(forms),
            "lines": [
                (move, moment_words(move.before), deadline_words(move.after, calendar))
                for move in moves[:MOST_LINES]
            ],
            "others": max(len(moves) - MOST_LINES, 0),
        },
        path=reverse("reviews:form_time", args=[*forms]) if len(forms) == 1 else reverse("home"),
        action_label="查看时限",
        kind=Notice.Kind.DEADLINE,
        short=f"{len(forms)}份审核表的办理时限有变",
        condition=_condition(moves),
    )


def _condition(moves: list[Move]) -> Condition:
    """A department's opinions that still wait, or the tables that are still open."""
    if any(move.opinion is None for move in moves):
        return while_open(*{move.form for move in moves})
    return while_unsigned(*(move.opinion for move in moves if move.opinion is not None))


def missing_years(calendar: Calendar, today: date) -> list[int]:
    """The years whose notice should be entered by now: this one, and from November the next."""
    years = [today.year] + ([today.year + 1] if today.month >= FIRST_ASKED_IN else [])
    return [year for year in years if calendar.is_provisional(year)]


def tell_of_missing_notices() -> int:
    """Tell the officers once a month, in office hours, which notice is missing."""
    now, calendar = local(timezone.now()), load_calendar()
    if not calendar.is_open(now):
        return 0
    new = []
    for year in missing_years(calendar, now.date()):
        new += notify(
            User.objects.officers(),
            cause=f"reviews:calendar:{year}:missing:{now:%Y%m}",
            template="reviews/email/notice_missing.txt",
            context={"year": year},
            path=reverse("reviews:calendar_import"),
            action_label="录入节假日安排",
            kind=Notice.Kind.TASK,
            short=f"{year}年节假日安排还没有录入",
        )
    return len(new)
