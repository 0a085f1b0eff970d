"""One service: its card, its letter to be stamped, the old card, and what is still to be done."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.dossier.loading import load_dossier
from applications.kinds import Concerns
from applications.models import Application
from applications.next_steps import agents_step, officers_step
from applications.services.intake import IntakeRefused
from applications.workflow import Status
from cards.models import Cancellation, CardRequest
from cards.renewals.forms import DayForm, ServiceWordsForm
from cards.renewals.letters import letter_for, render_letter
from cards.renewals.services import old_card_of, report_done, save_words
from core.downloads import disposition
from core.typesetting import RenderingFailed

READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)


def visible_request(request: SignedInRequest, pk: int) -> CardRequest:
    """Of an application that is visible and concerns a card or a filing."""
    visible = Application.objects.visible_to(request.user)
    found = CardRequest.objects.filter(application__in=visible)
    people = "application__enterprise", "application__applicant", "application__follows", "card"
    return get_object_or_404(found.select_related(*people), application=pk)


@roles(*READERS)
def service(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, visible_request(request, pk))


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def words(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what the letter says of the reason."""
    found = visible_request(request, pk)
    form = ServiceWordsForm(request.POST)
    if not form.is_valid():
        return _show(request, found, words_form=form)
    try:
        save_words(found.application, words=form.cleaned_data["words"], by=request.user)
    except IntakeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已保存，函里的文字随之更改，请重新下载。")
    return redirect("cards:service", pk)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def done(request: SignedInRequest, pk: int) -> HttpResponse:
    """The enterprise says that it did it in the national system."""
    found = visible_request(request, pk)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _show(request, found, done_form=form)
    try:
        report_done(found.application, on=form.cleaned_data["on"], by=request.user)
    except IntakeRefused as refusal:
        form.add_error("on", str(refusal))
        return _show(request, found, done_form=form)
    messages.success(request, "已登记，这件服务办结。")
    return redirect("cards:service", pk)


@roles(*READERS)
@heavy("GET")
def letter_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """The letter with full numbers, to be stamped; the audit trail says who took it."""
    found = visible_request(request, pk)
    letter = letter_for(found)
    if letter is None:
        raise Http404
    try:
        pdf = render_letter(letter)
    except RenderingFailed as error:
        messages.error(request, f"没有生成：{error}")
        return redirect("cards:service", pk)
    record("service.letter", found.application, by=request.user, after={"letter": letter.title})
    return pdf_response(pdf, letter.file_name)


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _show(
    request: SignedInRequest,
    found: CardRequest,
    *,
    words_form: ServiceWordsForm | None = None,
    done_form: DayForm | None = None,
) -> HttpResponse:
    application, is_agent = found.application, request.user.is_agent
    step = agents_step(load_dossier(application)) if is_agent else officers_step(application)
    is_wrong = any(form.errors for form in (words_form, done_form) if form)
    letter = letter_for(found)
    may_write = letter is not None and is_agent and application.is_editable
    if words_form is None and may_write:
        words_form = ServiceWordsForm(initial={"words": found.words})
    return render(
        request,
        "cards/renewals/service.html",
        {
            "application": application,
            "request_": found,
            "letter": letter,
            "next_step": step,
            "is_agent": is_agent,
            "old_card": old_card_of(application),
            "cancellation": _cancellation(application),
            "words_form": words_form,
            "done_form": done_form or _done_form(found, is_agent=is_agent),
        },
        status=422 if is_wrong else 200,
    )


def _cancellation(application: Application) -> Cancellation | None:
    found = Cancellation.objects.filter(application=application).with_people()
    return found.first()


def _done_form(found: CardRequest, *, is_agent: bool) -> DayForm | None:
    application = found.application
    is_open = application.state == Status.ENDORSED and found.done_on is None
    if is_agent and is_open and application.service.concerns == Concerns.FILING:
        return DayForm(initial={"on": timezone.localdate()})
    return None
