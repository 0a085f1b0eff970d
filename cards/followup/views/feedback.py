"""Feedback of a holder: the link that is given to him, and the page where it leads."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.rate_limits import limited
from accounts.requests import SignedInRequest
from cards.duty.views.common import READERS, status_of
from cards.followup.feedback import FeedbackRefused, give_feedback, give_link, link_of
from cards.followup.forms import FeedbackForm
from cards.models import Card, Feedback
from core.paging import page_of
from core.reading import whole_number

GONE = 410
TEN_MINUTES = timedelta(minutes=10)


@roles(Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)
@require_POST
@never_cache
def feedback_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """A link for this card's holder, shown once, to be sent to him."""
    card = get_object_or_404(Card.objects.visible_to(request.user).with_people(), pk=pk)
    token = give_link(card, by=request.user)
    address = request.build_absolute_uri(reverse("cards:feedback", args=[token]))
    return render(request, "cards/followup/feedback_link.html", {"card": card, "address": address})


@roles(*READERS)
def feedback_list(request: SignedInRequest) -> HttpResponse:
    """What holders said, the newest first; `?enterprise=` of one alone."""
    found = Feedback.objects.visible_to(request.user).select_related("card__enterprise")
    enterprise = whole_number(request.GET.get("enterprise"), default=None)
    if enterprise is not None:
        found = found.filter(card__enterprise=enterprise)
    gates = dict(found.order_by().values_list("gate").annotate(times=Count("pk")))
    return render(
        request,
        "cards/followup/feedback_list.html",
        {
            "page": page_of(found, request, unit="份"),
            "gates": [(label, gates.get(gate, 0)) for gate, label in Feedback.Gate.choices],
        },
    )


@login_not_required
@never_cache
@limited("card feedback", most=20, span=TEN_MINUTES)
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """Three questions, once; the page names nobody, since whoever holds the link may read it."""
    try:
        link = link_of(token)
        form = FeedbackForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            give_feedback(link, **form.cleaned_data)
            return render(request, "cards/followup/feedback_done.html", {})
    except FeedbackRefused as refused:
        context = {"reason": str(refused)}
        return render(request, "cards/link_gone.html", context, status=GONE)
    status = status_of(form)
    return render(request, "cards/followup/feedback.html", {"form": form}, status=status)
