"""An applicant's own pages, without an account: by a link sent to the telephone on file."""

from datetime import timedelta
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.rate_limits import View, limited
from applications.forms import LastDigitsForm
from core.masks import mask_name
from notices.channels.sms import is_available
from rights.forms import LinkAskForm, RightsRequestForm
from rights.models import RightsLink, RightsRequest
from rights.person import found_of_applicant, rows_of_person
from rights.services import (
    RightsLinkRefused,
    applicant_by,
    ask,
    is_person,
    link_of,
    send_link,
)
from rights.views.zipping import copy_response

GONE: Final = 410
TEN_MINUTES: Final = timedelta(minutes=10)
CONFIRMED_FOR: Final = timedelta(minutes=30)
CONFIRMED: Final = "rights-confirmed"


@login_not_required
@never_cache
@limited("rights", most=5, span=TEN_MINUTES)
def link_ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether somebody was found or not."""
    form = LinkAskForm(request.POST if request.method == "POST" else None)
    is_asked = request.method == "POST" and form.is_valid()
    if is_asked:
        found = applicant_by(form.cleaned_data["id_number"], form.cleaned_data["phone"])
        if found is not None:
            send_link(found, by=None)
    context = {"form": form, "is_asked": is_asked, "has_texts": is_available()}
    return render(request, "rights/link_ask.html", context, status=422 if form.errors else 200)


def of_link(view: View) -> View:
    """The view with the link instead of its token; one page for every link that does not work."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, token, link_of(token), **kwargs)
        except RightsLinkRefused as refused:
            context = {"reason": str(refused)}
            return render(request, "rights/link_gone.html", context, status=GONE)

    return guarded


@login_not_required
@never_cache
@limited("rights link", most=20, span=TEN_MINUTES)
@of_link
def link(request: HttpRequest, token: str, link: RightsLink) -> HttpResponse:
    """What he asked so far and what he may ask; before it is known who reads this, only that."""
    if not _is_confirmed(request, link):
        return _who(request, token, link)
    form = RightsRequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = form.cleaned_data
        ask(
            made["kind"],
            way=RightsRequest.Way.LINK,
            words=made["words"],
            nonce=made["nonce"],
            applicant=link.applicant,
        )
        return redirect("rights:link", token)
    people = rows_of_person(link.applicant)
    context = {
        "token": token,
        "applicant": link.applicant,
        "form": form,
        "rows": RightsRequest.objects.filter(applicant__in=people),
    }
    return render(request, "rights/link.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_POST
@limited("rights digits", most=20, span=TEN_MINUTES)
@of_link
def link_confirm(request: HttpRequest, token: str, link: RightsLink) -> HttpResponse:
    form = LastDigitsForm(request.POST)
    if form.is_valid():
        if is_person(link, form.cleaned_data["digits"]):
            request.session[CONFIRMED] = [link.pk, timezone.now().isoformat()]
            return redirect("rights:link", token)
        form.add_error("digits", "与登记的不一致。答错几次，链接就会作废。")
    return _who(request, token, link, form)


@login_not_required
@never_cache
@require_POST
@limited("rights copy", most=5, span=TEN_MINUTES)
@of_link
def link_copy(request: HttpRequest, token: str, link: RightsLink) -> HttpResponseBase:
    """The copy of what is held of him."""
    if not _is_confirmed(request, link):
        return redirect("rights:link", token)
    applicant = link.applicant
    return copy_response(request, applicant, found_of_applicant(applicant), by=None)


def _who(
    request: HttpRequest, token: str, link: RightsLink, form: LastDigitsForm | None = None
) -> HttpResponse:
    context = {
        "token": token,
        "name": mask_name(link.applicant.name),
        "form": form or LastDigitsForm(),
    }
    status = 422 if form is not None else 200
    return render(request, "rights/link_who.html", context, status=status)


def _is_confirmed(request: HttpRequest, link: RightsLink) -> bool:
    """In this browser, and a short while ago: a phone laid aside asks again who holds it."""
    pk, moment = request.session.get(CONFIRMED, (None, ""))
    confirmed_at = parse_datetime(moment) if moment else None
    return (
        pk == link.pk and confirmed_at is not None and timezone.now() - confirmed_at < CONFIRMED_FOR
    )
