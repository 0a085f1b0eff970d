"""One material of an application: its pages, and what is chosen or typed beside them."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Department, Role
from accounts.requests import SignedInRequest
from applications.dossier.dossier import Dossier
from applications.dossier.items import Item
from applications.dossier.loading import load_dossier
from applications.dossier.naming import Naming
from applications.forms import NamingForm
from applications.models import Application, MaterialPage, Repair
from applications.services import intake, repairing
from applications.services.naming import adopt, name_applicants
from applications.services.pages import MaterialStack, SharedStack, stack_of
from core.reading import whole_number
from core.uploads import UploadForm
from core.versions import fingerprint
from enterprises.models import StandingPage
from enterprises.views.validity import ask_validity
from files.judging import Judgement
from files.models import Page
from files.serving import serve
from materials.kind import MaterialKind
from materials.numbers import MaterialNumber
from materials.rules.facts import FactsForm
from materials.views import (
    Link,
    OpenedMaterial,
    judge_upload,
    show_material,
    take_upload,
)

ONCE_MORE = "您填写的还在下面：请核对，再保存一次就以您的为准。"


def find_stack(request: SignedInRequest, pk: int, number: int) -> MaterialStack:
    """404 for an application that is not visible, and for a number that it does not ask for."""
    visible = Application.objects.visible_to(request.user).with_people()
    application = get_object_or_404(visible, pk=pk)
    if not application.asks_for(number):
        raise Http404
    return stack_of(application, number)


def find_page(
    request: SignedInRequest, pk: int, number: int, page_pk: int
) -> tuple[MaterialStack, Page]:
    """A page of this material, also one that was replaced; 404 when it belongs elsewhere.

    So does a letter that does not name the applicant.
    """
    stack = find_stack(request, pk, number)
    application = stack.application
    if stack.kind.is_enterprises:
        standing = StandingPage.objects.filter(
            document__enterprise=application.enterprise_id, document__kind=number
        )
        if stack.kind.names_applicants:
            named = {"document__named_applicants__applicant": application.applicant_id}
            standing = standing.filter(**named)
        return stack, get_object_or_404(standing.select_related("file", "document"), pk=page_pk)
    own = MaterialPage.objects.filter(material__application=application, material__number=number)
    return stack, get_object_or_404(own.select_related("file"), pk=page_pk)


@roles(Role.ENTERPRISE_AGENT)
def material(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    return _show(request, find_stack(request, pk, number))


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@heavy("POST")
def upload(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """A picture that breaks the rules is offered a repair, where there is one."""
    stack = find_stack(request, pk, number)
    offer = partial(repairing.offer, stack.application, number)
    end_offers = partial(repairing.end_offers, stack.application, number)
    show = partial(_show, request, stack)
    return take_upload(
        request, stack, show=show, by=request.user, offer=offer, end_offers=end_offers
    )


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@heavy("POST")
def check(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """What would come of this picture, asked by the script before it is uploaded."""
    stack = find_stack(request, pk, number)
    if not stack.kind.single_picture:
        raise Http404
    return judge_upload(request, stack, by=request.user)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def choose(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """For materials 3, 5, 6 and 7: by the review table, or by upload."""
    stack = find_stack(request, pk, number)
    chosen = request.POST.get("chosen") == "table"
    try:
        intake.choose_review_table(stack.application, number, chosen=chosen, by=request.user)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(stack.address)
    by_table = f"材料{number}“{stack.kind.name}”由审核表替代，不用上传。"
    messages.success(request, by_table if chosen else "请在下面上传图片。")
    if chosen:
        return redirect(stack.application)
    return redirect(stack.address)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def name(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """State which applicants the letter names."""
    stack = _naming_stack(request, pk, number)
    application = stack.application
    naming = load_dossier(application).item(number).naming
    assert naming is not None  # noqa: S101 - the kind names applicants
    form = _naming_form(application, naming, request.POST)
    if not form.is_valid():
        return _show(request, stack, naming_form=form)
    try:
        people = name_applicants(
            application,
            number,
            applicants=form.cleaned_data["applicants"],
            seen=form.cleaned_data["seen"],
            by=request.user,
        )
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        names = "、".join(person.name for person in people)
        messages.success(request, f"已记下公函写明的申请人：{names}。")
    return redirect(stack.address)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def adopt_letter(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """A letter of the enterprise that is there already names this applicant as well."""
    stack = _naming_stack(request, pk, number)
    document_pk = whole_number(request.POST.get("document"))
    try:
        adopt(stack.application, number, document_pk=document_pk, by=request.user)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        applicant = stack.application.applicant
        messages.success(request, f"已用这份公函。请打开核对，正文里写有{applicant.name}。")
    return redirect(stack.address)


def _naming_stack(request: SignedInRequest, pk: int, number: int) -> MaterialStack:
    stack = find_stack(request, pk, number)
    if not stack.kind.names_applicants:
        raise Http404
    return stack


def _naming_form(application: Application, naming: Naming, *args: Any) -> NamingForm:
    applicants = list(application.enterprise.applicants.order_by("pk"))
    return NamingForm(*args, applicants=applicants, picked=naming.people)


@roles(Role.ENTERPRISE_AGENT)
def validity(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """The date of one of the enterprise's documents, asked on the way through this case."""
    stack = find_stack(request, pk, number)
    if not isinstance(stack, SharedStack):
        raise Http404
    try:
        stack.require_unlocked()
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(stack.address)
    return ask_validity(request, stack.documents, back=stack.address, owner=stack)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def facts_save(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Keep the few facts that are typed beside the pages."""
    stack = find_stack(request, pk, number)
    if stack.kind.facts is None:
        raise Http404
    form = stack.kind.facts.form(request.POST, **stack.application.names)
    if not form.is_valid():
        return _show(request, stack, facts_form=form)
    seen = request.POST.get("seen", "")
    try:
        intake.save_facts(stack.application, number, facts=form.facts(), by=request.user, seen=seen)
    except intake.ContentOvertaken as overtaken:
        shown = stack.kind.shown_facts(overtaken.stored)
        now = "；".join(f"{fact.label}：{fact.value}" for fact in shown)
        form.add_error(None, f"{overtaken}现在存着的是“{now}”。{ONCE_MORE}")
        return _show(request, stack, facts_form=form)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已保存材料{number}填写的内容。")
    return redirect(stack.address)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def passport_adopt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Fill in or correct the applicant's passport facts with what the zone says."""
    stack = find_stack(request, pk, MaterialNumber.PASSPORT)
    try:
        changed = intake.adopt_passport(stack.application, by=request.user)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        done = f"已按护照改了{len(changed)}项，请再核对一遍。"
        messages.success(request, done if changed else "填写的内容已与护照一致。")
    return redirect(stack.address)


def page_original(request: SignedInRequest, pk: int, number: int, page_pk: int) -> HttpResponseBase:
    """What the picture was cropped or compressed from; the audit trail says who looked at it."""
    stack, page = find_page(request, pk, number, page_pk)
    if not isinstance(page, MaterialPage) or page.original is None:
        raise Http404
    stack.viewed(page, by=request.user)
    return serve(page.original, name=f"{stack.application.reference}-材料{number}-原图")


def _show(
    request: SignedInRequest,
    stack: MaterialStack,
    form: UploadForm | None = None,
    judgements: Sequence[Judgement] = (),
    *,
    facts_form: FactsForm | None = None,
    naming_form: NamingForm | None = None,
) -> HttpResponse:
    application, number = stack.application, stack.kind.number
    dossier = load_dossier(application)
    item = dossier.item(number)
    is_wrong = any(form.errors for form in (facts_form, naming_form) if form)
    rule = item.kind.facts
    if facts_form is None and rule and item.wants_facts and item.is_unlocked:
        facts_form = rule.form(initial=item.material.facts, **application.names)
    if naming_form is None and item.naming and item.pages and item.is_unlocked:
        naming_form = _naming_form(application, item.naming)
    return show_material(
        request,
        "applications/material.html",
        _opened(stack, item, dossier),
        form=form,
        judgements=judgements,
        is_wrong=is_wrong,
        application=application,
        item=item,
        may_adopt=number == MaterialNumber.PASSPORT and dossier.passport_facts_are_unlocked,
        facts_form=facts_form,
        naming_form=naming_form,
        seen_facts=fingerprint(item.material.facts),
        repair=_pending_repair(application, item),
        filled_in_by=_filled_in_by(item.kind) if application.needs_table else None,
    )


def _opened(stack: MaterialStack, item: Item, dossier: Dossier) -> OpenedMaterial:
    application = stack.application
    is_shown = bool(item.document and item.pages and not item.material.by_review_table)
    following = _following(dossier, item)
    locked = (
        "这一项没有要求改正，现在只能查看。"
        if application.is_editable
        else "申请已提交，这一项现在只能查看。"
    )
    return OpenedMaterial(
        stack=stack,
        pages=item.pages,
        label=item.label,
        badge=item.badge,
        back=Link(stack.owner_address, stack.owner_label),
        back_words="返回材料清单",
        following=_link(application, following) if following else None,
        is_complete=item.is_complete,
        locked_words="" if item.is_unlocked else locked,
        by_review_table=item.material.by_review_table,
        standing=item.document.standing if item.document and is_shown else None,
        validity_url=reverse("applications:material_validity", args=[application.pk, item.number]),
        recognised=item.recognised,
        found=item.found,
    )


def _link(application: Application, item: Item) -> Link:
    address = reverse("applications:material", args=[application.pk, item.number])
    return Link(address, f"下一项：材料{item.number}　{item.kind.name}")


def _filled_in_by(kind: MaterialKind) -> Department | None:
    """Who states the same on the review table, where that may replace the material.

    Where a station has no such department, the one that decides does.
    """
    if not kind.replaceable:
        return None
    fitting = Department.objects.filter(Q(section=kind.filled_in_by) | Q(signs_last=True))
    return fitting.order_by("signs_last").first()


def _pending_repair(application: Application, item: Item) -> Repair | None:
    if not (item.kind.single_picture and item.is_unlocked):
        return None
    pending = application.repairs.pending().filter(number=item.number)
    return pending.select_related("original", "proposal").first()


def _following(dossier: Dossier, item: Item) -> Item | None:
    """The next material that still needs something, from here on and then from the start."""
    waiting = [i for i in dossier.missing if i.is_unlocked and i.number != item.number]
    later = [i for i in waiting if i.number > item.number]
    return next(iter(later or waiting), None)
