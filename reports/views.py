"""Home pages by role, and the few pages that belong to no room."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Role, User
from enterprises.models import Enterprise
from reports import worklists

WORKLISTS: dict[str, Callable[[User], list[worklists.Worklist]]] = {
    Role.ENTERPRISE_AGENT: worklists.for_agent,
    Role.STATION_OFFICER: worklists.for_officer,
    Role.LIAISON: worklists.for_liaison,
    Role.SUPERVISOR: worklists.for_supervisor,
}
ADMIN_HOMES = {
    Role.SYSTEM_ADMIN: "accounts:user_list",
    Role.SECURITY_ADMIN: "accounts:lock_list",
    Role.AUDITOR: "accounts:audit_list",
}


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The list of what this person has to do next; for a stranger, what the station does."""
    user = request.user
    if not isinstance(user, User):
        return render(request, "reports/home_public.html", {})
    if user.role in ADMIN_HOMES:
        return redirect(ADMIN_HOMES[Role(user.role)])
    context: dict[str, object] = {"worklists": WORKLISTS[user.role](user)}
    if user.is_agent:
        enterprise = Enterprise.objects.visible_to(user).first()
        if enterprise is None:
            return redirect("enterprises:mine")
        context |= {"enterprise": enterprise, "licence": enterprise.current_document(2)}
        return render(request, "reports/home_agent.html", context)
    return render(request, "reports/home.html", context)


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/privacy.html", {})


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """For a watchdog: this process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """For a load balancer: this process reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
