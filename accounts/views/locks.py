"""The security administrator's pages: locked sign-ins, locked signing, second factors."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.filters import named
from accounts.forms import AuditedReasonForm
from accounts.models import Role, SigningLock, User
from accounts.requests import SignedInRequest
from accounts.services import (
    AccountRefused,
    lift_signing_lock,
    remove_second_factor,
    unlock_sign_in,
)
from accounts.sign_in import locked_sign_ins
from core.paging import page_of
from core.reading import line_of_text


@roles(Role.SECURITY_ADMIN)
def lock_list(request: SignedInRequest) -> HttpResponse:
    text = line_of_text(request.GET.get("q"))
    people = User.objects.visible_to(request.user).with_second_factor()
    if text:
        people = people.filter(named(text))
    locks = SigningLock.objects.visible_to(request.user).in_force()
    return render(
        request,
        "accounts/lock_list.html",
        {
            "sign_ins": locked_sign_ins(),
            "locks": locks.select_related("user__department"),
            "page": page_of(people.select_related("department"), request, unit="人"),
            "q": text,
        },
    )


@roles(Role.SECURITY_ADMIN)
@require_POST
def sign_in_unlock(request: SignedInRequest) -> HttpResponse:
    username = line_of_text(request.POST.get("username"))
    if unlock_sign_in(username, by=request.user):
        messages.success(request, f"登录名“{username}”已解除锁定，现在可以登录。")
    else:
        messages.info(request, f"登录名“{username}”没有锁定，无需解除。")
    return redirect("accounts:lock_list")


@roles(Role.SECURITY_ADMIN)
@require_POST
def signing_lock_lift(request: SignedInRequest, pk: int) -> HttpResponse:
    locks = SigningLock.objects.visible_to(request.user)
    lock = get_object_or_404(locks.select_related("user"), pk=pk)
    try:
        lift_signing_lock(lock, by=request.user)
    except AccountRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{lock.user.name}的签署锁定已解除。")
    return redirect("accounts:lock_list")


@roles(Role.SECURITY_ADMIN)
def second_factor_reset(request: SignedInRequest, pk: int) -> HttpResponse:
    """For somebody whose phone is lost or new. One's own is changed under 我的账户."""
    people = User.objects.visible_to(request.user).with_second_factor()
    account = get_object_or_404(people.exclude(pk=request.user.pk), pk=pk)
    form = AuditedReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        remove_second_factor(account, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, f"{account.name}的第二重验证已重置，请提醒他登录后重新设置。")
        return redirect("accounts:lock_list")
    context = {"form": form, "account": account}
    return render(request, "accounts/second_factor_reset.html", context)
