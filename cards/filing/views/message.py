"""Pasting a message: what it says stands beside it, and is entered when somebody confirms it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.decorators import roles
from accounts.requests import SignedInRequest
from applications.models import Application
from cards.filing.board import board_of
from cards.filing.forms import MessageForm, ProposalForm
from cards.filing.messages.cases import cases_in, doubt_of
from cards.filing.messages.proposals import enter_proposed, here, proposed_by
from cards.filing.messages.reader import MessageReading, read_text
from cards.filing.messages.received import MessageUnreadable
from cards.filing.services import AlreadyEntered, EntryRefused
from cards.filing.views.filing import WRITERS, endorsed
from cards.models import Filing
from core.reading import whole_number


@roles(*WRITERS)
def message(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """One box. With `pk` the case is known; without it the message has to name it."""
    application = get_object_or_404(endorsed(request), pk=pk) if pk is not None else None
    context: dict[str, Any] = {"application": application, "form": MessageForm()}
    if request.method != "POST":
        return render(request, "cards/filing/message.html", context)
    form = MessageForm(request.POST)
    context["form"] = form
    if not form.is_valid():
        return render(request, "cards/filing/message.html", context, status=422)
    text = form.cleaned_data["text"]
    try:
        reading = read_text(text)
    except MessageUnreadable as refusal:
        form.add_error("text", str(refusal))
        return render(request, "cards/filing/message.html", context, status=422)
    is_chosen = "chosen" in request.POST
    if application is None:
        cases = cases_in(text, endorsed(request))
        chosen = whole_number(request.POST.get("case"))
        application = _the_one(cases, chosen)
        is_chosen = is_chosen or len(cases) > 1
        context |= {"cases": cases, "looked": True}
    if application is not None:
        doubt = doubt_of(text, application, endorsed(request))
        if doubt is not None and not (is_chosen and doubt.may_choose):
            context |= {"reading": reading, "text": text, "doubt": doubt, "doubted": application}
            return render(request, "cards/filing/message.html", context)
        context["is_chosen"] = is_chosen
    return _propose(request, application, reading, text, context)


def _the_one(cases: list[Application], chosen: int) -> Application | None:
    """The only case, or the one that was picked among several."""
    if len(cases) == 1:
        return cases[0]
    return next((case for case in cases if case.pk == chosen), None)


def _propose(
    request: SignedInRequest,
    application: Application | None,
    reading: MessageReading,
    text: str,
    context: dict[str, Any],
) -> HttpResponse:
    context |= {"reading": reading, "text": text, "case": application}
    if application is None or not reading.items:
        return render(request, "cards/filing/message.html", context)
    proposals = proposed_by(reading, application, text)
    enterable = here(proposals)
    filing = Filing.of(application)
    last = filing.events.last() if filing.pk else None
    is_confirmed = "confirm" in request.POST
    form = ProposalForm(
        request.POST if is_confirmed else None,
        items=[(one.label, one.item.on) for one in enterable],
        initial={"seen": last.pk if last else 0, "seen_board": board_of(filing).last_pk},
    )
    if is_confirmed and form.is_valid():
        taken = [(enterable[place], on) for place, on in form.taken()]
        try:
            data = form.cleaned_data
            count = enter_proposed(
                application,
                taken,
                source=data["source"],
                by=request.user,
                nonce=data["nonce"],
                seen=data["seen"],
                seen_board=data["seen_board"],
            )
        except AlreadyEntered as refusal:
            messages.info(request, str(refusal))
            return redirect("cards:filing", application.pk)
        except EntryRefused as refusal:
            form.add_error(None, f"{refusal}一项也没有登记。")
        else:
            messages.success(request, f"已登记{count}项。")
            return redirect("cards:filing", application.pk)
    rows = [(one, form[f"take_{n}"], form[f"on_{n}"]) for n, one in enumerate(enterable)]
    elsewhere = [one for one in proposals if one.url]
    context |= {"proposal": form, "rows": rows, "elsewhere": elsewhere}
    status = 422 if form.errors else 200
    return render(request, "cards/filing/message.html", context, status=status)
