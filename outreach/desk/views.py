"""Pages of the desk: what anybody may ask, and the officer's list with his answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.rate_limits import limited
from accounts.requests import SignedInRequest
from core.paging import page_of
from core.reading import whole_number
from core.versions import Overtaken
from outreach.desk.forms import CallBackForm, CloseForm, ConsultationAnswerForm, QuestionAskForm
from outreach.desk.services import (
    answer_question,
    ask_call_back,
    ask_question,
    close_call_back,
    consultation_of,
)
from outreach.desk.tasks_of_officer import tasks
from outreach.markdown import plain_of
from outreach.models import CallBack, Consultation, Question
from outreach.models.desk import OpenQuerySet
from outreach.self_test.services import document_in_force
from outreach.self_test.showing import show
from outreach.wording import StationWords
from workdays.calendar import load_calendar
from workdays.clock import remaining

TEN_MINUTES = timedelta(minutes=10)
ALREADY = "这一条别人已经处理了，没有再保存。"


@login_not_required
@never_cache
@limited("call back", most=5, span=TEN_MINUTES)
def call_back_ask(request: HttpRequest) -> HttpResponse:
    """Leave a number to be called; the self-test's answers come along in the address."""
    answers = request.GET.dict()
    form = CallBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = form.cleaned_data
        row = ask_call_back(form.asker, when=made["when"], answers=answers, nonce=made["nonce"])
        return render(request, "outreach/desk/call_back_done.html", {"row": row})
    found = document_in_force()
    # 更改 leads back into the self-test, with everything else still answered.
    self_test = reverse("outreach:self_test")
    shown = show(found[1], answers, self_test, StationWords()) if found else None
    context = {"form": form, "steps": shown.steps if shown else []}
    return render(
        request, "outreach/desk/call_back_ask.html", context, status=422 if form.errors else 200
    )


@login_not_required
@never_cache
@limited("ask", most=5, span=TEN_MINUTES)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the station a question; the answer will stand on a page of its own."""
    form = QuestionAskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        token = ask_question(
            form.asker, text=form.cleaned_data["text"], nonce=form.cleaned_data["nonce"]
        )
        return redirect("outreach:answer", token)
    status = 422 if form.errors else 200
    return render(request, "outreach/desk/ask.html", {"form": form}, status=status)


@login_not_required
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question of this key with its answer, or by when there will be one."""
    row = consultation_of(token)
    if row is None:
        raise Http404
    context = {"row": row, "address": request.build_absolute_uri()}
    return render(request, "outreach/desk/answer.html", context)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def desk(request: SignedInRequest) -> HttpResponse:
    """All that waits for the station outside of the cases, and ways to everything of this room."""
    return render(request, "outreach/desk/desk.html", {"tasks": tasks(request.user)})


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def call_back_list(request: SignedInRequest) -> HttpResponse:
    rows = CallBack.objects.visible_to(request.user)
    return _list(request, rows, "outreach/desk/call_back_list.html")


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def consultation_list(request: SignedInRequest) -> HttpResponse:
    """Open ones by deadline; ?mine=1 those handed to the reader."""
    rows = Consultation.objects.visible_to(request.user).select_related("owner", "topic")
    if is_mine := request.GET.get("mine") == "1":
        rows = rows.filter(owner=request.user)
    return _list(request, rows, "outreach/desk/consultation_list.html", is_mine=is_mine)


def _list(
    request: SignedInRequest, rows: OpenQuerySet[Any], template: str, **more: object
) -> HttpResponse:
    """What is open by deadline, and under ?closed=1 what is done."""
    is_closed = request.GET.get("closed") == "1"
    found = rows.closed() if is_closed else rows.open()
    page = page_of(found.select_related("closed_by"), request)
    calendar, now = load_calendar(), timezone.now()
    listed = [(row, None if is_closed else remaining(row.due_at, now, calendar)) for row in page]
    context = {"page": page, "rows": listed, "is_closed": is_closed}
    context |= more
    return render(request, template, context)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def call_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """One wish to be called, with what was answered; an officer notes the call."""
    row = _call_back(request, pk)
    form = CloseForm(request.POST or None, seen=row.version)
    if request.method == "POST" and request.user.is_officer and form.is_valid():
        row.version = form.seen_or(row.version)
        try:
            close_call_back(row, note=form.cleaned_data["note"], by=request.user)
        except Overtaken:
            messages.warning(request, ALREADY)
            row = _call_back(request, pk)
            return _show_call_back(request, row, _typed_again(CloseForm, request, row))
        messages.success(request, "通话已记下，这条回电办结。")
        return redirect("outreach:call_back_list")
    return _show_call_back(request, row, form)


