"""Time line of the filing in the national system, and what was reported of each economy."""

from typing import Any, Final

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.urls import reverse

from cards.models import EconomyApproval, FilingEvent
from cards.models import Source as Seen
from cards.workflow import StepCode
from core.text import brief
from materials.economies import NAMES
from reports.timeline.rows import Row, Scope, TimelineLine, TimelineSource, branch, entered

WORDS: Final = 200
S = EconomyApproval.State
REPORTED: Final = {
    S.GRANTED: "已批准",
    S.REFUSED: "据告未批准",
    S.NOT_APPLICABLE: "不适用",
    S.UNKNOWN: "改为没有消息",
}


def _events(scope: Scope) -> "QuerySet[Any, Any]":
    """With those that were taken back, and the taking back, which is a line of its own."""
    found = FilingEvent.objects.filter(scope.of("filing__application"))
    return branch(
        found,
        "filing",
        at=entered("on", "at"),
        case="filing__application",
        who="by",
        code="step",
        words="words",
        extra="source",
    )


def _event_line(row: Row) -> TimelineLine:
    step, seen = StepCode(row.code), Seen(row.extra)
    words = f"来源：{seen.label}"
    if row.words:
        words = f"{words}。{brief(row.words, WORDS)}"
    url = reverse("cards:filing", args=[row.case])
    return TimelineLine(
        row.at, f"国家系统：{step.label}", row.who, words, url, row.case, is_day=True
    )


def _approvals(scope: Scope) -> "QuerySet[Any, Any]":
    found = EconomyApproval.objects.filter(scope.of("filing__application"))
    day = Coalesce(F("on"), TruncDate("at"))
    return branch(
        found.annotate(day=day),
        "economy",
        at=entered("day", "at"),
        case="filing__application",
        who="by",
        code="economy",
        words=Cast("state", CharField()),
    )


def _approval_line(row: Row) -> TimelineLine:
    what = f"{NAMES.get(row.code or '', row.code)}：{REPORTED[S(row.words)]}"
    url = reverse("cards:board", args=[row.case])
    return TimelineLine(row.at, what, row.who, url=url, case=row.case, is_day=True)


SOURCES: Final = (
    TimelineSource("filing", _events, _event_line),
    TimelineSource("economy", _approvals, _approval_line),
)
