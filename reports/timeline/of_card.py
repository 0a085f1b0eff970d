"""Time line of cards: their own events, services begun on them, visits and breaches."""

from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from applications.kinds import SERVICES, Kind
from applications.models import Application
from cards.models import Breach, CardEvent, CardRequest, EventKind, FindingEntry, Measure, Visit
from core.text import brief
from reports.timeline.rows import Row, Scope, TimelineLine, TimelineSource, branch, entered

WORDS: Final = 200
# Cards' pages say these; they move nothing.
QUIET: Final = (EventKind.LINK_GIVEN, EventKind.LINK_REVOKED)


def _events(scope: Scope) -> "QuerySet[Any, Any]":
    found = CardEvent.objects.visible_to(scope.reader).filter(scope.of_card("card"))
    return branch(
        found.exclude(kind__in=QUIET),
        "card",
        at="effective_at",
        case="card__application",
        who="by",
        code="kind",
        words="detail",
        extra="ok",
        pk="card",
    )


def _event_line(row: Row) -> TimelineLine:
    refused = "" if row.extra in {"1", "t", "true", "True"} else "（没有办成）"
    what = f"旅行卡：{EventKind(row.code).label}{refused}"
    words = brief(row.words, WORDS)
    return TimelineLine(
        row.at, what, row.who, words, reverse("cards:card", args=[row.pk]), row.case
    )


def _followed(scope: Scope) -> "QuerySet[Any, Any]":
    """Services begun on this case's card; of an enterprise they are cases themselves."""
    found = Application.objects.visible_to(scope.reader)
    if scope.case is None:
        found = found.none()
    else:
        # Each by its own index: of one or the other, all cases would be read.
        following = Application.objects.filter(follows=scope.case.pk).order_by().values("pk")
        asked = CardRequest.objects.filter(card__application=scope.case.pk).order_by()
        own = following.union(asked.values("application"))
        found = found.filter(pk__in=own).exclude(pk=scope.case.pk)
    return branch(found, "service", at="created_at", case="pk", who="created_by", code="kind")


def _followed_line(row: Row) -> TimelineLine:
    what = f"开始{SERVICES[Kind(row.code)].label}"
    return TimelineLine(row.at, what, row.who, url=reverse("case", args=[row.pk]), case=row.case)


def _of_cards(scope: Scope) -> Q:
    """Of a case what hangs on its card; of an enterprise all that it has."""
    return scope.of_card("card") if scope.case else Q(enterprise=scope.enterprise)


def _visits(scope: Scope) -> "QuerySet[Any, Any]":
    found = Visit.objects.visible_to(scope.reader).filter(_of_cards(scope), dropped_at__isnull=True)
    done = found.filter(done_on__isnull=False).annotate(entered_at=F("created_at"))
    return branch(
        done,
        "visit",
        at=entered("done_on", "entered_at"),
        case="card__application",
        who="done_by",
        code="kind",
        words="summary",
        extra="why",
    )


def _visit_line(row: Row) -> TimelineLine:
    what = f"{Visit.Kind(row.code).label}：{Visit.Why(row.extra).label}"
    words = brief(row.words, WORDS)
    url = reverse("cards:visit", args=[row.pk])
    return TimelineLine(row.at, what, row.who, words, url, row.case, is_day=True)


def _planned(scope: Scope) -> "QuerySet[Any, Any]":
    found = Visit.objects.visible_to(scope.reader).open().filter(_of_cards(scope))
    return branch(
        found,
        "planned",
        at="created_at",
        case="card__application",
        who="created_by",
        code="kind",
        words="due_on",
        extra="why",
    )


def _planned_line(row: Row) -> TimelineLine:
    what = f"安排{Visit.Kind(row.code).label}：{Visit.Why(row.extra).label}"
    return TimelineLine(
        row.at, what, row.who, url=reverse("cards:visit", args=[row.pk]), case=row.case
    )


def _findings(scope: Scope) -> "QuerySet[Any, Any]":
    way = "finding__visit__card" if scope.case else "finding"
    mine = scope.of_card(way) if scope.case else Q(finding__enterprise=scope.enterprise)
    found = FindingEntry.objects.filter(mine)
    return branch(
        found,
        "finding",
        at="at",
        case="finding__visit__card__application",
        who="by",
        code="kind",
        words="words",
        pk="finding",
    )


def _finding_line(row: Row) -> TimelineLine:
    what = f"回访发现的问题：{FindingEntry.Kind(row.code).label}"
    words = brief(row.words, WORDS)
    return TimelineLine(
        row.at, what, row.who, words, reverse("cards:finding", args=[row.pk]), row.case
    )


def _breaches(scope: Scope) -> "QuerySet[Any, Any]":
    found = Breach.objects.visible_to(scope.reader).filter(_of_cards(scope))
    return branch(
        found,
        "breach",
        at="created_at",
        case="card__application",
        who="created_by",
        code="kind",
        words="facts",
        extra="happened_on",
    )


def _breach_line(row: Row) -> TimelineLine:
    what = f"登记违规：{Breach.Kind(row.code).label}"
    words = brief(row.words, WORDS)
    return TimelineLine(
        row.at, what, row.who, words, reverse("cards:breach", args=[row.pk]), row.case
    )


def _closed(scope: Scope) -> "QuerySet[Any, Any]":
    found = Breach.objects.visible_to(scope.reader).filter(_of_cards(scope))
    return branch(
        found.filter(closed_at__isnull=False),
        "closed",
        at="closed_at",
        case="card__application",
        who="closed_by",
        words="outcome",
    )


def _closed_line(row: Row) -> TimelineLine:
    words = brief(row.words, WORDS)
    return TimelineLine(
        row.at, "违规办结", row.who, words, reverse("cards:breach", args=[row.pk]), row.case
    )


def _measures(scope: Scope) -> "QuerySet[Any, Any]":
    way = scope.of_card("breach__card") if scope.case else Q(breach__enterprise=scope.enterprise)
    return branch(
        Measure.objects.filter(way),
        "measure",
        at="decided_at",
        case="breach__card__application",
        who="decided_by",
        code="kind",
        words="words",
        pk="breach",
    )


def _measure_line(row: Row) -> TimelineLine:
    what = f"措施：{Measure.Kind(row.code).label}"
    words = brief(row.words, WORDS)
    return TimelineLine(
        row.at, what, row.who, words, reverse("cards:breach", args=[row.pk]), row.case
    )


SOURCES: Final = (
    TimelineSource("card", _events, _event_line),
    TimelineSource("service", _followed, _followed_line),
    TimelineSource("planned", _planned, _planned_line),
    TimelineSource("visit", _visits, _visit_line),
    TimelineSource("finding", _findings, _finding_line),
    TimelineSource("breach", _breaches, _breach_line),
    TimelineSource("closed", _closed, _closed_line),
    TimelineSource("measure", _measures, _measure_line),
)
