"""Cropping or compressing a refused picture on the server: offered, shown, taken over or not."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import Repair
from applications.services import repairing
from applications.views.agent import visible_application
from files.refusals import FileRefused
from files.serving import serve_thumbnail
from materials.stack import PageRefused

COMPARED = 960  # pixels of the longer side


def own_repair(request: SignedInRequest, pk: int, number: int, repair_pk: int) -> Repair:
    repairs = Repair.objects.filter(application=visible_application(request, pk), number=number)
    related = repairs.with_people().select_related("original", "proposal")
    return get_object_or_404(related, pk=repair_pk)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@heavy("POST")
def repair_propose(request: SignedInRequest, pk: int, number: int, repair_pk: int) -> HttpResponse:
    """Make the repair, and show it beside the original."""
    repair = own_repair(request, pk, number, repair_pk)
    try:
        repairing.propose(repair, by=request.user)
    except (repairing.RepairRefused, PageRefused, FileRefused) as refusal:
        messages.error(request, str(refusal))
    return redirect("applications:material", pk, number)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@heavy("POST")
def repair_accept(request: SignedInRequest, pk: int, number: int, repair_pk: int) -> HttpResponse:
    repair = own_repair(request, pk, number, repair_pk)
    try:
        report = repairing.accept(repair, by=request.user)
    except (repairing.RepairRefused, PageRefused, FileRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:material", pk, number)
    messages.success(request, "已采用裁剪后的图片，原图也留着。")
    for warning in report.warnings if report else ():
        messages.warning(request, f"请留意：{warning.message}")
    return redirect("applications:material", pk, number)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def repair_reject(request: SignedInRequest, pk: int, number: int, repair_pk: int) -> HttpResponse:
    repairing.reject(own_repair(request, pk, number, repair_pk), by=request.user)
    messages.success(request, "没有采用。请另选一张图片上传。")
    return redirect("applications:material", pk, number)


@roles(Role.ENTERPRISE_AGENT)
def repair_picture(
    request: SignedInRequest, pk: int, number: int, repair_pk: int, which: str
) -> HttpResponse:
    """The original or the proposal, large enough to judge the two side by side."""
    repair = own_repair(request, pk, number, repair_pk)
    picture = {"original": repair.original, "proposal": repair.proposal}.get(which)
    if picture is None:
        raise Http404
    return serve_thumbnail(request, picture, COMPARED)
