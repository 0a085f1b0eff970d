"""Which letters an enterprise has, which a case may need, and the station's way to them."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import Application
from core.paging import page_of
from core.text import name as canonical_name
from enterprises.models import Enterprise
from finding.search import narrowed
from letters.catalogue import KINDS, OF_ENTERPRISE, kinds_for
from letters.kind import LetterKind, Writer
from letters.models import WrittenLetter
from letters.services import LetterRefused, begin_letter
from letters.views.common import (
    READERS,
    WRITERS,
    application_of,
    enterprise_of,
    new_nonce,
    sent_nonce,
)

MOST_FOUND = 20
MOST_WORDS = 60


@roles(*WRITERS)
def desk(request: SignedInRequest) -> HttpResponse:
    """An agent's own letters; for the officer the newest of all, and any enterprise by name."""
    if request.user.is_agent:
        return redirect("letters:of_enterprise", get_object_or_404(_own(request)).pk)
    words = canonical_name(request.GET.get("q", ""))[:MOST_WORDS]
    found = narrowed(_own(request), words).filter(name__icontains=words).order_by("name")
    letters = WrittenLetter.objects.visible_to(request.user).for_lists()
    context = {
        "words": words,
        "enterprises": found[:MOST_FOUND] if words else [],
        "page": page_of(letters, request, unit="份"),
    }
    return render(request, "letters/desk.html", context)


def _own(request: SignedInRequest) -> "QuerySet[Enterprise]":
    return Enterprise.objects.visible_to(request.user)


@roles(*READERS)
def of_enterprise(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = enterprise_of(request, pk)
    letters = WrittenLetter.objects.visible_to(request.user).filter(enterprise=enterprise)
    context = {
        "enterprise": enterprise,
        "page": page_of(letters.for_lists(), request, unit="份"),
        "kinds": [KINDS[code] for code in OF_ENTERPRISE] if _may_write(request) else [],
        "nonce": new_nonce(),
    }
    return render(request, "letters/of_enterprise.html", context)


@roles(*READERS)
def of_application(request: SignedInRequest, pk: int) -> HttpResponse:
    """What this case may need, each with the letters that serve it; others' are not shown."""
    application = application_of(request, pk)
    letters = WrittenLetter.objects.visible_to(request.user).serving(application).for_lists()
    by_code: dict[str, list[WrittenLetter]] = {}
    for letter in letters:
        by_code.setdefault(letter.code, []).append(letter)
    kinds = kinds_for(application)
    context = {
        "application": application,
        "rows": [(kind, by_code.get(kind.code, [])) for kind in kinds if not _is_stations(kind)],
        "receipt": next((kind for kind in kinds if _is_stations(kind)), None),
        "may_write": _may_write(request),
        "nonce": new_nonce(),
    }
    return render(request, "letters/of_application.html", context)


def _is_stations(kind: LetterKind) -> bool:
    return kind.writer == Writer.STATION


def _may_write(request: SignedInRequest) -> bool:
    return request.user.role in (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)


@roles(*WRITERS)
@require_POST
def begin_for_enterprise(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    enterprise = enterprise_of(request, pk)
    return _begin(request, code, enterprise, None)


@roles(*WRITERS)
@require_POST
def begin_for_application(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    application = application_of(request, pk)
    return _begin(request, code, application.enterprise, application)


def _begin(
    request: SignedInRequest, code: str, enterprise: Enterprise, application: Application | None
) -> HttpResponse:
    try:
        letter = begin_letter(
            code,
            enterprise=enterprise,
            application=application,
            by=request.user,
            nonce=sent_nonce(request),
        )
    except LetterRefused as refused:
        messages.error(request, str(refused))
        if application is not None:
            return redirect("letters:of_application", application.pk)
        return redirect("letters:of_enterprise", enterprise.pk)
    messages.success(request, "已按门户知道的内容填好。标着“待填”的，请补上后保存。")
    return redirect(letter)
