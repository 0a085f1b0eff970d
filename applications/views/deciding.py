"""Decisions of the officer's pre-review: returning the application, or declining it."""

from collections.abc import Collection
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.dossier.pre_review import load_pre_review
from applications.letters.letter import draft_letter
from applications.models import Application
from applications.officer_forms import ApproveUnreadForm, DeclineForm, SendBackForm
from applications.services import moves, telling
from applications.services.moves import NOTHING_NOTED
from applications.views.cases import attempt, visible_case
from applications.workflow import Status
from core.reading import whole_numbers


@roles(Role.STATION_OFFICER)
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the letter as it would go out, then return the application with all that it says."""
    application = visible_case(request, pk)
    if application.state != Status.SUBMITTED and request.method != "POST":
        return redirect("applications:pre_review", pk)
    review = load_pre_review(application)
    form = SendBackForm(
        request.POST if request.method == "POST" else None,
        has_left_out=bool(review.left_out),
        has_overlooked=bool(review.overlooked),
    )
    # What has been decided meanwhile is said by the move itself.
    if request.method == "POST" and (application.state != Status.SUBMITTED or form.is_valid()):
        return _sent_back(request, application, why=_why(form))
    if not review.noted:
        messages.error(request, NOTHING_NOTED)
        return redirect("applications:pre_review", pk)
    return render(
        request,
        "applications/send_back.html",
        {
            "application": application,
            "letter": draft_letter(application, review.noted),
            "left_out": review.left_out,
            "overlooked": review.overlooked,
            "form": form,
            "seen": request.POST.get("seen") or application.status_since.isoformat(),
        },
        status=422 if form.errors else 200,
    )


def _why(form: SendBackForm) -> str:
    return str(form.cleaned_data.get("why", "")) if form.is_valid() else ""


def _sent_back(request: SignedInRequest, application: Application, *, why: str) -> HttpResponse:
    seen = whole_numbers(request.POST.getlist("correction"))
    attempt(
        request,
        application,
        partial(
            telling.tell_at_once,
            application,
            by=request.user,
            seen=seen,
            despite_unread=whole_numbers(request.POST.getlist("unread")),
            why=why,
        ),
        done=f"已把{len(seen)}个问题一次性告知企业，补正后会通知您。",
        typed=why,
    )
    return redirect("applications:pre_review", application.pk)


@roles(Role.STATION_OFFICER)
@require_POST
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """The station agrees, where no department is asked; asks first where something was left."""
    application = visible_case(request, pk)
    try:
        _approved(request, application)
    except moves.SheetsUnread:
        return redirect("applications:approve_confirm", pk)
    return redirect("applications:pre_review", pk)


@roles(Role.STATION_OFFICER)
def approve_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Name what was not gone through; what the officer confirms is what this page named."""
    application = visible_case(request, pk)
    form = ApproveUnreadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _approved(request, application, despite_unread=form.cleaned_data["unread"])
        except moves.SheetsUnread:
            form.add_error(None, "您打开这一页之后，材料或核对的情况有变化。请看下面现在的清单。")
        else:
            return redirect("applications:pre_review", pk)
    unread = load_pre_review(application).unread
    if application.state != Status.SUBMITTED or not unread:
        return redirect("applications:pre_review", pk)
    return render(
        request,
        "applications/approve_confirm.html",
        {
            "application": application,
            "form": form,
            "unread": unread,
            "seen": request.POST.get("seen") or application.status_since.isoformat(),
        },
        status=422 if form.errors else 200,
    )


def _approved(
    request: SignedInRequest, application: Application, *, despite_unread: Collection[int] = ()
) -> None:
    attempt(
        request,
        application,
        partial(moves.approve, application, by=request.user, despite_unread=despite_unread),
        done=f"已核准{application.service.label}，企业会收到通知。",
        asks=moves.SheetsUnread,
    )


@roles(Role.STATION_OFFICER)
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the reason and what would help, then end the application."""
    application = visible_case(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(
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
