"""Where the link leads: a borrower without account confirms that he has the card, or gave it."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.rate_limits import limited
from cards.duty.lending import LendingLinkRefused, confirm_by_link, link_of
from cards.refusals import Refusal

GONE = 410
TEN_MINUTES = timedelta(minutes=10)


@login_not_required
@never_cache
@limited("hand confirmation", most=20, span=TEN_MINUTES)
def hand_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Looking does nothing, since scanners open links; the button confirms, once."""
    try:
        link = link_of(token)
        if request.method == "POST":
            lending = confirm_by_link(link)
            return render(
                request, "cards/duty/hand_confirmed.html", {"lending": lending, "link": link}
            )
    except (LendingLinkRefused, Refusal) as refused:
        context = {"reason": str(refused)}
        return render(request, "cards/link_gone.html", context, status=GONE)
    return render(request, "cards/duty/hand_confirm.html", {"lending": link.lending, "link": link})
