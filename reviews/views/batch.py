"""Several applications of one enterprise sent to the departments at once."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import Application
from enterprises.models import Enterprise
from reviews.services.batch import circulate_each

# Each table takes about a second to print and certify.
MOST = 10
CHOOSE = f"请勾选要送部门审核的申请，一次最多{MOST}件。"


@roles(Role.STATION_OFFICER)
def circulate_batch(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` is the enterprise; the cases were pre-reviewed one by one before."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    cases = Application.objects.filter(enterprise=enterprise).with_people()
    chosen = {pk for pk in request.POST.getlist("application") if pk.isascii() and pk.isdigit()}
    if 0 < len(chosen) <= MOST:
        seen = cases.visible_to(request.user).filter(pk__in=chosen)
        outcomes = circulate_each(seen.order_by("status_since"), by=request.user)
        return render(
            request,
            "reviews/circulate_batch_done.html",
            {"enterprise": enterprise, "outcomes": outcomes},
        )
    is_wrong = request.method == "POST"
    return render(
        request,
        "reviews/circulate_batch.html",
        {
            "enterprise": enterprise,
            "cases": cases.awaiting_pre_review().with_progress(),
            "complaint": CHOOSE if is_wrong else "",
            "most": MOST,
        },
        status=422 if is_wrong else 200,
    )
