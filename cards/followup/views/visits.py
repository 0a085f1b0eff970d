"""The officer's month, and one visit: who goes, the check list, pictures, and its end."""

from collections.abc import Callable
from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from cards.duty.forms import WordsForm
from cards.duty.views.common import (
    OFFICER,
    READERS,
    STATION,
    enterprise_of,
    files_in,
    show_page,
    status_of,
)
from cards.followup import visiting
from cards.followup.forms import (
    ArrangeForm,
    ChecksForm,
    FindingForm,
    FinishForm,
    PicturesForm,
    VisitForm,
)
from cards.followup.planning import plan_by_hand
from cards.models import Measure, Visit, VisitFinding, VisitPage
from cards.pictures import read_pictures
from cards.refusals import attempt, carried_out
from core.dates import month_words, months_later
from core.paging import page_of
from core.reading import line_of_text
from parameters.values import number

MOST_LATE = 50


@roles(*STATION)
def followup_month(request: SignedInRequest) -> HttpResponse:
    """What is overdue on top, then the month day by day."""
    today = timezone.localdate()
    first = _month(request.GET.get("month"), today)
    after = months_later(first, 1)
    visits = Visit.objects.visible_to(request.user).filter(dropped_at__isnull=True).with_people()
    within = Q(done_on__gte=first, done_on__lt=after)
    within |= Q(done_on__isnull=True, planned_for__gte=first, planned_for__lt=after)
    within |= Q(done_on__isnull=True, planned_for__isnull=True, due_on__gte=first, due_on__lt=after)
    turn = Q(answered_at__isnull=False) | Q(due_on__lt=today)
    findings = VisitFinding.objects.visible_to(request.user).open().filter(turn).order_by("due_on")
    findings = findings.select_related("enterprise")[:MOST_LATE]
    late = list(visits.overdue(today)[: MOST_LATE + 1])
    measures = Measure.objects.visible_to(request.user).to_review(after - timedelta(days=1))
    return render(
        request,
        "cards/followup/month.html",
        {
            "month": month_words(first),
            "previous": f"{months_later(first, -1):%Y-%m}",
            "following": f"{after:%Y-%m}",
            "today": today,
            "late": late[:MOST_LATE],
            "is_cut": len(late) > MOST_LATE,
            "late_findings": [finding for finding in findings if finding.is_late],
            "answers": [finding for finding in findings if finding.answered_at],
            "measures": list(
                measures.select_related("breach__enterprise").order_by("review_on")[:MOST_LATE]
            ),
            "page": page_of(
                visits.filter(within).exclude(pk__in=[one.pk for one in late[:MOST_LATE]]),
                request,
                unit="次",
            ),
        },
    )


def _month(text: str | None, today: date) -> date:
    """The first of the month that the address names, else of this one."""
    this = today.replace(day=1)
    try:
        named = date.fromisoformat(f"{line_of_text(text)}-01")
    except ValueError:
        return this
    return named if abs((named - this).days) < 3660 else this


@roles(*OFFICER)
def visit_new(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_of(request, pk)
    soon = timezone.localdate() + timedelta(days=14)
    initial = {"due_on": soon, "kind": Visit.Kind.VISIT, "assigned_to": request.user.pk}
    form = VisitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = {
            name: form.cleaned_data[name]
            for name in ("kind", "due_on", "planned_for", "assigned_to")
        }
        visit = attempt(form, lambda: plan_by_hand(enterprise, **typed, by=request.user))
        if visit is not None:
            messages.success(request, "已列入回访计划。")
            return redirect(visit)
    context = {"enterprise": enterprise, "form": form}
    return render(request, "cards/followup/visit_new.html", context, status=status_of(form))


@roles(*READERS)
def visit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _visit(request, pk))


def _show(request: SignedInRequest, found: Visit, **bound: forms.Form) -> HttpResponse:
    """`bound`: by its name, the form that was sent and is wrong."""
    is_officer = request.user.is_officer
    works = is_officer and found.is_open
    checks = visiting.checks_for(found) if is_officer or found.checklist else []
    today = timezone.localdate()
    soon = today + timedelta(days=number("followup.finding_days")) if is_officer else today
    given: dict[str, forms.Form | None] = {
        "arrange_form": ArrangeForm(visit=found) if works else None,
        "checks_form": ChecksForm(visit=found, checks=checks) if works else None,
        "pictures_form": PicturesForm() if works else None,
        "finish_form": FinishForm(initial={"done_on": today}) if works else None,
        "drop_form": WordsForm(label="取消的原因", most=200) if works else None,
        "finding_form": FindingForm(initial={"due_on": soon})
        if is_officer and found.dropped_at is None
        else None,
    }
    return render(
        request,
        "cards/followup/visit.html",
        {
            "visit": found,
            "checks": checks,
            "pages": found.pages.current() if is_officer else [],
            "findings": found.findings.all(),
            "is_officer": is_officer,
            **given,
            **bound,
        },
        status=status_of(*bound.values()),
    )


