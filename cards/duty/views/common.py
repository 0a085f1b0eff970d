"""What the pages of duty and follow-up share: who reads, whose it is, files, printed sheets."""

from collections.abc import Callable, Iterator
from typing import Final

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode

from accounts.audit import record
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.downloads import disposition
from core.typesetting import RenderingFailed
from enterprises.models import Enterprise
from files.models import Page
from files.serving import serve

AGENT: Final = (Role.ENTERPRISE_AGENT,)
OFFICER: Final = (Role.STATION_OFFICER,)
STATION: Final = (Role.STATION_OFFICER, Role.SUPERVISOR)
READERS: Final = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
UNPROCESSABLE: Final = 422


def enterprise_of(request: SignedInRequest, pk: int) -> Enterprise:
    return get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)


def status_of(*bound: forms.BaseForm | None) -> int:
    """422 where one of these forms was sent and is wrong."""
    return UNPROCESSABLE if any(form is not None and form.errors for form in bound) else 200


def files_in(form: forms.Form) -> "list[UploadedFile[bytes]]":
    return form.cleaned_data.get("files") or []


def printed(
    request: SignedInRequest,
    render: Callable[[], bytes],
    *,
    name: str,
    back: str,
) -> HttpResponse:
    """The sheet as a PDF; back to its page with the reason where it cannot be printed."""
    try:
        pdf = render()
    except RenderingFailed as error:
        messages.error(request, f"没有生成：{error}")
        return redirect(back)
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = disposition(f"{name}.pdf", as_attachment=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def show_page(request: SignedInRequest, page: Page, owner: object, name: str) -> HttpResponse:
    """The picture as it was given; the audit trail says who looked at it."""
    record("duty.view_page", owner, by=request.user, after={"page": page.position})  # type: ignore[arg-type]
    response: HttpResponse = serve(page.file, name=name)  # type: ignore[assignment]
    return response


def query_of(**chosen: str | int) -> str:
    """What a list is narrowed by, for the links to its other pages."""
    return urlencode({key: value for key, value in chosen.items() if value})


def error_lines(form: forms.Form) -> Iterator[str]:
    """What is wrong, for a page that shows no form: each with the field's name."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            yield f"{label}：{error}" if label else str(error)
