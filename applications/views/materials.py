"""One material of an application: its pages, uploading, and the pictures themselves."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.dossier import Dossier, Item, load_dossier
from applications.fact_forms import FACT_FORMS, FactsForm
from applications.materials import MaterialKind, UnknownMaterial, get
from applications.models import Application, MaterialPage
from applications.recognised import PASSPORT
from applications.services import intake
from applications.views.agent import own_application
from core.uploads import UploadForm
from enterprises.models import StandingPage
from enterprises.services import PageRefused
from files.judging import Judgement, Refused, judge_each
from files.models import Page
from files.refusals import readable_size
from files.serving import serve, serve_thumbnail

# Who fills in the review table in the place of a proof that is not uploaded.
FILLED_IN_BY = {3: "区税务局", 5: "区商务委", 6: "区公安局", 7: "区人力社保局"}


@roles(Role.ENTERPRISE_AGENT)
def material(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    application = own_application(request, pk)
    return _render(request, application, number, form=upload_form(kind_of(number)))


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def upload(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Take the files one by one; what is refused is listed with its reason."""
    application, kind = own_application(request, pk), kind_of(number)
    form = upload_form(kind, request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, application, number, form=form)

    def take(data: bytes, name: str) -> list[str]:
        try:
            report = intake.add_page(application, number, data=data, name=name, by=request.user)
        except (intake.IntakeRefused, PageRefused) as refusal:
            raise Refused(str(refusal)) from refusal
        if not report.accepted:
            raise Refused(*(problem.message for problem in report.problems))
        return [warning.message for warning in report.warnings]

    as_pages = not kind.single_picture
    judgements = judge_each(form.cleaned_data["files"], take, as_pages=as_pages)
    if not all(judgement.accepted for judgement in judgements):
        form = upload_form(kind)
        return _render(request, application, number, form=form, judgements=judgements)
    messages.success(request, f"已收下{sum(j.taken for j in judgements)}页。")
    return redirect("applications:material", pk, number)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def choose(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """For materials 3, 5, 6 and 7: by the review table, or by upload."""
    application, kind = own_application(request, pk), kind_of(number)
    chosen = request.POST.get("chosen") == "table"
    try:
        intake.choose_review_table(application, number, chosen=chosen, by=request.user)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:material", pk, number)
    messages.success(
        request,
        f"材料{number}“{kind.name}”由审核表替代，不用上传。" if chosen else "请在下面上传图片。",
    )
    if chosen:
        return redirect(application)
    return redirect("applications:material", pk, number)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def facts_save(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Keep the few facts that are typed beside the pages."""
    application, kind = own_application(request, pk), kind_of(number)
    if number not in FACT_FORMS:
        raise Http404
    form = FACT_FORMS[number](request.POST, application=application)
    if not form.is_valid():
        return _render(request, application, number, form=upload_form(kind), facts_form=form)
    try:
        intake.save_facts(application, number, facts=form.facts(), by=request.user)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已保存材料{number}填写的内容。")
    return redirect("applications:material", pk, number)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def passport_adopt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Fill in or correct the applicant's passport facts with what the zone says."""
    application = own_application(request, pk)
    try:
        changed = intake.adopt_passport(application, by=request.user)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        done = f"已按护照改了{len(changed)}项，请再核对一遍。"
        messages.success(request, done if changed else "填写的内容已与护照一致。")
    return redirect("applications:material", pk, PASSPORT)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def page_remove(request: SignedInRequest, pk: int, number: int, page_pk: int) -> HttpResponse:
    application = own_application(request, pk)
    page = page_of(application, number, page_pk)
    try:
        intake.remove_page(application, number, page, by=request.user)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已删除“{page.file}”。")
    return redirect("applications:material", pk, number)


def page_file(request: SignedInRequest, pk: int, number: int, page_pk: int) -> HttpResponseBase:
    """The picture as it was uploaded; the audit trail says who looked at it."""
    application = own_application(request, pk)
    page = page_of(application, number, page_pk)
    record(
        "material.view", application, by=request.user, after={"material": number, "page": page.pk}
    )
    return serve(page.file, name=f"{application.reference}-材料{number}-{page.position}")


def page_thumb(request: SignedInRequest, pk: int, number: int, page_pk: int) -> HttpResponse:
    page = page_of(own_application(request, pk), number, page_pk)
    return serve_thumbnail(request, page.file)


def kind_of(number: int) -> MaterialKind:
    try:
        return get(number)
    except UnknownMaterial as error:
        raise Http404 from error


def page_of(application: Application, number: int, page_pk: int) -> Page:
    """A page of this material, also one that was replaced; 404 when it belongs elsewhere."""
    if kind_of(number).is_enterprises:
        standing = StandingPage.objects.filter(
            document__enterprise=application.enterprise_id, document__kind=number
        )
        return get_object_or_404(standing.select_related("file", "document"), pk=page_pk)
    own = MaterialPage.objects.filter(material__application=application, material__number=number)
    return get_object_or_404(own.select_related("file"), pk=page_pk)


def upload_form(kind: MaterialKind, *args: Any) -> UploadForm:
    if kind.single_picture:
        size = kind.below_bytes or settings.MAX_UPLOAD_BYTES
        limit = f"小于{readable_size(size)}" if kind.below_bytes else f"不超过{readable_size(size)}"
        return UploadForm(*args, most=1, accept=kind.accept, help_text=f"一张JPG图片，{limit}。")
    return UploadForm(
        *args,
        most=intake.MOST_PAGES,
        accept=f"{kind.accept},application/pdf,image/heic",
        help_text="jpg、png、jpeg图片；PDF和苹果手机的HEIC照片会自动转成图片。"
        f"每个不超过{readable_size(settings.MAX_UPLOAD_BYTES)}，可以一次选多个，按选择的次序排成页。",
    )


def _render(
    request: SignedInRequest,
    application: Application,
    number: int,
    *,
    form: UploadForm,
    judgements: list[Judgement] | None = None,
    facts_form: FactsForm | None = None,
) -> HttpResponse:
    dossier = load_dossier(application)
    item = dossier.item(number)
    if facts_form is None and item.wants_facts and item.is_unlocked:
        facts_form = FACT_FORMS[number](application=application, initial=item.material.facts)
    context = {
        "application": application,
        "item": item,
        "form": form,
        "judgements": judgements or [],
        "facts_form": facts_form,
        "filled_in_by": FILLED_IN_BY.get(number, ""),
        "following": _following(dossier, item),
    }
    refused = judgements or form.errors or (facts_form and facts_form.errors)
    status = 422 if refused else 200
    return render(request, "applications/material.html", context, status=status)


def _following(dossier: Dossier, item: Item) -> Item | None:
    """The next material that still needs something, from here on and then from the start."""
    waiting = [i for i in dossier.missing if i.is_unlocked and i.number != item.number]
    later = [i for i in waiting if i.number > item.number]
    return next(iter(later or waiting), None)
