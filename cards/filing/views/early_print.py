"""The decision about early printing; the request itself is a service, with its one letter."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.decorators import roles
from accounts.requests import SignedInRequest
from cards.filing.early_print import decision_of
from cards.filing.views.filing import READERS, endorsed


@roles(*READERS)
def early_print(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a card printed now would lack, what it costs, and what to do."""
    decision = decision_of(get_object_or_404(endorsed(request), pk=pk))
    context = {
        "application": decision.filing.application,
        "decision": decision,
        "is_agent": request.user.is_agent,
    }
    return render(request, "cards/filing/early_print.html", context)