def _typed_again(
    kind: Callable[..., Form], request: SignedInRequest, row: CallBack | Consultation
) -> Form:
    """A form of this row as it stands now, with what was typed into one from before."""
    typed = {name: value for name, value in request.POST.items() if name != "seen_version"}
    return kind(seen=row.version, initial=typed)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
@require_POST
def call_back_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the number on this one answer; the audit trail says who saw it."""
    row = _call_back(request, pk)
    record("call_back.reveal", row, by=request.user)
    form = _typed_again(CloseForm, request, row)
    return _show_call_back(request, row, form, is_revealed=True)


def _call_back(request: SignedInRequest, pk: int) -> CallBack:
    return get_object_or_404(CallBack.objects.visible_to(request.user), pk=pk)


def _consultation(request: SignedInRequest, pk: int) -> Consultation:
    rows = Consultation.objects.visible_to(request.user).select_related(
        "owner", "topic", "enterprise", "demand", "taken_by", "drafted", "closed_by", "question"
    )
    return get_object_or_404(rows, pk=pk)


def _show_call_back(
    request: SignedInRequest, row: CallBack, form: Form, *, is_revealed: bool = False
) -> HttpResponse:
    found = document_in_force()
    shown = show(found[1], row.answers, "", StationWords()) if found and row.answers else None
    context = {
        "row": row,
        "form": form,
        "is_revealed": is_revealed,
        "shown": shown,
        "beside": "note" if row.is_open and request.user.is_officer else "",
        "unsaved": form.initial.get("note", "") if request.method == "POST" else "",
    }
    status = 422 if form.errors else 200
    return render(request, "outreach/desk/call_back.html", context, status=status)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def consultation(request: SignedInRequest, pk: int) -> HttpResponse:
    """One question; an officer answers it, from a common answer where there is one.

    The buttons of the common ones send what was typed too, which stays before what they add.
    """
    row = _consultation(request, pk)
    if request.method == "POST" and "take" in request.POST and row.is_open:
        return _show_consultation(request, row, _with_common(request, row))
    form = ConsultationAnswerForm(request.POST or None, seen=row.version)
    if request.method == "POST" and request.user.is_officer and form.is_valid():
        row.version = form.seen_or(row.version)
        given = {name: form.cleaned_data[name] for name in ("answer", "question")}
        try:
            answer_question(row, **given, by=request.user)
        except Overtaken:
            messages.warning(request, ALREADY)
            row = _consultation(request, pk)
            again = _typed_again(ConsultationAnswerForm, request, row)
            return _show_consultation(request, row, again)
        where = "提问的人打开他的网址就能看到" if row.is_public else "请告诉提问的人"
        messages.success(request, f"已答复，{where}。")
        return redirect("outreach:consultation_list")
    return _show_consultation(request, row, form)


def _with_common(request: SignedInRequest, row: Consultation) -> Form:
    """What was typed, and below it the common answer that was asked for."""
    typed: dict[str, Any] = request.POST.dict()
    number = whole_number(typed.get("take"))
    common = Question.objects.on_show().filter(pk=number).first()
    if common is not None:
        # Who asked reads it as it stands, without the marks of an article.
        answer = plain_of(StationWords().fill(common.answer))
        before = typed.get("answer", "").strip()
        typed["question"] = common.pk
        if answer not in before:
            typed["answer"] = f"{before}\n\n{answer}" if before else answer
    return ConsultationAnswerForm(seen=row.version, initial=typed)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
@require_POST
def consultation_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _consultation(request, pk)
    record("consultation.reveal", row, by=request.user)
    form = _typed_again(ConsultationAnswerForm, request, row)
    return _show_consultation(request, row, form, is_revealed=True)


def _show_consultation(
    request: SignedInRequest,
    row: Consultation,
    form: Form,
    *,
    is_revealed: bool = False,
) -> HttpResponse:
    context = {
        "row": row,
        "form": form,
        "is_revealed": is_revealed,
        "beside": "answer" if row.is_open and request.user.is_officer else "",
        "unsaved": form.initial.get("answer", "") if request.method == "POST" else "",
        "questions": Question.objects.on_show() if row.is_open else (),
        "handings": row.handings.select_related("colleague", "department", "by", "replied_by"),
    }
    status = 422 if form.errors else 200
    return render(request, "outreach/desk/consultation.html", context, status=status)
