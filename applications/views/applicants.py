"""The enterprise's applicants, and starting an application for one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.forms import ApplicantForm
from applications.models import Applicant, Application
from applications.services.intake import IntakeRefused, save_applicant, start_application
from core.paging import page_of
from core.versions import Overtaken
from enterprises.models import Enterprise
from materials.hints import hints_for


def own_applicant(request: SignedInRequest, pk: int) -> Applicant:
    applicants = Applicant.objects.visible_to(request.user).select_related("enterprise")
    return get_object_or_404(applicants, pk=pk)


@roles(Role.ENTERPRISE_AGENT)
def applicant_list(request: SignedInRequest) -> HttpResponse:
    applicants = Applicant.objects.visible_to(request.user).with_open_application()
    page = page_of(applicants, request)
    return render(request, "applications/applicant_list.html", {"page": page})


@roles(Role.ENTERPRISE_AGENT)
def applicant_new(request: SignedInRequest) -> HttpResponse:
    """Add an applicant; the main way leads straight on to the application."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user))
    applicant = Applicant(enterprise=enterprise)
    form = ApplicantForm(request.POST or None, instance=applicant)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, f"已登记申请人{applicant.name}。")
        if request.POST.get("then") == "start":
            return redirect(start_application(applicant, by=request.user))
        return redirect("applications:applicants")
    return _render_form(request, form)


@roles(Role.ENTERPRISE_AGENT)
def applicant_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct an applicant, as far as no submitted application relies on what is there."""
    applicant = own_applicant(request, pk)
    application = applicant.applications.open().first()
    back = application or "applications:applicants"
    form = ApplicantForm(request.POST or None, instance=applicant)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, f"已保存{applicant.name}的信息。")
        return redirect(back)
    return _render_form(request, form, applicant, application)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def application_start(request: SignedInRequest, pk: int) -> HttpResponse:
    """The draft of this applicant, a new one or the one that is open."""
    return redirect(start_application(own_applicant(request, pk), by=request.user))


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
    applicant: Applicant | None = None,
    application: Application | None = None,
) -> HttpResponse:
    return render(
        request,
        "applications/applicant_form.html",
        {"form": form, "applicant": applicant, "application": application},
        status=422 if form.errors else 200,
    )
