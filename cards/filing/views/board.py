"""The board of sixteen economies: seen by everybody whom the case concerns, entered by two."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.decorators import roles
from accounts.requests import SignedInRequest
from applications.models import Application
from cards.filing.board import EconomyReport, board_of, report_economies
from cards.filing.forms import BoardForm
from cards.filing.services import AlreadyEntered, EntryRefused
from cards.filing.views.filing import READERS, WRITERS, visible_filing


@roles(*READERS)
def board(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET shows it; POST enters a report of one economy, several or all."""
    filing = visible_filing(request, pk)
    found = board_of(filing)
    may_enter = request.user.role in WRITERS
    is_sent = request.method == "POST" and may_enter
    form = BoardForm(request.POST if is_sent else None, initial={"seen": found.last_pk})
    if is_sent and form.is_valid() and _entered(request, filing.application, form):
        return redirect("cards:board", pk)
    history = filing.approvals.select_related("by").order_by("-pk")[:40] if filing.pk else ()
    context = {
        "application": filing.application,
        "filing": filing,
        "board": found,
        "form": form,
        "can_enter": may_enter,
        "history": history,
    }
    status = 422 if form.errors else 200
    return render(request, "cards/filing/board.html", context, status=status)


def _entered(request: SignedInRequest, application: Application, form: BoardForm) -> bool:
    data = form.cleaned_data
    reports = [
        EconomyReport(
            economy=code,
            state=data["state"],
            on=data["on"],
            valid_until=data["valid_until"],
            words=data["words"],
        )
        for code in data["economies"]
    ]
    try:
        entered = report_economies(
            application,
            reports,
            source=data["source"],
            by=request.user,
            seen=data["seen"],
        )
    except AlreadyEntered as refusal:
        messages.info(request, str(refusal))
    except EntryRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    else:
        names = "、".join(one.get_economy_display() for one in entered)
        messages.success(request, f"已登记{names}：{entered[0].get_state_display()}。")
    return True
