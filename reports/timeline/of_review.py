"""Time line of the review: rounds, what each department said and when, pauses and reminders.

A department's leader sees the rounds in which his department has an opinion, and of these the
departments' names and times; words of opinions are encrypted, and stand beside the round alone.
"""

from typing import Any, Final

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from core.text import brief
from reports.timeline.rows import Row, Scope, TimelineLine, TimelineSource, branch
from reviews.models import Opinion, Pause, Reminder, ReviewTable

WORDS: Final = 200
REMINDED: Final = {
    Reminder.Kind.LAST_DAY: "到期当天提醒",
    Reminder.Kind.TWO_HOURS: "到期前两小时提醒",
    Reminder.Kind.OVERDUE: "逾期提醒",
    Reminder.Kind.CHASE: "催办",
}


def _tables(scope: Scope) -> "QuerySet[ReviewTable]":
    visible = ReviewTable.objects.visible_to(scope.reader)
    return visible.filter(scope.of("application")).distinct()


def _number() -> Concat:
    numbered = ("number", Value(" 第"), Cast("round", TextField()), Value("轮"))
    return Concat(*numbered, output_field=TextField())


def _circulated(scope: Scope) -> "QuerySet[Any, Any]":
    return branch(
        _tables(scope),
        "circulated",
        at="circulated_at",
        case="application",
        who="circulated_by",
        words=_number(),
    )


def _circulated_line(row: Row) -> TimelineLine:
    return TimelineLine(row.at, "送各部门审核", row.who, row.words, _table(row.pk), row.case)


def _ended(scope: Scope) -> "QuerySet[Any, Any]":
    found = _tables(scope).filter(concluded_at__isnull=False)
    return branch(
        found,
        "concluded",
        at="concluded_at",
        case="application",
        code="application__status",
        words=_number(),
    )


def _ended_line(row: Row) -> TimelineLine:
    what = "各部门签署完毕，结论为不同意" if row.code == "declined" else "各部门签署完毕，审核通过"
    return TimelineLine(row.at, what, "各部门", row.words, _table(row.pk), row.case)


def _void(scope: Scope) -> "QuerySet[Any, Any]":
    found = _tables(scope).filter(voided_at__isnull=False)
    return branch(
        found,
        "void",
        at="voided_at",
        case="application",
        words=_number(),
        extra="void_reason",
    )


def _void_line(row: Row) -> TimelineLine:
    words = f"{row.words}。{brief(row.extra, WORDS)}"
    return TimelineLine(row.at, "审核表作废", "", words, _table(row.pk), row.case)


def _signed(scope: Scope) -> "QuerySet[Any, Any]":
    """Of every department on these rounds, as the page of the table shows them."""
    found = Opinion.objects.signed().filter(table__in=_tables(scope).values("pk"))
    return branch(
        found,
        "signed",
        at="signed_at",
        case="table__application",
        who="signed_by",
        code="conclusion",
        words="department__name",
        extra="paper_scan",
        pk="table",
    )


def _signed_line(row: Row) -> TimelineLine:
    conclusion = Opinion.Conclusion(row.code).label
    manner = "盖章件，由服务站录入" if row.extra else "签署"
    what = f"{row.words}意见：{conclusion}（{manner}）"
    return TimelineLine(row.at, what, row.who, url=_table(row.pk), case=row.case)


def _paused(scope: Scope) -> "QuerySet[Any, Any]":
    found = Pause.objects.filter(table__in=_tables(scope).values("pk"))
    return branch(
        found,
        "paused",
        at="started_at",
        case="table__application",
        who="by",
        words="reason",
        pk="table",
    )


def _paused_line(row: Row) -> TimelineLine:
    words = brief(row.words, WORDS)
    url = reverse("reviews:table_time", args=[row.pk])
    return TimelineLine(row.at, "暂停计时", row.who, words, url, row.case)


def _resumed(scope: Scope) -> "QuerySet[Any, Any]":
    found = Pause.objects.filter(table__in=_tables(scope).values("pk"), ended_at__isnull=False)
    return branch(found, "resumed", at="ended_at", case="table__application", pk="table")


def _resumed_line(row: Row) -> TimelineLine:
    return TimelineLine(
        row.at, "恢复计时", url=reverse("reviews:table_time", args=[row.pk]), case=row.case
    )


def _reminded(scope: Scope) -> "QuerySet[Any, Any]":
    found = Reminder.objects.visible_to(scope.reader).filter(
        scope.of("opinion__table__application"), sent_at__isnull=False
    )
    return branch(
        found,
        "reminded",
        at="sent_at",
        case="opinion__table__application",
        who="asked_by",
        code="kind",
        words="told",
        extra="opinion__department__name",
        pk="opinion__table",
    )


def _reminded_line(row: Row) -> TimelineLine:
    kind = Reminder.Kind(row.code)
    what = f"{REMINDED[kind]}：{row.extra}"
    words = f"告知{row.words}" if row.words else ""
    return TimelineLine(row.at, what, row.who, words, _table(row.pk), row.case)


def _table(pk: int) -> str:
    return reverse("reviews:table_detail", args=[pk])


SOURCES: Final = (
    TimelineSource("circulated", _circulated, _circulated_line),
    TimelineSource("signed", _signed, _signed_line),
    TimelineSource("paused", _paused, _paused_line),
    TimelineSource("resumed", _resumed, _resumed_line),
    TimelineSource("reminded", _reminded, _reminded_line),
    TimelineSource("concluded", _ended, _ended_line),
    TimelineSource("void", _void, _void_line),
)
