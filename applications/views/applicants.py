"""The enterprise's applicants, and starting an application for one."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Role, User
from accounts.requests import SignedInRequest
from applications.deleting import DeletionRefused, delete_applicant
from applications.forms import ApplicantForm
from applications.models import Applicant, Application, Consent, ProposedPassport
from applications.proposed import Proposal, read_proposal
from applications.services.intake import (
    IntakeRefused,
    changeable_facts,
    save_applicant,
    start_application,
)
from applications.services.proposed import ProposalStack, take_over, tie
from applications.workflow import Status
from core.paging import page_of
from core.uploads import UploadForm
from core.versions import Overtaken
from enterprises.models import Enterprise
from files.judging import Judgement
from materials.hints import hints_for
from materials.views import upload_form, why_no_uploads

# What the buttons beside the passport ask for: to fill in what it says, or to look again.
FILL_IN, LOOK = "passport", "look"
AS_TYPED = (FILL_IN, LOOK)
CONSENT_ENDED = "姓名或身份证号码改过，原来的同意不再有效：请把新的链接发给本人，重新同意。"


def own_applicant(request: SignedInRequest, pk: int) -> Applicant:
    applicants = Applicant.objects.visible_to(request.user).select_related("enterprise")
    return get_object_or_404(applicants, pk=pk)


@roles(Role.ENTERPRISE_AGENT)
def applicant_list(request: SignedInRequest) -> HttpResponse:
    applicants = Applicant.objects.visible_to(request.user).with_open_application()
    applicants = applicants.with_endorsement()
    page = page_of(applicants, request, unit="人")
    return render(request, "applications/applicant_list.html", {"page": page})


@roles(Role.ENTERPRISE_AGENT)
def applicant_new(request: SignedInRequest) -> HttpResponse:
    """Add an applicant, by his passport where it was uploaded; leads on to the application.

    Posted with `then` in AS_TYPED, nothing is saved, and what was typed stands there again.
    """
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user))
    stack, applicant = ProposalStack(enterprise, request.user), Applicant(enterprise=enterprise)
    if request.POST.get("then") in AS_TYPED:
        return render_typed(request, stack, fill_in=request.POST["then"] == FILL_IN)
    form = ApplicantForm(request.POST or None, instance=applicant)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        tie(applicant, by=request.user)
        messages.success(request, f"已登记申请人{applicant.name}。")
        if request.POST.get("then") == "start":
            application = _begun(applicant, by=request.user)
            _tell_carried(request, application)
            return redirect(application)
        return redirect("applications:applicants")
    return render_new(request, stack, form)


def typed_in(request: SignedInRequest) -> dict[str, Any]:
    """What was posted of the applicant's form, which the buttons of the passport send along."""
    names = ApplicantForm.Meta.fields
    return {name: request.POST[name] for name in names if request.POST.get(name)}


def render_typed(
    request: SignedInRequest, stack: ProposalStack, *, fill_in: bool = False
) -> HttpResponse:
    """The form as it was typed, not judged yet; filled in with what the passport says."""
    proposal = _proposal(stack) if fill_in else None
    values = proposal.values if proposal else {}
    applicant = Applicant(enterprise=stack.enterprise)
    form = ApplicantForm(instance=applicant, initial={**typed_in(request), **values})
    return render_new(request, stack, form, entered=values)


def _proposal(stack: ProposalStack) -> Proposal | None:
    waiting = ProposedPassport.objects.waiting_of(stack.by).filter(enterprise=stack.enterprise)
    page = waiting.select_related("file__recognition").first()
    return read_proposal(page, today=timezone.localdate()) if page else None


def render_new(
    request: SignedInRequest,
    stack: ProposalStack,
    form: ApplicantForm,
    *,
    entered: Mapping[str, Any] = MappingProxyType({}),
    upload: UploadForm | None = None,
    judgements: Sequence[Judgement] = (),
) -> HttpResponse:
    """The form of a new applicant below his passport, or below the place to upload it.

    The buttons of the passport belong to this form, so that they send along what was typed.
    """
    upload = upload or upload_form(stack.kind)
    upload.fields["files"].widget.attrs["form"] = "applicant-facts"
    context = {
        "form": form,
        "stack": stack,
        "proposal": _proposal(stack),
        "entered": [form.fields[name].label for name in form.fields if name in entered],
        "upload": upload,
        "closed_words": why_no_uploads(stack, request.user),
        "judgements": judgements,
    }
    is_wrong = form.errors or judgements or upload.errors
    status = 422 if is_wrong else 200
    return render(request, "applications/applicant_new.html", context, status=status)


