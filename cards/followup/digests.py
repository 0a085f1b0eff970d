"""Digests of what is due: one a day to an enterprise's people, and one to the station's officers.

Rows carry the day on which they are next spoken of, so that a sweep costs by what is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cards.duty.breaches import settle_lapsed
from cards.duty.reporting import open_periods
from cards.followup.planning import plan_visits
from cards.models import Lending, Measure, PeriodReport, Visit, VisitFinding
from cards.models.lendings import GONE
from core.sweeping import each
from enterprises.models import Enterprise
from notices.models import Notice
from notices.services import DIGEST_KEPT, notify
from parameters.values import Parameters, load_parameters

MOST_LINES = 30
AT_MOST = 2000
WEEK = range(1, 8)
LOOK_AGAIN = 30


@dataclass
class Digest:
    """What one enterprise hears of today."""

    enterprise: Enterprise
    lendings: list[Lending] = field(default_factory=list)
    reports: list[PeriodReport] = field(default_factory=list)
    findings: list[VisitFinding] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.enterprise.pk

    @property
    def count(self) -> int:
        return len(self.lendings) + len(self.reports) + len(self.findings)


@dataclass(frozen=True)
class StationDigest:
    """What the station hears of today."""

    lendings: Sequence[Lending]
    reports: Sequence[PeriodReport]
    findings: Sequence[VisitFinding]
    visits: Sequence[Visit]
    measures: Sequence[Measure]

    @property
    def count(self) -> int:
        return sum(
            map(len, (self.lendings, self.reports, self.findings, self.visits, self.measures))
        )


def care(today: date | None = None) -> None:
    """The day's work of duty and follow-up: ask for reports, plan visits, remind."""
    today = today or timezone.localdate()
    parameters = load_parameters(today)
    open_periods(today, parameters)
    settle_lapsed(today)
    plan_visits(today)
    remind(today, parameters)


def remind(today: date, parameters: Parameters) -> int:
    """Returns how many notices are new. The station's first: the enterprise's move the days on."""
    told = _tell_station(_of_station(today, parameters), today)
    digests = _of_enterprises(today)
    return told + sum(
        each(digests, lambda one: _tell(one, today, parameters), what="用卡和回访的提醒")
    )


def _of_enterprises(today: date) -> list[Digest]:
    """By enterprise, what is to be spoken of by now; three queries, and one for their names."""
    found: dict[int, Digest] = {}

    def of(enterprise: Enterprise) -> Digest:
        return found.setdefault(enterprise.pk, Digest(enterprise))

    due = {"remind_on__lte": today}
    # Nobody can bring these back now; they are looked at again in case a lost one is found.
    gone = Lending.objects.filter(**due, card__status__in=GONE)
    gone.update(remind_on=today + timedelta(days=LOOK_AGAIN))
    for lending in Lending.objects.filter(**due).with_card().order_by("return_by")[:AT_MOST]:
        of(lending.enterprise).lendings.append(lending)
    reports = PeriodReport.objects.filter(**due).select_related("enterprise", "period")
    for report in reports.order_by("pk")[:AT_MOST]:
        of(report.enterprise).reports.append(report)
    findings = VisitFinding.objects.filter(**due).select_related("enterprise", "visit")
    for finding in findings.order_by("due_on")[:AT_MOST]:
        of(finding.enterprise).findings.append(finding)
    return list(found.values())


@transaction.atomic
def _tell(digest: Digest, today: date, parameters: Parameters) -> int:
    """One message with all of it; then each row is spoken of again only after its own while."""
    new = notify(
        digest.enterprise.people(),
        cause=f"cards:duty:{digest.pk}:{today:%Y%m%d}",
        together=True,
        forget_after=DIGEST_KEPT,
        template="cards/followup/email/digest.txt",
        context={"digest": digest, "today": today},
        path=reverse("cards:enterprise_duty", args=[digest.pk]),
        action_label="去办理",
        kind=Notice.Kind.DEADLINE,
        short=f"用卡管理有{digest.count}件事要办",
    )
    for rows, code in (
        (digest.lendings, "duty.overdue_repeat_days"),
        (digest.reports, "duty.report_repeat_days"),
        (digest.findings, "followup.finding_repeat_days"),
    ):
        again = today + timedelta(days=parameters.number(code))
        for row in rows:
            # What was settled a moment ago keeps no day.
            still = type(row)._default_manager.filter(pk=row.pk, remind_on__isnull=False)
            still.update(remind_on=_next(row, today, again))
    return len(new)


def _next(row: Lending | PeriodReport | VisitFinding, today: date, again: date) -> date:
    """The day after the last one is spoken of, however soon that is; later ones by the while."""
    last = row.period.due_on if isinstance(row, PeriodReport) else None
    last = last or (row.return_by if isinstance(row, Lending) else None)
    last = last or (row.due_on if isinstance(row, VisitFinding) else today)
    return last + timedelta(days=1) if today <= last else again


def _of_station(today: date, parameters: Parameters) -> StationDigest:
    """What came to the station's turn since its last digest."""
    edge = today - timedelta(days=parameters.number("duty.overdue_station_days"))
    late = Lending.objects.owed().filter(return_by__lt=edge, station_told_on__isnull=True)
    last = _last_told(today)
    lapsed = last, today - timedelta(days=1)
    reports = PeriodReport.objects.missing().filter(period__due_on__range=lapsed)
    findings = VisitFinding.objects.awaiting_enterprise().filter(due_on__range=lapsed)
    visits = Visit.objects.open().filter(due_on__range=(last, today))
    measures = Measure.objects.to_review(today).filter(review_on__gt=last)
    return StationDigest(
        list(late.with_card().order_by("return_by")[:AT_MOST]),
        list(reports.select_related("enterprise", "period")[:AT_MOST]),
        list(findings.select_related("enterprise").order_by("due_on")[:AT_MOST]),
        list(visits.with_people().order_by("due_on")[:AT_MOST]),
        list(measures.select_related("breach__enterprise")[:AT_MOST]),
    )


def _last_told(today: date) -> date:
    """The day of the station's last digest; a week ago where it had none since."""
    days = {_station_cause(today - timedelta(days=n)): today - timedelta(days=n) for n in WEEK}
    told = Notice.objects.filter(cause__in=days).values_list("cause", flat=True).distinct()
    return max((days[cause] for cause in told), default=min(days.values()))


def _station_cause(day: date) -> str:
    return f"cards:duty-station:{day:%Y%m%d}"


@transaction.atomic
def _tell_station(digest: StationDigest, today: date) -> int:
    if not digest.count:
        return 0
    new = notify(
        User.objects.officers(),
        cause=_station_cause(today),
        together=True,
        forget_after=DIGEST_KEPT,
        template="cards/followup/email/station_digest.txt",
        context={"digest": digest, "today": today, "most": MOST_LINES},
        path=reverse("cards:followup_month"),
        action_label="打开本月回访",
        kind=Notice.Kind.TASK,
        short=f"用卡管理有{digest.count}件事要看",
    )
    pks = [lending.pk for lending in digest.lendings]
    Lending.objects.filter(pk__in=pks).update(station_told_on=today)
    return len(new)
