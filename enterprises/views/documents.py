"""One standing document of the agent's own enterprise, and the pages that are in it."""

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.destinations import is_ours
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.uploads import UploadForm
from enterprises import services
from enterprises.documents import load_shelves, shelf_of
from enterprises.licence import read_pages
from enterprises.models import Enterprise, StandingPage
from enterprises.services import DocumentStack
from enterprises.views.own import visible_enterprise
from files.judging import Judgement
from materials.catalogue import SHARED_NUMBERS
from materials.numbers import MaterialNumber
from materials.views import Link, OpenedMaterial, show_material, take_upload


def find_page(
    request: SignedInRequest, pk: int, page_pk: int
) -> tuple[DocumentStack, StandingPage]:
    """A page of this enterprise, also one of an earlier version; 404 when it is another's.

    What names applicants is read in the cases of those whom it names.
    """
    enterprise = visible_enterprise(request, pk)
    pages = StandingPage.objects.filter(
        document__enterprise=enterprise, document__kind__in=SHARED_NUMBERS
    )
    page = get_object_or_404(pages.select_related("file", "document__enterprise"), pk=page_pk)
    return DocumentStack(enterprise, page.document.kind), page


@roles(Role.ENTERPRISE_AGENT)
def document(request: SignedInRequest, pk: int, kind: int) -> HttpResponse:
    return _show(request, *_document(request, pk, kind))


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@heavy("POST")
def document_upload(request: SignedInRequest, pk: int, kind: int) -> HttpResponse:
    enterprise, stack = _document(request, pk, kind)
    show = partial(_show, request, enterprise, stack)
    return take_upload(request, stack, show=show, by=request.user)


def _document(request: SignedInRequest, pk: int, kind: int) -> tuple[Enterprise, DocumentStack]:
    enterprise = visible_enterprise(request, pk)
    if kind not in SHARED_NUMBERS:
        raise Http404
    return enterprise, DocumentStack(enterprise, kind)


def _show(
    request: SignedInRequest,
    enterprise: Enterprise,
    stack: DocumentStack,
    form: UploadForm | None = None,
    judgements: Sequence[Judgement] = (),
) -> HttpResponse:
    number = stack.kind.number
    shelf = shelf_of(load_shelves(enterprise), number)
    is_licence = number == MaterialNumber.LICENCE and bool(shelf.pages)
    material = OpenedMaterial(
        stack=stack,
        pages=shelf.pages,
        label=shelf.label,
        badge=shelf.badge,
        back=Link(stack.owner_address, stack.owner_label),
        back_words="返回本单位",
        is_complete=bool(shelf.pages),
        standing=shelf.standing,
        validity_url=reverse("enterprises:document_validity", args=[enterprise.pk, number]),
        recognised=read_pages(enterprise, shelf.pages) if is_licence else None,
        found={warning["code"] for page in shelf.pages for warning in page.warnings},
    )
    return show_material(
        request,
        "enterprises/document.html",
        material,
        form=form,
        judgements=judgements,
        enterprise=enterprise,
    )


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def licence_adopt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Enter what the licence says, which the agent has looked at on the page before."""
    enterprise = visible_enterprise(request, pk)
    licence = shelf_of(load_shelves(enterprise), MaterialNumber.LICENCE)
    reading = read_pages(enterprise, licence.pages)
    read = reading.suggestions
    try:
        services.adopt_licence(enterprise, read, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
        return redirect(f"{reverse('enterprises:edit', args=[pk])}?from=licence")
    if read:
        messages.success(request, f"已按执照填入{len(read)}项，请再核对一遍。")
    elif reading.rows:
        messages.success(request, "登记信息已与执照一致。")
    else:
        messages.warning(request, "还没有读出执照上的内容，请照执照填写。")
    return _back(request, pk)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def licence_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was typed is right, and the machine misread; the officer sees that this was said."""
    enterprise = visible_enterprise(request, pk)
    licence = shelf_of(load_shelves(enterprise), MaterialNumber.LICENCE)
    recognition = read_pages(enterprise, licence.pages).recognition
    if recognition is not None:
        services.confirm_licence(recognition, enterprise, by=request.user)
        messages.success(request, "已记下：以填写的内容为准，专员会对照执照再看。")
    return _back(request, pk)


def _back(request: SignedInRequest, pk: int) -> HttpResponse:
    """To the page on which the licence was looked at."""
    back = request.POST.get("next", "")
    if is_ours(request, back):
        return redirect(back)
    return redirect("enterprises:document", pk, MaterialNumber.LICENCE)
