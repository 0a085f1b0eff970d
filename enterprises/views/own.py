"""The agent's own enterprise: its facts, its standing documents, and what happens next."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.uploads import UploadForm
from enterprises import services
from enterprises.documents import Shelf, has_licence, load_shelves, next_step
from enterprises.forms import EnterpriseForm
from enterprises.licence import read_pages
from enterprises.models import Enterprise, StandingPage
from files.answers import answer_as_json, asks_for_json
from files.judging import Judgement, Refused, Take, judge_each
from files.refusals import readable_size
from files.serving import serve, serve_thumbnail
from materials.catalogue import ENTERPRISE_NUMBERS
from materials.numbers import MaterialNumber

# For the browser's file picker; what arrives is judged by its content all the same.
PICKED = "image/jpeg,image/png,application/pdf,image/heic"


def visible_enterprise(request: SignedInRequest, pk: int) -> Enterprise:
    return get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)


@roles(Role.ENTERPRISE_AGENT)
def mine(request: SignedInRequest) -> HttpResponse:
    """To one's own enterprise; an account that was made without one is told whom to call."""
    enterprise = Enterprise.objects.visible_to(request.user).first()
    if enterprise is None:
        return render(request, "enterprises/none.html", {})
    return redirect(enterprise)


def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The agent's page; the station has its own for the same enterprise."""
    enterprise = visible_enterprise(request, pk)
    if not request.user.is_agent:
        return redirect("enterprises:station_detail", enterprise.pk)
    shelves = load_shelves(enterprise)
    return render(
        request,
        "enterprises/detail.html",
        {
            "enterprise": enterprise,
            "shelves": shelves,
            "licence": MaterialNumber.LICENCE,
            "has_licence": has_licence(shelves),
            "next_step": next_step(enterprise, shelves, agent=request.user),
            "is_confirmed": request.user.email_confirmed_at is not None,
        },
    )


@roles(Role.ENTERPRISE_AGENT)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    enterprise = visible_enterprise(request, pk)
    was_pending = enterprise.status == Enterprise.Status.PENDING
    suggested = _suggested(request, enterprise)
    form = EnterpriseForm(request.POST or None, instance=enterprise, initial=suggested)
    if request.method == "POST" and form.is_valid():
        if form.changed_data or enterprise.status == Enterprise.Status.REFUSED:
            services.save_enterprise(form.instance, changed=form.changed_data, by=request.user)
        is_pending = form.instance.status == Enterprise.Status.PENDING
        anew = is_pending and not was_pending
        messages.success(request, "已保存，并重新提交服务站核验。" if anew else "已保存登记信息。")
        return redirect("enterprises:detail", pk)
    return render(
        request,
        "enterprises/edit.html",
        {
            "form": form,
            "enterprise": enterprise,
            "is_verified": enterprise.is_verified,
            "suggested": [form.fields[name].label for name in suggested],
        },
        status=422 if form.errors else 200,
    )


def _suggested(request: SignedInRequest, enterprise: Enterprise) -> dict[str, str]:
    """What the licence says otherwise, where the agent asked for it to be filled in."""
    if request.method != "GET" or request.GET.get("from") != "licence":
        return {}
    licence = load_shelves(enterprise)[MaterialNumber.LICENCE - 1]
    return read_pages(enterprise, licence.pages).suggestions


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def licence_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was typed is right, and the machine misread; the officer sees that this was said."""
    enterprise = visible_enterprise(request, pk)
    licence = load_shelves(enterprise)[MaterialNumber.LICENCE - 1]
    recognition = read_pages(enterprise, licence.pages).recognition
    if recognition is not None:
        services.confirm_licence(recognition, enterprise, by=request.user)
        messages.success(request, "已记下：以填写的内容为准，专员会对照执照再看。")
    return redirect("enterprises:document", pk, MaterialNumber.LICENCE)


@roles(Role.ENTERPRISE_AGENT)
def document(request: SignedInRequest, pk: int, kind: int) -> HttpResponse:
    return _render_document(request, visible_enterprise(request, pk), kind, form=upload_form())


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def document_upload(request: SignedInRequest, pk: int, kind: int) -> HttpResponse:
    """Take the files one by one; what is refused is listed with its reason."""
    enterprise = visible_enterprise(request, pk)
    _require_kind(kind)
    form = upload_form(request.POST, request.FILES)
    by_script = asks_for_json(request)
    if not form.is_valid():
        if by_script:
            return JsonResponse({"problems": form.errors.get("files", [])}, status=422)
        return _render_document(request, enterprise, kind, form=form)
    take = take_page(request, enterprise, kind)
    judgements = judge_each(form.cleaned_data["files"], take)
    if by_script:
        return answer_as_json(judgements)
    if not all(judgement.accepted for judgement in judgements):
        form = upload_form()
        return _render_document(request, enterprise, kind, form=form, judgements=judgements)
    messages.success(request, f"已收下{sum(j.taken for j in judgements)}页。")
    return redirect("enterprises:document", pk, kind)


def take_page(
    request: SignedInRequest,
    enterprise: Enterprise,
    kind: int,
    *,
    instead_of: StandingPage | None = None,
) -> Take:
    """Takes a picture as a page, or says why not."""

    def take(data: bytes, name: str) -> list[str]:
        try:
            services.upload_page(
                enterprise, kind, data=data, name=name, by=request.user, instead_of=instead_of
            )
        except services.PageRefused as refusal:
            raise Refused(str(refusal)) from refusal
        return []

    return take


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def page_remove(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponse:
    page = visible_page(request, pk, page_pk)
    services.remove_page(page, by=request.user)
    messages.success(request, f"已删除“{page.file}”。")
    return redirect("enterprises:document", pk, page.document.kind)


def page_file(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponseBase:
    """The picture as it was uploaded; the audit trail says who looked at it."""
    page = visible_page(request, pk, page_pk)
    record("material.view", page.document, by=request.user, after={"page": page.pk})
    return serve(page.file, name=f"{page.document.get_kind_display()}-{page.position}")


def page_thumb(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponse:
    return serve_thumbnail(request, visible_page(request, pk, page_pk).file)


def upload_form(*args: Any, most: int = services.MOST_PAGES) -> UploadForm:
    return UploadForm(
        *args,
        most=most,
        accept=PICKED,
        help_text="jpg、png、jpeg图片；PDF和苹果手机的HEIC照片会自动转成图片。"
        f"每个不超过{readable_size(settings.MAX_UPLOAD_BYTES)}"
        + ("，可以一次选多个，按选择的次序排成页。" if most > 1 else "。"),
    )


def _render_document(
    request: SignedInRequest,
    enterprise: Enterprise,
    kind: int,
    *,
    form: UploadForm,
    judgements: list[Judgement] | None = None,
) -> HttpResponse:
    _require_kind(kind)
    shelf: Shelf = load_shelves(enterprise)[kind - 1]
    context = {
        "enterprise": enterprise,
        "shelf": shelf,
        "form": form,
        "judgements": judgements or [],
        "licence": read_pages(enterprise, shelf.pages)
        if kind == MaterialNumber.LICENCE and shelf.pages
        else None,
    }
    status = 422 if judgements or form.errors else 200
    return render(request, "enterprises/document.html", context, status=status)


def _require_kind(kind: int) -> None:
    if kind not in ENTERPRISE_NUMBERS:
        raise Http404


def visible_page(request: SignedInRequest, pk: int, page_pk: int) -> StandingPage:
    pages = StandingPage.objects.filter(document__enterprise=visible_enterprise(request, pk))
    return get_object_or_404(pages.select_related("file", "document__enterprise"), pk=page_pk)
