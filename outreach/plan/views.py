"""Pages of the plan's work: where it stands, and writing its phases, tasks, meetings and talks."""

from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.paging import page_of
from core.reading import whole_number
from core.versions import Overtaken
from outreach.models import PlanMeeting, PlanPhase, PlanTalk, PlanTask
from outreach.plan.forms import (
    PlanForm,
    PlanMeetingForm,
    PlanPhaseForm,
    PlanTalkForm,
    PlanTaskForm,
)
from outreach.plan.services import draft_article, save_row
from outreach.plan.standing import standing

STATION = (Role.STATION_OFFICER, Role.SUPERVISOR)
Row = TypeVar("Row", PlanPhase, PlanTask, PlanMeeting, PlanTalk)


@roles(*STATION)
def plan(request: SignedInRequest) -> HttpResponse:
    """Where the plan stands, on one page for the district's leader; prints on A4."""
    today, user = timezone.localdate(), request.user
    context = {
        "today": today,
        "standing": standing(user, today),
        "meetings": PlanMeeting.objects.visible_to(user)[:3],
        "talks": PlanTalk.objects.visible_to(user)[:5],
    }
    return render(request, "outreach/plan/plan.html", context)


@roles(Role.STATION_OFFICER)
def plan_phase(request: SignedInRequest, pk: int) -> HttpResponse:
    phase = get_object_or_404(PlanPhase.objects.visible_to(request.user), pk=pk)
    form = PlanPhaseForm(request.POST or None, instance=phase)
    return _written(request, form, phase, "修改阶段", reverse("outreach:plan"))


@roles(Role.STATION_OFFICER)
def plan_task_new(request: SignedInRequest) -> HttpResponse:
    """A task of a phase, a meeting or a talk, which the address names."""
    user, task = request.user, PlanTask()
    for name, model in (("phase", PlanPhase), ("meeting", PlanMeeting), ("talk", PlanTalk)):
        pk = whole_number(request.GET.get(name))
        found = model.objects.visible_to(user).filter(pk=pk).first()
        if found is not None:
            setattr(task, name, found)
            form = PlanTaskForm(request.POST or None, instance=task)
            return _written(request, form, task, "新增任务", found.get_absolute_url())
    raise Http404


@roles(Role.STATION_OFFICER)
def plan_task(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = PlanTask.objects.visible_to(request.user).select_related("phase", "meeting", "talk")
    task = get_object_or_404(rows, pk=pk)
    form = PlanTaskForm(request.POST or None, instance=task)
    return _written(request, form, task, "任务", task.home.get_absolute_url())


@roles(*STATION)
def plan_meetings(request: SignedInRequest) -> HttpResponse:
    page = page_of(PlanMeeting.objects.visible_to(request.user), request, unit="次")
    return render(request, "outreach/plan/meetings.html", {"page": page})


@roles(Role.STATION_OFFICER)
def plan_meeting_new(request: SignedInRequest) -> HttpResponse:
    meeting = PlanMeeting(by=request.user, held_on=timezone.localdate())
    form = PlanMeetingForm(request.POST or None, instance=meeting)
    return _written(request, form, meeting, "记一次研判会议", reverse("outreach:plan_meetings"))


@roles(*STATION)
def plan_meeting(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a meeting looked at and decided, with its tasks."""
    rows = PlanMeeting.objects.visible_to(request.user).select_related("by")
    meeting = get_object_or_404(rows, pk=pk)
    context = {"meeting": meeting, "tasks": meeting.tasks.select_related("owner")}
    return render(request, "outreach/plan/meeting.html", context)


@roles(Role.STATION_OFFICER)
def plan_meeting_change(request: SignedInRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(PlanMeeting.objects.visible_to(request.user), pk=pk)
    form = PlanMeetingForm(request.POST or None, instance=meeting)
    return _written(request, form, meeting, "修改会议记录", meeting.get_absolute_url())


@roles(*STATION)
def plan_talks(request: SignedInRequest) -> HttpResponse:
    rows = PlanTalk.objects.visible_to(request.user).select_related("by", "article", "parameter")
    page = page_of(rows, request, unit="次")
    return render(request, "outreach/plan/talks.html", {"page": page})


@roles(Role.STATION_OFFICER)
def plan_talk_new(request: SignedInRequest) -> HttpResponse:
    talk = PlanTalk(by=request.user, held_on=timezone.localdate())
    form = PlanTalkForm(request.POST or None, instance=talk)
    return _written(request, form, talk, "记一次对接", reverse("outreach:plan_talks"))


@roles(*STATION)
def plan_talk(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was asked and learned, and where it led."""
    rows = PlanTalk.objects.visible_to(request.user).select_related("by", "article", "parameter")
    talk = get_object_or_404(rows, pk=pk)
    context = {"talk": talk, "tasks": talk.tasks.select_related("owner")}
    return render(request, "outreach/plan/talk.html", context)


@roles(Role.STATION_OFFICER)
def plan_talk_change(request: SignedInRequest, pk: int) -> HttpResponse:
    talk = get_object_or_404(PlanTalk.objects.visible_to(request.user), pk=pk)
    form = PlanTalkForm(request.POST or None, instance=talk)
    return _written(request, form, talk, "补充对接记录", talk.get_absolute_url())


@roles(Role.STATION_OFFICER)
@require_POST
def plan_talk_article(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin an article from what was learned."""
    talk = get_object_or_404(PlanTalk.objects.visible_to(request.user), pk=pk)
    article = draft_article(talk, by=request.user)
    messages.success(request, "已建立草稿，改好标题和正文，交另一位复核后发布。")
    return redirect("outreach:article_write", article.pk)


def _home_of(row: PlanPhase | PlanTask | PlanMeeting | PlanTalk) -> str:
    """Where one reads it: a task stands with others on the page it belongs to."""
    return row.home.get_absolute_url() if isinstance(row, PlanTask) else row.get_absolute_url()


def _written(
    request: SignedInRequest, form: PlanForm, row: Row, title: str, back_url: str
) -> HttpResponse:
    """A page that is a form; what was saved leads back to where it belongs."""
    if form.is_valid():
        row.version = form.cleaned_data["seen_version"] or row.version
        try:
            row = save_row(row, by=request.user, nonce=form.cleaned_data["nonce"])
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            messages.success(request, "已保存。")
            return redirect(_home_of(row))
    context = {"title": title, "form": form, "act": "保存", "back": "不改，回去"}
    context["back_url"] = back_url
    status = 422 if form.errors else 200
    return render(request, "components/form_page.html", context, status=status)
