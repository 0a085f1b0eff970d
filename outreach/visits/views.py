"""Pages of company visits: planned by coverage, the day's route, the note, what follows."""

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from cards.pictures import read_pictures
from cards.refusals import attempt
from core.paging import page_of
from core.reading import whole_number
from enterprises.models import Demand
from files.serving import serve, serve_thumbnail
from outreach.choosing import choice_of, picked
from outreach.event_forms import EventWordsForm
from outreach.event_pages import OFFICER, STATION, as_seen, done, form_page, status_of
from outreach.models import CompanyVisit, CompanyVisitPage, CompanyVisitTask
from outreach.visits import visiting
from outreach.visits.forms import (
    VisitNoteForm,
    VisitPicturesForm,
    VisitPlanForm,
    VisitTaskForm,
)

MOST_TASKS = 50
TASK_DAYS = 7


@roles(*STATION)
def visit_list(request: SignedInRequest) -> HttpResponse:
    """What is planned, day by day in the order of the route; under ?over=1 what was done."""
    is_over = request.GET.get("over") == "1"
    seen = CompanyVisit.objects.visible_to(request.user).select_related("demand", "done_by")
    rows = seen.over() if is_over else seen.open().by_route()
    tasks = CompanyVisitTask.objects.visible_to(request.user).open()
    context = {
        "page": page_of(rows.prefetch_related("officers"), request, unit="次"),
        "is_over": is_over,
        "tasks": tasks.select_related("visit__demand", "owner")[:MOST_TASKS],
    }
    return render(request, "outreach/visits/visit_list.html", context)


@roles(*OFFICER)
def visit_plan(request: SignedInRequest) -> HttpResponse:
    """Choose whom to visit: key ones not told yet first; ticked, they get a visit each."""
    planned = CompanyVisit.objects.open().values("demand_id")
    rows = Demand.objects.visible_to(request.user).exclude(pk__in=planned)
    choice = choice_of(request, rows, reached="untold", key="yes")
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = VisitPlanForm(
        request.POST or None, initial={"planned_on": tomorrow, "officers": [request.user.pk]}
    )
    if request.method == "POST" and form.is_valid():
        count = _planned(request, form, picked(request, choice))
        if count:
            messages.success(request, f"已安排走访{count}家，按镇街排了先后，可以再调。")
            return redirect("outreach:visit_day", form.cleaned_data["planned_on"].isoformat())
    context = {"choice": choice, "form": form}
    template = "outreach/visits/visit_plan.html"
    return render(request, template, context, status=status_of(form))


def _planned(request: SignedInRequest, form: VisitPlanForm, chosen: list[Demand]) -> int | None:
    if not chosen:
        form.add_error(None, "还没有勾选企业。")
        return None
    given = form.cleaned_data
    return attempt(
        form,
        lambda: visiting.plan(
            sorted(chosen, key=lambda one: (one.town, one.name)),
            on=given["planned_on"],
            officers=list(given["officers"]),
            purpose=given["purpose"],
            by=request.user,
        ),
    )


@roles(*OFFICER)
def demand_visit(request: SignedInRequest, pk: int) -> HttpResponse:
    """From one row of the ledger: a visit to it."""
    demand = get_object_or_404(Demand.objects.visible_to(request.user), pk=pk)
    if (there := demand.company_visits.open().first()) is not None:
        messages.info(request, "这一家已经排了走访。")
        return redirect(there)
    tomorrow = timezone.localdate() + timedelta(days=1)
    start = {"planned_on": tomorrow, "officers": [request.user.pk]}
    form = VisitPlanForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _planned(request, form, [demand]):
        messages.success(request, "已安排走访。")
        return redirect("outreach:visit_day", form.cleaned_data["planned_on"].isoformat())
    title, back = f"走访{demand.name}", demand.get_absolute_url()
    return form_page(request, form, title=title, act="安排走访", back_url=back, back="回到台账")


@roles(*STATION)
def visit_day(request: SignedInRequest, day: str) -> HttpResponse:
    """The visits of one day in order; an officer puts them into another."""
    seen = CompanyVisit.objects.visible_to(request.user)
    on = _day(day)
    rows = _of_day(seen.filter(planned_on=on, dropped_at__isnull=True))
    if request.method == "POST" and request.user.is_officer:
        places = {
            row.pk: whole_number(request.POST.get(f"place{row.pk}"), least=1, most=99, default=99)
            for row in rows
        }
        visiting.order_route(rows, places, by=request.user)
        messages.success(request, "先后已保存。")
        return redirect("outreach:visit_day", day)
    return render(request, "outreach/visits/visit_day.html", {"day": on, "visits": rows})


