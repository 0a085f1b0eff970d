"""The door's pages on the visitor's own phone, and what waits for him once he is ticked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.rate_limits import limited
from cards.refusals import attempt
from files.serving import serve
from outreach.briefings.asking import ask
from outreach.briefings.door import (
    DIGITS,
    Entered,
    closed_because,
    closed_words,
    scan,
    walk_in,
)
from outreach.briefings.feedback import give_feedback
from outreach.briefings.forms import (
    BriefingFeedbackForm,
    DoorForm,
    GuestQuestionForm,
    WalkInForm,
)
from outreach.briefings.keys import door_key, feedback_key, fits, seat_key
from outreach.event_pages import status_of
from outreach.models import Attendance, Briefing, BriefingMaterial, BriefingQuestion

TEN_MINUTES: Final = timedelta(minutes=10)
# All visitors share the hall's one address.
A_HALL: Final = 400
REFUSED: Final = 409


@login_not_required
@never_cache
@limited("briefing door", most=A_HALL, span=TEN_MINUTES)
def briefing_door(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Where the code on the wall leads: phone or enterprise, and one is ticked."""
    briefing = _briefing(pk, key, door_key)
    if request.method != "POST":
        return _door(request, briefing, DoorForm())
    form = DoorForm(request.POST)
    if not form.is_valid():
        return _door(request, briefing, form)
    given = form.cleaned_data
    entered = scan(briefing, given["who"], heads=given["heads"], nonce=given["nonce"])
    return _after(request, briefing, entered, form, typed=given["who"])


@login_not_required
@never_cache
@limited("briefing door", most=A_HALL, span=TEN_MINUTES)
def briefing_walk_in(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Who did not sign up tells who he is, and is ticked."""
    briefing = _briefing(pk, key, door_key)
    if closed := closed_because(briefing, timezone.now()):
        return _closed(request, briefing, closed)
    form = WalkInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        entered = walk_in(briefing, form.guest, nonce=form.cleaned_data["nonce"])
        return _after(request, briefing, entered, form)
    return _walk_in(request, briefing, form)


def _after(
    request: HttpRequest,
    briefing: Briefing,
    entered: Entered,
    form: DoorForm | WalkInForm,
    *,
    typed: str = "",
) -> HttpResponse:
    """To his page when he is ticked; otherwise words, and the form of walk-ins where it helps."""
    if entered.attendance is not None and (entered.by_phone or not entered.reason):
        if entered.words:
            messages.info(request, entered.words)
        return redirect(
            "outreach:briefing_seat", entered.attendance.pk, seat_key(entered.attendance)
        )
    if entered.may_register:
        start = {"phone" if DIGITS.fullmatch(typed) else "enterprise_name": typed}
        return _walk_in(request, briefing, WalkInForm(initial=start), entered.words)
    form.add_error(None, entered.words)
    if isinstance(form, WalkInForm):
        return _walk_in(request, briefing, form)
    return _door(request, briefing, form)


def _door(request: HttpRequest, briefing: Briefing, form: DoorForm) -> HttpResponse:
    if closed := closed_because(briefing, timezone.now()):
        return _closed(request, briefing, closed)
    context = {"briefing": briefing, "form": form, "key": door_key(briefing)}
    return render(request, "outreach/briefings/door.html", context, status=status_of(form))


def _closed(request: HttpRequest, briefing: Briefing, reason: str) -> HttpResponse:
    context = {"briefing": briefing, "words": closed_words(briefing, reason)}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "outreach/briefings/door_closed.html", context, status=status)


def _walk_in(
    request: HttpRequest, briefing: Briefing, form: WalkInForm, words: str = ""
) -> HttpResponse:
    context = {"briefing": briefing, "form": form, "words": words, "key": door_key(briefing)}
    return render(request, "outreach/briefings/walk_in.html", context, status=status_of(form))


@login_not_required
@never_cache
def briefing_seat(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The page of who came: ticked, the material, his questions, and the feedback."""
    return _show(request, _seat(pk, key), GuestQuestionForm())


def _show(request: HttpRequest, row: Attendance, form: GuestQuestionForm) -> HttpResponse:
    mine = Q(attendance=row)
    if row.sign_up is not None:
        mine |= Q(sign_up=row.sign_up)
    context = {
        "row": row,
        "briefing": row.briefing,
        "key": seat_key(row),
        "materials": row.briefing.materials.filter(removed_at__isnull=True).select_related("file"),
        "questions": BriefingQuestion.objects.filter(mine),
        "form": form,
        "has_said": hasattr(row, "feedback"),
    }
    template = "outreach/briefings/seat.html"
    return render(request, template, context, status=status_of(form))


@login_not_required
@never_cache
@require_POST
@limited("briefing seat ask", most=A_HALL, span=TEN_MINUTES)
def briefing_seat_ask(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    row = _seat(pk, key)
    form = GuestQuestionForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        asked = attempt(
            form,
            lambda: ask(row.briefing, **given, asked_by=row.enterprise_name, attendance=row),
        )
        if asked is not None:
            messages.success(request, "问题已收下，当场或会后答复，答复写在这一页。")
            return redirect("outreach:briefing_seat", pk, key)
    return _show(request, row, form)


@login_not_required
def briefing_seat_material(
    request: HttpRequest, pk: int, key: str, material: int
) -> HttpResponseBase:
    """A file that is given to those who came."""
    row = _seat(pk, key)
    found = get_object_or_404(
        BriefingMaterial.objects.filter(
            briefing=row.briefing, removed_at__isnull=True, file__isnull=False
        ),
        pk=material,
    )
    if found.file is None:
        raise Http404
    return serve(found.file, name=found.title, download=True)


@login_not_required
@never_cache
@limited("briefing feedback", most=A_HALL, span=TEN_MINUTES)
def briefing_feedback(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Three questions, by the link of the event."""
    return _feedback(request, _briefing(pk, key, feedback_key), None)


@login_not_required
@never_cache
@limited("briefing feedback", most=A_HALL, span=TEN_MINUTES)
def briefing_seat_feedback(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The same from the page of who came; once."""
    row = _seat(pk, key)
    return _feedback(request, row.briefing, row)


def _feedback(request: HttpRequest, briefing: Briefing, row: Attendance | None) -> HttpResponse:
    form = BriefingFeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: give_feedback(briefing, **given, attendance=row)) is not None:
            return render(request, "outreach/briefings/feedback_done.html", {"briefing": briefing})
    context = {"briefing": briefing, "form": form}
    return render(request, "outreach/briefings/feedback.html", context, status=status_of(form))


def _briefing(pk: int, key: str, key_of: Callable[[Briefing], str]) -> Briefing:
    briefing = Briefing.objects.filter(pk=pk).first()
    if briefing is None or not fits(key, key_of(briefing)):
        raise Http404
    return briefing


def _seat(pk: int, key: str) -> Attendance:
    """The attendance with this number, for who has its key, while it stands."""
    found = Attendance.objects.standing().filter(pk=pk)
    row = found.select_related("briefing", "sign_up").first()
    if row is None or not fits(key, seat_key(row)):
        raise Http404
    return row
