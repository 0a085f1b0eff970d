"""Time line of what the portal told people: a line a message, with how many had it and read it."""

from typing import Any, Final

from django.db.models import Count, Min, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from applications.models import StatusChange
from cards.models import FilingEvent
from notices.models import Notice
from reports.timeline.rows import Row, Scope, TimelineLine, TimelineSource, branch
from reviews.models import Opinion, ReviewTable


def _causes(found: "QuerySet[Any, Any]", before: str, after: str = "") -> "QuerySet[Any, Any]":
    """Causes as the rooms write them, so that the index on them finds the messages."""
    cause = Concat(Value(before), Cast("pk", TextField()), Value(after), output_field=TextField())
    causes: QuerySet[Any, Any] = found.order_by().annotate(line_cause=cause).values("line_cause")
    return causes


def _told(scope: Scope, causes: "QuerySet[Any, Any]", source: str) -> "QuerySet[Any, Any]":
    found = Notice.objects.of_the_station(scope.reader).filter(cause__in=causes)
    grouped = (
        found.order_by()
        .values("cause", "subject")
        .annotate(first=Min("created_at"), newest=Min("pk"), people=Count("pk"))
        .annotate(read=Count("read_at"))
    )
    return branch(
        grouped, source, at="first", words="subject", code="people", extra="read", pk="newest"
    )


def _of_changes(scope: Scope) -> "QuerySet[Any, Any]":
    found = StatusChange.objects.filter(scope.of("application"))
    return _told(scope, _causes(found, "applications:change:"), "told_change")


def _of_opinions(scope: Scope) -> "QuerySet[Any, Any]":
    found = Opinion.objects.filter(scope.of("table__application"))
    return _told(scope, _causes(found, "reviews:opinion:", ":opened"), "told_opinion")


def _of_tables(scope: Scope) -> "QuerySet[Any, Any]":
    found = ReviewTable.objects.filter(scope.of("application"))
    return _told(scope, _causes(found, "reviews:table:", ":concluded"), "told_table")


def _of_filings(scope: Scope) -> "QuerySet[Any, Any]":
    found = FilingEvent.objects.filter(scope.of("filing__application"))
    return _told(scope, _causes(found, "cards:filing_event:"), "told_filing")


def _line(row: Row) -> TimelineLine:
    read = f"已有{row.extra}人在门户阅读" if row.extra != "0" else "还没有在门户阅读"
    words = f"发给{row.code}人，{read}"
    return TimelineLine(row.at, f"发出通知：{row.words}", "系统", words)


SOURCES: Final = (
    TimelineSource("told_change", _of_changes, _line),
    TimelineSource("told_opinion", _of_opinions, _line),
    TimelineSource("told_table", _of_tables, _line),
    TimelineSource("told_filing", _of_filings, _line),
)
