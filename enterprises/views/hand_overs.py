"""The station's hand-over of an enterprise to a new agent, and the former agents' objection."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.rate_limits import limited
from accounts.requests import SignedInRequest
from enterprises.agent_forms import HandOverForm, ObjectionForm
from enterprises.hand_overs import (
    HandOverRefused,
    begin,
    drop,
    end_of_wait,
    has_objected,
    object_to,
    objecting_by,
    read_proof,
)
from enterprises.models import HandOver, ProofPage
from enterprises.views.own import visible_enterprise
from files.refusals import FileRefused
from files.services import Cleared
from files.serving import serve

GONE = 410


@roles(Role.STATION_OFFICER)
@heavy("POST")
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """What it means, the new agent, and the proof."""
    enterprise = visible_enterprise(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = HandOverForm(*sent, enterprise=enterprise)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        wanted = HandOver(enterprise=enterprise)
        for field in ("name", "email", "phone", "reason"):
            setattr(wanted, field, typed[field])
        try:
            begun = begin(wanted, proof=_proof(typed["proof"]), by=request.user)
        except FileRefused as refused:
            form.add_error("proof", str(refused))
        except HandOverRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _told(begun))
            return redirect(enterprise)
    context = {
        "form": form,
        "enterprise": enterprise,
        "former": [one.user for one in enterprise.agents.acting().select_related("user")],
        "takes_effect_at": _first_moment(),
    }
    status = 422 if form.errors else 200
    return render(request, "enterprises/hand_over.html", context, status=status)


def _first_moment() -> datetime:
    return end_of_wait(timezone.now())


def _told(begun: HandOver) -> str:
    if begun.is_open:
        return "移交已发起，已发邮件告知原经办人；等待期满没有异议的，自动生效并邀请新经办人。"
    return f"移交已生效，邀请已发到{begun.email}。"


def _proof(files: "list[UploadedFile[bytes]]") -> list[Cleared]:
    return read_proof([(file.name or "授权文件", file.read()) for file in files])


@roles(Role.STATION_OFFICER)
@require_POST
def hand_over_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    begun = get_object_or_404(HandOver.objects.visible_to(request.user), pk=pk)
    drop(begun, by=request.user)
    begun.refresh_from_db()
    if begun.outcome == HandOver.Outcome.DROPPED:
        messages.success(request, "已取消移交，经办人不变，已告知。")
    else:
        messages.error(request, "移交已经生效，不能再取消。")
    return redirect("enterprises:station_detail", begun.enterprise_id)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def proof_page(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """One page of the authorisation."""
    seen = HandOver.objects.visible_to(request.user)
    pages = ProofPage.objects.filter(hand_over__in=seen)
    page = get_object_or_404(pages.select_related("file", "hand_over__enterprise"), pk=pk)
    enterprise = page.hand_over.enterprise
    record("enterprise.view_proof", enterprise, by=request.user, after={"page": page.position})
    return serve(page.file, name=f"授权文件 第{page.position}页")


@login_not_required
@never_cache
@limited("objection")
def hand_over_object(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail to a former agent leads; looking does nothing, since scanners open links."""
    try:
        begun, person = objecting_by(token)
        if has_objected(begun, person):
            return render(request, "enterprises/hand_over_objected.html", {"hand_over": begun})
        form = ObjectionForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            object_to(begun, words=form.cleaned_data["words"], by=person)
            return render(request, "enterprises/hand_over_objected.html", {"hand_over": begun})
    except HandOverRefused as refused:
        return render(
            request, "enterprises/hand_over_ended.html", {"reason": str(refused)}, status=GONE
        )
    context = {"form": form, "hand_over": begun, "person": person}
    status = 422 if form.errors else 200
    return render(request, "enterprises/hand_over_object.html", context, status=status)
