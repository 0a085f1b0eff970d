"""Carries out the moves of `workflow.py`. `perform` is the only writer of `status`."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from applications.announcements import announce
from applications.models import Application, StatusChange
from applications.services.following import follow
from applications.time_limits import target_days
from applications.workflow import EDITABLE, MOVES, Action, Move, Status
from core.dates import near_moment_words
from enterprises.ledger.stages import advance
from enterprises.models import Stage
from workdays.calendar import load_calendar
from workdays.clock import deadline

# How far a move brings the enterprise in the demand ledger. No move brings it back.
IN_LEDGER = {Action.SUBMIT: Stage.SUBMITTED, Action.CONCLUDE: Stage.CONCLUDED}
# What a move writes on the application.
MOVED = ("status", "status_since", "due_days", "due_at")


class MoveRefused(Exception):
    """The move cannot be made now; the text tells the person why and what to do."""


class AlreadyDone(MoveRefused):
    """The same person made this very move before: a double click. Nothing was done again."""


@transaction.atomic
def perform(
    application: Application,
    action: Action,
    *,
    by: User | None,
    reason: str = "",
    outcome: Status | None = None,
    due_at: datetime | None = None,
) -> StatusChange:
    """Make one move of the table; `by` None is the portal itself.

    `due_at` is the review table's deadline, where the move brings the application to the
    departments; everybody else's follows from the settings (time_limits.py).

    Raises MoveRefused when the status, the role or a missing reason forbids it, and AlreadyDone
    when this person made the same move last. Joins the caller's transaction, which also does
    whatever else belongs to the move.
    """
    locked = Application.objects.select_for_update().get(pk=application.pk)
    move = MOVES[action]
    _check(locked, action, move, by=by, reason=reason)
    target = outcome or move.targets[0]
    if target not in move.targets:
        raise MoveRefused(f"“{action.label}”不能使申请变为“{target.label}”。")
    change = StatusChange.objects.create(
        application=locked,
        action=action,
        from_status=locked.status,
        to_status=target,
        reason=reason,
        by=by,
    )
    record(
        f"application.{action}",
        locked,
        by=by,
        before={"status": locked.status},
        after={"status": target, "reason": reason},
    )
    locked.status = target
    locked.status_since = change.at
    days = target_days(target)
    locked.due_days = days or None
    locked.due_at = deadline(change.at, days, load_calendar()) if days else due_at
    for field in MOVED:
        setattr(application, field, getattr(locked, field))
    locked.save(update_fields=MOVED)
    if target in EDITABLE:
        change.answer_by = locked.due_at
        change.save(update_fields=["answer_by"])
        # What is told with this move makes one letter, which can be printed again word by word.
        locked.corrections.open().filter(told_in__isnull=True).update(told_in=change)
    if action in IN_LEDGER:
        advance(enterprise=locked.enterprise, to=IN_LEDGER[action], by=by)
    follow(change)
    announce(change)
    return change


def lock_for(application: Application, action: Action, *, by: User | None) -> Application:
    """The locked row, once it is sure that the move may be made; for work that precedes it."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    _check(locked, action, MOVES[action], by=by, reason="-")
    return locked


def _check(
    application: Application, action: Action, move: Move, *, by: User | None, reason: str
) -> None:
    if (by.role if by else None) not in (move.roles or {None}):
        raise MoveRefused(f"您的角色不能办理“{action.label}”。")
    if application.status not in move.sources:
        last = application.changes.select_related("by").last()
        if last and last.action == action and last.by == by:
            raise AlreadyDone(f"您已经办过“{action.label}”，无需再次操作。")
        raise MoveRefused(_overtaken(application, last))
    if move.needs_reason and not reason.strip():
        raise MoveRefused(f"办理“{action.label}”需要写明原因。")


def _overtaken(application: Application, last: StatusChange | None) -> str:
    label = application.state.label
    if last is None:
        return f"这件申请现在是“{label}”，不能这样办理。请刷新页面查看最新情况。"
    who = last.by.title if last.by else "系统"
    when = near_moment_words(last.at)
    return (
        f"{who}已于{when}办理“{last.get_action_display()}”，"
        f"申请现在是“{label}”。请刷新页面查看最新情况。"
    )
