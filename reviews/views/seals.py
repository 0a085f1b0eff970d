"""The security administrator's pages of a department's seal: look, register, remove."""

import base64

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.decorators import roles
from accounts.models import Department, Role
from accounts.reauthentication import ReauthenticationForm
from accounts.requests import SignedInRequest
from files.refusals import FileRefused
from notices.signing_locks import report_signing_lock
from reviews.pdf import render_png
from reviews.seal_previews import SealPreview, SealStale, unpack
from reviews.signatures.certificates import register
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.forms import SealForm
from reviews.table_facts import sample_cell, seal_of

PREVIEW_DPI = 150


@roles(Role.SECURITY_ADMIN)
def seal_register(request: SignedInRequest, owner: str) -> HttpResponse:
    """Choose a picture, see it in a cell with what speaks against it, confirm with the password."""
    department = get_object_or_404(Department, code=owner)
    if "seal" in request.POST:
        return _register(request, department)
    form = SealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            preview = SealPreview(*register.prepare_seal(form.cleaned_data["picture"].read()))
        except (AuthorityError, FileRefused) as error:
            form.add_error("picture", str(error))
        else:
            proof = ReauthenticationForm(user=request.user, request=request)
            return _ask(request, department, preview, proof)
    current = register.current(department)
    seal = seal_of(current) if current else None
    context = {
        "form": form,
        "department": department,
        "certificate": current,
        "picture": _in_cell(department, seal) if seal else "",
    }
    return render(request, "reviews/seal_register.html", context)


def _register(request: SignedInRequest, department: Department) -> HttpResponse:
    proof = ReauthenticationForm(request.POST, user=request.user, request=request)
    try:
        preview = unpack(request.POST["seal"], department, by=request.user)
        is_valid = proof.is_valid()
        report_signing_lock(proof)
        if not is_valid:
            return _ask(request, department, preview, proof)
        register.keep_seal(department, preview.png, by=request.user)
    except (SealStale, AuthorityError, FileRefused) as error:
        messages.error(request, str(error))
        return redirect("reviews:seal_register", department.code)
    messages.success(request, f"已登记{department}的印章图片，今后的签署会印上它。")
    return redirect("signatures:certificate_list")


def _ask(
    request: SignedInRequest,
    department: Department,
    preview: SealPreview,
    proof: ReauthenticationForm,
) -> HttpResponse:
    context = {
        "department": department,
        "form": proof,
        "doubts": preview.doubts,
        "packed": preview.pack(department, by=request.user),
        "picture": _in_cell(department, preview.png),
    }
    return render(request, "reviews/seal_confirm.html", context)


def _in_cell(department: Department, seal: bytes) -> str:
    """The department's cell with invented words under this seal, as a data: address."""
    drawn = render_png(sample_cell(department, seal, timezone.now()), PREVIEW_DPI)
    return f"data:image/png;base64,{base64.b64encode(drawn).decode()}"


@roles(Role.SECURITY_ADMIN)
def seal_remove(request: SignedInRequest, owner: str) -> HttpResponse:
    """Signatures from now on show no seal; what was signed stays as it is."""
    department = get_object_or_404(Department, code=owner)
    current = register.current(department)
    if current is None or current.seal_image_id is None:
        messages.info(request, f"{department}没有登记印章图片。")
        return redirect("signatures:certificate_list")
    form = ReauthenticationForm(request.POST or None, user=request.user, request=request)
    if request.method == "POST":
        is_valid = form.is_valid()
        report_signing_lock(form)
        if is_valid:
            register.remove_seal(department, by=request.user)
            messages.success(request, f"已删除{department}的印章图片，今后的签署印文字框。")
            return redirect("signatures:certificate_list")
    return render(request, "reviews/seal_remove.html", {"form": form, "department": department})
