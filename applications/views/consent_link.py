"""Where the link leads: the applicant, without an account, agrees, and adds photo and signature.

Before he has confirmed who he is, the page names nobody; see ADR 0043.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.audit import done_by
from accounts.heavy_work import heavy
from accounts.rate_limits import limited
from applications.consent_words import consent_text
from applications.forms import ConsentForm, LastDigitsForm
from applications.models import ConsentLink
from applications.services.consents import (
    APPLICANT,
    ConsentLinkRefused,
    consent_by_link,
    is_applicant,
    link_of,
)
from applications.services.pages import MaterialStack, stack_of
from core.masks import mask_name
from core.uploads import UploadForm
from files.judging import Judgement
from files.serving import serve_thumbnail
from materials.catalogue import get
from materials.examples import examples_for
from materials.numbers import MaterialNumber
from materials.views import judge_upload, take_upload, upload_form, why_no_uploads

GONE = 410
TEN_MINUTES = timedelta(minutes=10)
# A phone that is laid aside asks again who holds it.
CONFIRMED_FOR = timedelta(minutes=30)
CONFIRMED = "consent-confirmed"
# What only the person himself can give: his portrait, and his signature drawn on the screen.
OWN = (MaterialNumber.PHOTO, MaterialNumber.SIGNATURE)

View = Callable[..., HttpResponseBase]


def of_link(view: View) -> View:
    """The view with the link instead of its token; one page for every link that does not work."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, token, link_of(token), **kwargs)
        except ConsentLinkRefused as refused:
            context = {"reason": str(refused)}
            return render(request, "applications/consent_gone.html", context, status=GONE)

    return guarded


def of_applicant(view: View) -> View:
    """The same for who has confirmed that he is the applicant; others are led to that."""

    @of_link
    @wraps(view)
    def guarded(
        request: HttpRequest, token: str, link: ConsentLink, **kwargs: Any
    ) -> HttpResponseBase:
        if not _is_confirmed(request, link):
            return redirect("applications:consent_link", token)
        with done_by(APPLICANT):
            return view(request, token, link, **kwargs)

    return guarded


@login_not_required
@never_cache
@limited("consent", most=20, span=TEN_MINUTES)
@of_link
def consent_link(request: HttpRequest, token: str, link: ConsentLink) -> HttpResponse:
    """What is asked; or, before it is known who reads this, only that."""
    if not _is_confirmed(request, link):
        return _ask_who(request, token, link, LastDigitsForm())
    standing = link.application.consent
    is_given = standing is not None and standing.link_id == link.pk
    shares = link.application.needs_table
    form = ConsentForm(request.POST if request.method == "POST" else None, shares=shares)
    if request.method == "POST" and not is_given and form.is_valid():
        consent_by_link(link, words=consent_text(shares=shares))
        return redirect("applications:consent_link", token)
    own = [number for number in OWN if is_given and link.application.asks_for(number)]
    stacks = [_stack(token, link, number) for number in own]
    asked = [c for c in link.application.corrections.open().filter(number__in=OWN) if not c.is_met]
    return render(
        request,
        "applications/consent_give.html",
        {
            "application": link.application,
            "link": link,
            "form": form,
            "given": standing if is_given else None,
            "own": [(stack, bool(stack.current())) for stack in stacks],
            "asked": asked,
            "asked_numbers": {correction.number for correction in asked},
        },
        status=422 if form.errors else 200,
    )


@login_not_required
@never_cache
@require_POST
@limited("consent", most=20, span=TEN_MINUTES)
@of_link
def consent_confirm(request: HttpRequest, token: str, link: ConsentLink) -> HttpResponse:
    form = LastDigitsForm(request.POST)
    if form.is_valid() and is_applicant(link, form.cleaned_data["digits"]):
        until = timezone.now() + CONFIRMED_FOR
        request.session[CONFIRMED] = [link.pk, until.isoformat()]
        return redirect("applications:consent_link", token)
    if not form.errors:
        left = ConsentLink.MOST_WRONG - ConsentLink.objects.get(pk=link.pk).wrong_count
        link_of(token)
        form.add_error("digits", f"与申请人的身份证号码不一致，请核对。还可以试{left}次。")
    return _ask_who(request, token, link, form)


def _ask_who(
    request: HttpRequest, token: str, link: ConsentLink, form: LastDigitsForm
) -> HttpResponse:
    context = {
        "token": token,
        "name": mask_name(link.application.applicant.name),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "applications/consent_who.html", context, status=status)


@login_not_required
@never_cache
@of_applicant
def consent_material(
    request: HttpRequest, token: str, link: ConsentLink, number: int
) -> HttpResponse:
    return _show(request, _stack(token, link, number), link)


@login_not_required
@require_POST
@limited("consent upload", most=20, span=TEN_MINUTES)
@of_applicant
@heavy("POST")
def consent_upload(
    request: HttpRequest, token: str, link: ConsentLink, number: int
) -> HttpResponse:
    """The account that gave the link answers for the room; the trail names the applicant."""
    stack = _stack(token, link, number)

    def show(form: UploadForm, judgements: Sequence[Judgement]) -> HttpResponse:
        return _show(request, stack, link, form, judgements)

    return take_upload(request, stack, show=show, by=link.created_by)


@login_not_required
@require_POST
@limited("consent upload", most=20, span=TEN_MINUTES)
@of_applicant
@heavy("POST")
def consent_check(request: HttpRequest, token: str, link: ConsentLink, number: int) -> HttpResponse:
    """What would come of this picture, asked by the script before it is uploaded."""
    return judge_upload(request, _stack(token, link, number), by=link.created_by)


@login_not_required
@of_applicant
def consent_thumb(request: HttpRequest, token: str, link: ConsentLink, number: int) -> HttpResponse:
    """What stands there now, small."""
    pages = _stack(token, link, number).current()
    if not pages:
        raise Http404
    return serve_thumbnail(request, pages[0].file)


def _stack(token: str, link: ConsentLink, number: int) -> MaterialStack:
    """The applicant's own photo or signature, under addresses of the link; 404 for all else."""
    if number not in OWN or not link.application.asks_for(number):
        raise Http404
    stack = stack_of(link.application, number)
    stack.address = reverse("applications:consent_material", args=[token, number])
    return stack


def _show(
    request: HttpRequest,
    stack: MaterialStack,
    link: ConsentLink,
    form: UploadForm | None = None,
    judgements: Sequence[Judgement] = (),
) -> HttpResponse:
    kind = get(stack.kind.number)
    width, height = kind.pixels or (0, 0)
    codes = {code for judgement in judgements for code in judgement.codes}
    closed = why_no_uploads(stack, link.created_by)
    return render(
        request,
        "applications/consent_material.html",
        {
            "stack": stack,
            "kind": kind,
            "is_there": bool(stack.current()),
            "is_closed": bool(closed),
            "form": form or upload_form(kind),
            "judgements": judgements,
            "repair_script": kind.repair.script if kind.repair else "",
            "measures": {"width": width, "height": height, "below": kind.below_bytes or 0},
            "examples": examples_for(kind.number, codes),
            "back": stack.address.partition("materials/")[0],
        },
        status=422 if judgements or (form and form.errors) else 200,
    )


def _is_confirmed(request: HttpRequest, link: ConsentLink) -> bool:
    kept = request.session.get(CONFIRMED)
    until = parse_datetime(kept[1]) if kept and kept[0] == link.pk else None
    return until is not None and timezone.now() < until
