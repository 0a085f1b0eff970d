"""Plan of visits by rules: after a card, every half year, and on risk. A cause plans once.

Each rule asks for what came due since it last ran and is not planned yet; nothing is planned of
what came due longer ago than `LOOK_BACK`, so that an old stock of cards makes no flood.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from cards.followup.visiting import tell_of_day
from cards.holding.services import day_start
from cards.models import Card, Lending, Measure, PeriodReport, Visit
from core.dates import months_later
from core.sweeping import each
from enterprises.models import Enterprise
from parameters.values import Parameters, load_parameters

LOOK_BACK: Final = timedelta(days=60)
AT_MOST: Final = 200
W = Visit.Why


@dataclass(frozen=True)
class DueVisit:
    """A visit that a rule asks for."""

    enterprise_id: int
    why: Visit.Why
    cause: str
    due_on: date
    card_id: int | None = None
    kind: Visit.Kind = Visit.Kind.CALL

    @property
    def number(self) -> str:
        return self.cause


def plan_visits(today: date | None = None) -> int:
    """Plan what the rules ask for; returns how many visits are new."""
    today = today or timezone.localdate()
    parameters = load_parameters(today)
    found = [due for rule in RULES for due in rule(today, parameters)]
    causes = [due.cause for due in found]
    known = set(Visit.objects.filter(cause__in=causes).values_list("cause", flat=True))
    new = [due for due in found if due.cause not in known]
    return sum(each(new, _plan, what="回访计划"))


@transaction.atomic
def _plan(due: DueVisit) -> int:
    visit, created = Visit.objects.get_or_create(
        cause=due.cause,
        defaults={
            "enterprise_id": due.enterprise_id,
            "card_id": due.card_id,
            "why": due.why,
            "kind": due.kind,
            "due_on": due.due_on,
        },
    )
    if created:
        record("followup.plan", visit, by=None, after={"why": due.why})
    return int(created)


def after_issue(today: date, parameters: Parameters) -> Iterator[DueVisit]:
    """A call so many days after a card was issued, planned ahead."""
    days = timedelta(days=parameters.number("followup.after_issue_days"))
    ahead = timedelta(days=parameters.number("followup.ahead_days"))
    planned = Visit.objects.filter(card=OuterRef("pk"), why=W.ISSUED)
    issued = Card.objects.live().filter(
        issued_on__gt=today - days - LOOK_BACK, issued_on__lte=today - days + ahead
    )
    for card in issued.exclude(Exists(planned)).order_by("issued_on", "pk")[:AT_MOST]:
        due_on = card.issued_on + days
        yield DueVisit(card.enterprise_id, W.ISSUED, f"issued:{card.pk}", due_on, card.pk)


def every_half_year(today: date, parameters: Parameters) -> Iterator[DueVisit]:
    """A visit so many months after the last one that was done, for who has cards.

    An enterprise that was never visited has its first one that long after its oldest live card
    was issued, and from today where that is over.
    """
    months = parameters.number("followup.every_months")
    ahead = timedelta(days=parameters.number("followup.ahead_days"))
    edge = months_later(today + ahead, -months)
    visits = Visit.objects.filter(enterprise=OuterRef("pk"))
    recent = visits.filter(Q(done_on__gt=edge) | Q(why=W.ROUTINE, dropped_at__gte=day_start(edge)))
    waiting = visits.open().filter(why__in=(W.ROUTINE, W.ISSUED))
    holding = Card.objects.live().filter(enterprise=OuterRef("pk"), issued_on__lte=edge)
    wanted = Enterprise.objects.in_use().filter(Exists(holding))
    wanted = wanted.exclude(Exists(recent)).exclude(Exists(waiting))
    for enterprise in wanted.order_by("pk")[:AT_MOST]:
        last = enterprise.visits.filter(done_on__isnull=False).order_by("-done_on").first()
        due_on = months_later(last.done_on, months) if last and last.done_on else today + ahead
        due_on = max(due_on, today)
        yield DueVisit(
            enterprise.pk,
            W.ROUTINE,
            f"routine:{enterprise.pk}:{due_on.isoformat()}",
            due_on,
            kind=Visit.Kind.VISIT,
        )


def unreturned(today: date, parameters: Parameters) -> Iterator[DueVisit]:
    """A call when a card has been overdue for so many days."""
    since = today - timedelta(days=parameters.number("followup.unreturned_days"))
    due_on = today + timedelta(days=parameters.number("followup.risk_visit_days"))
    late = Lending.objects.owed().filter(return_by__lte=since, return_by__gt=since - LOOK_BACK)
    for lending in late.order_by("return_by")[:AT_MOST]:
        cause = f"unreturned:{lending.pk}"
        yield DueVisit(lending.enterprise_id, W.UNRETURNED, cause, due_on, lending.card_id)


def no_report(today: date, parameters: Parameters) -> Iterator[DueVisit]:
    """A call when a report has been overdue for so many days."""
    since = today - timedelta(days=parameters.number("followup.no_report_days"))
    due_on = today + timedelta(days=parameters.number("followup.risk_visit_days"))
    late = PeriodReport.objects.missing().filter(
        period__due_on__lte=since, period__due_on__gt=since - LOOK_BACK
    )
    for report in late.order_by("pk")[:AT_MOST]:
        yield DueVisit(report.enterprise_id, W.NO_REPORT, f"no_report:{report.pk}", due_on)


def after_breach(today: date, parameters: Parameters) -> Iterator[DueVisit]:
    """A visit so many days after a measure was decided."""
    days = timedelta(days=parameters.number("followup.after_breach_days"))
    ahead = timedelta(days=parameters.number("followup.ahead_days"))
    first = day_start(today - days - LOOK_BACK)
    last = day_start(today - days + ahead + timedelta(days=1))
    decided = Measure.objects.filter(decided_at__gte=first, decided_at__lt=last)
    for measure in decided.select_related("breach").order_by("pk")[:AT_MOST]:
        breach = measure.breach
        due_on = timezone.localdate(measure.decided_at) + days
        yield DueVisit(
            breach.enterprise_id,
            W.BREACH,
            f"breach:{breach.pk}",
            due_on,
            breach.card_id,
            Visit.Kind.VISIT,
        )


Rule = Callable[[date, Parameters], Iterator[DueVisit]]
RULES: Final[tuple[Rule, ...]] = (after_issue, every_half_year, unreturned, no_report, after_breach)


@transaction.atomic
def plan_by_hand(
    enterprise: Enterprise,
    *,
    kind: str,
    due_on: date,
    planned_for: date | None,
    assigned_to: User | None,
    by: User,
) -> Visit:
    """A visit that the station wants for its own reasons; the same once more is the same.

    The enterprise is told where a day is named.
    """
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    same = enterprise.visits.open().filter(why=W.BY_HAND, kind=kind, due_on=due_on).first()
    if same is not None:
        return same
    visit = Visit.objects.create(
        enterprise=enterprise,
        kind=kind,
        why=W.BY_HAND,
        due_on=due_on,
        planned_for=planned_for,
        assigned_to=assigned_to,
        created_by=by,
    )
    record("followup.plan", visit, by=by, after={"why": visit.why})
    tell_of_day(visit)
    return visit
