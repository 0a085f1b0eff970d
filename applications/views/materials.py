"""One material of an application: its pages, uploading, and the pictures themselves."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Department, Role
from accounts.requests import SignedInRequest
from applications.dossier.dossier import Dossier
from applications.dossier.items import Item
from applications.dossier.loading import load_dossier
from applications.models import Application, MaterialPage, Repair
from applications.originals import Original, read_original
from applications.services import intake, repairing
from applications.views.agent import own_application
from core.uploads import UploadForm
from enterprises.models import StandingPage
from enterprises.services import PageRefused
from files.answers import answer_as_json, asks_for_json
from files.encoding import with_day
from files.judging import Judgement, Refused, Take, judge_each, judge_one_page
from files.models import Page
from files.pictures import refuse_size
from files.refusals import readable_size
from files.serving import serve, serve_thumbnail
from files.sniffing import sniff
from materials.catalogue import UnknownMaterial, get
from materials.examples import examples_for
from materials.kind import MaterialKind
from materials.numbers import MaterialNumber
from materials.rules.facts import FactsForm


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
    by_script = asks_for_json(request)
    if not form.is_valid():
        if by_script:
            return JsonResponse({"problems": form.errors.get("files", [])}, status=422)
        return _render(request, application, number, form=form)
    take = take_page(request, application, number, offers_repair=not by_script)
    files = form.cleaned_data["files"]
    judgements = (
        [judge_one_page(files[0], take)] if kind.single_picture else judge_each(files, take)
    )
    if by_script:
        return answer_as_json(judgements)
    if not all(judgement.accepted for judgement in judgements):
        form = upload_form(kind)
        return _render(request, application, number, form=form, judgements=judgements)
    messages.success(request, f"已收下{sum(j.taken for j in judgements)}页。")
    return redirect("applications:material", pk, number)


def take_page(
    request: SignedInRequest,
    application: Application,
    number: int,
    *,
    instead_of: Page | None = None,
    offers_repair: bool = False,
) -> Take:
    """Takes a picture as a page, or says why not. What it was repaired from comes as `original`."""

    def take(data: bytes, name: str) -> list[str]:
        original = _given_original(request, number)
        day = original.picture.taken_on if original else None
        if day and sniff(data) == "image/jpeg":
            # A canvas forgets the day that a photo's age is judged by.
            data = with_day(data, day)
        try:
            report = intake.add_page(
                application,
                number,
                data=data,
                name=name,
                by=request.user,
                instead_of=instead_of,
                original=original,
            )
        except (intake.IntakeRefused, PageRefused) as refusal:
            raise Refused(str(refusal)) from refusal
        if report.accepted:
            return [warning.message for warning in report.warnings]
        if offers_repair:
            codes = [problem.code for problem in report.problems]
            repairing.offer(application, number, data=data, name=name, codes=codes, by=request.user)
        raise Refused(
            *(problem.message for problem in report.problems),
            codes=[problem.code for problem in report.problems],
        )

    return take


def _given_original(request: SignedInRequest, number: int) -> Original | None:
    """The file that was cropped or compressed in the browser, posted beside the result."""
    given = request.FILES.get("original")
    if given is None or not get(number).single_picture:
        return None
    refuse_size(given.size or 0, settings.MAX_UPLOAD_BYTES)
    return read_original(given.read(), given.name or "")


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
    if kind.facts is None:
        raise Http404
    form = kind.facts.form(request.POST, **application.names)
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
    return redirect("applications:material", pk, MaterialNumber.PASSPORT)


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


def upload_form(kind: MaterialKind, *args: Any, most: int = intake.MOST_PAGES) -> UploadForm:
    """`most` counts for materials of several pages; the others take one picture."""
    accept = f"{kind.accept},application/pdf,image/heic"
    if kind.single_picture:
        size = kind.below_bytes or settings.MAX_UPLOAD_BYTES
        limit = f"小于{readable_size(size)}" if kind.below_bytes else f"不超过{readable_size(size)}"
        return UploadForm(
            *args,
            most=1,
            accept=accept,
            help_text=f"一张JPG图片，{limit}。苹果手机的HEIC照片和一页的PDF会自动转成JPG。",
        )
    return UploadForm(
        *args,
        most=most,
        accept=accept,
        help_text="jpg、png、jpeg图片；PDF和苹果手机的HEIC照片会自动转成图片。"
        f"每个不超过{readable_size(settings.MAX_UPLOAD_BYTES)}"
        + ("，可以一次选多个，按选择的次序排成页。" if most > 1 else "。"),
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
    rule = item.kind.facts
    if facts_form is None and rule and item.wants_facts and item.is_unlocked:
        facts_form = rule.form(initial=item.material.facts, **application.names)
    context = {
        "application": application,
        "item": item,
        "form": form,
        "judgements": judgements or [],
        "facts_form": facts_form,
        "repair": _pending_repair(application, item),
        "repair_script": item.kind.repair.script if item.kind.repair else "",
        "measures": _measures(item.kind),
        "filled_in_by": _filled_in_by(item.kind),
        "following": _following(dossier, item),
        "examples": examples_for(number, item.found | _refused_codes(judgements or [])),
    }
    refused = judgements or form.errors or (facts_form and facts_form.errors)
    status = 422 if refused else 200
    return render(request, "applications/material.html", context, status=status)


def _measures(kind: MaterialKind) -> dict[str, int]:
    """What the script that crops in the browser works to, in pixels and bytes; 0: no such rule."""
    width, height = kind.pixels or (0, 0)
    return {"width": width, "height": height, "below": kind.below_bytes or 0}


def _filled_in_by(kind: MaterialKind) -> Department | None:
    """Who states the same on the review table, where that may replace the material."""
    return Department.objects.get(code=kind.filled_in_by) if kind.replaceable else None


def _pending_repair(application: Application, item: Item) -> Repair | None:
    if not (item.kind.single_picture and item.is_unlocked):
        return None
    pending = application.repairs.pending().filter(number=item.number)
    return pending.select_related("original", "proposal").first()


def _refused_codes(judgements: list[Judgement]) -> set[str]:
    return {code for judgement in judgements for code in judgement.codes}


def _following(dossier: Dossier, item: Item) -> Item | None:
    """The next material that still needs something, from here on and then from the start."""
    waiting = [i for i in dossier.missing if i.is_unlocked and i.number != item.number]
    later = [i for i in waiting if i.number > item.number]
    return next(iter(later or waiting), None)
