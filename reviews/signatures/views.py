"""The security administrator's page of signing certificates: list, issue, revoke."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Department, Role
from accounts.reauthentication import ReauthenticationForm
from accounts.requests import SignedInRequest
from core.paging import page_of
from notices.signing_locks import report_signing_lock
from reviews.signatures.certificates import authority, register
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.certificates.owners import owners
from reviews.signatures.fields import STATION
from reviews.signatures.forms import RevokeForm
from reviews.signatures.identities import issues_keys
from reviews.signatures.models import Certificate


@roles(Role.SECURITY_ADMIN)
def certificate_list(request: SignedInRequest) -> HttpResponse:
    """List of who signs with which certificate until when, then of all certificates ever."""
    certificates = Certificate.objects.visible_to(request.user).select_related("department")
    page = page_of(certificates, request, unit="张")
    return render(
        request,
        "signatures/certificate_list.html",
        {
            "owners": owners(timezone.now()),
            "page": page,
            "may_issue": issues_keys(),
        },
    )


def _department(code: str) -> Department | None:
    """The department with this code; None for the station."""
    return None if code == STATION else get_object_or_404(Department, code=code)


@roles(Role.SECURITY_ADMIN)
def certificate_issue(request: SignedInRequest, owner: str) -> HttpResponse:
    """Issue of a new key and certificate, which replaces the one before it."""
    department = _department(owner)
    if not issues_keys():
        raise Http404
    form = ReauthenticationForm(request.POST or None, user=request.user, request=request)
    if request.method == "POST":
        is_valid = form.is_valid()
        report_signing_lock(form)
        if is_valid:
            try:
                issued = authority.issue(department, by=request.user)
            except AuthorityError as error:
                form.add_error(None, f"没有签发：{error}")
            else:
                messages.success(request, f"已签发“{issued}”，今后的签署都用这张证书。")
                return redirect("signatures:certificate_list")
    context = {
        "form": form,
        "owner": register.name_of(department),
        "current": register.current(department),
    }
    return render(request, "signatures/certificate_issue.html", context)


@roles(Role.SECURITY_ADMIN)
def certificate_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Revocation, as of a key that was lost; needs a reason and the password."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user), pk=pk)
    form = RevokeForm(request.POST or None, user=request.user, request=request)
    if request.method == "POST":
        is_valid = form.is_valid()
        report_signing_lock(form)
        if is_valid:
            reason = form.cleaned_data["reason"]
            try:
                authority.revoke(certificate, reason=reason, by=request.user)
            except AuthorityError as error:
                form.add_error(None, f"没有吊销：{error}")
            else:
                messages.success(request, f"“{certificate}”已吊销，此前签好的审核表仍然有效。")
                return redirect("signatures:certificate_list")
    context = {"form": form, "certificate": certificate}
    return render(request, "signatures/certificate_revoke.html", context)
