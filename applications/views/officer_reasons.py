"""The station's list of usual reasons for returning an application."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import ReturnReason
from applications.officer_forms import ReturnReasonForm
from applications.services.reasons import save_reason
from core.versions import Overtaken


@roles(Role.STATION_OFFICER)
def reason_list(request: SignedInRequest) -> HttpResponse:
    """All of them by code, those out of use last."""
    reasons = ReturnReason.objects.order_by("-is_active", "code")
    return render(request, "applications/reason_list.html", {"reasons": reasons})


@roles(Role.STATION_OFFICER)
def reason_new(request: SignedInRequest) -> HttpResponse:
    return _edit(request, ReturnReason(numbers=[]))


@roles(Role.STATION_OFFICER)
def reason_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(ReturnReason, pk=pk))


def _edit(request: SignedInRequest, reason: ReturnReason) -> HttpResponse:
    form = ReturnReasonForm(request.POST if request.method == "POST" else None, instance=reason)
    if form.is_valid():
        try:
            if form.changed_data:
                save_reason(form.instance, changed=form.changed_data, by=request.user)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            messages.success(request, f"已保存{reason.code}，以后预审时按新的文字列出。")
            return redirect("applications:reasons")
    context = {
        "title": f"修改退回原因{reason.code}" if reason.pk else "增加一条退回原因",
        "form": form,
        "act": "保存",
        "back_url": reverse("applications:reasons"),
        "back": "不保存，返回",
    }
    status = 422 if form.errors else 200
    return render(request, "components/form_page.html", context, status=status)
