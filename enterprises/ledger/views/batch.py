"""Several ticked rows at once: what will be set is shown with their names before it is done."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.paging import PER_PAGE
from core.reading import whole_numbers
from core.versions import Overtaken
from enterprises.ledger.forms import USUAL_STEPS, BatchForm
from enterprises.ledger.services import change_many
from enterprises.models import Demand


@roles(Role.STATION_OFFICER)
def batch(request: SignedInRequest) -> HttpResponse:
    """The ticked rows and a form; its POST sets what was written in all of them, or in none."""
    asked = request.POST if request.method == "POST" else request.GET
    ticked = sorted(whole_numbers(asked.getlist("row")))[:PER_PAGE]
    rows = list(
        Demand.objects.visible_to(request.user).filter(pk__in=ticked).select_related("owner")
    )
    here = QueryDict(asked.get("here", "")[:2000], encoding="utf-8").urlencode()
    back = f"{reverse('ledger:list')}?{here}"
    if not rows:
        messages.error(request, "请先在列表里勾选企业。")
        return redirect(back)
    form = BatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            count = change_many(demands=rows, by=request.user, **form.changes)
        except Overtaken:
            form.add_error(None, "同一时刻别人改了其中一户，一户都没有改。请再试一次。")
        else:
            messages.success(request, f"已改{count}户，其余{len(rows) - count}户本来就是这样。")
            return redirect(back)
    context = {
        "form": form, "rows": rows, "here": here, "back": back, "usual_steps": USUAL_STEPS
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "enterprises/ledger/batch.html", context, status=status)
