"""The security administrator's page: what waits for a second person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import AccountRequest, Role
from accounts.requests import SignedInRequest
from accounts.second_person import agree, disagree, lines_of
from accounts.services import AccountRefused
from core.reading import line_of_text


@roles(Role.SECURITY_ADMIN)
def request_list(request: SignedInRequest) -> HttpResponse:
    """What waits, the oldest first, and the newest of what was decided."""
    found = AccountRequest.objects.visible_to(request.user).with_people()
    return render(
        request,
        "accounts/request_list.html",
        {
            "waiting": [(asked, lines_of(asked)) for asked in found.waiting().order_by("pk")],
            "decided": found.filter(decided_at__isnull=False)[:20],
        },
    )


@roles(Role.SECURITY_ADMIN)
@require_POST
def request_agree(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(AccountRequest.objects.visible_to(request.user), pk=pk)
    try:
        agree(asked, by=request.user)
    except AccountRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已同意：{asked.account.name}，{asked.get_kind_display()}。")
    return redirect("accounts:request_list")


@roles(Role.SECURITY_ADMIN)
@require_POST
def request_disagree(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(AccountRequest.objects.visible_to(request.user), pk=pk)
    reason = line_of_text(request.POST.get("reason"))[:200]
    if not reason:
        messages.error(request, "不同意的，请写明原因。")
        return redirect("accounts:request_list")
    try:
        disagree(asked, reason=reason, by=request.user)
    except AccountRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已记下不同意，账户没有改变。")
    return redirect("accounts:request_list")
