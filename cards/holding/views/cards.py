"""The list of cards, and one card."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from cards.holding.changes import correct_card, put_picture, read_side, record_view
from cards.holding.filters import CardFilter
from cards.holding.forms import CorrectForm, EconomiesForm, PictureForm
from cards.holding.holder import holder_view
from cards.holding.radar import Rules, open_ends, own_days, settled_of, words_of
from cards.holding.refusals import CardRefused
from cards.holding.standing import standing_of
from cards.holding.views.links import address_given, qr_of
from cards.holding.views.revealing import is_revealed, reveal_for_a_while
from cards.models import Card, CardPage
from core.paging import page_of
from core.versions import Overtaken
from files.refusals import FileRefused
from files.serving import serve
from parameters.values import load_parameters

READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
WRITERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


def visible_card(request: SignedInRequest, pk: int) -> Card:
    visible = Card.objects.visible_to(request.user).with_people().with_economies()
    return get_object_or_404(visible.select_related("application"), pk=pk)


@roles(*READERS)
def card_list(request: SignedInRequest) -> HttpResponse:
    """By end, those that are not cancelled unless something else is asked for."""
    visible = Card.objects.visible_to(request.user)
    chosen = CardFilter(request.GET or None, visible)
    is_narrowed = bool(request.GET) and chosen.form.is_valid()
    cards = chosen.qs if is_narrowed else visible
    if not (is_narrowed and chosen.form.cleaned_data["status"]):
        cards = cards.live()
    listed = cards.select_related("enterprise").order_by("ends_on", "id")
    page = page_of(listed, request, unit="张")
    query = request.GET.copy()
    query.pop("page", None)
    context = {"page": page, "form": chosen.form, "query": query.urlencode()}
    return render(request, "cards/holding/list.html", context)


@roles(*READERS)
@never_cache
def card(request: SignedInRequest, pk: int) -> HttpResponse:
    """The card on one page, with its events in order of time."""
    found = visible_card(request, pk)
    parameters = load_parameters()
    rules, marks = Rules.of(parameters), list(found.radar_marks.select_related("by"))
    ends = open_ends(found, own_days(found.economies.all()), settled_of(marks))
    view = holder_view(found, parameters=parameters)
    address = address_given(request, found)
    lending = found.lendings.out().first()
    context = {
        "card": found,
        "view": view,
        "lending": lending,
        "standing": standing_of(
            found, ends=ends, rules=rules, today=view.day, lending=lending, user=request.user
        ),
        "ends": [(end, words_of(end, rules, view.day)) for end in ends],
        "events": found.events.select_related("by"),
        "pages": found.pages.current(),
        "link": found.holder_links.filter(revoked_at__isnull=True).first(),
        "address": address,
        "qr": qr_of(address) if address else "",
        "is_revealed": is_revealed(request, found),
        "may_change": found.is_live and request.user.role in WRITERS,
    }
    return render(request, "cards/holding/card.html", context)


@roles(*READERS)
@require_POST
def reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show both numbers in full for a while; the audit trail says who."""
    reveal_for_a_while(request, visible_card(request, pk))
    return redirect("cards:card", pk)


@roles(*WRITERS)
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    found = visible_card(request, pk)
    own = {one.economy: one.valid_until for one in found.economies.all()}
    data = request.POST if request.method == "POST" else None
    form = CorrectForm(data, instance=found, parameters=load_parameters())
    economies = EconomiesForm(data, own=own)
    if request.method == "POST" and all([form.is_valid(), economies.is_valid()]):
        try:
            corrected = form.save(commit=False)
            corrected.version = form.cleaned_data["seen_version"] or corrected.version
            number = form.cleaned_data["number"]
            correct_card(corrected, economies=economies.economies, number=number, by=request.user)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        except CardRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, "已保存。")
            return redirect("cards:card", pk)
    context = {"card": found, "form": form, "economies": economies}
    status = 422 if form.errors or economies.errors else 200
    return render(request, "cards/holding/correct.html", context, status=status)


@roles(*WRITERS)
@heavy("POST")
def picture_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    """A picture of one side, instead of the one before."""
    found = visible_card(request, pk)
    sent: Any = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PictureForm(*sent, initial={"side": request.GET.get("side", "front")})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            picture = read_side(typed["picture"].read(), typed["picture"].name or "卡片照片")
            put_picture(found, side=typed["side"], picture=picture, by=request.user)
        except (FileRefused, CardRefused) as refused:
            form.add_error("picture", str(refused))
        else:
            messages.success(request, "照片已收下。")
            return redirect("cards:card", pk)
    context = {"card": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "cards/holding/picture.html", context, status=status)


@roles(*READERS)
def picture(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponseBase:
    """One side as it was uploaded; the audit trail says who looked at it."""
    found = visible_card(request, pk)
    pages = CardPage.objects.filter(card=found).select_related("file")
    page = get_object_or_404(pages, pk=page_pk)
    record_view(found, page, by=request.user)
    return serve(page.file, name=f"{found}-{page.get_side_display()}")
