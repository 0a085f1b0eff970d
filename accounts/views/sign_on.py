"""Sign-on by a platform outside: going there, coming back, and binding it to one's own account.

Coming back is a GET that anybody's page may cause, so that it lets nobody in: it checks what came,
and a button lets in.
"""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from accounts.models import User
from accounts.reauthentication import ReauthenticationForm
from accounts.requests import SignedInRequest
from accounts.sign_in import NOBODY
from accounts.sign_on.adapters import SignOn, SignOnRefused, Voucher, sign_on
from accounts.sign_on.binding import bind, is_bound, person_of, unbind
from accounts.views.sign_in import go_on

# In the session: whom the platform vouched for, and that its owner wants to bind it.
VOUCHED: Final = "vouched"
BINDING: Final = "binding_sign_on"
LASTS: Final = timedelta(minutes=10)
REFUSED_STATUS: Final = 403
NOT_BOUND = (
    "您在统一身份认证中的身份还没有与本站的账户关联。请先用本站的登录名和密码登录，"
    "在“我的账户”里关联一次；没有账户的，请联系系统管理员开通。"
)


@login_not_required
@require_safe
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Off to the platform."""
    platform = _platform()
    if request.user.is_authenticated and not _lasts(request, BINDING):
        return redirect("home")
    try:
        return redirect(platform.begin(request.session, _back()))
    except SignOnRefused as refused:
        return _refuse(request, str(refused))


@login_not_required
@require_safe
@never_cache
def come_back(request: HttpRequest) -> HttpResponse:
    """What the platform says is checked; nobody is let in by it yet."""
    platform = _platform()
    try:
        voucher = platform.complete(request.session, request.GET.dict(), _back())
    except SignOnRefused as refused:
        return _refuse(request, str(refused))
    until = timezone.now() + LASTS
    request.session[VOUCHED] = [voucher.issuer, voucher.subject, until.isoformat()]
    return render(request, "accounts/sign_on_back.html", {"label": settings.SIGN_ON_LABEL})


@login_not_required
@require_POST
@never_cache
def finish(request: HttpRequest) -> HttpResponse:
    """By the button: the second step of signing in, or the binding that its owner asked for."""
    _platform()
    voucher = _vouched(request)
    if voucher is None:
        return _refuse(request, "时间过了，请重新从登录页开始。")
    user = request.user
    if isinstance(user, User):
        return _bind(request, user, voucher)
    person = person_of(voucher)
    if person is None:
        return _refuse(request, NOT_BOUND)
    record("account.sign_on", person, by=None)
    return go_on(request, person, target=reverse("home"))


def _bind(request: HttpRequest, user: User, voucher: Voucher) -> HttpResponse:
    if not _lasts(request, BINDING):
        return redirect("home")
    del request.session[BINDING]
    try:
        bind(user, voucher)
    except SignOnRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已与{settings.SIGN_ON_LABEL}关联，下次可以用它登录。")
    return redirect("accounts:me")


@sensitive_post_parameters("password", "code", "passkey")
def binding(request: SignedInRequest) -> HttpResponse:
    """Bind the platform to one's account, or unbind it; the owner proves himself first."""
    _platform()
    form = ReauthenticationForm(request.POST or None, user=request.user, request=request)
    was_bound = is_bound(request.user)
    if request.method == "POST" and form.is_valid():
        if was_bound:
            unbind(request.user)
            messages.success(request, f"已解除与{settings.SIGN_ON_LABEL}的关联。")
            return redirect("accounts:me")
        request.session[BINDING] = [(timezone.now() + LASTS).isoformat()]
        return redirect("accounts:sign_on_bind")
    context = {
        "form": form,
        "is_bound": was_bound,
        "is_ready": not was_bound and _lasts(request, BINDING),
        "label": settings.SIGN_ON_LABEL,
    }
    return render(request, "accounts/sign_on_bind.html", context)


def _platform() -> SignOn:
    platform = sign_on()
    if platform is None:
        raise Http404
    return platform


def _back() -> str:
    """Where the platform sends people back to; it knows this address and no other."""
    return f"{settings.SITE_URL}{reverse('accounts:sign_on_back')}"


def _refuse(request: HttpRequest, words: str) -> HttpResponse:
    after = {"reason": f"{settings.SIGN_ON_LABEL}：{words}"[:200]}
    record("account.sign_in_failed", User(name=NOBODY), by=None, after=after)
    context = {"words": words, "label": settings.SIGN_ON_LABEL}
    return render(request, "accounts/sign_on_refused.html", context, status=REFUSED_STATUS)


def _vouched(request: HttpRequest) -> Voucher | None:
    """Whom the platform vouched for a moment ago, once."""
    is_fresh = _lasts(request, VOUCHED)
    kept: Any = request.session.pop(VOUCHED, None)
    return Voucher(kept[0], kept[1]) if is_fresh else None


def _lasts(request: HttpRequest, what: str) -> bool:
    kept: Any = request.session.get(what)
    until = parse_datetime(kept[-1]) if kept else None
    return until is not None and timezone.now() < until
