"""Who reads the ledger, and what its pages share."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Role
from accounts.requests import SignedInRequest
from enterprises.ledger.filter_form import known_words
from enterprises.ledger.forms import USUAL_STEPS
from enterprises.models import Demand

READERS = (Role.STATION_OFFICER, Role.SUPERVISOR)


def require_station(request: SignedInRequest) -> None:
    """Who leads a department sees nothing of the ledger, and not that there is any."""
    if not request.user.is_of_station:
        raise Http404


def visible_demand(request: SignedInRequest, pk: int) -> Demand:
    rows = Demand.objects.visible_to(request.user).select_related("enterprise", "owner")
    return get_object_or_404(rows, pk=pk)


def suggestions() -> dict[str, Any]:
    """What the fields of a row offer while one types."""
    return {
        "usual_steps": USUAL_STEPS,
        "trades": known_words("trade"),
        "towns": known_words("town"),
    }
