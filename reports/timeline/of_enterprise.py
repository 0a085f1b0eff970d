"""Time line of the enterprise itself: sign-up, verification, agents, and its standing papers."""

from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse

from cards.models import ManagementRules, PeriodReport
from core.text import brief
from enterprises.models import (
    Contact,
    Demand,
    DemandChange,
    Enterprise,
    EnterpriseAgent,
    HandOver,
    StandingDocument,
)
from reports.timeline.of_outreach import SAID_HERE
from reports.timeline.rows import (
    Row,
    Scope,
    TimelineLine,
    TimelineSource,
    branch,
)

WORDS: Final = 200


def _own(scope: Scope) -> "QuerySet[Enterprise]":
    visible = Enterprise.objects.visible_to(scope.reader)
    return visible.filter(pk=scope.enterprise.pk) if scope.enterprise else visible.none()


def _page(pk: int) -> str:
    return reverse("enterprises:station_detail", args=[pk])


def _signed_up(scope: Scope) -> "QuerySet[Any, Any]":
    return branch(_own(scope), "signed_up", at="created_at")


def _decided(scope: Scope) -> "QuerySet[Any, Any]":
    found = _own(scope).filter(decided_at__isnull=False)
    return branch(
        found, "decided", at="decided_at", who="decided_by", code="status", words="refusal_reason"
    )


def _decided_line(row: Row) -> TimelineLine:
    is_verified = row.code == Enterprise.Status.VERIFIED
    what = "通过核验" if is_verified else "没有通过核验"
    words = "" if is_verified else brief(row.words, WORDS)
    return TimelineLine(row.at, what, row.who, words, _page(row.pk))


def _agents(scope: Scope) -> "QuerySet[Any, Any]":
    found = EnterpriseAgent.objects.filter(enterprise__in=_own(scope))
    return branch(
        found, "agent", at="created_at", who="invited_by", words="user__name", pk="enterprise"
    )


def _agent_line(row: Row) -> TimelineLine:
    how = "由同事邀请" if row.name else "登记时"
    return TimelineLine(row.at, f"经办人：{row.words}", "", how, _page(row.pk))


def _hand_overs(scope: Scope) -> "QuerySet[Any, Any]":
    found = HandOver.objects.visible_to(scope.reader).filter(enterprise__in=_own(scope))
    return branch(
        found,
        "hand_over",
        at="asked_at",
        who="asked_by",
        code="outcome",
        words="reason",
        extra="name",
        pk="enterprise",
    )


def _hand_over_line(row: Row) -> TimelineLine:
    outcome = HandOver.Outcome(row.code).label if row.code else "等待生效"
    what = f"经办移交给{row.extra}（{outcome}）"
    return TimelineLine(row.at, what, row.who, brief(row.words, WORDS), _page(row.pk))


def _documents(scope: Scope) -> "QuerySet[Any, Any]":
    found = StandingDocument.objects.filter(enterprise__in=_own(scope), pages__isnull=False)
    return branch(
        found.distinct(),
        "document",
        at="created_at",
        code="kind",
        extra="version",
        pk="enterprise",
    )


def _document_line(row: Row) -> TimelineLine:
    name = dict(StandingDocument.KINDS)[int(row.code or 0)]
    return TimelineLine(row.at, f"企业材料：{name}，第{row.extra}版", "企业", url=_page(row.pk))


def _reports(scope: Scope) -> "QuerySet[Any, Any]":
    found = PeriodReport.objects.filter(enterprise__in=_own(scope), sent_at__isnull=False)
    return branch(found, "report", at="sent_at", who="sent_by", words="period__label")


def _report_line(row: Row) -> TimelineLine:
    url = reverse("cards:period_report", args=[row.pk])
    return TimelineLine(row.at, f"报送{row.words}管理与使用情况登记表", row.who, url=url)


def _rules(scope: Scope) -> "QuerySet[Any, Any]":
    found = ManagementRules.objects.filter(enterprise__in=_own(scope))
    return branch(found, "rules", at="created_at", who="created_by", code="version")


def _rules_line(row: Row) -> TimelineLine:
    url = reverse("cards:rules", args=[row.pk])
    return TimelineLine(row.at, f"用卡管理办法，第{row.code}版", row.who, url=url)


def _contacts(scope: Scope) -> "QuerySet[Any, Any]":
    found = Contact.objects.visible_to(scope.reader).filter(demand__enterprise__in=_own(scope))
    return branch(
        found.exclude(SAID_HERE),
        "contact",
        at="at",
        who="by",
        code="kind",
        words="words",
        extra="author_name",
        pk="demand",
    )


def _contact_line(row: Row) -> TimelineLine:
    """Of a contact from before the portal, whoever noted it then."""
    what = f"联系：{Contact.Kind(row.code).label}"
    url = reverse("ledger:detail", args=[row.pk])
    return TimelineLine(row.at, what, row.extra or row.who, brief(row.words, WORDS), url)


def _stages(scope: Scope) -> "QuerySet[Any, Any]":
    found = DemandChange.objects.filter(demand__enterprise__in=_own(scope))
    return branch(found, "stage", at="at", who="by", code="became", words="reason", pk="demand")


def _stage_line(row: Row) -> TimelineLine:
    what = f"台账：{Demand.Stage(row.code).label}"
    url = reverse("ledger:detail", args=[row.pk])
    return TimelineLine(row.at, what, row.who, brief(row.words, WORDS), url)


def _signed_up_line(row: Row) -> TimelineLine:
    return TimelineLine(row.at, "企业在门户登记", "企业", url=_page(row.pk))


SOURCES: Final = (
    TimelineSource("signed_up", _signed_up, _signed_up_line),
    TimelineSource("decided", _decided, _decided_line),
    TimelineSource("agent", _agents, _agent_line),
    TimelineSource("hand_over", _hand_overs, _hand_over_line),
    TimelineSource("document", _documents, _document_line),
    TimelineSource("contact", _contacts, _contact_line),
    TimelineSource("stage", _stages, _stage_line),
    TimelineSource("report", _reports, _report_line),
    TimelineSource("rules", _rules, _rules_line),
)
