"""Home of a liaison: the next one to sign first, then all that is in his department's hands."""

from dataclasses import replace

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from reports.home.opinions import (
    PAUSED_LAST,
    for_lists,
    of_tables,
    opinion_row,
    signed_list,
    waiting_row,
)
from reports.home.rows import SHOWN, RowAction, ToRow, Worklist, WorklistRow, worklist
from reviews.models import Opinion, ReviewTable
from workdays.calendar import Calendar, load_calendar


def for_liaison(user: User) -> list[Worklist]:
    """To sign, drafts, waiting for the others, done; and what colleagues have in hand."""
    department = for_lists(Opinion.objects.visible_to(user))
    ready = department.ready().order_by(*PAUSED_LAST, "due_at", "pk")
    mine = ready.in_hands_of(user)
    calendar = load_calendar()
    to_sign = _signing_row(user, calendar)
    # What is filled in but for the signature waits for it as what was never begun does.
    begun = Q(drafted_at__isnull=False, conclusion="")
    lists = [
        *batch_lists(ready),
        worklist("待签署", mine.exclude(begun), to_sign, empty="没有待签署的意见。"),
        worklist("草稿", mine.filter(begun), to_sign, empty="没有草稿。"),
        _waiting_list(department, user, calendar),
    ]
    others = worklist(
        "同事名下，您也可以签署",
        ready.exclude(pk__in=mine.values("pk")),
        to_sign,
        empty="",
        is_mine=False,
    )
    if others.rows:
        lists.append(others)
    done = department.signed().exclude(table__status=ReviewTable.Status.OPEN)
    lists.append(signed_list(done, "已办结", "还没有办结的审核表。"))
    return lists


def _signing_row(user: User, calendar: Calendar) -> ToRow:
    """With the button that the next one shows."""
    plain = opinion_row(user, calendar)

    def to_row(opinion: Opinion) -> WorklistRow:
        row = plain(opinion)
        label = "预览并签署" if opinion.conclusion else "填写并签署"
        return replace(row, next_action=RowAction(row.url, label))

    return to_row


def batch_lists(ready: QuerySet[Opinion]) -> list[Worklist]:
    """Enterprises on which the department has several finished drafts; no list without any."""
    several = (
        ready.exclude(conclusion="")
        .order_by("table__application__enterprise__name")
        .values_list("table__application__enterprise", "table__application__enterprise__name")
        .annotate(count=Count("pk"))
        .filter(count__gte=2)
    )
    rows = tuple(
        WorklistRow(
            url=reverse("reviews:opinion_batch", args=[enterprise]),
            title=name,
            detail=f"{count}份意见已填好，逐份看过预览后，可以一次签署",
            label=f"{count}份",
            badge="act",
        )
        for enterprise, name, count in several[:SHOWN]
    )
    return [Worklist("可以一起签署", rows, len(rows), "")] if rows else []


def _waiting_list(department: QuerySet[Opinion], user: User, calendar: Calendar) -> Worklist:
    """The last department waits for the others; each of these, having signed, for the last."""
    if user.department is not None and user.department.signs_last:
        waiting = department.awaiting_signature().exclude(pk__in=department.ready().values("pk"))  # type: ignore[attr-defined]
        return worklist(
            "等其他部门签齐",
            waiting.order_by("due_at"),
            opinion_row(user, calendar, is_ahead=True),
            empty="没有在等的审核表。",
            is_mine=False,
        )
    signed = department.filter(signed_at__isnull=False, table__status=ReviewTable.Status.OPEN)
    return worklist(
        "已签署，等其他部门",
        signed.order_by(*PAUSED_LAST, "table__due_at", "pk").prefetch_related(
            Prefetch("table__opinions", of_tables())
        ),
        waiting_row(calendar),
        empty="没有在等其他部门的审核表。",
        is_mine=False,
    )
