"""Agents of an enterprise: inviting, inviting again, taking out. By one of them, or the station."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.rate_limits import limited
from accounts.requests import SignedInRequest
from accounts.services import AccountRefused
from enterprises.agent_forms import AgentForm, RemovalForm
from enterprises.agents import AgentRefused, invite_agent, remove_agent, send_invitation
from enterprises.models import EnterpriseAgent
from enterprises.views.own import visible_enterprise

WHO = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


@roles(*WHO)
@limited("invite agent")
def agent_invite(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = visible_enterprise(request, pk)
    if request.user.is_agent and request.user.email_confirmed_at is None:
        messages.error(request, "请先确认您自己的邮箱，再邀请别的经办人。")
        return redirect("home")
    if request.user.is_officer and not enterprise.has_confirmed_agent:
        messages.error(request, "这个企业没有在用的经办人。请凭企业的授权文件办理移交。")
        return redirect("enterprises:hand_over", pk)
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite_agent(enterprise, by=request.user, **form.cleaned_data)
        except AgentRefused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, f"邀请已发到{form.cleaned_data['email']}，{_term()}。")
            return redirect(enterprise)
    context = {"form": form, "enterprise": enterprise}
    status = 422 if form.errors else 200
    return render(request, "enterprises/agent_invite.html", context, status=status)


def _term() -> str:
    return f"{settings.INVITATION_DAYS}天内接受有效"


def _agency(request: SignedInRequest, pk: int, agent_pk: int) -> EnterpriseAgent:
    agencies = visible_enterprise(request, pk).agents.in_use().select_related("user", "enterprise")
    return get_object_or_404(agencies, user=agent_pk)


@roles(*WHO)
@require_POST
@limited("invite agent")
def agent_invite_again(request: SignedInRequest, pk: int, agent_pk: int) -> HttpResponse:
    agency = _agency(request, pk, agent_pk)
    if agency.is_invited:
        send_invitation(agency.user)
        messages.success(request, f"邀请已重新发到{agency.user.email}，{_term()}。")
    else:
        messages.success(request, f"{agency.user.name}已经是经办人，不用再邀请。")
    return redirect(agency.enterprise)


@roles(*WHO)
def agent_remove(request: SignedInRequest, pk: int, agent_pk: int) -> HttpResponse:
    """Say what it means, ask who takes the work, then close the account."""
    if agent_pk == request.user.pk:
        return redirect("accounts:account_close")
    agency = _agency(request, pk, agent_pk)
    form = RemovalForm(request.POST if request.method == "POST" else None, agent=agency.user)
    if request.method == "POST" and form.is_valid():
        try:
            remove_agent(agency, by=request.user, heir=form.cleaned_data.get("heir"))
        except AccountRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{agency.user.name}不再是经办人。")
            return redirect(agency.enterprise)
    context = {"form": form, "agency": agency, "enterprise": agency.enterprise}
    status = 422 if form.errors else 200
    return render(request, "enterprises/agent_remove.html", context, status=status)
