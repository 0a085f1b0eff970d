"""Signing up, and sending the confirmation mail again."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.mailboxes import send_confirmation
from accounts.models import Role
from accounts.own_sessions import note_session
from accounts.rate_limits import limited
from accounts.requests import SignedInRequest
from enterprises import services
from enterprises.forms import SignUpForm

SIGN_IN_BACKEND = "accounts.backends.PeopleBackend"


@login_not_required
@limited("sign-up")
@sensitive_post_parameters("password", "password_again")
def sign_up(request: HttpRequest) -> HttpResponse:
    """Create the enterprise and its agent's account, sign in, and lead on to the licence."""
    if request.user.is_authenticated:
        return redirect("home")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.sign_up(account=form.account(), enterprise=form.instance)
        except (IntegrityError, ValidationError):
            # Somebody took the code in the same moment.
            form = SignUpForm(request.POST)
            form.add_error(None, "同一时刻有人用相同的信用代码登记，请核对后再试。")
        else:
            login(request, user, backend=SIGN_IN_BACKEND)
            note_session(request, user)
            messages.success(request, f"已登记。确认邮件已发到{user.email}。")
            address = form.instance.address
            if address and settings.STATION_SHORT not in address:
                messages.warning(request, elsewhere())
            return redirect("enterprises:mine")
    return render(
        request, "enterprises/sign_up.html", {"form": form}, status=422 if form.errors else 200
    )


def elsewhere() -> str:
    """To an enterprise whose address does not name the district: a hint, never a refusal."""
    district = settings.DISTRICT_NAME
    return (
        f"登记的住所里没有写“{district}”。本站只为注册地在{district}的企业服务："
        "住所写得不全的，请在“修改登记信息”里补全；注册在别处的，请向注册地的外事部门申办。"
    )


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@limited("confirmation")
def confirmation_resend(request: SignedInRequest) -> HttpResponse:
    """Mail the link again, at most once a minute."""
    if request.user.email_confirmed_at:
        messages.success(request, "您的邮箱已经确认，无需再发。")
    else:
        send_confirmation(request.user)
        messages.success(
            request,
            f"确认邮件已发到{request.user.email}，几分钟内会收到。如没有收到，请看垃圾邮件箱，"
            "或者核对邮箱有没有填错。",
        )
    return redirect("home")
