"""Several drafts of one enterprise submitted at once, each with its own result."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.consent_words import consent_words
from applications.dossier.dossier import Dossier
from applications.dossier.loading import load_dossiers
from applications.models import Application
from applications.services.batch import submit_each
from core.reading import whole_numbers
from enterprises.models import Enterprise

MOST = 30
CHOOSE = "请勾选要提交的申请，一次最多30件。"


@dataclass(frozen=True)
class DraftRow:
    dossier: Dossier
    is_chosen: bool

    @property
    def gaps(self) -> str:
        """Why it cannot be submitted yet, in a sentence; empty where it can."""
        if self.dossier.missing:
            return self.dossier.gaps
        return "还没有申请人本人的同意。" if self.dossier.application.lacks_consent else ""


@roles(Role.ENTERPRISE_AGENT)
def batch(request: SignedInRequest) -> HttpResponse:
    """Choose among the drafts whose applicants have agreed, and submit."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user))
    visible = Application.objects.visible_to(request.user)
    drafts = list(visible.drafts().with_people().with_consents())
    chosen = whole_numbers(request.POST.getlist("application"))
    if request.method == "POST" and 0 < len(chosen) <= MOST:
        picked = visible.with_people().filter(pk__in=chosen)
        outcomes = submit_each(picked, by=request.user)
        return render(request, "applications/batch_done.html", {"outcomes": outcomes})
    rows = [
        DraftRow(dossier, dossier.application.pk in chosen) for dossier in load_dossiers(drafts)
    ]
    is_wrong = request.method == "POST"
    ready = [row for row in rows if not row.gaps]
    return render(
        request,
        "applications/batch.html",
        {
            "rows": rows,
            "covered": [
                (row.dossier.application, row.dossier.application.consent)
                for row in ready
                if row.dossier.application.consent
            ],
            "words": [what for what, _ in consent_words().values()],
            "enterprise": enterprise,
            "complaint": CHOOSE if is_wrong else "",
        },
        status=422 if is_wrong else 200,
    )
