"""Notes of the officer's pre-review: rules ticked off, problems, comparisons made by eye."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import Application, Correction
from applications.officer_forms import NoteForm, ReadingForm
from applications.services import corrections
from applications.services.comparing import check_by_eye
from applications.services.readings import save_reading
from applications.views.cases import attempt, go_back, visible_case
from applications.views.pre_review import pre_review_context
from applications.workflow import Status
from core.reading import whole_number
from materials.catalogue import UnknownMaterial, check_list, get
from materials.numbers import MaterialNumber


@roles(Role.STATION_OFFICER)
@require_POST
def correction_note(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Note what is wrong with this material (0: with the typed facts)."""
    application = visible_case(request, pk)
    _require_asked_for(application, number)
    form = NoteForm(request.POST, number=number)
    if not form.is_valid():
        if application.state == Status.SUBMITTED:
            context = pre_review_context(request, application, number=number, note_form=form)
            return render(request, "applications/pre_review.html", context, status=422)
        return go_back(request, application, number)
    ticked, words = form.ticked, form.cleaned_data["words"]
    attempt(
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
    return go_back(request, application, number)


@roles(Role.STATION_OFFICER)
@require_POST
def correction_drop(request: SignedInRequest, pk: int, correction_pk: int) -> HttpResponse:
    """Take back what was noted; when a second click finds it gone, that is as well."""
    application = visible_case(request, pk)
    correction = Correction.objects.filter(application=application, pk=correction_pk).first()
    if correction is not None:
        attempt(
            request,
            application,
            partial(corrections.drop, correction, by=request.user),
            done="已去掉这个问题。",
        )
    return go_back(request, application)


@roles(Role.STATION_OFFICER)
@require_POST
def reading_save(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Keep which rules of this material were ticked off, and go on to the next page."""
    application = visible_case(request, pk)
    _require_asked_for(application, number)
    form = ReadingForm(request.POST, rules=check_list(number))
    if not form.is_valid():
        messages.error(request, "要求有变动，没有保存。请重新勾选。")
        return go_back(request, application, number)
    attempt(
        request,
        application,
        partial(save_reading, application, number=number, by=request.user, **form.cleaned_data),
        done="",
    )
    following = request.POST.get("next", "").partition("-")
    place = {"material": whole_number(following[0]), "page": whole_number(following[2])}
    if not following[2]:
        place = {"material": number, "page": whole_number(request.GET.get("page"))}
    address = reverse("applications:pre_review", args=[application.pk])
    return redirect(f"{address}?{urlencode(place)}#sheet")


@roles(Role.STATION_OFFICER)
@require_POST
def compare(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """The officer has held the picture against what was typed, where a machine could not tell."""
    application = visible_case(request, pk)
    if not _is_recognised(number):
        raise Http404
    attempt(
        request,
        application,
        partial(check_by_eye, application, number, by=request.user),
        done=f"已记下：材料{number}已人工核对。",
    )
    return go_back(request, application, number)


def _require_asked_for(application: Application, number: int) -> None:
    """404 for what is neither the typed facts nor a material of this application."""
    if number != MaterialNumber.FACTS and not application.asks_for(number):
        raise Http404


def _is_recognised(number: int) -> bool:
    try:
        return get(number).recognition is not None
    except UnknownMaterial:
        return False
