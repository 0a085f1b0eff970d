"""Whom to invite, chosen from the ledger; who was invited, how, and whom to call."""

from collections import Counter

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.requests import SignedInRequest
from cards.refusals import attempt
from core.forms import BaseForm
from core.paging import page_of
from core.reading import whole_number
from enterprises.models import Demand
from outreach.briefings.forms import CallForm
from outreach.briefings.inviting import invite, note_call
from outreach.briefings.refusals import BriefingRefused
from outreach.briefings.views.common import briefing_of, show
from outreach.choosing import choice_of, picked
from outreach.event_pages import OFFICER, STATION, as_seen, form_page
from outreach.models import Briefing, Invitation


@roles(*STATION)
def briefing_invitations(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who was invited and what became of it, those to be called first."""
    return _show(request, briefing_of(request, pk))


def _show(
    request: SignedInRequest, found: Briefing, *, revealed: int | None = None
) -> HttpResponse:
    signed = found.sign_ups.standing().filter(demand=OuterRef("demand"))
    rows = found.invitations.select_related("demand", "text", "called_by")
    rows = rows.annotate(has_signed_up=Exists(signed))
    to_call = found.invitations.to_call()
    path = reverse("outreach:briefing_invitations", args=[found.pk])
    context = {
        "page": page_of(rows.order_by("-called_at", "pk"), request, unit="家", path=path),
        "to_call": to_call.select_related("demand", "text")[:100],
        "call_count": to_call.count(),
        "revealed": revealed,
    }
    return show(request, found, "outreach/briefings/briefing_invitations.html", context)


@roles(*OFFICER)
def briefing_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose rows of the ledger; those who were invited already stand no more in the list."""
    found = briefing_of(request, pk)
    invited = found.invitations.values("demand_id")
    rows = Demand.objects.visible_to(request.user).exclude(pk__in=invited)
    choice = choice_of(request, rows.exclude(stage=Demand.Stage.NOT_NEEDED), reached="untold")
    if request.method == "POST":
        chosen = picked(request, choice)
        if not chosen:
            messages.error(request, "还没有勾选企业。")
        elif _invited(request, found, chosen):
            return redirect("outreach:briefing_invitations", pk)
    return render(request, "outreach/briefings/invite.html", {"briefing": found, "choice": choice})


def _invited(request: SignedInRequest, found: Briefing, chosen: list[Demand]) -> bool:
    try:
        counted = invite(found, chosen, by=request.user)
    except BriefingRefused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, _words(counted))
    return True


def _words(counted: "Counter[str]") -> str:
    if not counted:
        return "这些企业已经邀请过了。"
    parts = [
        f"{counted[channel]}家{words}"
        for channel, words in (
            (Invitation.Channel.NOTICE, "发了通知和邮件"),
            (Invitation.Channel.TEXT, "发短信"),
            (Invitation.Channel.CALL, "没有邮箱和手机，请打电话，名单在下面"),
        )
        if counted[channel]
    ]
    return f"已邀请{counted.total()}家：{'；'.join(parts)}。"


@roles(*OFFICER)
def demand_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """From one row of the ledger: to which of the coming briefings."""
    demand = get_object_or_404(
        Demand.objects.visible_to(request.user).select_related("enterprise"), pk=pk
    )
    coming = Briefing.objects.visible_to(request.user).coming(timezone.now()).with_counts()
    if request.method == "POST":
        found = get_object_or_404(coming, pk=whole_number(request.POST.get("briefing")))
        if _invited(request, found, [demand]):
            return redirect("outreach:briefing_invitations", found.pk)
    invited = set(demand.invitations.values_list("briefing_id", flat=True))
    context = {"demand": demand, "briefings": [(one, one.pk in invited) for one in coming[:30]]}
    return render(request, "outreach/briefings/demand_invite.html", context)


@roles(*OFFICER)
def invitation_call(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note what was said on the telephone."""
    row = _invitation(request, pk)
    start = {"seen_version": row.version, "answer": row.answer or Invitation.Answer.COMES}
    form: BaseForm = CallForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        as_seen(row, form)
        given = {name: form.cleaned_data[name] for name in ("answer", "note")}
        if attempt(form, lambda: note_call(row, **given, by=request.user)) is not None:
            messages.success(request, f"已记下：{row.demand.name}{row.get_answer_display()}。")
            return redirect("outreach:briefing_invitations", row.briefing_id)
    back = reverse("outreach:briefing_invitations", args=[row.briefing_id])
    title = f"打电话邀请{row.demand.name}"
    return form_page(request, form, title=title, act="记下", back_url=back, back="回到邀请名单")


@roles(*OFFICER)
@require_POST
def invitation_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the number on this one answer; the audit trail says who saw it."""
    row = _invitation(request, pk)
    record("briefing.reveal", row, by=request.user)
    return _show(request, briefing_of(request, row.briefing_id), revealed=row.pk)


def _invitation(request: SignedInRequest, pk: int) -> Invitation:
    seen = Invitation.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("demand", "briefing", "text"), pk=pk)
