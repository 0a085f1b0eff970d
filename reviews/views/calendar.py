"""The station's working calendar: notices of each year, provisional years, closing days."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from reviews.calendar_changes import missing_years
from reviews.calendar_forms import ClosureForm, NoticeForm
from reviews.holiday_notices import as_csv, compare
from reviews.models import StationClosure
from reviews.services import calendar as calendar_services
from reviews.services.calendar import CalendarRefused, expected_moves
from reviews.workdays import PROVISIONAL_NOTE, load_calendar
from reviews.year_overview import holidays, overview, range_words

MOVES_SHOWN = 50


@roles(Role.STATION_OFFICER)
def calendar(request: SignedInRequest) -> HttpResponse:
    return show_calendar(request, ClosureForm())


def show_calendar(request: SignedInRequest, form: ClosureForm) -> HttpResponse:
    today, loaded = timezone.localdate(), load_calendar()
    return render(
        request,
        "reviews/calendar.html",
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
    """Enter a closing day of the station."""
    form = ClosureForm(request.POST)
    if form.is_valid():
        day, reason = form.cleaned_data["date"], form.cleaned_data["reason"]
        try:
            calendar_services.close_station(day, reason, by=request.user)
        except CalendarRefused as error:
            form.add_error("date", str(error))
        else:
            messages.success(request, "已登记本站休息日，在办的时限已重算，有变的已告知。")
            return redirect("reviews:calendar")
    return show_calendar(request, form)


@roles(Role.STATION_OFFICER)
@require_POST
def calendar_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a closing day back."""
    calendar_services.reopen_station(pk, by=request.user)
    messages.success(request, "已取消本站休息日，在办的时限已重算，有变的已告知。")
    return redirect("reviews:calendar")


@roles(Role.STATION_OFFICER)
def calendar_import(request: SignedInRequest) -> HttpResponse:
    """A notice is read, shown with what it would change, and entered when that is confirmed."""
    missing = missing_years(load_calendar(), timezone.localdate())
    initial = {"year": missing[0] if missing else timezone.localdate().year + 1}
    form = NoticeForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method != "POST" or not form.is_valid() or "again" in request.POST:
        return render(request, "reviews/calendar_import.html", {"form": form})
    if "confirm" in request.POST:
        _, moves = calendar_services.import_notice(form.notice, by=request.user)
        said = (
            f"{len(moves)}个办理时限随之改变，已告知有关人员。" if moves else "在办的时限没有改变。"
        )
        messages.success(request, f"{form.notice.year}年节假日安排已录入。{said}")
        return redirect("reviews:calendar")
    return show_preview(request, form)


def show_preview(request: SignedInRequest, form: NoticeForm) -> HttpResponse:
    notice, moves, change = form.notice, expected_moves(form.notice), compare(form.notice)
    days = [(day, special.is_working, special.name) for day, special in notice.days.items()]
    return render(
        request,
        "reviews/calendar_preview.html",
        {
            "notice": notice,
            "holidays": holidays(days),
            "is_unchanged": change.is_empty,
            "changes": [
                ("新增", range_words(change.added)),
                ("改动", range_words(change.changed)),
                ("删除", range_words(change.removed)),
            ],
            "moves": moves[:MOVES_SHOWN],
            "move_count": len(moves),
            "csv": as_csv(notice),
        },
    )
