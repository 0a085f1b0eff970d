"""An agent's mailbox: changing it, and keeping the one that there is."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.forms import MailboxForm
from accounts.mailboxes import ask_mailbox, drop_wanted
from accounts.models import Role
from accounts.rate_limits import limited
from accounts.requests import SignedInRequest


@roles(Role.ENTERPRISE_AGENT)
@sensitive_post_parameters("password")
@limited("mailbox")
def mailbox_change(request: SignedInRequest) -> HttpResponse:
    form = MailboxForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        ask_mailbox(request.user, form.cleaned_data["email"])
        messages.success(
            request,
            f"确认邮件已发到{form.cleaned_data['email']}，请打开邮件确认。"
            "如没有收到，请看垃圾邮件箱，或者核对邮箱有没有填错。",
        )
        return redirect("home" if request.user.email_confirmed_at is None else "accounts:me")
    context = {"form": form, "is_confirmed": request.user.email_confirmed_at is not None}
    status = 422 if form.errors else 200
    return render(request, "accounts/mailbox_change.html", context, status=status)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def mailbox_drop(request: SignedInRequest) -> HttpResponse:
    drop_wanted(request.user)
    messages.success(request, f"已取消更改，邮箱仍是{request.user.email}。")
    return redirect("accounts:me")
