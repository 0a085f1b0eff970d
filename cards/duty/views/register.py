"""The register of use, made for a phone: hand out, take back, have it confirmed."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.requests import SignedInRequest
from cards.duty import lending as services
from cards.duty.forms import LendForm, ReturnForm
from cards.duty.rules import return_days_of
from cards.duty.stops import stop_of
from cards.duty.views.common import AGENT, READERS, enterprise_of, status_of
from cards.models import Card, CardEvent, ConfirmationLink, EventKind, Lending
from cards.refusals import Refusal, attempt
from core.paging import page_of


@roles(*READERS)
def register(request: SignedInRequest, pk: int) -> HttpResponse:
    """The enterprise's cards with what can be done with each now, and what was."""
    enterprise = enterprise_of(request, pk)
    out = Prefetch("lendings", Lending.objects.out().select_related("keeper"), to_attr="out")
    cards = Card.objects.live().filter(enterprise=enterprise).prefetch_related(out)
    return render(
        request,
        "cards/duty/register.html",
        {
            "enterprise": enterprise,
            "cards": page_of(cards.order_by("holder_name", "pk"), request, unit="张"),
            "keepers": list(enterprise.keepers.acting()),
            "lendings": enterprise.lendings.select_related("card")[:10],
            "refusals": CardEvent.objects.filter(
                card__enterprise=enterprise, kind=EventKind.LENDING_REFUSED
            )
            .select_related("card", "by")
            .order_by("-recorded_at")[:5],
        },
    )


@roles(*AGENT)
def lend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand this card out; in a minute on a phone."""
    cards = Card.objects.visible_to(request.user).with_people().with_economies()
    card = get_object_or_404(cards, pk=pk)
    keepers = card.enterprise.keepers.acting()
    if not keepers.exists():
        messages.error(request, "请先登记保管人，再登记领用。")
        return redirect("cards:keeper_new", card.enterprise_id)
    form = LendForm(request.POST or None, card=card, keepers=keepers)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _lend(request, card, form))
        if made is not None:
            messages.success(request, "已登记领用。请领用人确认收到。")
            return redirect(made)
    context = {
        "card": card,
        "form": form,
        "stop": stop_of(card),
        "return_days": return_days_of(card.enterprise, timezone.localdate()),
    }
    return render(request, "cards/duty/lend.html", context, status=status_of(form))


def _lend(request: SignedInRequest, card: Card, form: LendForm) -> Lending:
    typed = form.cleaned_data
    return services.lend(
        card,
        keeper=typed["keeper"],
        trip=services.Trip(typed["purpose"], typed["economies"], typed["trip_ends_on"]),
        out_at=typed["out_at"],
        borrower=typed["borrower"],
        nonce=typed["nonce"],
        by=request.user,
    )


@roles(*READERS)
@never_cache
def lending(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _lending(request, pk))


def _show(request: SignedInRequest, found: Lending, *, address: str = "") -> HttpResponse:
    """`address`: of the link that was just made, shown this once."""
    events = found.card.events.filter(
        effective_at__gte=found.out_at,
        kind__in=(EventKind.LENT, EventKind.BORROWED, EventKind.TAKEN_BACK, EventKind.RETURNED),
    )
    following = found.card.lendings.filter(out_at__gt=found.out_at).order_by("out_at").first()
    if following is not None:
        events = events.filter(effective_at__lt=following.out_at)
    return render(
        request,
        "cards/duty/lending.html",
        {
            "lending": found,
            "events": events.select_related("by")[:12],
            "address": address,
            "may_act": request.user.is_agent,
        },
    )


@roles(*AGENT)
def lending_return(request: SignedInRequest, pk: int) -> HttpResponse:
    """The card of this number comes back; also where it was never handed out, which is refused."""
    cards = Card.objects.visible_to(request.user).with_people()
    card = get_object_or_404(cards, pk=pk)
    keepers = card.enterprise.keepers.acting()
    if not keepers.exists():
        messages.error(request, "请先登记保管人，再登记归还。")
        return redirect("cards:keeper_new", card.enterprise_id)
    form = ReturnForm(request.POST or None, keepers=keepers)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        found = attempt(form, lambda: services.take_back(card, **typed, by=request.user))
        if found is not None:
            messages.success(request, "已登记归还。请领用人确认。")
            return redirect(found)
    context = {"card": card, "form": form, "lending": card.lendings.out().first()}
    return render(request, "cards/duty/lending_return.html", context, status=status_of(form))


@roles(*AGENT)
@require_POST
def lending_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """The borrower confirms on the keeper's phone, which he holds in his hand."""
    found = _lending(request, pk)
    what = request.POST.get("what", "")
    if what not in ConfirmationLink.What.values:
        return redirect(found)
    try:
        services.confirm(
            found,
            what=what,
            way=Lending.Way.PHONE,
            by=request.user,
            actor=services.BORROWER_HERE,
        )
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "领用人已确认，双方的确认都已记下。")
    return redirect(found)


@roles(*AGENT)
@require_POST
@never_cache
def lending_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """A link for a borrower who is elsewhere; shown once, to be sent to him."""
    found = _lending(request, pk)
    try:
        token, _ = services.give_link(found, by=request.user)
    except Refusal as refused:
        messages.error(request, str(refused))
        return redirect(found)
    address = request.build_absolute_uri(reverse("cards:hand_confirm", args=[token]))
    return _show(request, found, address=address)


def _lending(request: SignedInRequest, pk: int) -> Lending:
    seen = Lending.objects.visible_to(request.user).with_card().select_related("back_keeper")
    return get_object_or_404(seen, pk=pk)
