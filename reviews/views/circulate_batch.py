"""Several applications of one enterprise sent to the departments at once."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.dossier.sheets import Sheet
from applications.models import Application
from core.reading import whole_numbers
from enterprises.models import Enterprise
from reviews.services.circulate_batch import circulate_each, not_gone_through

# Each table takes about a second to print and certify.
MOST = 10
CHOOSE = f"请勾选要送部门审核的申请，一次最多{MOST}件。"


@roles(Role.STATION_OFFICER)
def circulate_batch(request: SignedInRequest, pk: int) -> HttpResponse:
    """`pk` is the enterprise; the cases were pre-reviewed one by one before."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    cases = Application.objects.filter(enterprise=enterprise).with_people()
    chosen = whole_numbers(request.POST.getlist("application"))
    if 0 < len(chosen) <= MOST:
        seen = cases.visible_to(request.user).filter(pk__in=chosen).order_by("status_since")
        if "asked" not in request.POST:
            unread = not_gone_through(seen)
            if unread:
                return _ask(request, enterprise, list(seen), unread)
        outcomes = circulate_each(seen, by=request.user, despite_unread=_confirmed(request))
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
            "cases": cases.awaiting_pre_review().filter(needs_table=True).with_progress(),
            "complaint": CHOOSE if is_wrong else "",
            "most": MOST,
        },
        status=422 if is_wrong else 200,
    )


def _ask(
    request: SignedInRequest,
    enterprise: Enterprise,
    cases: list[Application],
    unread: list[tuple[Application, list[Sheet]]],
) -> HttpResponse:
    """Nothing is sent yet: the officer says which of these go although they were not read."""
    return render(
        request,
        "reviews/circulate_batch_confirm.html",
        {
            "enterprise": enterprise,
            "cases": cases,
            "unread": unread,
            "clean_count": len(cases) - len(unread),
        },
    )


def _confirmed(request: SignedInRequest) -> dict[int, set[int]]:
    """By application what the page named and the officer sends all the same."""
    sure = whole_numbers(request.POST.getlist("sure"))
    return {pk: whole_numbers(request.POST.getlist(f"unread-{pk}")) for pk in sure}
