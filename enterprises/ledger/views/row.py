"""One row of the ledger: facts, contacts in time, stages; and what an officer notes there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.paging import page_of
from core.shown_for_a_while import is_shown, show_for_a_while
from core.versions import Overtaken
from enterprises.ledger.forms import ContactForm, DemandForm, StepForm
from enterprises.ledger.refusals import LedgerRefused
from enterprises.ledger.services import change_demand, note_contact
from enterprises.ledger.views.listing import save_step
from enterprises.ledger.views.reading import READERS, suggestions, visible_demand
from enterprises.models import Demand

REVEALED = "revealed_demand"


@roles(*READERS)
@never_cache
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A row on one page. An officer's POST sets its stage, next step and owner."""
    demand = visible_demand(request, pk)
    if request.method != "POST" or not request.user.is_officer:
        return _render(request, demand)
    form = StepForm(request.POST, instance=demand)
    if save_step(request, form, pk):
        return redirect("ledger:detail", pk)
    return _render(request, visible_demand(request, pk), step_form=form)


def _render(
    request: SignedInRequest,
    demand: Demand,
    *,
    contact_form: ContactForm | None = None,
    step_form: StepForm | None = None,
) -> HttpResponse:
    is_officer = request.user.is_officer
    refused = contact_form or step_form
    context = {
        "demand": demand,
        "page": page_of(demand.contacts.in_time().select_related("by"), request, unit="次"),
        "changes": demand.changes.select_related("by"),
        "is_revealed": is_shown(request, REVEALED, demand.pk),
        "is_officer": is_officer,
        "contact_form": (contact_form or ContactForm(instance=demand)) if is_officer else None,
        "step_form": (step_form or StepForm(instance=demand)) if is_officer else None,
        "is_step_open": step_form is not None,
        "usual_steps": suggestions()["usual_steps"],
    }
    status = 422 if refused is not None else 200
    return render(request, "enterprises/ledger/detail.html", context, status=status)


@roles(Role.STATION_OFFICER)
@require_POST
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep a contact and the next step with it."""
    demand = visible_demand(request, pk)
    form = ContactForm(request.POST, instance=demand)
    if form.is_valid():
        try:
            note_contact(demand=demand, by=request.user, **form.cleaned_data)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            messages.success(request, f"已记下与{demand.name}的联系。")
            return redirect("ledger:detail", pk)
    return _render(request, visible_demand(request, pk), contact_form=form)


@roles(*READERS)
@require_POST
def reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the telephone number for a while; the audit trail says who saw it."""
    demand = visible_demand(request, pk)
    record("demand.reveal", demand, by=request.user)
    show_for_a_while(request, REVEALED, demand.pk)
    return redirect("ledger:detail", pk)


@roles(Role.STATION_OFFICER)
@never_cache
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct the facts of a row."""
    demand = visible_demand(request, pk)
    form = DemandForm(request.POST or None, instance=demand)
    if request.method == "POST" and form.is_valid():
        made = {**form.cleaned_data}
        seen = made.pop("seen_version") or demand.version
        try:
            change_demand(demand=Demand(pk=pk), by=request.user, seen_version=seen, **made)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        except LedgerRefused as refused:
            form.add_error("credit_code", str(refused))
        else:
            messages.success(request, "已保存。")
            return redirect("ledger:detail", pk)
    context = {"demand": demand, "form": form, **suggestions()}
    status = 422 if form.errors else 200
    return render(request, "enterprises/ledger/edit.html", context, status=status)
