"""A card is lost: the form, what to do now, and that it was found."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.kinds import Kind
from cards.holding.refusals import CardRefused
from cards.models import Card
from cards.refusals import carried_out
from cards.renewals.forms import LossForm
from cards.renewals.losses import report_found, report_loss
from cards.renewals.services import last_holder_of
from cards.renewals.views.beginning import visible_card


@roles(Role.ENTERPRISE_AGENT)
def loss(request: SignedInRequest, pk: int) -> HttpResponse:
    """Four answers; the card is marked at once."""
    card = visible_card(request, pk)
    if card.status == Card.Status.LOST and request.method != "POST":
        return redirect("cards:loss_after", pk)
    initial = {"noticed_at": timezone.localtime(), "last_holder": last_holder_of(card)}
    form = LossForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and carried_out(
        form, lambda: report_loss(card, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "已挂失，门户里这张卡不能再领用。服务站已收到通知。")
        return redirect("cards:loss_after", pk)
    context = {"card": card, "form": form}
    return render(request, "cards/renewals/loss.html", context, status=422 if form.errors else 200)


@roles(Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
def after(request: SignedInRequest, pk: int) -> HttpResponse:
    """How long ago, and what to do now, in order."""
    card = visible_card(request, pk)
    report = card.losses.filter(found_at__isnull=True).first()
    if card.status != Card.Status.LOST:
        return redirect(card)

    requests = card.requests.select_related("application")
    reissue = requests.filter(application__kind=Kind.REISSUE).first()
    context = {
        "card": card,
        "report": report,
        "reissue": reissue.application if reissue else None,
        "is_agent": request.user.is_agent,
    }
    return render(request, "cards/renewals/loss_after.html", context)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def found(request: SignedInRequest, pk: int) -> HttpResponse:
    """The card is there again."""
    card = visible_card(request, pk)
    try:
        report_found(card, by=request.user)
    except CardRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _found_words(visible_card(request, pk)))
    return redirect(card)


def _found_words(card: Card) -> str:
    if card.status == Card.Status.CANCELLING:
        return (
            "已登记找回。这张卡正在注销，不能再用，请把卡交到服务站。已经报案的，请告诉公安机关。"
        )
    return "已登记找回，卡恢复使用。已经报案的，请告诉公安机关；补卡不办了的，请撤回。"
