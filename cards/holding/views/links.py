"""The holder's page: by the link without an account, and as the agent and the station see it."""

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from cards.holding.holder import holder_view
from cards.holding.links import card_of, give_link, revoke_link
from cards.holding.refusals import CardRefused
from cards.models import Card
from core.crypto import decrypt, encrypt
from core.masks import mask_name

GIVEN = "holder-link"
GONE = 410
READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
WRITERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


def _visible(request: SignedInRequest, pk: int) -> Card:
    return get_object_or_404(Card.objects.visible_to(request.user).with_economies(), pk=pk)


@roles(*WRITERS)
@require_POST
def link_give(request: SignedInRequest, pk: int) -> HttpResponse:
    """The address is shown once, since only its hash is kept."""
    card = _visible(request, pk)
    try:
        request.session[GIVEN] = [card.pk, encrypt(give_link(card, by=request.user))]
    except CardRefused as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('cards:card', args=[pk])}#holder")


@roles(*WRITERS)
@require_POST
def link_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    revoke_link(_visible(request, pk), by=request.user)
    messages.success(request, "链接已作废，谁也不能再打开。")
    return redirect("cards:card", pk)


def address_given(request: SignedInRequest, card: Card) -> str:
    """The address that was made just now, once."""
    kept = request.session.get(GIVEN)
    if not kept or kept[0] != card.pk or request.method != "GET":
        return ""
    del request.session[GIVEN]
    return f"{settings.SITE_URL}{reverse('cards:holder', args=[decrypt(kept[1])])}"


def qr_of(address: str) -> str:
    """For the holder's camera, as a `data:` address of an SVG."""
    picture = segno.make(address, error="m", micro=False)
    return str(picture.svg_data_uri(scale=5, border=4, dark="#1c2733", light="#ffffff"))


@roles(*READERS)
def holder_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The holder's page as he sees it."""
    card = _visible(request, pk)
    context = {"card": card, "view": holder_view(card), "name": card.holder_name}
    return render(request, "cards/holding/holder.html", context)


@login_not_required
@require_safe
@never_cache
def holder(request: HttpRequest, token: str) -> HttpResponse:
    """Public, by an address that cannot be guessed; it names the holder by a mask alone."""
    card = card_of(token)
    if card is None:
        return render(request, "cards/holding/holder_gone.html", status=GONE)
    context = {"card": card, "view": holder_view(card), "name": mask_name(card.holder_name)}
    return render(request, "cards/holding/holder.html", context)
