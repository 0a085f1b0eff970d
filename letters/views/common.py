"""What the pages of letters share: who reads, whose letter it is, files that go out."""

import secrets
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import Application
from core.downloads import disposition
from core.typesetting import RenderingFailed
from enterprises.models import Enterprise
from letters.models import WrittenLetter
from letters.templates import DOCX

WRITERS: Final = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER)
READERS: Final = (Role.ENTERPRISE_AGENT, Role.STATION_OFFICER, Role.SUPERVISOR)
OFFICER: Final = (Role.STATION_OFFICER,)
UNPROCESSABLE: Final = 422
FORMATS: Final = {"docx": DOCX, "pdf": "application/pdf"}


def letter_of(request: SignedInRequest, pk: int) -> WrittenLetter:
    letters = WrittenLetter.objects.visible_to(request.user).with_people()
    return get_object_or_404(letters, pk=pk)


def enterprise_of(request: SignedInRequest, pk: int) -> Enterprise:
    return get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)


def application_of(request: SignedInRequest, pk: int) -> Application:
    cases = Application.objects.visible_to(request.user).with_people()
    return get_object_or_404(cases, pk=pk)


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


def sent_nonce(request: SignedInRequest) -> str | None:
    nonce = request.POST.get("nonce", "")
    return nonce if nonce.isascii() and 8 <= len(nonce) <= 40 else None


def sent_file(
    request: SignedInRequest, make: Callable[[], bytes], *, name: str, ending: str, back: str
) -> HttpResponse:
    """The file to be kept; back to its page with the reason where it cannot be made."""
    try:
        data = make()
    except RenderingFailed as error:
        messages.error(request, f"没有生成：{error}")
        return redirect(back)
    response = HttpResponse(data, content_type=FORMATS[ending])
    response.headers["Content-Disposition"] = disposition(f"{name}.{ending}")
    response.headers["Cache-Control"] = "private, no-store"
    return response
