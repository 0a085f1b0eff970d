"""Choosing in which of two roles one acts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.destinations import destination
from accounts.models import Role
from accounts.requests import SignedInRequest
from accounts.two_roles import choose


@require_POST
def role_choose(request: SignedInRequest) -> HttpResponse:
    """For a liaison who is officer as well; nobody else has two."""
    user = request.user
    if not user.is_also_officer:
        raise PermissionDenied
    role = Role.STATION_OFFICER if user.other_role == Role.STATION_OFFICER else Role.LIAISON
    asked = request.POST.get("role")
    if asked == role:
        record("account.choose_role", user, by=user, after={"role": role.label})
        choose(request, role)
        messages.success(request, f"现在以“{role.label}”的身份办理。")
    return redirect(destination(request))
