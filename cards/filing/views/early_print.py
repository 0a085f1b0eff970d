"""The decision about early printing, and its request as a letter."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from cards.filing.early_print import decision_of, render_letter
from cards.filing.forms import EarlyPrintForm
from cards.filing.views.filing import READERS, WRITERS, endorsed
from core.downloads import disposition
from core.typesetting import RenderingFailed


@roles(*READERS)
def early_print(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a card printed now would lack, what it costs, and what to do."""
    decision = decision_of(get_object_or_404(endorsed(request), pk=pk))
    context = {
        "application": decision.filing.application,
        "decision": decision,
        "form": EarlyPrintForm(),
        "can_enter": request.user.role in WRITERS,
        "is_agent": request.user.is_agent,
    }
    return render(request, "cards/filing/early_print.html", context)


@roles(*WRITERS)
@heavy("POST")
def early_print_letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """The request with everything that the portal knows, for the enterprise's stamp."""
    decision = decision_of(get_object_or_404(endorsed(request), pk=pk))
    application = decision.filing.application
    form = EarlyPrintForm(request.POST or None)
    if request.method != "POST" or decision.obstacle:
        return redirect("cards:early_print", pk)
    if not form.is_valid():
        context = {
            "application": application,
            "decision": decision,
            "form": form,
            "can_enter": True,
            "is_agent": request.user.is_agent,
        }
        return render(request, "cards/filing/early_print.html", context, status=422)
    try:
        pdf = render_letter(decision, reason=form.cleaned_data["reason"])
    except RenderingFailed as error:
        messages.error(request, f"申请没有生成：{error}")
        return redirect("cards:early_print", pk)
    missing = [cell.code for cell in decision.board.missing]
    record("filing.early_print_letter", application, by=request.user, after={"economies": missing})
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"提前制卡申请 {application.reference}.pdf"
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
