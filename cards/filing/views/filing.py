"""The page of one filing, and entering what happened."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import Application
from cards.filing.forms import EntryForm, TakeBackForm
from cards.filing.overview import overview_of
from cards.filing.services import (
    AlreadyEntered,
    EntryRefused,
    NeedMissing,
    enter_step,
    take_back,
)
from cards.models import Filing, FilingPage
from cards.renewals.services import old_card_of
from cards.workflow import STEPS, Need, StepCode
from files.judging import Judgement, judge_each
from files.refusals import FileRefused
from files.services import Cleared, clear_picture
from files.serving import serve
from materials.stack import PageRefused

READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
WRITERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)
FIELDS = {Need.REASONS: "reasons", Need.NUMBER: "number", Need.PLACE: "place"}
PREFILLED = ("on", "number", "source")


def endorsed(request: SignedInRequest) -> "QuerySet[Application]":
    """What this person sees and is filed: endorsed, and of a kind that ends with a card."""
    return Application.objects.visible_to(request.user).endorsed().with_people()


def visible_filing(request: SignedInRequest, pk: int) -> Filing:
    """Of the application with this number; 404 before it is endorsed."""
    applications = endorsed(request).select_related("filing", "card")
    application = get_object_or_404(applications, pk=pk)
    filing = Filing.of(application)
    filing.application = application
    return filing


@roles(*READERS)
def filing(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where it stands, what to do next, the board and what was entered."""
    found = visible_filing(request, pk)
    context = {
        "application": found.application,
        "overview": overview_of(found, request.user),
        "can_enter": request.user.role in WRITERS,
        "is_agent": request.user.is_agent,
        "old_card": old_card_of(found.application),
    }
    return render(request, "cards/filing/filing.html", context)


@roles(*WRITERS)
@heavy("POST")
def enter(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """Enter one step; whatever a message said of it may stand in the address."""
    code = _step(step)
    found = visible_filing(request, pk)
    numbers = found.application.service.numbers(found.application.cause)
    if request.method != "POST":
        initial = {name: request.GET[name] for name in PREFILLED if name in request.GET}
        form = EntryForm(step=code, seen=_seen(found), numbers=numbers, initial=initial)
        return _show(request, found, form)
    form = EntryForm(request.POST, request.FILES, step=code, seen=_seen(found), numbers=numbers)
    if not form.is_valid():
        return _show(request, found, form)
    pages, judgements = _cleared(form)
    if judgements:
        return _show(request, found, form, judgements)
    try:
        enter_step(
            found.application,
            code,
            form.entry,
            by=request.user,
            nonce=form.cleaned_data["nonce"] or None,
            reasons=form.reasons,
            pages=pages,
            seen=form.cleaned_data["seen"],
        )
    except AlreadyEntered:
        pass
    except NeedMissing as refusal:
        form.add_error(FIELDS.get(refusal.need, "words"), str(refusal))
        return _show(request, found, form)
    except (EntryRefused, PageRefused, FileRefused) as refusal:
        form.add_error(None, str(refusal))
        return _show(request, found, form)
    messages.success(request, f"已登记“{code.label}”。")
    return redirect("cards:filing", pk)


def _step(step: str) -> StepCode:
    if step not in StepCode.values or StepCode(step) not in STEPS:
        raise Http404
    return StepCode(step)


def _seen(filing: Filing) -> int:
    last = filing.events.last() if filing.pk else None
    return last.pk if last else 0


def _cleared(form: EntryForm) -> tuple[list[Cleared], list[Judgement]]:
    """The pictures, or what was wrong with them: all or none."""
    pages: list[Cleared] = []

    def take(data: bytes, name: str) -> list[str]:
        pages.append(clear_picture(data, name=name))
        return []

    judgements = judge_each(form.uploads, take) if form.uploads else []
    return pages, [] if all(one.accepted for one in judgements) else judgements


def _show(
    request: SignedInRequest,
    filing: Filing,
    form: EntryForm,
    judgements: list[Judgement] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "application": filing.application,
        "filing": filing,
        "form": form,
        "act": STEPS[form.step].act,
        "title": form.step.label,
        "takes_files": "files" in form.fields,
        "judgements": judgements or (),
        "is_payment": form.step == StepCode.PAID,
    }
    status = 422 if form.errors or judgements else 200
    return render(request, "cards/filing/entry.html", context, status=status)


@roles(*WRITERS)
def entry_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what would be undone, ask why, and undo the last entry."""
    found = visible_filing(request, pk)
    standing = found.events.standing().select_related("by").last() if found.pk else None
    if standing is None:
        messages.info(request, "没有可以撤销的登记。")
        return redirect("cards:filing", pk)
    form = TakeBackForm(request.POST or None, initial={"seen": _seen(found)})
    if request.method == "POST" and form.is_valid():
        reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen"]
        try:
            take_back(found.application, reason=reason, by=request.user, seen=seen)
        except EntryRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已撤销“{standing.get_step_display()}”。")
        return redirect("cards:filing", pk)
    context = {"application": found.application, "event": standing, "form": form}
    status = 422 if form.errors else 200
    return render(request, "cards/filing/take_back.html", context, status=status)


@roles(*READERS)
def filing_page(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponseBase:
    """One picture of a receipt or message; the audit trail says who looked at it."""
    application = get_object_or_404(endorsed(request), pk=pk)
    pages = FilingPage.objects.filter(event__filing__application=application)
    page = get_object_or_404(pages.select_related("file", "event__filing"), pk=page_pk)
    record("filing.view_page", page.event.filing, by=request.user, after={"page": page.pk})
    label = page.event.get_step_display()
    return serve(page.file, name=f"{application.reference}-{label}-{page.position}")
