"""Home of an officer: pre-review, verification, tables by deadline, and what enterprises owe."""

from dataclasses import replace
from typing import Final

from django.db.models import Case, Prefetch, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from applications.workflow import Status
from core.dates import day_words, moment_label
from enterprises.models import Demand, Enterprise, HandOver
from reports.card_duties import OfficersWork
from reports.home.opinions import of_tables, waiting_words
from reports.home.rows import (
    BY_DEADLINE,
    SHOWN,
    ToRow,
    Worklist,
    WorklistRow,
    application_row,
    case_words,
    duty_row,
    for_lists,
    worklist,
    worklists,
)
from reviews.models import ReviewTable
from reviews.time_limits import awaited, until_awaited
from workdays.calendar import Calendar, load_calendar
from workdays.clock import remaining

# Of the ledger's next steps; all of them stand in the list of the ledger.
MOST_NEXT_STEPS = 5


# Columns of what is shown, without what is printed on the table and without personal numbers.
TABLE: Final = (
    "number", "round", "status", "due_at", "application__status", "application__due_at",
    "application__enterprise__name", "application__applicant__name",
)  # fmt: skip
# As they stand on the page: title, words for none, whether they wait for the station.
PRE_REVIEW = ("待预审的申请", "没有待预审的申请。", True)
OF_ENTERPRISES = ("等企业补正或补充", "没有等企业办理的申请。", False)
WAITING = (Status.SUBMITTED, Status.RETURNED, Status.SUPPLEMENTING)


def for_officer(user: User, work: OfficersWork) -> list[Worklist]:
    """Pre-review, verification, tables by deadline, and what waits for enterprises."""
    calendar = load_calendar()
    duties = Worklist("卡与回访", tuple(map(duty_row, work.duties)), work.total, "")
    pre_review, of_enterprises = _applications(calendar)
    return [
        *(_objected() if work.has_objections else []),
        *([duties] if duties.rows else []),
        pre_review,
        worklist(
            "待核验的企业",
            Enterprise.objects.awaiting_verification().order_by(BY_DEADLINE, "pk"),
            _enterprise_row(calendar),
            empty="没有待核验的企业。",
            due="due_at",
            unit="家",
        ),
        *_next_steps(user),
        worklist(
            "部门审核中",
            open_tables(),
            form_row(calendar),
            empty="没有在审的审核表。",
            is_mine=False,
            due="first_due",
        ),
        of_enterprises,
    ]


def _applications(calendar: Calendar) -> list[Worklist]:
    """What waits for the pre-review, and what for enterprises; there the case says whom to ring."""
    bucket = Case(When(status=Status.SUBMITTED, then=0), default=1)
    waiting = for_lists(Application.objects.filter(status__in=WAITING))
    return worklists(
        waiting.annotate(bucket=bucket).order_by("status_since", "pk"),
        [
            (*PRE_REVIEW, application_row("applications:pre_review", calendar)),
            (*OF_ENTERPRISES, application_row("case", calendar)),
        ],
        due="due_at",
    )


def _objected() -> list[Worklist]:
    """Hand-overs that an agent objects to, which stand still until the officer decides."""
    rows = tuple(
        WorklistRow(
            url=reverse("enterprises:station_detail", args=[hand_over.enterprise_id]),
            title=hand_over.enterprise.name,
            detail=f"移交给{hand_over.name}，{moment_label(hand_over.asked_at)}发起",
            label="有异议，请核实",
            badge="act",
        )
        for hand_over in HandOver.objects.objected_to().select_related("enterprise")[:SHOWN]
    )
    return [Worklist("经办移交有异议", rows, len(rows), "")] if rows else []


def _next_steps(user: User) -> list[Worklist]:
    """Rows of the ledger whose next step is due today or was before: one's own, and nobody's."""
    mine = Q(owner=user) | Q(owner__isnull=True)
    due = Demand.objects.filter(mine).due_by(timezone.localdate()).in_queue()
    found = worklist("台账下一步", due, _demand_row, empty="", most=MOST_NEXT_STEPS, unit="户")
    if found.total > len(found.rows):
        address = f"{reverse('ledger:list')}?next=today"
        further = WorklistRow(address, f"看全部{found.total}户", "今天和已过期的下一步")
        found = replace(found, rows=(*found.rows, further))
    return [found] if found.rows else []


def _demand_row(demand: Demand) -> WorklistRow:
    return WorklistRow(
        url=demand.get_absolute_url(),
        title=demand.name,
        detail=f"{demand.next_step}　{day_words(demand.next_on)}",
        label="已过期" if demand.is_overdue else "今天",
        badge="late" if demand.is_overdue else "act",
    )


def open_tables() -> QuerySet[ReviewTable]:
    tables = ReviewTable.objects.open_by_urgency().with_people()
    return tables.only(*TABLE).prefetch_related(Prefetch("opinions", of_tables()))


def form_row(calendar: Calendar) -> ToRow:
    """With whom to ring: who acts for each department that is waited for now."""
    now = timezone.now()

    def to_row(table: ReviewTable) -> WorklistRow:
        names = awaited(table)
        calls = [
            (one.department.name, one.assignee)
            for one in table.opinions.all()
            if one.department.name in names and not one.is_signed and one.assignee is not None
        ]
        return WorklistRow(
            url=table.get_absolute_url(),
            title=case_words(table.application),
            detail=f"{table}　{waiting_words(table)}",
            remaining=until_awaited(table, calendar, now),
            calls=tuple(calls),
        )

    return to_row


def _enterprise_row(calendar: Calendar) -> ToRow:
    now = timezone.now()

    def to_row(enterprise: Enterprise) -> WorklistRow:
        due_at = enterprise.due_at
        return WorklistRow(
            url=enterprise.get_absolute_url(),
            title=enterprise.name,
            detail=f"{enterprise.credit_code}　{moment_label(enterprise.created_at)}登记",
            label=enterprise.get_status_display(),
            badge="act",
            remaining=remaining(due_at, now, calendar) if due_at else None,
        )

    return to_row
