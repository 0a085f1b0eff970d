"""Where the mailed invitation leads: somebody new sets his password."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms import NewPasswordForm
from accounts.invitations import InvitationRefused, invited_by
from accounts.rate_limits import limited
from accounts.services import accept_invitation

TEN_MINUTES = timedelta(minutes=10)
GONE = 410


@login_not_required
@never_cache
@sensitive_post_parameters("new_password", "repeated")
@limited("invitation", span=TEN_MINUTES)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking does not use the link up, since scanners of mail open links."""
    try:
        user = invited_by(token)
        form = NewPasswordForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            accept_invitation(token, form.cleaned_data["new_password"])
            logout(request)
            messages.success(request, "密码已设好，请用它登录。")
            return redirect("accounts:sign_in")
    except InvitationRefused as refused:
        context = {"reason": str(refused)}
        return render(request, "accounts/invitation_refused.html", context, status=GONE)
    return render(request, "accounts/invitation.html", {"form": form, "person": user})
