"""What the pages of briefings, visits and symposia share: who reads, who writes, and replies."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import render

from accounts.models import Role
from accounts.requests import SignedInRequest
from cards.refusals import attempt

OFFICER: Final = (Role.STATION_OFFICER,)
STATION: Final = (Role.STATION_OFFICER, Role.SUPERVISOR)
UNPROCESSABLE: Final = 422


def status_of(*bound: forms.BaseForm | None) -> int:
    """422 where one of these was sent and is wrong."""
    return UNPROCESSABLE if any(form is not None and form.errors for form in bound) else 200


def done(
    request: SignedInRequest, form: forms.BaseForm, act: Callable[[], object], words: str
) -> bool:
    """Was it done? Then `words` are said; otherwise the form says why not."""
    # Of a ModelForm, too, it asks the errors alone.
    if not form.is_valid() or attempt(form, act) is None:  # type: ignore[arg-type]
        return False
    messages.success(request, words)
    return True


def as_seen(row: models.Model, form: forms.BaseForm) -> None:
    """Held to the version that the page was made from, where it says so."""
    seen = form.cleaned_data.get("seen_version")
    if seen is not None:
        row.version = seen  # type: ignore[attr-defined]


def form_page(
    request: SignedInRequest,
    form: forms.BaseForm,
    *,
    title: str,
    act: str,
    back_url: str,
    back: str,
) -> HttpResponse:
    """A page that is a form and nothing else."""
    context: dict[str, Any] = {"title": title, "form": form, "act": act}
    context |= {"back_url": back_url, "back": back}
    return render(request, "components/form_page.html", context, status=status_of(form))
