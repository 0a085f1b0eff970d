"""Entering a card: for whom, and what is on it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.kinds import CARD_MAKING
from applications.models import Applicant, Application
from applications.workflow import Status
from cards.holding.changes import put_picture, read_side
from cards.holding.forms import EconomiesForm, IssueForm
from cards.holding.refusals import CardRefused
from cards.holding.services import issue_card
from cards.models import Card, EconomyApproval
from core import text
from core.paging import bounded_page_of
from core.reading import line_of_text
from enterprises.filters import named
from files.refusals import FileRefused
from parameters.values import load_parameters

WRITERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


@roles(*WRITERS)
def choose(request: SignedInRequest) -> HttpResponse:
    """Whose card: endorsed applications without one, and other applicants by name."""
    words = line_of_text(request.GET.get("q"))[:120]
    waiting = Application.objects.visible_to(request.user).filter(
        status=Status.ENDORSED, kind__in=CARD_MAKING, card__isnull=True
    )
    others = Applicant.objects.visible_to(request.user).exclude(
        pk__in=Card.objects.live().filter(applicant__isnull=False).values("applicant")
    )
    if words:
        waiting = waiting.filter(
            named(words, of="enterprise__") | Q(applicant__name__icontains=text.name(words))
        )
        others = others.filter(
            named(words, of="enterprise__") | Q(name__icontains=text.name(words))
        )
    context = {
        "page": bounded_page_of(waiting.with_people().order_by("-status_since", "-id"), request),
        "others": others.select_related("enterprise")[:20] if words else (),
        "q": words,
    }
    return render(request, "cards/holding/choose.html", context)


@roles(*WRITERS)
@heavy("POST")
def of_application(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = Application.objects.visible_to(request.user).filter(
        status=Status.ENDORSED, kind__in=CARD_MAKING
    )
    application = get_object_or_404(visible.with_people(), pk=pk)
    there = Card.objects.filter(application=application).first()
    if there:
        messages.success(request, "这件申请的卡已经登记过了。")
        return redirect(there)
    return _enter(request, application.applicant, application)


@roles(*WRITERS)
@heavy("POST")
def of_applicant(request: SignedInRequest, pk: int) -> HttpResponse:
    """A card from before the portal, or from elsewhere."""
    visible = Applicant.objects.visible_to(request.user).select_related("enterprise")
    return _enter(request, get_object_or_404(visible, pk=pk), None)


def _enter(
    request: SignedInRequest, applicant: Applicant, application: Application | None
) -> HttpResponse:
    sent: Any = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = {"passport_until": applicant.passport_expires_on}
    form = IssueForm(*sent, parameters=load_parameters(), initial=initial)
    economies = EconomiesForm(*sent[:1], own=_granted(application))
    if request.method == "POST" and all([form.is_valid(), economies.is_valid()]):
        card = _issued(request, form, economies, applicant, application)
        if card is not None:
            messages.success(request, "卡已登记。可以把持卡人页面的链接发给持卡人。")
            return redirect(card)
    context = {"form": form, "economies": economies, "applicant": applicant}
    status = 422 if form.errors or economies.errors else 200
    return render(request, "cards/holding/enter.html", context, status=status)


def _granted(application: Application | None) -> dict[str, Any]:
    """What the filing's board says: ticked at first."""
    if application is None:
        return {}
    granted = EconomyApproval.objects.current().filter(
        filing__application=application, state=EconomyApproval.State.GRANTED
    )
    return dict(granted.values_list("economy", "valid_until"))


def _issued(
    request: SignedInRequest,
    form: IssueForm,
    economies: EconomiesForm,
    applicant: Applicant,
    application: Application | None,
) -> Card | None:
    """The card, with its pictures; None where it was refused, in the form's words."""
    typed = form.cleaned_data
    fields = ("number", "issued_on", "card_until", "passport_number", "passport_until")
    given = {name: typed[name] for name in (*fields, "custody", "custody_note", "nonce")}
    try:
        pictures = {
            side: read_side(typed[side].read(), typed[side].name or "卡片照片")
            for side in ("front", "back")
            if typed.get(side)
        }
        with transaction.atomic():
            card = issue_card(
                application=application,
                applicant=applicant,
                economies=economies.economies,
                by=request.user,
                **given,
            )
            for side, picture in pictures.items():
                put_picture(card, side=side, picture=picture, by=request.user)
    except FileRefused as refused:
        form.add_error(None, f"卡片照片没有收下：{refused}")
        return None
    except CardRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None
    return card
