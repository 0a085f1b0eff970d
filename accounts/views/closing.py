"""An agent closes his own account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from accounts.closing import close_agent
from accounts.decorators import roles
from accounts.forms import CloseAccountForm
from accounts.models import Role
from accounts.open_work import leaving_of
from accounts.requests import SignedInRequest
from accounts.services import AccountRefused


@roles(Role.ENTERPRISE_AGENT)
@sensitive_post_parameters("password")
def account_close(request: SignedInRequest) -> HttpResponse:
    """Say what goes and what stays, and to whom the work goes; then close it."""
    form = CloseAccountForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            close_agent(request.user, by=request.user, heir=form.cleaned_data.get("heir"))
        except AccountRefused as refused:
            form.add_error(None, str(refused))
        else:
            logout(request)
            messages.success(request, "您的账户已注销，登记的姓名、邮箱和电话已经删除。")
            return redirect("home")
    context = {"form": form, "gap_words": leaving_of(request.user).gap_words}
    status = 422 if form.errors else 200
    return render(request, "accounts/account_close.html", context, status=status)
