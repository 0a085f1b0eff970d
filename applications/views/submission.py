"""Checking the answers, and submitting."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.dossier.loading import load_dossier
from applications.dossier.typed_facts import fact_groups
from applications.models import Application
from applications.services import moves
from applications.services.perform import AlreadyDone, MoveRefused
from applications.views.agent import visible_application
from applications.views.revealing import is_revealed, reveal_for_a_while
from applications.workflow import Status

SUBMITTED = "已提交，由服务站预审。结果会发邮件和站内通知。"


@roles(Role.ENTERPRISE_AGENT)
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everything on one page before it is submitted."""
    application = visible_application(request, pk)
    if application.state != Status.DRAFT:
        return redirect(application)
    return _render(request, application)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the personal numbers in full for a while; the audit trail says who saw them."""
    application = visible_application(request, pk)
    reveal_for_a_while(request, application)
    return redirect("applications:check", pk)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    application = visible_application(request, pk)
    try:
        moves.submit(application, by=request.user)
    except AlreadyDone:
        messages.success(request, SUBMITTED)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:check", pk)
    else:
        messages.success(request, SUBMITTED)
    return redirect(application)


def _render(request: SignedInRequest, application: Application) -> HttpResponse:
    dossier, consent = load_dossier(application), application.consent
    is_ready = not dossier.missing and application.enterprise.is_verified
    return render(
        request,
        "applications/check.html",
        {
            "application": application,
            "dossier": dossier,
            "groups": fact_groups(application, revealed=is_revealed(request, application)),
            "of_enterprise": [item for item in dossier.items if item.kind.is_enterprises],
            "of_applicant": [item for item in dossier.items if not item.kind.is_enterprises],
            "consent": consent,
            "is_revealed": is_revealed(request, application),
            "can_submit": is_ready and not application.lacks_consent,
        },
    )
