"""The officer's pages: the list by what is due, and the pre-review of one application."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.check_lists import CHECK_LISTS
from applications.filters import ApplicationFilter
from applications.materials import CATALOGUE
from applications.models import Application, Correction
from applications.officer_forms import DeclineForm, NoteForm, ReadingForm
from applications.pre_review import PreReview, Sheet, load_pre_review, next_step
from applications.recognised import KINDS
from applications.services import corrections, moves
from applications.services.comparing import check_by_eye
from applications.services.perform import AlreadyDone, MoveRefused
from applications.services.readings import save_reading
from applications.typed_facts import has_personal_numbers, typed_facts
from applications.views.revealing import is_revealed, reveal_for_a_while
from applications.workflow import Status

PER_PAGE = 30
Stop = tuple[int, int]  # a material's number and the page within it, counted from 1


@roles(Role.STATION_OFFICER)
def officer_list(request: SignedInRequest) -> HttpResponse:
    """All applications but drafts; those that wait for the station first, the oldest on top."""
    visible = Application.objects.visible_to(request.user).with_people().with_resubmission()
    chosen = ApplicationFilter(request.GET, queryset=visible.in_order_of_urgency())
    page = Paginator(chosen.qs, PER_PAGE).get_page(request.GET.get("page"))
    query = {name: str(value) for name, value in request.GET.items() if name != "page" and value}
    return render(
        request,
        "applications/officer_list.html",
        {
            "form": chosen.form,
            "page": page,
            "query": urlencode(query),
            "awaiting": Application.objects.awaiting_pre_review().count(),
        },
    )


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def pre_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Read one application page by page and note what is wrong; who may not act reads only."""
    application = _visible(request, pk)
    return render(request, "applications/pre_review.html", pre_review_context(request, application))


def pre_review_context(
    request: SignedInRequest,
    application: Application,
    *,
    number: int | None = None,
    note_form: NoteForm | None = None,
) -> dict[str, Any]:
    """What `applications/pre_review.html` needs; pages that extend it add to this.

    `?material=8&page=1` chooses the picture; without it the first changed material is shown.
    """
    review = load_pre_review(application)
    sheet, page_number = _chosen(request, review, number)
    stops = _stops(review)
    place = stops.index((sheet.number, page_number))
    can_act = request.user.is_officer and application.state == Status.SUBMITTED
    revealed = is_revealed(request, application)
    return {
        "application": application,
        "review": review,
        "sheet": sheet,
        "page": sheet.pages[page_number - 1] if sheet.pages else None,
        "page_number": page_number,
        "is_new": bool(sheet.pages) and sheet.is_new(sheet.pages[page_number - 1]),
        "previous_stop": stops[place - 1] if place else None,
        "next_stop": stops[place + 1] if place + 1 < len(stops) else None,
        "facts": typed_facts(application, sheet.number, revealed=revealed),
        "can_reveal": has_personal_numbers(sheet.number) and not revealed,
        "is_revealed": revealed,
        "can_act": can_act,
        "note_form": note_form or (NoteForm(number=sheet.number) if can_act else None),
        "reading_form": _reading_form(sheet) if can_act else None,
        "letter_pk": max((c.told_in_id for c in review.told if c.told_in_id), default=None),
        "noted": review.noted,
        "next_step": next_step(application),
        "seen": application.status_since.isoformat(),
        "changes": application.changes.select_related("by__department"),
        "place": urlencode({"material": sheet.number, "page": page_number}),
    }


@roles(Role.STATION_OFFICER)
def next_case(request: SignedInRequest, pk: int) -> HttpResponse:
    """On to another case that waits: one of the same enterprise before the longest wait."""
    application = _visible(request, pk)
    waiting = Application.objects.awaiting_pre_review().exclude(pk=application.pk)
    following = waiting.filter(enterprise=application.enterprise_id).first() or waiting.first()
    if following is None:
        messages.success(request, "没有其他待预审的申请了。")
        return redirect("applications:list")
    return redirect("applications:pre_review", following.pk)