def _day(text: str) -> date:
    """The day that the address names; there is no 30 February."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _of_day(rows: "QuerySet[CompanyVisit]") -> list[CompanyVisit]:
    found = rows.select_related("demand").prefetch_related("officers")
    return list(found.order_by("route_order", "pk")[:100])


@roles(*STATION)
def visit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _visit(request, pk))


def _show(request: SignedInRequest, found: CompanyVisit, **bound: forms.Form) -> HttpResponse:
    """`bound`: by its name, the form that was sent and is wrong."""
    works = request.user.is_officer
    soon = timezone.localdate() + timedelta(days=TASK_DAYS)
    start = {"seen_version": found.version}
    given: dict[str, forms.Form | None] = {
        "note_form": VisitNoteForm(initial=start) if works and found.is_open else None,
        "pictures_form": VisitPicturesForm() if works and found.done_at else None,
        "drop_form": _drop_form(found) if works and found.is_open else None,
        "task_form": VisitTaskForm(initial={"due_on": soon, "owner": request.user.pk})
        if works and not found.dropped_at
        else None,
    }
    context = {
        "visit": found,
        "officers": found.officers.all(),
        "pages": found.pages.current(),
        "tasks": found.tasks.select_related("owner", "done_by"),
        **given,
        **bound,
    }
    template = "outreach/visits/visit.html"
    return render(request, template, context, status=status_of(*bound.values()))


def _drop_form(found: CompanyVisit) -> EventWordsForm:
    return EventWordsForm(
        label="不去的原因", most=200, rows=2, initial={"seen_version": found.version}
    )


@roles(*OFFICER)
@require_POST
@heavy("POST")
def visit_note(request: SignedInRequest, pk: int) -> HttpResponse:
    """What came of it, with the pictures that were taken."""
    found = _visit(request, pk)
    form = VisitNoteForm(request.POST, request.FILES)
    if form.is_valid():
        as_seen(found, form)
    words = "走访已记下，台账里也记了一笔。还有要跟进的，在下面列成任务。"
    if done(request, form, lambda: _noted(request, found, form), words):
        return redirect(found)
    return _show(request, _visit(request, pk), note_form=form)


def _noted(request: SignedInRequest, found: CompanyVisit, form: VisitNoteForm) -> CompanyVisit:
    """Pictures are looked at first: one that cannot be read loses no word."""
    pictures = read_pictures(form.cleaned_data.get("files") or [])
    noted = visiting.note_visit(found, form.note, by=request.user)
    if pictures:
        visiting.add_pictures(noted, pictures, by=request.user)
    return noted


@roles(*OFFICER)
@require_POST
@heavy("POST")
def visit_pictures(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _visit(request, pk)
    form = VisitPicturesForm(request.POST, request.FILES)
    if form.is_valid():
        count = attempt(
            form,
            lambda: visiting.add_pictures(
                found, read_pictures(form.cleaned_data["files"]), by=request.user
            ),
        )
        if count is not None:
            messages.success(request, f"已收下{count}张照片。")
            return redirect(found)
    return _show(request, found, pictures_form=form)


@roles(*OFFICER)
def visit_rearrange(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _visit(request, pk)
    form = VisitPlanForm(request.POST or None, visit=found)
    if request.method == "POST" and form.is_valid():
        as_seen(found, form)
        given = {name: form.cleaned_data[name] for name in ("planned_on", "officers", "purpose")}
        if done(
            request, form, lambda: visiting.rearrange(found, **given, by=request.user), "已改期。"
        ):
            return redirect(found)
    title, back = f"走访{found.demand.name}：改日子", found.get_absolute_url()
    return form_page(request, form, title=title, act="保存", back_url=back, back="不改了，回去")


@roles(*OFFICER)
@require_POST
def visit_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _visit(request, pk)
    form = EventWordsForm(request.POST, label="不去的原因", most=200, rows=2)
    if form.is_valid():
        as_seen(found, form)
        words = form.cleaned_data["words"]
        if done(
            request,
            form,
            lambda: visiting.drop_visit(found, words=words, by=request.user),
            "已取消。",
        ):
            return redirect("outreach:visit_list")
    return _show(request, _visit(request, pk), drop_form=form)


@roles(*OFFICER)
@require_POST
def visit_task(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was promised there."""
    found = _visit(request, pk)
    form = VisitTaskForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if done(
            request,
            form,
            lambda: visiting.add_task(found, **given, by=request.user),
            "已列为任务。",
        ):
            return redirect(found)
    return _show(request, found, task_form=form)


@roles(*OFFICER)
def visit_task_close(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = CompanyVisitTask.objects.visible_to(request.user)
    task = get_object_or_404(seen.select_related("visit__demand"), pk=pk)
    start = {"seen_version": task.version}
    form = EventWordsForm(request.POST or None, label="办得怎样", most=500, rows=3, initial=start)
    if request.method == "POST" and form.is_valid():
        as_seen(task, form)
        words = form.cleaned_data["words"]
        if done(
            request,
            form,
            lambda: visiting.close_task(task, outcome=words, by=request.user),
            "已记为办好。",
        ):
            return redirect(task.visit)
    title, back = f"办好了：{task.words}", task.visit.get_absolute_url()
    return form_page(request, form, title=title, act="记为办好", back_url=back, back="回到走访")


@roles(*STATION)
def visit_picture(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A picture of a visit; the audit trail says who looked at it."""
    page = _page(request, pk)
    record("visiting.view_page", page.visit, by=request.user, after={"page": page.position})
    return serve(page.file, name=f"走访照片 第{page.position}张")


@roles(*STATION)
@heavy("GET")
def visit_thumbnail(request: SignedInRequest, pk: int) -> HttpResponse:
    return serve_thumbnail(request, _page(request, pk).file)


def _page(request: SignedInRequest, pk: int) -> CompanyVisitPage:
    seen = CompanyVisit.objects.visible_to(request.user)
    pages = CompanyVisitPage.objects.filter(visit__in=seen).select_related("file", "visit__demand")
    return get_object_or_404(pages, pk=pk)


def _visit(request: SignedInRequest, pk: int) -> CompanyVisit:
    seen = CompanyVisit.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("demand", "done_by"), pk=pk)
