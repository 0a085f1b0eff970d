"""Sign-ups and attendance for the station: ticking, entering, the paper list, taking back."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.requests import SignedInRequest
from cards.refusals import attempt
from core.paging import page_of
from core.reading import whole_number, whole_numbers
from enterprises.ledger.matching import near_rows
from enterprises.models import Demand
from outreach.briefings import attending
from outreach.briefings.forms import EnterForm, PaperListForm
from outreach.briefings.refusals import BriefingRefused
from outreach.briefings.sign_ups import leave, note_told
from outreach.briefings.views.common import briefing_of, show
from outreach.event_forms import EventWordsForm
from outreach.event_pages import OFFICER, STATION, form_page, status_of
from outreach.models import Attendance, Briefing, BriefingSignUp
from outreach.nonces import new_nonce

SHOWN_ATTEMPTS = 30
MOST_TO_TICK = 300


@roles(*STATION)
def briefing_sign_ups(request: SignedInRequest, pk: int) -> HttpResponse:
    return _sign_ups(request, briefing_of(request, pk))


def _sign_ups(
    request: SignedInRequest, found: Briefing, *, revealed: int | None = None
) -> HttpResponse:
    standing_first = F("cancelled_at").asc(nulls_first=True)
    rows = found.sign_ups.select_related("demand", "text").order_by(standing_first, "state", "pk")
    path = reverse("outreach:briefing_sign_ups", args=[found.pk])
    context = {
        "page": page_of(rows, request, unit="人", path=path),
        "to_tell": found.sign_ups.to_be_told().count(),
        "revealed": revealed,
    }
    return show(request, found, "outreach/briefings/briefing_sign_ups.html", context)


@roles(*OFFICER)
@require_POST
def sign_up_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the number on this one answer; the audit trail says who saw it."""
    row = _sign_up(request, pk)
    record("briefing.reveal", row, by=request.user)
    return _sign_ups(request, briefing_of(request, row.briefing_id), revealed=row.pk)


@roles(*OFFICER)
@require_POST
def sign_up_act(request: SignedInRequest, pk: int, act: str) -> HttpResponse:
    """He was told that he moved up, or he comes no more."""
    row = _sign_up(request, pk)
    if act == "told":
        note_told(row, by=request.user)
        messages.success(request, "已记下告知。")
    else:
        leave(row, by=request.user)
        messages.success(request, "已取消报名，候补的自动转正。")
    return redirect("outreach:briefing_sign_ups", row.briefing_id)


def _sign_up(request: SignedInRequest, pk: int) -> BriefingSignUp:
    seen = BriefingSignUp.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("briefing"), pk=pk)


@roles(*STATION)
def briefing_attendance(request: SignedInRequest, pk: int) -> HttpResponse:
    return _attendance(request, briefing_of(request, pk))


def _attendance(
    request: SignedInRequest,
    found: Briefing,
    *,
    enter_form: EnterForm | None = None,
    paper_form: PaperListForm | None = None,
    revealed: int | None = None,
) -> HttpResponse:
    """Who came, who is still awaited with a button each, and what the door refused."""
    rows = found.attendances.select_related("demand", "recorded_by", "undone_by")
    path = reverse("outreach:briefing_attendance", args=[found.pk])
    context = {
        "page": page_of(rows.order_by("-at", "-pk"), request, unit="人", path=path),
        "awaited": _awaited(found)[:MOST_TO_TICK],
        "attempts": found.door_attempts.all()[:SHOWN_ATTEMPTS],
        "enter_form": enter_form or EnterForm(),
        "paper_form": paper_form or PaperListForm(initial={"at": found.starts_at}),
        "may_enter": found.doors_at <= timezone.now() and not found.is_cancelled,
        "nonce": new_nonce(),
        "revealed": revealed,
    }
    status = status_of(enter_form, paper_form)
    return show(
        request, found, "outreach/briefings/briefing_attendance.html", context, status=status
    )


