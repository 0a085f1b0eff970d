"""The home page of each role."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Role, User
from accounts.requests import SignedInRequest
from enterprises.documents import has_licence, load_shelves, next_step
from enterprises.ledger.coverage import coverage_total
from enterprises.models import Enterprise
from materials.numbers import MaterialNumber
from reports.card_duties import of_officer
from reports.home import figures, since
from reports.home.agent import for_agent
from reports.home.liaison import for_liaison
from reports.home.officer import for_officer
from reports.home.rows import Worklist, next_first
from reports.home.supervisor import for_supervisor, owed_by_department
from reports.home.trends import recent_months, time_used
from workdays.calendar import load_calendar

ADMIN_HOMES = {
    Role.SYSTEM_ADMIN: "accounts:user_list",
    Role.SECURITY_ADMIN: "accounts:lock_list",
    Role.AUDITOR: "accounts:audit_list",
}


def home(request: SignedInRequest, more: Sequence[Worklist] = ()) -> HttpResponse:
    """What this person has to do next; `more` are lists of this room's neighbours."""
    user = request.user
    if user.role in ADMIN_HOMES:
        return redirect(ADMIN_HOMES[Role(user.role)])
    if user.is_agent:
        return _agents(request)
    if user.is_officer:
        return render(request, "reports/home.html", _officers(user, more))
    if user.is_supervisor:
        return render(request, "reports/home_supervisor.html", _supervisors(user))
    return render(request, "reports/home.html", {"worklists": next_first(for_liaison(user))})


def _agents(request: SignedInRequest) -> HttpResponse:
    user = request.user
    enterprise = Enterprise.objects.visible_to(user).first()
    if enterprise is None:
        return redirect("enterprises:mine")
    context: dict[str, object] = {"enterprise": enterprise}
    if enterprise.is_verified:
        context["worklists"] = next_first(for_agent(user))
    else:
        context |= {"worklists": for_agent(user), **_standing(enterprise, user)}
    return render(request, "reports/home_agent.html", context)


def _standing(enterprise: Enterprise, agent: User) -> dict[str, object]:
    """What there is to do before the enterprise is verified, as its own page says it."""
    shelves = load_shelves(enterprise)
    return {
        "next_step": next_step(enterprise, shelves, agent=agent),
        "has_licence": has_licence(shelves),
        "licence": MaterialNumber.LICENCE,
    }


def _officers(user: User, more: Sequence[Worklist]) -> dict[str, object]:
    work = of_officer(user, since.branches(user))
    lists = for_officer(user, work)
    return {
        "figures": figures.for_officer(lists),
        "worklists": [*lists, *more],
        "late_departments": since.late_departments(work.others),
        "changes": since.changes(work.others),
        "coverage": since.coverage_of(work.others),
    }


def _supervisors(user: User) -> dict[str, object]:
    calendar = load_calendar()
    unsigned = for_supervisor(user, calendar)
    months = recent_months(user, calendar)
    return {
        "figures": figures.for_supervisor(user, unsigned, owed_by_department(user), months),
        "worklist": unsigned,
        "chart": time_used(user, months),
        "coverage": coverage_total() if user.is_of_station else None,
    }
