"""Public pages that tell a genuine table from an altered one. Nothing is stored."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.rate_limits import limited
from core.reading import line_of_text
from reviews.forms import VerifyForm
from reviews.models import ReviewTable
from reviews.public_facts import masked_names, public_void_reason
from reviews.verdict import Verdict, judge


@login_not_required
@limited("verify")
def verify(request: HttpRequest) -> HttpResponse:
    """Type a code, or give a file."""
    code = line_of_text(request.GET.get("code")).upper().replace("-", "").replace(" ", "")
    if code:
        found = ReviewTable.objects.filter(verification_code=code).exists()
        if found:
            return redirect("reviews:verify_code", code)
    posted = request.method == "POST"
    form = VerifyForm(request.POST, request.FILES) if posted else VerifyForm()
    verdict: Verdict | None = None
    if form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > settings.MAX_VERIFY_BYTES:
            form.add_error("file", "文件超过20 MB，不会是本站出具的审核表。")
        else:
            verdict = judge(upload.read())
    return render(
        request,
        "reviews/verify.html",
        {"form": form, "verdict": verdict, "code": code, "code_unknown": bool(code)},
    )


@login_not_required
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What anybody with the code on the paper may know of the table."""
    table = get_object_or_404(
        ReviewTable.objects.select_related("application"), verification_code=code.upper()
    )
    enterprise, applicant = masked_names(table)
    return render(
        request,
        "reviews/verify_code.html",
        {
            "table": table,
            "enterprise": enterprise,
            "applicant": applicant,
            "void_reason": public_void_reason(table),
            "opinions": table.opinions.select_related("department"),
            "sha256": table.newest_revision().sha256,
        },
    )
