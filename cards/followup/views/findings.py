"""One finding: what the enterprise is to put right, its answer, and the officer's word."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from cards.duty.forms import WordsForm
from cards.duty.views.common import AGENT, OFFICER, READERS, files_in, show_page, status_of
from cards.followup import visiting
from cards.followup.forms import FindingAnswerForm, FindingForm
from cards.models import FindingPage, VisitFinding
from cards.pictures import read_pictures
from cards.refusals import carried_out
from parameters.values import number


@roles(*READERS)
def finding(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _finding(request, pk))


def _show(request: SignedInRequest, found: VisitFinding, **bound: forms.Form) -> HttpResponse:
    is_officer, is_agent = request.user.is_officer, request.user.is_agent
    is_open, answered = found.closed_at is None, found.answered_at is not None
    given: dict[str, forms.Form | None] = {
        "answer_form": FindingAnswerForm() if is_agent and is_open and not answered else None,
        "again_form": FindingForm(initial={"due_on": _soon()})
        if is_officer and is_open and answered
        else None,
        "close_form": WordsForm(label="核对情况", most=500) if is_officer and is_open else None,
    }
    entries = found.entries.select_related("by").prefetch_related("pages")
    context = {"finding": found, "entries": entries, **given, **bound}
    return render(
        request, "cards/followup/finding.html", context, status=status_of(*bound.values())
    )


def _soon() -> object:
    return timezone.localdate() + timedelta(days=number("followup.finding_days"))


@roles(*AGENT)
@require_POST
@heavy("POST")
def finding_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _finding(request, pk)
    form = FindingAnswerForm(request.POST, request.FILES)
    if carried_out(
        form,
        lambda: visiting.answer_finding(
            found,
            words=form.cleaned_data["words"],
            pictures=read_pictures(files_in(form)),
            by=request.user,
        ),
    ):
        messages.success(request, "已答复，由服务站核对。")
        return redirect(found)
    return _show(request, found, answer_form=form)


@roles(*OFFICER)
@require_POST
def finding_again(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _finding(request, pk)
    form = FindingForm(request.POST)
    if carried_out(form, lambda: visiting.ask_again(found, **form.cleaned_data, by=request.user)):
        messages.success(request, "已告知企业继续整改。")
        return redirect(found)
    return _show(request, found, again_form=form)


@roles(*OFFICER)
@require_POST
def finding_close(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _finding(request, pk)
    form = WordsForm(request.POST, label="核对情况", most=500)
    if carried_out(
        form,
        lambda: visiting.close_finding(found, words=form.cleaned_data["words"], by=request.user),
    ):
        messages.success(request, "已销号。")
        return redirect(found)
    return _show(request, found, close_form=form)


@roles(*READERS)
def finding_page(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = VisitFinding.objects.visible_to(request.user)
    pages = FindingPage.objects.filter(entry__finding__in=seen)
    page = get_object_or_404(pages.select_related("file", "entry__finding__enterprise"), pk=pk)
    return show_page(request, page, page.entry.finding, f"整改照片 第{page.position}张")


def _finding(request: SignedInRequest, pk: int) -> VisitFinding:
    seen = VisitFinding.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("enterprise", "visit"), pk=pk)
