"""The agent's page of the applicant's consent: a link for his phone, or the signed paper."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.consent_words import consent_text, consent_words
from applications.forms import PaperForm
from applications.models import Application, ConsentPage
from applications.services.consents import ConsentRefused, enter_paper, give_link, revoke_link
from applications.views.agent import visible_application
from core.crypto import decrypt, encrypt
from files.judging import Judgement, judge_each
from files.refusals import FileRefused
from files.services import Cleared, clear_picture
from files.serving import serve
from materials.stack import PageRefused

GIVEN = "consent-link"
READERS = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)


@roles(Role.ENTERPRISE_AGENT)
@never_cache
def consent(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, visible_application(request, pk), PaperForm())


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def link_give(request: SignedInRequest, pk: int) -> HttpResponse:
    """The address is shown once, since only its hash is kept."""
    application = visible_application(request, pk)
    try:
        token = give_link(application, by=request.user)
    except ConsentRefused as refusal:
        messages.error(request, str(refusal))
    else:
        request.session[GIVEN] = [application.pk, encrypt(token)]
    return redirect("applications:consent", pk)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def link_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    revoke_link(visible_application(request, pk), by=request.user)
    messages.success(request, "链接已作废，谁也不能再打开。")
    return redirect("applications:consent", pk)


@roles(Role.ENTERPRISE_AGENT)
def paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """The paper to be printed and signed, with both consents word for word."""
    application = visible_application(request, pk)
    context = {
        "application": application,
        "words": consent_words(shares=application.needs_table).values(),
    }
    return render(request, "applications/consent_paper.html", context)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@heavy("POST")
def paper_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pictures of the signed paper, all or none."""
    application = visible_application(request, pk)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, application, form)
    pages: list[Cleared] = []

    def take(data: bytes, name: str) -> list[str]:
        pages.append(clear_picture(data, name=name))
        return []

    judgements = judge_each(form.cleaned_data["files"], take)
    if not all(judgement.accepted for judgement in judgements):
        return _show(request, application, PaperForm(), judgements)
    try:
        words = consent_text(shares=application.needs_table)
        enter_paper(application, pages, words=words, by=request.user)
    except ConsentRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:consent", pk)
    except (PageRefused, FileRefused) as refusal:
        form.add_error("files", str(refusal))
        return _show(request, application, form)
    messages.success(request, "已收下签字的授权书。")
    return redirect("applications:consent", pk)


@roles(*READERS)
def paper_page(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponseBase:
    """One picture of the paper; the audit trail says who looked at it."""
    application = visible_application(request, pk)
    pages = ConsentPage.objects.filter(consent__application=application).select_related("file")
    page = get_object_or_404(pages, pk=page_pk)
    record("consent.view", application, by=request.user, after={"page": page.pk})
    return serve(page.file, name=f"{application.reference}-授权书-{page.position}")


def _show(
    request: SignedInRequest,
    application: Application,
    form: PaperForm,
    judgements: list[Judgement] | None = None,
) -> HttpResponse:
    given = application.consent
    address = _address_given(request, application)
    return render(
        request,
        "applications/consent.html",
        {
            "application": application,
            "consent": given,
            "pages": given.pages.all() if given and given.is_paper else (),
            "link": application.consent_links.live(timezone.now()).first(),
            "days": settings.CONSENT_LINK_DAYS,
            "address": address,
            "qr": _qr(address) if address else "",
            "form": form,
            "judgements": judgements or (),
        },
        status=422 if form.errors or judgements else 200,
    )


def _address_given(request: SignedInRequest, application: Application) -> str:
    """The address that was made just now, once."""
    kept = request.session.get(GIVEN)
    if not kept or kept[0] != application.pk or request.method != "GET":
        return ""
    del request.session[GIVEN]
    path = reverse("applications:consent_link", args=[decrypt(kept[1])])
    return f"{settings.SITE_URL}{path}"


def _qr(address: str) -> str:
    """For the applicant's camera, as a `data:` address of an SVG."""
    picture = segno.make(address, error="m", micro=False)
    return str(picture.svg_data_uri(scale=5, border=4, dark="#1c2733", light="#ffffff"))
