"""An enterprise's duty on one page, and the station's overview of everybody's."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.decorators import roles
from accounts.requests import SignedInRequest
from cards.duty.reporting import next_periods
from cards.duty.views.common import READERS, enterprise_of, query_of
from cards.followup.history import history_of
from cards.followup.next_steps import next_step
from cards.models import (
    Breach,
    Card,
    Lending,
    ManagementRules,
    PeriodReport,
    Visit,
    VisitFinding,
)
from core.paging import page_of
from core.reading import line_of_text, whole_number
from enterprises.models import Enterprise
from parameters.values import load_parameters

MOST_WITHOUT = 10
MOST_OF_A_MOMENT = 10_000


@roles(*READERS)
def duty(request: SignedInRequest) -> HttpResponse:
    """One's own enterprise; the station sees what is overdue at all of them."""
    if request.user.is_agent:
        own = Enterprise.objects.visible_to(request.user).first()
        if own is None:
            return redirect("enterprises:mine")
        return _show(request, own)
    today = timezone.localdate()
    late = Lending.objects.visible_to(request.user).overdue(today).with_card()
    holding = Card.objects.live().filter(enterprise=OuterRef("pk"))
    ruled = ManagementRules.objects.filter(enterprise=OuterRef("pk"))
    # The first of them alone: to count all would cost by the number of enterprises.
    without_rules = Enterprise.objects.visible_to(request.user).filter(Exists(holding))
    without_rules = without_rules.exclude(Exists(ruled))[:MOST_WITHOUT]
    return render(
        request,
        "cards/followup/overview.html",
        {
            "page": page_of(late.order_by("return_by", "pk"), request, unit="张"),
            "missing_count": PeriodReport.objects.visible_to(request.user).late(today).count(),
            "breach_count": Breach.objects.visible_to(request.user).open().count(),
            "visit_count": Visit.objects.visible_to(request.user).overdue(today).count(),
            "without_rules": without_rules,
        },
    )


@roles(*READERS)
def enterprise_duty(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rules, keeper, register, reports, breaches, visits; then all of it in order of time."""
    return _show(request, enterprise_of(request, pk))


def _show(request: SignedInRequest, enterprise: Enterprise) -> HttpResponse:
    today = timezone.localdate()
    until = _moment(request.GET.get("until"))
    shown = min(whole_number(request.GET.get("shown")), MOST_OF_A_MOMENT) if until else 0
    entries, older = history_of(enterprise, until=until, shown=shown)
    visits = Visit.objects.visible_to(request.user).open().filter(enterprise=enterprise)
    versions = enterprise.management_rules.order_by("-in_force_since", "-version").defer("text")
    coming, in_force = [], None
    for version in versions:
        if not version.is_coming:
            in_force = version
            break
        coming.append(version)
    found: dict[str, Any] = {
        "rules": in_force or (coming[-1] if coming else None),
        "keepers": list(enterprise.keepers.acting()),
        "out": list(enterprise.lendings.out().order_by("return_by")[:20]),
        "unsent": list(
            enterprise.period_reports.filter(sent_at__isnull=True).select_related("period")[:5]
        ),
        "breaches": list(enterprise.breaches.open()[:5]),
        "findings": list(VisitFinding.objects.open().filter(enterprise=enterprise)[:10]),
    }
    return render(
        request,
        "cards/followup/enterprise_duty.html",
        {
            "enterprise": enterprise,
            **found,
            # What applies from a later day, the next first; `rules` is what applies today.
            "rules": in_force,
            "coming": coming[::-1],
            "next_periods": next_periods(today, load_parameters(today)),
            "next_step": next_step(**found),
            "visits": list(visits.with_people()[:5]),
            "entries": entries,
            "older": query_of(until=older[0].isoformat(), shown=older[1]) if older else "",
            "is_first": until is None,
            "is_officer": request.user.is_officer,
            "is_agent": request.user.is_agent,
        },
    )


def _moment(text: str | None) -> datetime | None:
    """What the link to older entries says; anything else is the beginning."""
    try:
        moment = parse_datetime(line_of_text(text))
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
