"""The date, tax year or term of a standing document, as its enterprise states it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.versions import Overtaken
from enterprises import services
from enterprises.services import DocumentStack
from enterprises.views.own import visible_enterprise
from materials.catalogue import SHARED_NUMBERS, validity_of
from materials.rules.validity_form import ValidityForm
from materials.stack import PageRefused, PageStack


@roles(Role.ENTERPRISE_AGENT)
def document_validity(request: SignedInRequest, pk: int, kind: int) -> HttpResponse:
    enterprise = visible_enterprise(request, pk)
    if kind not in SHARED_NUMBERS:
        raise Http404
    stack = DocumentStack(enterprise, kind)
    return ask_validity(request, stack, back=stack.address)


def ask_validity(
    request: SignedInRequest, stack: DocumentStack, *, back: str, owner: PageStack | None = None
) -> HttpResponse:
    """Ask for the date of what stands in this stack, and go back to where it is read.

    `owner` is the stack of the application through which one came.
    """
    current = stack.versions().first()
    initial = {**vars(current.stated), "seen": current.stated.seen} if current else {}
    data = request.POST if request.method == "POST" else None
    form = ValidityForm(data, rule=validity_of(stack.kind.number), initial=initial)
    if form.is_valid() and _is_stated(request, stack, form):
        return redirect(back)
    return render(
        request,
        "enterprises/document_validity.html",
        {"back": back, "form": form, "kind": stack.kind, "owner": owner or stack},
        status=422 if form.errors else 200,
    )


def _is_stated(request: SignedInRequest, stack: DocumentStack, form: ValidityForm) -> bool:
    """Save it and say so; False where a colleague was first, which the form then says."""
    seen = form.cleaned_data["seen"]
    try:
        document = services.state_validity(stack, stated=form.stated, by=request.user, seen=seen)
    except Overtaken as overtaken:
        stored: Any = overtaken.stored
        form.tell_overtaken(stored.standing, stored.stated.seen)
        return False
    except PageRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已保存。{document.standing.words}")
    return True
