"""One card and the list of cards."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from cards.models import Card

READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)


@roles(*READERS)
def card(request: SignedInRequest, pk: int) -> HttpResponse:
    """The card on one page, with its events in order of time."""
    visible = Card.objects.visible_to(request.user).with_people().with_economies()
    found = get_object_or_404(visible, pk=pk)
    events = found.events.select_related("by")
    return render(request, "cards/holding/card.html", {"card": found, "events": events})
