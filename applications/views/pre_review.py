"""The officer reads one application, page by page; who may not act reads only."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.dossier.pre_review import PreReview, load_pre_review
from applications.dossier.sheets import Sheet
from applications.dossier.typed_facts import has_personal_numbers, typed_facts
from applications.models import Application
from applications.next_steps import officers_step
from applications.officer_forms import NoteForm, ReadingForm
from applications.presence import open_case
from applications.views.cases import go_back, visible_case
from applications.views.revealing import is_revealed, reveal_for_a_while
from applications.workflow import Status
from core.reading import whole_number

Stop = tuple[int, int]  # a material's number and the page within it, counted from 1


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def pre_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read one application page by page and note what is wrong; who may not act reads only."""
    application = visible_case(request, pk)
    return render(request, "applications/pre_review.html", pre_review_context(request, application))


def pre_review_context(
    request: SignedInRequest,
    application: Application,
    *,
    number: int | None = None,
    note_form: NoteForm | None = None,
) -> dict[str, Any]:
    """What `applications/pre_review.html` needs; pages that extend it add to this.

    `?material=8&page=1` chooses the picture; without it the first that changed is shown.
    """
    review = load_pre_review(application)
    sheet, page_number = _chosen(request, review, number)
    stops = _stops(review)
    place = stops.index((sheet.number, page_number))
    page = sheet.pages[page_number - 1] if sheet.pages else None
    can_act = request.user.is_officer and application.state == Status.SUBMITTED
    revealed = is_revealed(request, application)
    # What the picture shows, and what is to be held against it, is not hidden beside it.
    is_on_picture = bool(sheet.pages) and has_personal_numbers(sheet.number)
    return {
        "application": application,
        "review": review,
        "sheet": sheet,
        "page": page,
        "page_number": page_number,
        "is_last_page": page_number >= len(sheet.pages),
        "is_new": page_number in sheet.new_places,
        "earlier": sheet.earlier(page),
        "previous_stop": stops[place - 1] if place else None,
        "next_stop": stops[place + 1] if place + 1 < len(stops) else None,
        "facts": typed_facts(application, sheet.number, revealed=revealed or is_on_picture),
        "can_reveal": has_personal_numbers(sheet.number) and not (revealed or is_on_picture),
        "is_revealed": revealed or is_on_picture,
        "is_on_picture": is_on_picture,
        "others": open_case(application, by=request.user) if can_act else [],
        "can_act": can_act,
        "note_form": note_form or (NoteForm(number=sheet.number) if can_act else None),
        "reading_form": _reading_form(sheet) if can_act else None,
        "letter_pk": max((c.told_in_id for c in review.told if c.told_in_id), default=None),
        "noted": review.noted,
        "next_step": officers_step(application),
        "seen": application.status_since.isoformat(),
        "changes": application.changes.select_related("by__department"),
        "place": urlencode({"material": sheet.number, "page": page_number}),
    }


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
@require_POST
def reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the personal numbers of this application for a while; the audit trail says who."""
    application = visible_case(request, pk)
    reveal_for_a_while(request, application)
    return go_back(request, application, fragment="#sheet")


def _reading_form(sheet: Sheet) -> ReadingForm:
    opened_at = timezone.now().isoformat()
    return ReadingForm(rules=sheet.rules, initial={"ticked": sheet.ticked, "opened_at": opened_at})


def _chosen(request: SignedInRequest, review: PreReview, number: int | None) -> tuple[Sheet, int]:
    """The sheet and page that the address names, or where something changed, or the first."""
    asked = request.GET.get("material")
    if number is None and asked is not None:
        number = whole_number(asked)
    sheet = review.sheets[0] if number is None else review.sheet(number)
    place = whole_number(request.GET.get("page")) or next(iter(sheet.new_places), 1)
    return sheet, min(place, max(len(sheet.pages), 1))


def _stops(review: PreReview) -> list[Stop]:
    return [
        (sheet.number, number)
        for sheet in review.sheets
        for number in range(1, max(len(sheet.pages), 1) + 1)
    ]
