"""The system administrator's pages: who may use the portal, as what."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.filters import UserFilter, narrowing
from accounts.forms import PersonChangeForm, PersonForm
from accounts.models import Role, User
from accounts.requests import SignedInRequest
from accounts.services import (
    AccountRefused,
    change_account,
    create_account,
    issue_temporary_password,
    make_primary,
)
from core.crypto import decrypt, encrypt
from core.paging import page_of
from core.text import email

# The temporary password waits in the session, encrypted, for the one page that shows it.
ISSUED = "issued_password"


@roles(Role.SYSTEM_ADMIN)
def user_list(request: SignedInRequest) -> HttpResponse:
    people = User.objects.visible_to(request.user).select_related("department")
    found = UserFilter(request.GET, queryset=people)
    page = page_of(found.qs if found.is_valid() else people.none(), request)
    context = {"form": found.form, "page": page, "query": narrowing(request)}
    return render(request, "accounts/user_list.html", context)


@roles(Role.SYSTEM_ADMIN)
def user_new(request: SignedInRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            password = create_account(form.instance, by=request.user)
        except AccountRefused as refused:
            form.add_error("username", str(refused))
        else:
            return _show_once(request, form.instance, password)
    # A double click finds the name taken by its own first half.
    issued = request.session.get(ISSUED, {})
    if issued and issued["username"] == email(request.POST.get("username", "")):
        return redirect("accounts:user_issued")
    return render(request, "accounts/user_new.html", {"form": form})


@roles(Role.SYSTEM_ADMIN)
def user_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    name = account.name
    form = PersonChangeForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        try:
            change_account(
                form.instance,
                seen_version=form.cleaned_data["seen_version"],
                by=request.user,
                heir=form.cleaned_data.get("heir"),
                accepts_gap=form.cleaned_data.get("accepts_gap", False),
            )
        except AccountRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{account.name}的账户已保存。")
            return redirect("accounts:user_list")
    is_own = account.pk == request.user.pk
    context = {"form": form, "account": account, "account_name": name, "is_own": is_own}
    return render(request, "accounts/user_edit.html", context)


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
    """Issue a temporary password to somebody who forgot his."""
    account = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    try:
        password = issue_temporary_password(account, by=request.user)
    except AccountRefused as refused:
        messages.error(request, str(refused))
        return redirect("accounts:user_edit", pk)
    return _show_once(request, account, password)


@roles(Role.SYSTEM_ADMIN)
@never_cache
def user_issued(request: SignedInRequest) -> HttpResponse:
    """The temporary password, shown this once."""
    issued = request.session.pop(ISSUED, None)
    if issued is None:
        messages.info(request, "临时密码只显示一次。没有记下的，请在账户页面重新发放。")
        return redirect("accounts:user_list")
    account = get_object_or_404(User.objects.visible_to(request.user), pk=issued["pk"])
    context = {"account": account, "password": decrypt(issued["password"])}
    return render(request, "accounts/user_issued.html", context)


def _show_once(request: SignedInRequest, account: User, password: str) -> HttpResponse:
    request.session[ISSUED] = {
        "pk": account.pk,
        "username": account.username,
        "password": encrypt(password),
    }
    return redirect("accounts:user_issued")
