"""The officer's list of applications by what is due, and the next case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.filters import narrowing
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.filters import ApplicationFilter
from applications.models import Application, StatusChange
from applications.time_limits import remaining_of
from applications.views.cases import visible_case
from applications.workflow import Action, Status
from core.paging import page_of
from workdays.calendar import load_calendar


@roles(Role.STATION_OFFICER)
def officer_list(request: SignedInRequest) -> HttpResponse:
    """All applications but drafts: what waits for the station, what is due, what is over."""
    visible = Application.objects.visible_to(request.user).with_people()
    chosen = ApplicationFilter(request.GET, queryset=visible)
    found = chosen.qs
    page = page_of(found.by_urgency_for_station(), request, whole=found, unit="件")
    calendar, now = load_calendar(), timezone.now()
    waiting = [one.pk for one in page if one.state == Status.SUBMITTED]
    answers = StatusChange.objects.filter(application__in=waiting, action=Action.RESUBMIT)
    return render(
        request,
        "applications/officer_list.html",
        {
            "form": chosen.form,
            "page": page,
            "rows": [(one, remaining_of(one, calendar, now)) for one in page],
            "query": narrowing(request),
            "resubmitted": set(answers.values_list("application", flat=True)),
            "awaiting": Application.objects.awaiting_pre_review().count(),
        },
    )


@roles(Role.STATION_OFFICER)
def next_case(request: SignedInRequest, pk: int) -> HttpResponse:
    """On to another case that waits: one of the same enterprise before the longest wait."""
    application = visible_case(request, pk)
    waiting = Application.objects.awaiting_pre_review().exclude(pk=application.pk)
    following = waiting.filter(enterprise=application.enterprise_id).first() or waiting.first()
    if following is None:
        messages.success(request, "没有其他待预审的申请了。")
        return redirect("applications:list")
    return redirect("applications:pre_review", following.pk)
