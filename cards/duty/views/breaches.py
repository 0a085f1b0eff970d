"""Breaches: stated by the station, answered by the enterprise, with measures and their end."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from cards.duty import breaches as services
from cards.duty.forms import BreachForm, MeasureForm, StatementForm, WordsForm
from cards.duty.views.common import (
    AGENT,
    OFFICER,
    READERS,
    STATION,
    enterprise_of,
    error_lines,
    files_in,
    show_page,
    status_of,
)
from cards.models import Breach, BreachPage, Card, Measure
from cards.pictures import read_pictures
from cards.refusals import attempt, carried_out
from core.paging import page_of


@roles(*STATION)
def breach_list(request: SignedInRequest) -> HttpResponse:
    """Open ones first; `?all=1` the closed ones as well."""
    with_closed = request.GET.get("all") == "1"
    breaches = Breach.objects.visible_to(request.user)
    if not with_closed:
        breaches = breaches.open()
    breaches = breaches.select_related("enterprise").prefetch_related("measures")
    return render(
        request,
        "cards/duty/breach_list.html",
        {
            "page": page_of(breaches, request, unit="件"),
            "with_closed": with_closed,
        },
    )


@roles(*OFFICER)
@heavy("POST")
def breach_new(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_of(request, pk)
    cards = Card.objects.visible_to(request.user).filter(enterprise=enterprise)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = BreachForm(*sent, cards=cards, initial={"happened_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in BREACH_FIELDS}
        breach = attempt(
            form,
            lambda: services.state_breach(
                enterprise, pictures=read_pictures(files_in(form)), by=request.user, **typed
            ),
        )
        if breach is not None:
            messages.success(request, "已登记，已告知企业并请其说明。")
            return redirect(breach)
    context = {"enterprise": enterprise, "form": form}
    return render(request, "cards/duty/breach_new.html", context, status=status_of(form))


BREACH_FIELDS = ("kind", "person", "happened_on", "facts", "card")


@roles(*READERS)
def breach(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _breach(request, pk))


def _show(
    request: SignedInRequest,
    found: Breach,
    *,
    statement: StatementForm | None = None,
    measure: MeasureForm | None = None,
    closing: WordsForm | None = None,
) -> HttpResponse:
    is_officer = request.user.is_officer and found.is_open
    awaits = request.user.is_agent and found.is_open and found.stated_at is None
    return render(
        request,
        "cards/duty/breach.html",
        {
            "breach": found,
            "measures": found.measures.select_related("decided_by", "lifted_by"),
            "pages": found.pages.current(),
            "statement_form": statement or (StatementForm() if awaits else None),
            "measure_form": measure or (_measure_form() if is_officer else None),
            "close_form": closing or (WordsForm(label="办结说明") if is_officer else None),
            "may_act": request.user.is_officer,
        },
        status=status_of(statement, measure, closing),
    )


def _measure_form() -> MeasureForm:
    return MeasureForm(initial={"starts_on": timezone.localdate()})


@roles(*AGENT)
@require_POST
@heavy("POST")
def breach_state(request: SignedInRequest, pk: int) -> HttpResponse:
    """The enterprise's statement."""
    found = _breach(request, pk)
    form = StatementForm(request.POST, request.FILES)
    if carried_out(
        form,
        lambda: services.answer_breach(
            found,
            statement=form.cleaned_data["statement"],
            pictures=read_pictures(files_in(form)),
            by=request.user,
        ),
    ):
        messages.success(request, "说明已提交，服务站会据此处理。")
        return redirect(found)
    return _show(request, found, statement=form)


@roles(*OFFICER)
@require_POST
def measure_new(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _breach(request, pk)
    form = MeasureForm(request.POST)
    if carried_out(
        form, lambda: services.take_measure(found, **form.cleaned_data, by=request.user)
    ):
        messages.success(request, "已决定措施，已告知企业。")
        return redirect(found)
    return _show(request, found, measure=form)


@roles(*OFFICER)
@require_POST
def measure_review(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = _measure(request, pk)
    form = WordsForm(request.POST, label="复查情况")
    if carried_out(
        form, lambda: services.review_measure(measure, words=_words(form), by=request.user)
    ):
        messages.success(request, "已记下复查情况。")
    else:
        _tell(request, form)
    return redirect(measure.breach)


@roles(*OFFICER)
@require_POST
def measure_lift(request: SignedInRequest, pk: int) -> HttpResponse:
    measure = _measure(request, pk)
    form = WordsForm(request.POST, label="解除的原因")
    if carried_out(
        form, lambda: services.lift_measure(measure, words=_words(form), by=request.user)
    ):
        messages.success(request, "已解除，已告知企业。")
    else:
        _tell(request, form)
    return redirect(measure.breach)


@roles(*OFFICER)
@require_POST
def breach_close(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _breach(request, pk)
    form = WordsForm(request.POST, label="办结说明")
    if carried_out(
        form, lambda: services.close_breach(found, outcome=_words(form), by=request.user)
    ):
        messages.success(request, "已办结。已决定的措施照常执行到期。")
        return redirect(found)
    return _show(request, found, closing=form)


@roles(*READERS)
def breach_page(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = Breach.objects.visible_to(request.user)
    pages = BreachPage.objects.filter(breach__in=seen).select_related("file", "breach__enterprise")
    page = get_object_or_404(pages, pk=pk)
    return show_page(request, page, page.breach, f"证据 第{page.position}页")


def _words(form: forms.Form) -> str:
    return str(form.cleaned_data["words"])


def _tell(request: SignedInRequest, form: forms.Form) -> None:
    for line in error_lines(form):
        messages.error(request, line)


def _breach(request: SignedInRequest, pk: int) -> Breach:
    seen = Breach.objects.visible_to(request.user)
    people = "enterprise", "card", "created_by", "stated_by", "closed_by"
    return get_object_or_404(seen.select_related(*people), pk=pk)


def _measure(request: SignedInRequest, pk: int) -> Measure:
    seen = Measure.objects.visible_to(request.user).select_related("breach__enterprise")
    return get_object_or_404(seen, pk=pk)