def _awaited(found: Briefing) -> "list[BriefingSignUp]":
    there = found.attendances.standing().filter(sign_up__isnull=False).values("sign_up")
    return list(found.sign_ups.standing().exclude(pk__in=there).order_by("enterprise_name", "pk"))


@roles(*OFFICER)
@require_POST
def sign_up_tick(request: SignedInRequest, pk: int) -> HttpResponse:
    """An officer ticks somebody who signed up."""
    row = _sign_up(request, pk)
    nonce = f"tick-{row.pk}-{row.attendances.count()}"
    now, way = timezone.now(), Attendance.Way.OFFICER
    try:
        attending.tick(row, way=way, at=now, nonce=nonce, by=request.user)
    except BriefingRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"{row.enterprise_name}已签到。")
    return redirect("outreach:briefing_attendance", row.briefing_id)


@roles(*OFFICER)
@require_POST
def briefing_enter(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody who did not sign up, or was forgotten, with the time at which he came."""
    found = briefing_of(request, pk)
    form = EnterForm(request.POST)
    if form.is_valid():
        nonce = form.cleaned_data["nonce"]
        row = attempt(
            form,
            lambda: attending.enter(
                found, form.guest, at=form.came_at, nonce=nonce, by=request.user
            ),
        )
        if row is not None:
            messages.success(request, f"{row.enterprise_name}已登记到场。")
            return redirect("outreach:briefing_attendance", pk)
    return _attendance(request, found, enter_form=form)


@roles(*OFFICER)
@require_POST
def briefing_paper_tick(request: SignedInRequest, pk: int) -> HttpResponse:
    """All who signed on paper, in one go."""
    found = briefing_of(request, pk)
    form = PaperListForm(request.POST)
    numbers = whole_numbers(request.POST.getlist("row"))
    rows = [row for row in _awaited(found) if row.pk in numbers]
    if form.is_valid() and not rows:
        form.add_error(None, "还没有勾选到场的人。")
    if form.is_valid():
        at = form.cleaned_data["at"]
        count = attempt(form, lambda: attending.tick_paper(found, rows, at=at, by=request.user))
        if count is not None:
            messages.success(request, f"已按纸质名单登记{count}家到场。")
            return redirect("outreach:briefing_attendance", pk)
    return _attendance(request, found, paper_form=form)


@roles(*OFFICER)
def attendance_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a tick back, with the reason; the row stays."""
    row = _row(request, pk)
    form = EventWordsForm(request.POST or None, label="撤销的原因", most=200, rows=2)
    if request.method == "POST" and form.is_valid():
        attending.take_back(row, words=form.cleaned_data["words"], by=request.user)
        messages.success(request, f"已撤销{row.enterprise_name}的签到。")
        return redirect("outreach:briefing_attendance", row.briefing_id)
    title = f"撤销{row.enterprise_name}的签到"
    back = reverse("outreach:briefing_attendance", args=[row.briefing_id])
    return form_page(request, form, title=title, act="撤销", back_url=back, back="不撤销，回去")


@roles(*OFFICER)
@require_POST
def attendance_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    record("briefing.reveal", row, by=request.user)
    return _attendance(request, briefing_of(request, row.briefing_id), revealed=row.pk)


@roles(*OFFICER)
def attendance_bind(request: SignedInRequest, pk: int) -> HttpResponse:
    """Which row of the ledger this guest belongs to; near names are shown first."""
    row = _row(request, pk)
    if request.method == "POST":
        chosen = whole_number(request.POST.get("demand"))
        seen = Demand.objects.visible_to(request.user)
        demand = get_object_or_404(seen, pk=chosen) if chosen else None
        found = attending.bind(row, demand, by=request.user)
        messages.success(request, f"已记到台账：{found.name}。")
        return redirect("outreach:briefing_attendance", row.briefing_id)
    context = {"row": row, "near": near_rows(row.enterprise_name)}
    return render(request, "outreach/briefings/attendance_bind.html", context)


def _row(request: SignedInRequest, pk: int) -> Attendance:
    seen = Attendance.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("briefing", "demand"), pk=pk)
