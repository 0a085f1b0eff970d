"""The system administrator's pages: who may use the portal, as what."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.filters import UserFilter
from accounts.forms import PersonChangeForm, PersonForm
from accounts.models import AccountRequest, Role, User
from accounts.requests import SignedInRequest
from accounts.second_person import (
    needs_second_person,
    request_account,
    request_change,
    request_password,
)
from accounts.services import (
    AccountRefused,
    ask_new_password,
    change_account,
    create_account,
    make_primary,
)
from core.paging import page_of
from core.text import email
from core.versions import Overtaken

JUST_CREATED = "just_created"


@roles(Role.SYSTEM_ADMIN)
def user_list(request: SignedInRequest) -> HttpResponse:
    people = User.objects.visible_to(request.user).select_related("department")
    found = UserFilter(request.GET, queryset=people)
    page = page_of(found.qs if found.is_valid() else people.none(), request, unit="个")
    context = {"form": found.form, "page": page}
    return render(request, "accounts/user_list.html", context)


@roles(Role.SYSTEM_ADMIN)
def user_new(request: SignedInRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _create(form.instance, by=request.user))
        except AccountRefused as refused:
            form.add_error("username", str(refused))
        else:
            request.session[JUST_CREATED] = form.instance.username
            return redirect("accounts:user_list")
    # A double click finds the name taken by its own first half.
    created = request.session.get(JUST_CREATED)
    if created and created == email(request.POST.get("username", "")):
        return redirect("accounts:user_list")
    return render(request, "accounts/user_new.html", {"form": form})


def _create(account: User, *, by: User) -> str:
    """Make the account, or ask a second person to; returns what to tell."""
    if needs_second_person(account, by=by):
        request_account(account, by=by)
        return f"{account.name}的账户已提出，安全管理员同意后启用，并给本人发邮件。"
    create_account(account, by=by)
    return f"{account.name}的账户已建立，设置密码的邮件正在发往{account.email}。"


@roles(Role.SYSTEM_ADMIN)
def user_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    name = account.name
    form = PersonChangeForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _save(form, by=request.user))
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        except AccountRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("accounts:user_list")
    context = {
        "form": form,
        "account": account,
        "account_name": name,
        "is_own": account.pk == request.user.pk,
        "waits_for_second_person": AccountRequest.objects.waiting().filter(account=account).first(),
    }
    return render(request, "accounts/user_edit.html", context)


def _save(form: PersonChangeForm, *, by: User) -> str:
    """Save what was changed, or ask a second person to; returns what to tell."""
    account, typed = form.instance, form.cleaned_data
    change: dict[str, Any] = {
        "seen_version": typed["seen_version"],
        "by": by,
        "heir": typed.get("heir"),
        "accepts_gap": typed.get("accepts_gap", False),
    }
    # By its role, which no form changes.
    if not needs_second_person(account, by=by):
        change_account(account, **change)
    elif request_change(account, **change):
        return f"{account.name}的账户修改已提出，安全管理员同意后生效。"
    return f"{account.name}的账户已保存。"


@roles(Role.SYSTEM_ADMIN)
@require_POST
def user_primary(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a liaison the one to whom his department's new opinions go first."""
    account = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    try:
        make_primary(account, by=request.user)
    except AccountRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{account.name}现在是{account.department}的主联络员。")
    return redirect("accounts:user_edit", pk)


@roles(Role.SYSTEM_ADMIN)
@require_POST
def user_password(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mail a link for a new password to somebody who forgot his or never set one."""
    account = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    try:
        messages.success(request, _renew_password(account, by=request.user))
    except AccountRefused as refused:
        messages.error(request, str(refused))
    return redirect("accounts:user_edit", pk)


def _renew_password(account: User, *, by: User) -> str:
    if needs_second_person(account, by=by):
        request_password(account, by=by)
        return f"{account.name}重新设置密码已提出，安全管理员同意后发邮件。"
    ask_new_password(account, by=by)
    return f"设置密码的邮件正在发往{account.email}，链接{settings.INVITATION_DAYS}天内有效。"
