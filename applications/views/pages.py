"""One page of a material: moving, turning and replacing it, and what it was repaired from."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import MaterialPage
from applications.services import arranging, intake
from applications.views.agent import own_application
from applications.views.materials import kind_of, page_of, take_page, upload_form
from enterprises.services import PageRefused
from files.judging import judge_one_page
from files.page_orders import asked_place, asked_turn
from files.refusals import FileRefused
from files.serving import serve


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def page_move(request: SignedInRequest, pk: int, number: int, page_pk: int) -> HttpResponse:
    """Put a page at the place that the button names; twice the same comes to the same."""
    application = own_application(request, pk)
    page, place = page_of(application, number, page_pk), asked_place(request.POST)
    try:
        arranging.move_page(application, number, page, place=place, by=request.user)
    except (intake.IntakeRefused, PageRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{page.file}”现在是第{place}页。")
    return redirect("applications:material", pk, number)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def page_turn(request: SignedInRequest, pk: int, number: int, page_pk: int) -> HttpResponse:
    """Turn a page by a quarter; the picture as it was uploaded stays on record."""
    application, kind = own_application(request, pk), kind_of(number)
    if kind.pixels is not None:
        raise Http404  # of prescribed width and height: turned, it would be refused
    page = page_of(application, number, page_pk)
    degrees = asked_turn(request.POST)
    try:
        report = arranging.turn_page(application, number, page, degrees=degrees, by=request.user)
    except (intake.IntakeRefused, PageRefused, FileRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:material", pk, number)
    if report is None or report.accepted:
        messages.success(request, f"已旋转“{page.file}”。")
    for problem in report.problems if report else ():
        messages.error(request, problem.message)
    return redirect("applications:material", pk, number)


@roles(Role.ENTERPRISE_AGENT)
def page_replace(request: SignedInRequest, pk: int, number: int, page_pk: int) -> HttpResponse:
    """Choose one picture that takes the place of this page."""
    application, kind = own_application(request, pk), kind_of(number)
    page = page_of(application, number, page_pk)
    form = upload_form(kind, request.POST or None, request.FILES or None, most=1)
    judgements = []
    if request.method == "POST" and form.is_valid():
        take = take_page(request, application, number, instead_of=page)
        judgement = judge_one_page(form.cleaned_data["files"][0], take)
        if judgement.accepted:
            messages.success(request, f"已用“{judgement.name}”换下“{page.file}”。")
            return redirect("applications:material", pk, number)
        judgements = [judgement]
    context = {
        "application": application,
        "kind": kind,
        "page": page,
        "form": form,
        "judgements": judgements,
    }
    status = 422 if judgements or form.errors else 200
    return render(request, "applications/page_replace.html", context, status=status)


def page_original(request: SignedInRequest, pk: int, number: int, page_pk: int) -> HttpResponseBase:
    """What the picture was cropped or compressed from; the audit trail says who looked at it."""
    application = own_application(request, pk)
    page = page_of(application, number, page_pk)
    if not isinstance(page, MaterialPage) or page.original is None:
        raise Http404
    record(
        "material.view", application, by=request.user, after={"material": number, "page": page.pk}
    )
    return serve(page.original, name=f"{application.reference}-材料{number}-原图")
