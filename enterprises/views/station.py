"""The station's pages of enterprises: the list, and the verification of one."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.identifiers import credit_code_hint
from core.paging import page_of
from core.reading import whole_number
from enterprises.documents import has_licence, load_shelves, shelf_of
from enterprises.filters import of_list
from enterprises.forms import EnterpriseFilterForm, RefusalForm
from enterprises.licence import read_pages
from enterprises.models import Demand, Enterprise, EnterpriseAgent
from enterprises.services import DecisionRefused, decide
from enterprises.views.own import visible_enterprise
from materials.numbers import MaterialNumber


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def enterprise_list(request: SignedInRequest) -> HttpResponse:
    """Those that wait to be verified first, the oldest on top."""
    visible = Enterprise.objects.visible_to(request.user)
    form = EnterpriseFilterForm(request.GET)
    form.is_valid()
    status, words = form.cleaned_data.get("status", ""), form.cleaned_data.get("q", "")
    found = of_list(visible, status=status, words=words)
    page = page_of(found.by_urgency(), request, whole=found, unit="家")
    agents = EnterpriseAgent.objects.acting().filter(enterprise__in=page.rows)
    confirmed = set(agents.values_list("enterprise", flat=True))
    rows = [(enterprise, enterprise.pk in confirmed) for enterprise in page]
    return render(request, "enterprises/list.html", {"form": form, "page": page, "rows": rows})


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def station_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _render_detail(request, visible_enterprise(request, pk))


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
@require_POST
def reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the telephone numbers on this one answer; the audit trail says who saw them."""
    enterprise = visible_enterprise(request, pk)
    record("enterprise.reveal", enterprise, by=request.user)
    return _render_detail(request, enterprise, is_revealed=True)


@roles(Role.STATION_OFFICER)
@require_POST
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = visible_enterprise(request, pk)
    seen_version = whole_number(request.POST.get("seen_version"))
    try:
        decide(enterprise, verified=True, by=request.user, seen_version=seen_version)
    except DecisionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{enterprise}已通过核验，已通知企业。")
    return redirect("enterprises:station_detail", pk)


@roles(Role.STATION_OFFICER)
@require_POST
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = visible_enterprise(request, pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _render_detail(request, enterprise, form=form)
    reason = form.cleaned_data["reason"]
    seen = whole_number(request.POST.get("seen_version"))
    try:
        decide(enterprise, verified=False, reason=reason, by=request.user, seen_version=seen)
    except DecisionRefused as refusal:
        form.add_error(None, str(refusal))
        # As it is now, with the words that were typed below.
        return _render_detail(request, visible_enterprise(request, pk), form=form)
    messages.success(request, f"已告知{enterprise}没有通过核验的原因。")
    return redirect("enterprises:station_detail", pk)


def _render_detail(
    request: SignedInRequest,
    enterprise: Enterprise,
    *,
    form: RefusalForm | None = None,
    is_revealed: bool = False,
) -> HttpResponse:
    shelves = load_shelves(enterprise)
    licence = shelf_of(shelves, MaterialNumber.LICENCE)
    is_pending = enterprise.status == Enterprise.Status.PENDING
    return render(
        request,
        "enterprises/station_detail.html",
        {
            "enterprise": enterprise,
            "agencies": enterprise.agents.in_use().select_related("user"),
            "has_confirmed_agent": enterprise.has_confirmed_agent,
            "hand_over": enterprise.hand_overs.open().select_related("objected_by").first(),
            "is_officer": request.user.is_officer,
            "demand": Demand.objects.filter(enterprise=enterprise).first(),
            "shelves": shelves,
            "licence": licence,
            "read": read_pages(enterprise, licence.pages) if licence.pages else None,
            "has_licence": has_licence(shelves),
            "hint": credit_code_hint(enterprise.credit_code, settings.DISTRICT_CODE),
            "form": form or RefusalForm(),
            "can_decide": is_pending and request.user.is_officer,
            "is_revealed": is_revealed,
        },
        status=422 if form else 200,
    )
