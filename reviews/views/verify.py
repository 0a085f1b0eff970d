"""Public pages that tell a genuine table from an altered one. Nothing is stored."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.heavy_work import heavy
from accounts.rate_limits import limited
from core.downloads import disposition
from core.reading import line_of_text
from reviews.forms import VerifyForm
from reviews.models import ReviewTable
from reviews.numbering import read_code
from reviews.public_facts import public_facts
from reviews.signatures.certificates.roots import fingerprint, own_roots, root_file
from reviews.verdict import Verdict, judge


@login_not_required
@limited("verify")
@heavy("POST")
def verify(request: HttpRequest) -> HttpResponse:
    """Type a code, or give a file."""
    typed = line_of_text(request.GET.get("code"))
    if typed:
        return _of_code(request, read_code(typed), typed)
    posted = request.method == "POST"
    form = VerifyForm(request.POST, request.FILES) if posted else VerifyForm()
    verdict: Verdict | None = None
    if form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > settings.MAX_VERIFY_BYTES:
            form.add_error("file", "文件超过20 MB，不会是本站出具的审核表。")
        else:
            verdict = judge(upload.read())
    return render(request, "reviews/verify.html", {"form": form, "verdict": verdict})


def _of_code(request: HttpRequest, code: str, typed: str) -> HttpResponse:
    if ReviewTable.objects.filter(verification_code=code).exists():
        return redirect("reviews:verify_code", code)
    return _unknown_code(request, typed)


def _unknown_code(request: HttpRequest, typed: str) -> HttpResponse:
    return render(
        request, "reviews/verify_unknown.html", {"code": typed[:40]}, status=HTTPStatus.NOT_FOUND
    )


@login_not_required
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What anybody with the code on the paper may know of the table."""
    read = read_code(code)
    table = ReviewTable.objects.filter(verification_code=read).first()
    if table is None:
        return _unknown_code(request, code)
    if read != code:
        return redirect("reviews:verify_code", read)
    return render(
        request,
        "reviews/verify_code.html",
        {
            "table": table,
            "facts": public_facts(table),
            "sha256": table.newest_revision().sha256,
        },
    )


@login_not_required
def viewers(request: HttpRequest) -> HttpResponse:
    """Why a PDF viewer says that it does not know the signature, and what may be done."""
    roots = [(root, fingerprint(root)) for root in own_roots()]
    return render(request, "reviews/verify_viewers.html", {"roots": roots})


@login_not_required
def root_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the station's root certificates, as viewers import it (DER)."""
    root = get_object_or_404(own_roots(), pk=pk)
    response = HttpResponse(root_file(root), content_type="application/x-x509-ca-cert")
    name = f"{root.common_name}.cer"
    response.headers["Content-Disposition"] = disposition(name)
    return response
