"""The agent's own enterprise: its facts, and what happens next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.decorators import roles
from accounts.destinations import is_ours
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.versions import Overtaken
from enterprises import services
from enterprises.documents import (
    LICENCE_WANTED,
    has_licence,
    load_shelves,
    next_step,
    shelf_of,
)
from enterprises.forms import EnterpriseForm
from enterprises.licence import read_pages
from enterprises.models import Enterprise
from materials.numbers import MaterialNumber

# For the browser's file picker; what arrives is judged by its content all the same.
PICKED = "image/jpeg,image/png,application/pdf,image/heic"

# The very same would be refused again; a new licence asks by itself.
NOTHING_CHANGED = (
    "登记信息没有改动，没有重新提交。请按没有通过的原因改正；问题在执照照片上的，请到“本单位”的材料2"
    "重新上传，上传后会自动重新提交。认为没有要改的，请拨打咨询热线。"
)


def visible_enterprise(request: SignedInRequest, pk: int) -> Enterprise:
    return get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)


@roles(Role.ENTERPRISE_AGENT)
def mine(request: SignedInRequest) -> HttpResponse:
    """To one's own enterprise; an account that was made without one is told whom to call."""
    enterprise = Enterprise.objects.visible_to(request.user).first()
    if enterprise is None:
        return render(request, "enterprises/none.html", {})
    return redirect(enterprise)


def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The agent's page; the station has its own for the same enterprise."""
    enterprise = visible_enterprise(request, pk)
    if not request.user.is_agent:
        return redirect("enterprises:station_detail", enterprise.pk)
    shelves = load_shelves(enterprise)
    return render(
        request,
        "enterprises/detail.html",
        {
            "enterprise": enterprise,
            "shelves": shelves,
            "licence": MaterialNumber.LICENCE,
            "has_licence": has_licence(shelves),
            "next_step": next_step(enterprise, shelves, agent=request.user),
            "is_confirmed": request.user.email_confirmed_at is not None,
            "agencies": enterprise.agents.in_use().select_related("user"),
            "hand_over": enterprise.hand_overs.open().first(),
        },
    )


@roles(Role.ENTERPRISE_AGENT)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = visible_enterprise(request, pk)
    was_pending = enterprise.status == Enterprise.Status.PENDING
    suggested = _suggested(request, enterprise)
    asked = request.GET.get("next", "")
    back = asked if is_ours(request, asked) else ""
    form = EnterpriseForm(request.POST or None, instance=enterprise, initial=suggested)
    is_refused = enterprise.status == Enterprise.Status.REFUSED
    if request.method == "POST" and form.is_valid() and is_refused and not form.changed_data:
        form.add_error(None, NOTHING_CHANGED)
    elif request.method == "POST" and form.is_valid():
        try:
            if form.changed_data:
                services.save_enterprise(form.instance, changed=form.changed_data, by=request.user)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            anew = form.instance.status == Enterprise.Status.PENDING and not was_pending
            done = "已保存，并重新提交服务站核验。" if anew else "已保存登记信息。"
            messages.success(request, done)
            if back and form.instance.licence_wanted_since:
                messages.warning(request, LICENCE_WANTED)
            return redirect(back or enterprise)
    return render(
        request,
        "enterprises/edit.html",
        {
            "form": form,
            "enterprise": enterprise,
            "back": back or enterprise.get_absolute_url(),
            "is_verified": enterprise.is_verified,
            "suggested": [form.fields[name].label for name in suggested],
        },
        status=422 if form.errors else 200,
    )


def _suggested(request: SignedInRequest, enterprise: Enterprise) -> dict[str, str]:
    """What the licence says otherwise, where the agent asked for it to be filled in."""
    if request.method == "POST" or request.GET.get("from") != "licence":
        return {}
    licence = shelf_of(load_shelves(enterprise), MaterialNumber.LICENCE)
    return read_pages(enterprise, licence.pages).suggestions
