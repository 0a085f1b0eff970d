"""Time line of the application itself: begun, moved, agreed to, and its materials handed in."""

from typing import Any, Final

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse

from applications.models import Application, Consent, MaterialPage, StatusChange
from applications.workflow import Action, Status
from core.text import brief
from materials.catalogue import item_name
from reports.timeline.rows import Row, Scope, TimelineLine, TimelineSource, branch

WORDS: Final = 200
# The review's own lines say these, with number, round and departments.
SAID_BY_TABLES: Final = frozenset({Action.CIRCULATE, Action.CONCLUDE})
# With these the enterprise gets a letter.
WITH_LETTER: Final = frozenset({Action.RETURN, Action.RECALL, Action.ASK_SUPPLEMENT})


def _visible(scope: Scope) -> "QuerySet[Application]":
    return Application.objects.visible_to(scope.reader).filter(scope.cases)


def _begun(scope: Scope) -> "QuerySet[Any, Any]":
    """Drafts too: the caller made sure that this reader may know of them."""
    found = Application.objects.known_to(scope.reader).filter(scope.cases)
    return branch(
        found, "begun", at="created_at", case="pk", who="created_by", code="kind", words="status"
    )


def _begun_line(row: Row) -> TimelineLine:
    draft = "（现在还是草稿，没有提交）" if row.words == Status.DRAFT else ""
    return TimelineLine(row.at, f"开始准备申请{draft}", row.who, case=row.case)


def _changes(scope: Scope) -> "QuerySet[Any, Any]":
    found = StatusChange.objects.visible_to(scope.reader).filter(scope.of("application"))
    return branch(
        found.exclude(action__in=SAID_BY_TABLES),
        "change",
        at="at",
        case="application",
        who="by",
        code="action",
        words="reason",
        extra="to_status",
    )


def _change_line(row: Row) -> TimelineLine:
    action = Action(row.code)
    url = ""
    if action in WITH_LETTER:
        url = reverse("applications:letter", args=[row.case, row.pk])
    words = brief(row.words, WORDS)
    return TimelineLine(row.at, str(action.label), row.who, words, url, row.case)


def _consents(scope: Scope) -> "QuerySet[Any, Any]":
    found = Consent.objects.filter(application__in=_visible(scope))
    return branch(found, "consent", at="given_at", case="application", code="way", extra="person")


def _consent_line(row: Row) -> TimelineLine:
    return TimelineLine(row.at, Consent.Way(row.code).label, str(row.extra), case=row.case)


def _materials(scope: Scope) -> "QuerySet[Any, Any]":
    """A line a material and day, since one has up to dozens of pages."""
    pages = MaterialPage.objects.filter(material__application__in=_visible(scope))
    grouped = (
        pages.order_by()
        .annotate(day=TruncDate("file__created_at"))
        .values("material", "material__application", "material__number", "day")
        .annotate(newest=Max("file__created_at"), count=Count("pk"))
    )
    return branch(
        grouped,
        "material",
        at="newest",
        case="material__application",
        code="material__number",
        extra="count",
        pk="material",
    )


def _material_line(row: Row) -> TimelineLine:
    number = int(row.code or 0)
    url = f"{reverse('applications:pre_review', args=[row.case])}?material={number}"
    what = f"上传{item_name(number)}，{row.extra}页"
    return TimelineLine(row.at, what, "企业", url=url, case=row.case)


SOURCES: Final = (
    TimelineSource("begun", _begun, _begun_line),
    TimelineSource("change", _changes, _change_line),
    TimelineSource("consent", _consents, _consent_line),
    TimelineSource("material", _materials, _material_line),
)
