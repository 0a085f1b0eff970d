"""Rows of opinions, for those who sign them and those who watch over them."""

from dataclasses import replace
from typing import Final

from django.db.models import Case, QuerySet, When
from django.utils import timezone

from accounts.models import User
from applications.workflow import Status
from core.dates import moment_label
from reports.home.rows import ToRow, Worklist, WorklistRow, case_words, newest
from reviews.models import Opinion, ReviewTable
from reviews.models.review import OpinionQuerySet
from reviews.time_limits import awaited, left_for, remaining_for
from workdays.calendar import Calendar

# While the enterprise supplements there is nothing to sign in a hurry.
PAUSED_LAST = (
    Case(
        When(clock_goes_on=False, table__application__status=Status.SUPPLEMENTING, then=1),
        default=0,
    ),
)


# Columns of what is shown. What departments have written, and personal numbers, stay where they
# are: to read them would mean to decrypt them.
OPINION: Final = (
    "conclusion", "due_at", "signed_at", "paper_scan",
    "department__name", "department__code", "department__signs_last", "department__position",
    "owner__name", "assignee__name", "assignee__phone",
    "table__number", "table__round", "table__status", "table__due_at",
    "table__application__status", "table__application__enterprise__name",
    "table__application__applicant__name",
)  # fmt: skip


def for_lists(opinions: OpinionQuerySet) -> OpinionQuerySet:
    """With the case and the clock, as the rows of a home page show them."""
    return opinions.with_case().with_clock().only(*OPINION)


def of_tables() -> OpinionQuerySet:
    """Every department's on the tables of a list, for who is waited for and how it stands."""
    columns = (
        "table", "due_at", "signed_at", "lapsed_at", "assignee__name", "assignee__phone",
        "department__name", "department__signs_last",
    )  # fmt: skip
    opinions = Opinion.objects.with_clock().select_related("department", "assignee")
    return opinions.order_by("department__position").only(*columns)


def opinion_row(
    user: User, calendar: Calendar, *, to_table: bool = False, is_ahead: bool = False
) -> ToRow:
    """Leads to the opinion, or for who only reads to the table; `is_ahead`: of its turn."""
    now = timezone.now()

    def to_row(opinion: Opinion) -> WorklistRow:
        return WorklistRow(
            url=(opinion.table if to_table else opinion).get_absolute_url(),
            title=case_words(opinion.table.application),
            detail=f"{opinion.table}　{opinion.department}意见"
            f"{_filled(opinion)}{_hands(opinion, user)}",
            remaining=left_for(opinion, calendar, now, is_ahead=is_ahead),
        )

    return to_row


def _filled(opinion: Opinion) -> str:
    return "　已填好，可以预览签署" if opinion.conclusion else ""


def _hands(opinion: Opinion, user: User) -> str:
    """Who acts, where it is not simply the reader's own."""
    acting, owner = opinion.assignee, opinion.owner
    if acting is None:
        return ""
    by = "" if acting == user else f"　{acting.name}办理"
    return f"{by}　代{owner.name}" if owner and opinion.is_stood_in_for else by


def signed_list(signed: QuerySet[Opinion], title: str, empty: str) -> Worklist:
    """The newest, by the index of what is over."""
    return newest(title, signed.order_by("-signed_at", "-pk"), _signed_row, empty=empty)


def _signed_row(opinion: Opinion) -> WorklistRow:
    """Green only where the department agreed and the whole did not come out otherwise."""
    counts = not (opinion.table.is_void or opinion.table.application.status == Status.DECLINED)
    return WorklistRow(
        url=opinion.table.get_absolute_url(),
        title=case_words(opinion.table.application),
        detail=f"{opinion.table}　{opinion.department}意见　"
        f"{moment_label(opinion.signed_at)}{opinion.manner}",
        label=_conclusion_words(opinion),
        badge="done" if opinion.conclusion == Opinion.Conclusion.AGREE and counts else "void",
    )


def _conclusion_words(opinion: Opinion) -> str:
    """What this department said, and where the whole came out otherwise, that it did."""
    said = opinion.get_conclusion_display()
    if opinion.table.is_void:
        return f"{said}，本轮已作废"
    declined = opinion.table.application.status == Status.DECLINED
    return f"本部门{said}，审核未通过" if declined else said


def waiting_row(calendar: Calendar) -> ToRow:
    """What one has signed oneself, and until when the whole table is to be done."""
    now = timezone.now()

    def to_row(opinion: Opinion) -> WorklistRow:
        table = opinion.table
        row = _signed_row(opinion)
        left = remaining_for(table.due_at, table.application.status, calendar, now)
        waits = waiting_words(table)
        return replace(row, detail=f"{row.detail}，{row.label}　{waits}", label="", remaining=left)

    return to_row


def waiting_words(table: ReviewTable) -> str:
    names = awaited(table)
    return f"等{'、'.join(names)}" if names else "已签齐"