@roles(*OFFICER)
@require_POST
def visit_arrange(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _visit(request, pk)
    form = ArrangeForm(request.POST, visit=found)
    if form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("kind", "planned_for", "assigned_to")}
        _as_seen(found, form)
        if attempt(form, lambda: visiting.arrange(found, **typed, by=request.user)) is not None:
            messages.success(request, "已安排。")
            return redirect(found)
    return _show_again(request, pk, arrange_form=form)


@roles(*OFFICER)
@require_POST
def visit_checks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what was ticked so far; the visit goes on."""
    found = _visit(request, pk)
    form = ChecksForm(request.POST, visit=found, checks=visiting.checks_for(found))
    if form.is_valid():
        _as_seen(found, form)
        if (
            attempt(
                form,
                lambda: visiting.save_checks(
                    found,
                    checks=form.answered(),
                    summary=form.cleaned_data["summary"],
                    person_met=form.cleaned_data["person_met"],
                    by=request.user,
                ),
            )
            is not None
        ):
            if "finish" in request.POST:
                return _finish(request, _visit(request, pk))
            messages.success(request, "已保存。全部选好以后，点“保存并完成回访”。")
            return redirect(found)
    return _show_again(request, pk, checks_form=form)


def _show_again(request: SignedInRequest, pk: int, **bound: forms.Form) -> HttpResponse:
    """The page as it is now under what was typed: sent once more, it is held to this version."""
    found = _visit(request, pk)
    for form in bound.values():
        form.data = {**form.data, "seen_version": str(found.version)}
    return _show(request, found, **bound)


def _as_seen(found: Visit, form: forms.Form) -> None:
    """Held to the version that the page was made from, where it says so."""
    seen = form.cleaned_data.get("seen_version")
    if seen is not None:
        found.version = seen


@roles(*OFFICER)
@require_POST
@heavy("POST")
def visit_pictures(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _visit(request, pk)
    form = PicturesForm(request.POST, request.FILES)
    if form.is_valid():
        count = attempt(
            form,
            lambda: visiting.add_pictures(
                found, pictures=read_pictures(files_in(form)), by=request.user
            ),
        )
        if count is not None:
            messages.success(request, f"已收下{count}张照片。")
            return redirect(found)
    return _show(request, found, pictures_form=form)


@roles(*OFFICER)
@require_POST
def visit_finish(request: SignedInRequest, pk: int) -> HttpResponse:
    return _finish(request, _visit(request, pk))


def _finish(request: SignedInRequest, found: Visit) -> HttpResponse:
    form = FinishForm(request.POST)
    return _ended(
        request,
        found,
        form,
        lambda: visiting.finish(found, done_on=form.cleaned_data["done_on"], by=request.user),
        name="finish_form",
        words="回访已完成，下一次定期回访会自动列入计划。",
    )


@roles(*OFFICER)
@require_POST
def visit_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _visit(request, pk)
    form = WordsForm(request.POST, label="取消的原因", most=200)
    return _ended(
        request,
        found,
        form,
        lambda: visiting.drop(found, words=form.cleaned_data["words"], by=request.user),
        name="drop_form",
        words="已取消这次回访。",
    )


def _ended(
    request: SignedInRequest,
    found: Visit,
    form: forms.Form,
    act: Callable[[], object],
    *,
    name: str,
    words: str,
) -> HttpResponse:
    if not carried_out(form, act):
        return _show(request, _visit(request, found.pk), **{name: form})
    messages.success(request, words)
    return redirect(found)


@roles(*OFFICER)
@require_POST
def finding_new(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _visit(request, pk)
    form = FindingForm(request.POST)
    if carried_out(form, lambda: visiting.add_finding(found, **form.cleaned_data, by=request.user)):
        messages.success(request, "已列为整改任务，已告知企业。")
        return redirect(found)
    return _show(request, found, finding_form=form)


@roles(*STATION)
def visit_page(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = Visit.objects.visible_to(request.user)
    pages = VisitPage.objects.filter(visit__in=seen).select_related("file", "visit__enterprise")
    page = get_object_or_404(pages, pk=pk)
    return show_page(request, page, page.visit, f"回访照片 第{page.position}张")


def _visit(request: SignedInRequest, pk: int) -> Visit:
    return get_object_or_404(Visit.objects.visible_to(request.user).with_people(), pk=pk)