@roles(Role.ENTERPRISE_AGENT)
def applicant_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct an applicant, as far as no submitted application relies on what is there."""
    applicant = own_applicant(request, pk)
    application = applicant.applications.open().first()
    back = application or "applications:applicants"
    changeable = changeable_facts(applicant)
    # What is posted all the same is refused by the service, in words.
    shown = None if request.method == "POST" else changeable
    form = ApplicantForm(request.POST or None, instance=applicant, changeable=shown)
    agreed = application.consent if application else None
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, f"已保存{applicant.name}的信息。")
        if agreed and Consent.objects.filter(pk=agreed.pk, superseded_at__isnull=False).exists():
            messages.warning(request, CONSENT_ENDED)
        return redirect(back)
    return _render_form(request, form, applicant, application, changeable=changeable)


@roles(Role.ENTERPRISE_AGENT)
def applicant_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what goes and what stays, then delete an applicant who has no application."""
    applicant = own_applicant(request, pk)
    if request.method == "POST":
        try:
            delete_applicant(applicant, by=request.user)
        except DeletionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("applications:applicant_edit", pk)
        messages.success(request, f"已删除申请人{applicant.name}。")
        return redirect("applications:applicants")
    if applicant.applications.exists():
        messages.error(request, f"{applicant.name}还有申请，不能删除。没有提交过的草稿，请先删除。")
        return redirect("applications:applicant_edit", pk)
    return render(request, "applications/applicant_delete.html", {"applicant": applicant})


@roles(Role.ENTERPRISE_AGENT)
def application_start(request: SignedInRequest, pk: int) -> HttpResponse:
    """The draft of this applicant, a new one or the one that is open.

    Asks first where one was endorsed: his card may be on its way.
    """
    applicant = own_applicant(request, pk)
    opened = applicant.applications.open().first()
    if opened is not None and request.method != "POST":
        return redirect(opened)
    endorsed = None if opened else applicant.applications.endorsed().first()
    is_meant = request.method == "POST" and (endorsed is None or "again" in request.POST)
    if not is_meant:
        return render(
            request,
            "applications/start_again.html",
            {"applicant": applicant, "endorsed": endorsed},
        )
    try:
        application = _begun(applicant, by=request.user)
    except IntakeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:applicants")
    if opened is None:
        _tell_carried(request, application)
    return redirect(application)


def _tell_carried(request: SignedInRequest, application: Application) -> None:
    by_table = application.materials.filter(by_review_table=True)
    if numbers := [str(number) for number in by_table.values_list("number", flat=True)]:
        messages.success(
            request,
            f"材料{'、'.join(numbers)}照上一件申请由审核表替代，不用上传；可以逐项改为上传。",
        )


def _begun(applicant: Applicant, *, by: User) -> Application:
    """The draft, with the passport that the applicant was entered by."""
    application = start_application(applicant, by=by)
    if application.state == Status.DRAFT:
        take_over(application, by=by)
    return application


def _save(request: SignedInRequest, form: ApplicantForm) -> bool:
    try:
        if form.changed_data:
            save_applicant(form.instance, changed=form.changed_data, by=request.user)
    except IntakeRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    except Overtaken as overtaken:
        form.tell_overtaken(overtaken.stored)
        return False
    for hint in hints_for(form.instance).values():
        messages.warning(request, f"请留意：{hint}")
    return True


def _render_form(
    request: SignedInRequest,
    form: ApplicantForm,
    applicant: Applicant,
    application: Application | None,
    *,
    changeable: frozenset[str] | None,
) -> HttpResponse:
    return render(
        request,
        "applications/applicant_form.html",
        {
            "form": form,
            "applicant": applicant,
            "application": application,
            "hints": hints_for(applicant),
            "is_locked": changeable == frozenset(),
            "is_partly_locked": bool(changeable),
            "can_be_deleted": bool(applicant.pk) and not applicant.applications.exists(),
        },
        status=422 if form.errors else 200,
    )
