"""Cancellations: the list by deadline, taking a card with its receipt, and that it is done."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.workflow import Status
from cards.models import Cancellation
from cards.refusals import carried_out
from cards.renewals import cancellations as services
from cards.renewals.forms import DayForm, ExcuseForm, HandInForm
from cards.renewals.letters import render_receipt
from cards.renewals.views.services import READERS, pdf_response
from core.forms import BaseForm
from core.paging import page_of
from core.typesetting import RenderingFailed


def visible_cancellation(request: SignedInRequest, pk: int) -> Cancellation:
    visible = Cancellation.objects.visible_to(request.user).with_people()
    return get_object_or_404(visible, pk=pk)


@roles(*READERS)
def cancellation_list(request: SignedInRequest) -> HttpResponse:
    """Those under way, what is due soonest on top."""
    visible = Cancellation.objects.visible_to(request.user).open().with_people()
    page = page_of(visible.in_order(), request, unit="张")
    late = visible.filter(due_on__lt=timezone.localdate()).count()
    context = {"page": page, "late": late, "is_agent": request.user.is_agent}
    return render(request, "cards/renewals/cancellation_list.html", context)


@roles(*READERS)
def cancellation(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is; the agent's stands on the page of its service, with the letter.

    The station has this page from the report on, also before anything was submitted.
    """
    found = visible_cancellation(request, pk)
    if request.user.is_agent:
        return redirect("cards:service", found.application_id)
    what, who = found.waits_for
    context = {
        "cancellation": found,
        "what": what,
        "who": who,
        "is_submitted": found.application.state != Status.DRAFT,
    }
    return render(request, "cards/renewals/cancellation.html", context)


@roles(Role.STATION_OFFICER)
def hand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """The station takes the card and gives a receipt."""
    cancellation = visible_cancellation(request, pk)
    initial = {
        "on": timezone.localdate(),
        "handed_in_by": cancellation.card.enterprise.contact_name,
    }
    return _act(
        request,
        cancellation,
        HandInForm(request.POST or None, initial=initial),
        lambda form: services.receive_card(cancellation, by=request.user, **form.cleaned_data),
        title=f"收{cancellation.card.holder_name}的卡",
        act="收下，开回执",
        done="已收卡，请打印回执交给交卡人。",
    )


@roles(Role.STATION_OFFICER, Role.ENTERPRISE_AGENT)
def excuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why no card can be handed in."""
    cancellation = visible_cancellation(request, pk)
    return _act(
        request,
        cancellation,
        ExcuseForm(request.POST or None, initial={"why": cancellation.without_card}),
        lambda form: services.excuse_card(cancellation, by=request.user, **form.cleaned_data),
        title=f"{cancellation.card.holder_name}的卡交不回",
        act="保存原因",
        done="已保存原因。找到原卡的，仍要交到服务站。",
    )


@roles(Role.STATION_OFFICER)
def complete(request: SignedInRequest, pk: int) -> HttpResponse:
    """The city office has cancelled the card."""
    cancellation = visible_cancellation(request, pk)
    return _act(
        request,
        cancellation,
        DayForm(request.POST or None, initial={"on": timezone.localdate()}),
        lambda form: services.complete(cancellation, by=request.user, **form.cleaned_data),
        title=f"登记{cancellation.card.holder_name}的卡已注销",
        act="登记已注销",
        done="已登记注销，这张卡不能再用。",
    )


@roles(*READERS)
@heavy("GET")
def receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """The receipt for the card that was handed in; the audit trail says who took it."""
    cancellation = visible_cancellation(request, pk)
    if cancellation.handed_in_on is None:
        raise Http404
    try:
        pdf = render_receipt(cancellation)
    except RenderingFailed as error:
        messages.error(request, f"回执没有生成：{error}")
        return redirect(cancellation)
    number = cancellation.receipt_number
    record("cancellation.receipt", cancellation, by=request.user, after={"number": number})
    return pdf_response(pdf, f"收卡回执 {number}.pdf")


def _act(
    request: SignedInRequest,
    cancellation: Cancellation,
    form: BaseForm,
    act_on: Callable[[Any], object],
    *,
    title: str,
    act: str,
    done: str,
) -> HttpResponse:
    """One form, one act; refused, the words stand over what was typed."""
    if request.method == "POST" and carried_out(form, lambda: act_on(form)):
        messages.success(request, done)
        return redirect(cancellation)
    context = {
        "title": title,
        "form": form,
        "act": act,
        "back_url": cancellation.get_absolute_url(),
        "back": "返回",
    }
    status = 422 if form.errors else 200
    return render(request, "components/form_page.html", context, status=status)
