"""Time line of the station's own work with an enterprise: briefings, visits, consultations.

Each of them noted a contact in the ledger, too; `SAID_HERE` tells those contacts, which
`of_enterprise` leaves out, so that what happened once stands once.
"""

from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.text import brief
from enterprises.models import Contact, Enterprise
from outreach.models import Attendance, CompanyVisit, Consultation
from outreach.models.company_visits import CompanyVisitQuerySet
from reports.timeline.rows import Row, Scope, TimelineLine, TimelineSource, branch

WORDS: Final = 200
# By the nonces under which their services note them; that a coming was taken back stays a contact.
SAID_HERE: Final = (
    Q(kind=Contact.Kind.VISIT, nonce__startswith="visit:")
    | Q(kind=Contact.Kind.BRIEFING, nonce__startswith="attendance:")
    | Q(kind=Contact.Kind.CONSULTATION, nonce__startswith="consultation-")
)


def _own(scope: Scope) -> "QuerySet[Enterprise]":
    visible = Enterprise.objects.visible_to(scope.reader)
    return visible.filter(pk=scope.enterprise.pk) if scope.enterprise else visible.none()


def _attended(scope: Scope) -> "QuerySet[Any, Any]":
    visible = Attendance.objects.visible_to(scope.reader)
    found = visible.filter(demand__enterprise__in=_own(scope))
    return branch(
        found, "attended", at="at", who="recorded_by", words="briefing__title", extra="heads",
        pk="briefing",
    )  # fmt: skip


def _attended_line(row: Row) -> TimelineLine:
    url = reverse("outreach:briefing", args=[row.pk])
    what = f"参加宣讲会，{row.extra}人"
    return TimelineLine(row.at, what, row.who if row.name else "企业", brief(row.words, WORDS), url)


def _visits(scope: Scope) -> CompanyVisitQuerySet:
    visible = CompanyVisit.objects.visible_to(scope.reader)
    return visible.filter(demand__enterprise__in=_own(scope))


def _visited(scope: Scope) -> "QuerySet[Any, Any]":
    return branch(
        _visits(scope).done(), "company_visit", at="done_at", who="done_by", words="told",
        extra="asked",
    )  # fmt: skip


def _visited_line(row: Row) -> TimelineLine:
    told = f"讲了：{row.words}" if row.words else ""
    asked = f"对方问：{row.extra}" if row.extra else ""
    words = brief("　".join(filter(None, (told, asked))), WORDS)
    return TimelineLine(
        row.at, "上门走访", row.who, words, reverse("outreach:visit", args=[row.pk])
    )


def _arranged(scope: Scope) -> "QuerySet[Any, Any]":
    return branch(
        _visits(scope).open(), "company_visit_planned", at="created_at", who="created_by",
        words="purpose",
    )  # fmt: skip


def _arranged_line(row: Row) -> TimelineLine:
    url = reverse("outreach:visit", args=[row.pk])
    return TimelineLine(row.at, "安排上门走访", row.who, brief(row.words, WORDS), url)


def _consultations(scope: Scope) -> "QuerySet[Consultation]":
    own = _own(scope)
    # Each by its own index: of one or the other, all consultations would be read.
    rows = Consultation.objects.order_by()
    asked = rows.filter(enterprise__in=own).values("pk")
    of_row = rows.filter(demand__enterprise__in=own).values("pk")
    return Consultation.objects.visible_to(scope.reader).filter(pk__in=asked.union(of_row))


def _asked(scope: Scope) -> "QuerySet[Any, Any]":
    return branch(
        _consultations(scope), "consultation", at="asked_at", code="channel", words="text"
    )


def _asked_line(row: Row) -> TimelineLine:
    what = f"{Consultation.Channel(row.code).label}咨询"
    url = reverse("outreach:consultation", args=[row.pk])
    return TimelineLine(row.at, what, "企业", brief(row.words, WORDS), url)


def _answered(scope: Scope) -> "QuerySet[Any, Any]":
    found = _consultations(scope).filter(closed_at__isnull=False)
    return branch(found, "answered", at="closed_at", who="closed_by", words="answer")


def _answered_line(row: Row) -> TimelineLine:
    url = reverse("outreach:consultation", args=[row.pk])
    return TimelineLine(row.at, "答复咨询", row.who, brief(row.words, WORDS), url)


SOURCES: Final = (
    TimelineSource("attended", _attended, _attended_line),
    TimelineSource("company_visit", _visited, _visited_line),
    TimelineSource("company_visit_planned", _arranged, _arranged_line),
    TimelineSource("consultation", _asked, _asked_line),
    TimelineSource("answered", _answered, _answered_line),
)