@roles(Role.STATION_OFFICER)
@require_POST
def correction_note(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Note what is wrong with this material (0: with the typed facts)."""
    application = _visible(request, pk)
    if number > len(CATALOGUE):
        raise Http404
    form = NoteForm(request.POST, number=number)
    if not form.is_valid():
        if application.state == Status.SUBMITTED:
            context = pre_review_context(request, application, number=number, note_form=form)
            return render(request, "applications/pre_review.html", context, status=422)
        return _back(request, application, number)
    ticked, words = form.ticked, form.cleaned_data["words"]
    _attempt(
        request,
        application,
        partial(
            corrections.note_each,
            application,
            number=number,
            reasons=ticked,
            words=words,
            by=request.user,
        ),
        done=f"已记下{len(ticked) + bool(words)}个问题。全部核对完后，一次性退回补正。",
        typed="；".join([*(reason.defect for reason in ticked), words] if words else []),
    )
    return _back(request, application, number)


@roles(Role.STATION_OFFICER)
@require_POST
def reading_save(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Keep which rules of this material were ticked off, and go on to the next page."""
    application = _visible(request, pk)
    if number not in CHECK_LISTS:
        raise Http404
    form = ReadingForm(request.POST, rules=CHECK_LISTS[number])
    if not form.is_valid():
        messages.error(request, "要求有变动，没有保存。请重新勾选。")
        return _back(request, application, number)
    ticked = form.cleaned_data["ticked"]
    _attempt(
        request,
        application,
        partial(save_reading, application, number=number, ticked=ticked, by=request.user),
        done="",
    )
    following = request.POST.get("next", "").partition("-")
    place = {"material": _whole(following[0]), "page": _whole(following[2])}
    if not following[2]:
        place = {"material": number, "page": _whole(request.GET.get("page"))}
    address = reverse("applications:pre_review", args=[application.pk])
    return redirect(f"{address}?{urlencode(place)}#sheet")


@roles(Role.STATION_OFFICER)
@require_POST
def compare(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """The officer has held the picture against what was typed, where a machine could not tell."""
    application = _visible(request, pk)
    if number not in KINDS:
        raise Http404
    _attempt(
        request,
        application,
        partial(check_by_eye, application, number, by=request.user),
        done=f"已记下：材料{number}已人工核对。",
    )
    return _back(request, application, number)


@roles(Role.STATION_OFFICER)
@require_POST
def correction_drop(request: SignedInRequest, pk: int, correction_pk: int) -> HttpResponse:
    """Take back what was noted; when a second click finds it gone, that is as well."""
    application = _visible(request, pk)
    correction = Correction.objects.filter(application=application, pk=correction_pk).first()
    if correction is not None:
        _attempt(
            request,
            application,
            partial(corrections.drop, correction, by=request.user),
            done="已去掉这个问题。",
        )
    return _back(request, application)


@roles(Role.STATION_OFFICER)
@require_POST
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Return the application with everything that was noted and that the officer has seen."""
    application = _visible(request, pk)
    seen = {_whole(value) for value in request.POST.getlist("correction")}
    _attempt(
        request,
        application,
        partial(moves.send_back, application, by=request.user, seen=seen),
        done=f"已把{len(seen)}个问题一次性告知企业，补正后会通知您。",
    )
    return redirect("applications:pre_review", application.pk)


@roles(Role.STATION_OFFICER)
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the reason and what would help, then end the application."""
    application = _visible(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        _attempt(
            request,
            application,
            partial(moves.decline, application, reason=reason, by=request.user),
            done="已按不予办理结案，企业会收到原因。",
            typed=reason,
        )
        return redirect("applications:pre_review", application.pk)
    if application.state != Status.SUBMITTED:
        return redirect("applications:pre_review", application.pk)
    seen = request.POST.get("seen") or application.status_since.isoformat()
    return render(
        request,
        "applications/decline.html",
        {"application": application, "form": form, "seen": seen},
        status=422 if form.errors else 200,
    )


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
@require_POST
def reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the personal numbers of this application for a while; the audit trail says who."""
    application = _visible(request, pk)
    reveal_for_a_while(request, application)
    return _back(request, application, fragment="#sheet")


def _visible(request: SignedInRequest, pk: int) -> Application:
    visible = Application.objects.visible_to(request.user).with_people()
    return get_object_or_404(visible, pk=pk)


def _attempt(
    request: SignedInRequest,
    application: Application,
    act: Callable[[], object],
    *,
    done: str,
    typed: str = "",
) -> None:
    """Do it and say so; when it is refused say why and give back what was typed."""
    try:
        _require_fresh(request, application)
        act()
    except AlreadyDone:
        pass
    except MoveRefused as refusal:
        kept = f"您写的内容没有保存：“{typed}”" if typed else ""
        messages.error(request, f"{refusal}{kept}")
        return
    if done:
        messages.success(request, done)


def _reading_form(sheet: Sheet) -> ReadingForm:
    return ReadingForm(rules=sheet.rules, initial={"ticked": sheet.ticked})


def _require_fresh(request: SignedInRequest, application: Application) -> None:
    """What the officer read is still what is there: it was not returned and submitted anew."""
    stale = request.POST.get("seen") != application.status_since.isoformat()
    if application.state == Status.SUBMITTED and stale:
        raise MoveRefused(
            "您打开这一页之后，这件申请已退回并重新提交过，没有办理。请按现在的内容重新核对。"
        )


def _back(
    request: SignedInRequest,
    application: Application,
    number: int | None = None,
    *,
    fragment: str = "",
) -> HttpResponse:
    """To the same picture; only the two numbers of the address are taken over.

    Without a fragment the page opens at its top, where the message stands.
    """
    material = _whole(request.GET.get("material")) if number is None else number
    place = {"material": material, "page": _whole(request.GET.get("page"))}
    address = reverse("applications:pre_review", args=[application.pk])
    return redirect(f"{address}?{urlencode(place)}{fragment}")


def _chosen(request: SignedInRequest, review: PreReview, number: int | None) -> tuple[Sheet, int]:
    """The sheet and page that the address names; what it cannot name falls back to the first."""
    asked = request.GET.get("material")
    if number is None and asked is not None:
        number = _whole(asked)
    sheet = review.sheets[0] if number is None else review.sheet(number)
    last = max(len(sheet.pages), 1)
    return sheet, min(max(_whole(request.GET.get("page")), 1), last)


def _stops(review: PreReview) -> list[Stop]:
    return [
        (sheet.number, number)
        for sheet in review.sheets
        for number in range(1, max(len(sheet.pages), 1) + 1)
    ]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
