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
from applications.filters import applicants_named
from applications.models import Applicant, Application
from cards.holding.changes import put_picture, read_side
from cards.holding.filters import named_applicants, named_cards
from cards.holding.forms import EconomiesForm, IssueForm
from cards.holding.refusals import CardRefused
from cards.holding.services import (
    faults_of_days,
    issue_card,
    plain_number,
    require_passport,
)
from cards.models import Card, EconomyApproval, Filing
from cards.workflow import IN_HAND
from core.paging import page_of
from core.reading import line_of_text
from enterprises.filters import among
from enterprises.models import Enterprise
from files.refusals import FileRefused
from files.services import Cleared
from parameters.values import load_parameters

WRITERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


@roles(*WRITERS)
def choose(request: SignedInRequest) -> HttpResponse:
    """Whose card: endorsed applications without one, and other applicants by name."""
    words = line_of_text(request.GET.get("q"))[:120]
    waiting = (
        Application.objects.visible_to(request.user)
        .endorsed()
        .filter(card__isnull=True, filing__has_card=False, filing__stage__in=IN_HAND)
    )
    have = Card.objects.visible_to(request.user).live()
    others = Applicant.objects.visible_to(request.user).exclude(
        pk__in=Card.objects.live().filter(applicant__isnull=False).values("applicant")
    )
    if words:
        firms = among(Enterprise.objects.order_by(), words)
        people = applicants_named(words)
        waiting = waiting.filter(Q(enterprise__in=firms) | Q(applicant__in=people))
        others = others.filter(pk__in=named_applicants(words))
        have = have.filter(pk__in=named_cards(words))
    context = {
        "page": page_of(waiting.with_people(), request, unit="件"),
        "others": others.select_related("enterprise")[:20] if words else (),
        "have": have.select_related("enterprise").order_by("-id")[:20] if words else (),
        "q": words,
    }
    return render(request, "cards/holding/choose.html", context)


@roles(*WRITERS)
@heavy("POST")
def of_application(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = Application.objects.visible_to(request.user).endorsed()
    application = get_object_or_404(visible.with_people(), pk=pk)
    there = Card.objects.filter(application=application).first()
    if there:
        messages.success(request, "这件申请的卡已经登记过了。")
        return redirect(there)
    if Filing.of(application).at not in IN_HAND:
        return render(request, "cards/holding/too_early.html", {"application": application})
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
    granted = _granted(application)
    known = None if application is None else frozenset(granted)
    economies = EconomiesForm(*sent[:1], own=granted, known=known)
    if request.method == "POST":
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
    """The card, with its pictures; None where it was refused, in the form's words.

    Whatever is wrong is said in one round, not field after field.
    """
    both_fit = all([form.is_valid(), economies.is_valid()])
    _tell_faults(form, economies, applicant)
    pictures = _pictures(form)
    if not both_fit or form.errors:
        return None
    typed = form.cleaned_data
    fields = ("number", "issued_on", "card_until", "passport_number", "passport_until")
    given = {name: typed[name] for name in (*fields, "custody", "custody_note", "nonce")}
    try:
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
    except CardRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None
    return card


def _tell_faults(form: IssueForm, economies: EconomiesForm, applicant: Applicant) -> None:
    """Say beside its field what does not fit together, of what could be read."""
    typed = form.cleaned_data
    faults: list[CardRefused] = []
    if typed.get("issued_on"):
        until, passport_until = typed.get("card_until"), typed.get("passport_until")
        own = economies.economies
        faults += faults_of_days(typed["issued_on"], until, passport_until, own)
    try:
        if typed.get("passport_number"):
            require_passport(plain_number(typed["passport_number"]), applicant)
    except CardRefused as refused:
        faults.append(refused)
    for fault in faults:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))


def _pictures(form: IssueForm) -> dict[str, Cleared]:
    """Both sides as pictures; what is none is said beside its field."""
    pictures: dict[str, Cleared] = {}
    for side in ("front", "back"):
        sent = form.cleaned_data.get(side)
        try:
            if sent:
                pictures[side] = read_side(sent.read(), sent.name or "卡片照片")
        except FileRefused as refused:
            form.add_error(side, f"卡片照片没有收下：{refused}")
    return pictures
