"""Several drafts of one enterprise submitted at once, each with its own result."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.dossier.dossier import Dossier
from applications.dossier.loading import load_dossiers
from applications.models import Application
from applications.services.batch import submit_each
from applications.views.submission import consent_form
from core.reading import whole_numbers
from enterprises.models import Enterprise

MOST = 30
CHOOSE = "请勾选要提交的申请，一次最多30件。"


@dataclass(frozen=True)
class DraftRow:
    dossier: Dossier
    is_chosen: bool


@roles(Role.ENTERPRISE_AGENT)
def batch(request: SignedInRequest) -> HttpResponse:
    """Choose among the drafts, consent once for all who are chosen, and submit."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user))
    visible = Application.objects.visible_to(request.user)
    drafts = list(visible.drafts().with_people())
    chosen = whole_numbers(request.POST.getlist("application"))
    form = consent_form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and chosen and len(chosen) <= MOST and form.is_valid():
        picked = visible.with_people().filter(pk__in=chosen)
        outcomes = submit_each(
            picked, by=request.user, consent_processing=True, consent_sharing=True
        )
        return render(request, "applications/batch_done.html", {"outcomes": outcomes})
    rows = [
        DraftRow(dossier, dossier.application.pk in chosen) for dossier in load_dossiers(drafts)
    ]
    is_wrong = request.method == "POST"
    return render(
        request,
        "applications/batch.html",
        {
            "rows": rows,
            "any_ready": any(not row.dossier.missing for row in rows),
            "form": form,
            "enterprise": enterprise,
            "complaint": CHOOSE if is_wrong and not 0 < len(chosen) <= MOST else "",
        },
        status=422 if is_wrong else 200,
    )
