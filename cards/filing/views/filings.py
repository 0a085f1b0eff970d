"""All filings for the station, those that nobody entered anything of for long on top."""

from typing import Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.workflow import Turn
from cards.models import Filing
from cards.workflow import TURN, Stage
from core.paging import page_of
from parameters.values import number

STALE: Final = "stale"
CHOICES: Final = (
    (STALE, "久未更新"),
    ("agent", "等企业办理"),
    ("others", "等其他单位"),
    ("over", "已办结"),
)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def filings(request: SignedInRequest) -> HttpResponse:
    """By what waits for whom; without a choice the stale ones, or where there are none the rest."""
    days = number("cards.stale_days")
    visible = Filing.objects.visible_to(request.user)
    chosen = request.GET.get("show", "")
    if chosen not in dict(CHOICES):
        chosen = STALE if visible.stale(days).exists() else "agent"
    found = _narrowed(visible, chosen, days).with_people()  # type: ignore[attr-defined]
    page = page_of(found, request, unit="件")
    now = timezone.now()
    rows = [(filing, (now - filing.last_entry_at).days) for filing in page]
    context = {
        "page": page,
        "rows": rows,
        "chosen": chosen,
        "choices": CHOICES,
        "days": days,
    }
    return render(request, "cards/filing/filings.html", context)


def _narrowed(visible: "QuerySet[Filing]", chosen: str, days: int) -> "QuerySet[Filing]":
    if chosen == STALE:
        return visible.stale(days)  # type: ignore[attr-defined,no-any-return]
    stages = [stage for stage in Stage if TURN[stage] == Turn(chosen)]
    found = visible.filter(stage__in=stages)
    if chosen == "over":
        return found.order_by("-last_entry_at", "-pk")
    # Said once more: the index holds what is open.
    return found.open().order_by("last_entry_at", "pk")  # type: ignore[attr-defined,no-any-return]
