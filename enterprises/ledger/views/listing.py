"""The list of the ledger: filters, kept under names, and a row that opens in its place."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.paging import page_of
from core.reading import whole_number
from core.versions import Overtaken
from enterprises.ledger.filter_form import DemandFilterForm, query_of
from enterprises.ledger.forms import USUAL_STEPS, SavedFilterForm, StepForm
from enterprises.ledger.refusals import LedgerRefused
from enterprises.ledger.services import change_demand
from enterprises.ledger.views.reading import READERS, require_station, visible_demand
from enterprises.models import Demand, SavedFilter


@roles(*READERS)
def demand_list(request: SignedInRequest) -> HttpResponse:
    """Rows that fit, the earliest next step first; `?edit=` opens one of them."""
    require_station(request)
    form = None
    if request.user.is_officer and (pk := whole_number(request.GET.get("edit"))):
        demand = Demand.objects.visible_to(request.user).filter(pk=pk).first()
        form = StepForm(instance=demand) if demand else None
    return _render_list(request, request.GET, form)


def _render_list(
    request: SignedInRequest, asked: QueryDict, step_form: StepForm | None = None
) -> HttpResponse:
    filter_form = DemandFilterForm(asked, user=request.user)
    rows = Demand.objects.visible_to(request.user).of_filters(filter_form.narrowing)
    query = filter_form.query
    place = QueryDict(query_of({**filter_form.filters, "page": asked.get("page", "")}))
    listed = rows.in_queue().select_related("owner")
    path = "" if request.method == "GET" else reverse("ledger:list")
    page = page_of(listed, place, unit="户", path=path)
    context = {
        "form": filter_form,
        "page": page,
        "query": query,
        "here": page.here.removeprefix("?"),
        "step_form": step_form,
        "usual_steps": USUAL_STEPS,
        "saved": [
            (one, query_of(one.query))
            for one in SavedFilter.objects.visible_to(request.user).select_related("owner")
        ],
        "save_form": SavedFilterForm(),
    }
    status = 422 if step_form is not None and step_form.errors else 200
    return render(request, "enterprises/ledger/list.html", context, status=status)


@roles(Role.STATION_OFFICER)
@require_POST
def step(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save stage, next step and owner of a row that was opened in the list."""
    demand = visible_demand(request, pk)
    here = QueryDict(request.POST.get("here", "")[:2000], encoding="utf-8")
    form = StepForm(request.POST, instance=demand)
    if not save_step(request, form, pk):
        return _render_list(request, here, form)
    return redirect(f"{reverse('ledger:list')}?{here.urlencode()}#row-{pk}")


def save_step(request: SignedInRequest, form: StepForm, pk: int) -> bool:
    """Was it saved? If not, the form says why."""
    if not form.is_valid():
        return False
    made = form.cleaned_data
    seen = made["seen_version"] or form.instance.version
    facts = {name: made[name] for name in ("stage", "next_step", "next_on", "owner", "reason")}
    try:
        demand = change_demand(demand=Demand(pk=pk), by=request.user, seen_version=seen, **facts)
    except Overtaken as overtaken:
        form.tell_overtaken(overtaken.stored)
    except LedgerRefused as refused:
        form.add_error("reason", str(refused))
    else:
        messages.success(request, f"已保存：{demand.name}，{demand.get_stage_display()}。")
        return True
    return False


@roles(*READERS)
@require_POST
def filter_save(request: SignedInRequest) -> HttpResponse:
    """Keep the present filter under a name; the same name once more is changed."""
    require_station(request)
    asked = QueryDict(request.POST.get("here", "")[:2000], encoding="utf-8")
    filters = DemandFilterForm(asked, user=request.user).filters
    form = SavedFilterForm(request.POST)
    if form.is_valid() and filters:
        SavedFilter.objects.update_or_create(
            owner=request.user,
            name=form.cleaned_data["name"],
            defaults={"query": filters, "is_shared": form.cleaned_data["is_shared"]},
        )
        messages.success(request, f"已存为“{form.cleaned_data['name']}”，在列表上方。")
    else:
        messages.error(request, "请先选好条件查找一次，再写一个名称保存。")
    return redirect(f"{reverse('ledger:list')}?{query_of(filters)}")


@roles(*READERS)
@require_POST
def filter_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Only one's own."""
    require_station(request)
    found = get_object_or_404(SavedFilter, owner=request.user, pk=pk)
    found.delete()
    messages.success(request, f"已删除“{found.name}”，台账没有变。")
    return redirect("ledger:list")
