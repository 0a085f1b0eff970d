"""The station's working calendar: notices of each year, provisional years, closing days."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.spreadsheets import csv_response
from workdays import services as calendar_services
from workdays.calendar import PROVISIONAL_NOTE, load_calendar
from workdays.forms import ClosureForm, NoticeForm
from workdays.holiday_notices import (
    FIRST_YEAR,
    LAST_YEAR,
    as_json,
    compare,
    doubts_of,
    missing_years,
    template_rows,
)
from workdays.models import StationClosure
from workdays.services import CalendarRefused, expected_moves, moves_of_closing
from workdays.year_overview import holidays, overview, range_words

MOVES_SHOWN = 50


@roles(Role.STATION_OFFICER)
def calendar(request: SignedInRequest) -> HttpResponse:
    return show_calendar(request, ClosureForm())


def show_calendar(request: SignedInRequest, form: ClosureForm) -> HttpResponse:
    today, loaded = timezone.localdate(), load_calendar()
    return render(
        request,
        "workdays/calendar.html",
        {
            "years": overview(loaded, today),
            "missing": missing_years(loaded, today),
            "provisional_note": PROVISIONAL_NOTE,
            "closures": StationClosure.objects.filter(date__year__gte=today.year).select_related(
                "entered_by"
            ),
            "form": form,
        },
    )


@roles(Role.STATION_OFFICER)
@require_POST
def calendar_close(request: SignedInRequest) -> HttpResponse:
    """A closing day is shown with what it would move, and entered when that is confirmed."""
    form = ClosureForm(request.POST)
    if not form.is_valid() or "again" in request.POST:
        return show_calendar(request, form)
    day, reason = form.cleaned_data["date"], form.cleaned_data["reason"]
    try:
        if "confirm" not in request.POST:
            return _preview_closing(request, day, reason)
        calendar_services.close_station(day, reason, by=request.user)
    except CalendarRefused as error:
        form.add_error("date", str(error))
        return show_calendar(request, form)
    messages.success(request, "已登记本站休息日，在办的时限已重算，有变的已告知。")
    return redirect("workdays:calendar")


def _preview_closing(request: SignedInRequest, day: date, reason: str) -> HttpResponse:
    moves = moves_of_closing(day)
    return render(
        request,
        "workdays/calendar_closure_preview.html",
        {
            "day": day,
            "reason": reason,
            "is_past": day < timezone.localdate(),
            "moves": moves[:MOVES_SHOWN],
            "move_count": len(moves),
        },
    )


@roles(Role.STATION_OFFICER)
@require_POST
def calendar_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a closing day back."""
    calendar_services.reopen_station(pk, by=request.user)
    messages.success(request, "已取消本站休息日，在办的时限已重算，有变的已告知。")
    return redirect("workdays:calendar")


@roles(Role.STATION_OFFICER)
def calendar_import(request: SignedInRequest) -> HttpResponse:
    """A notice is read, shown with what it would change, and entered when that is confirmed."""
    missing = missing_years(load_calendar(), timezone.localdate())
    initial = {"year": missing[0] if missing else timezone.localdate().year + 1}
    form = NoticeForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method != "POST" or not form.is_valid() or "again" in request.POST:
        context = {"form": form, "template_year": initial["year"]}
        return render(request, "workdays/calendar_import.html", context)
    doubts = doubts_of(form.notice)
    if "confirm" in request.POST and (not doubts or "sure" in request.POST):
        _, moves = calendar_services.import_notice(form.notice, by=request.user)
        said = (
            f"{len(moves)}个办理时限随之改变，已告知有关人员。" if moves else "在办的时限没有改变。"
        )
        messages.success(request, f"{form.notice.year}年节假日安排已录入。{said}")
        return redirect("workdays:calendar")
    return show_preview(request, form, doubts)


@roles(Role.STATION_OFFICER)
def calendar_template(request: SignedInRequest, year: int) -> HttpResponse:
    """A table to fill in at the desk, for those who do not write CSV."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return csv_response(f"{year}年节假日安排模板.csv", template_rows(year))


def show_preview(request: SignedInRequest, form: NoticeForm, doubts: list[str]) -> HttpResponse:
    notice, moves, change = form.notice, expected_moves(form.notice), compare(form.notice)
    days = [(day, special.is_working, special.name) for day, special in notice.days.items()]
    return render(
        request,
        "workdays/calendar_preview.html",
        {
            "notice": notice,
            "doubts": doubts,
            "is_asked": "confirm" in request.POST,
            "holidays": holidays(days),
            "is_unchanged": change.is_empty,
            "changes": [
                ("新增", range_words(change.added)),
                ("改动", range_words(change.changed)),
                ("删除", range_words(change.removed)),
            ],
            "moves": moves[:MOVES_SHOWN],
            "move_count": len(moves),
            "content": as_json(notice),
        },
    )
