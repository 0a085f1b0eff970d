"""The letter in which everything was told at once, on screen and as a file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.letters.letter import letter_of
from applications.letters.pdf import render_letter
from applications.models import StatusChange
from core.downloads import disposition
from core.typesetting import RenderingFailed


@roles(Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
def letter(request: SignedInRequest, pk: int, change_pk: int) -> HttpResponse:
    changes = StatusChange.objects.visible_to(request.user).with_people()
    change = get_object_or_404(changes, application__pk=pk, pk=change_pk)
    found = letter_of(change)
    if not found.items:
        raise Http404
    return render(
        request,
        "applications/letter.html",
        {"letter": found, "application": change.application},
    )


@roles(Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
@heavy("GET")
def letter_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` is the move with which the letter went out."""
    changes = StatusChange.objects.visible_to(request.user).with_people()
    letter = letter_of(get_object_or_404(changes, pk=pk))
    if not letter.items:
        raise Http404
    try:
        pdf = render_letter(letter)
    except RenderingFailed as error:
        messages.error(request, f"告知书没有生成：{error}")
        return redirect(letter.application)
    record("letter.download", letter.application, by=request.user, after={"number": letter.number})
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"{letter.title} {letter.number}.pdf"
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
