"""The radar: what ends within a year, the next first, and what was dealt with by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from cards.holding.forms import SettleForm
from cards.holding.radar import (
    AHEAD_MONTHS,
    Rules,
    standing_ends,
    words_of,
)
from cards.holding.radar_services import settle as settle_end
from cards.holding.radar_sweep import renewing
from cards.holding.refusals import CardRefused
from cards.models import Card
from core.dates import months_later
from core.paging import page_of
from parameters.values import load_parameters

READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
WRITERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


@roles(*READERS)
def radar(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    horizon = months_later(today, AHEAD_MONTHS)
    rules = Rules.of(load_parameters(today))
    visible = Card.objects.visible_to(request.user).ending_by(horizon)
    listed = visible.select_related("enterprise").prefetch_related("economies", "radar_marks")
    page = page_of(listed, request, unit="张")
    cards = page.rows
    begun = renewing(cards)
    rows = []
    for card in cards:
        shown = [
            (end, words_of(end, rules, today), rules.begin_on(end.day) <= today)
            for end in standing_ends(card)
            if end.day <= horizon
        ]
        rows.append((card, shown, card.pk in begun))
    context = {"page": page, "rows": rows, "rules": rules, "today": today}
    return render(request, "cards/holding/radar.html", context)


@roles(*WRITERS)
def settle(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say how one end was dealt with: nothing reminds of it any more."""
    visible = Card.objects.visible_to(request.user).with_economies()
    card = get_object_or_404(visible, pk=pk)
    form = SettleForm(
        request.POST if request.method == "POST" else None, initial=request.GET.dict()
    )
    if request.method == "POST" and form.is_valid():
        try:
            settle_end(card, by=request.user, **form.cleaned_data)
        except CardRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已记下，这一项不再提醒。")
            return redirect("cards:radar")
    context = {"card": card, "form": form, "ends": standing_ends(card)}
    status = 422 if form.errors else 200
    return render(request, "cards/holding/settle.html", context, status=status)
