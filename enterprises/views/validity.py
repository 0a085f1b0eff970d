"""The date, tax year or term of a standing document, as its enterprise states it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from enterprises import services
from enterprises.views.own import visible_enterprise
from materials.catalogue import ENTERPRISE_NUMBERS, get, validity_of
from materials.rules.validity_form import ValidityForm
from materials.stack import PageRefused


@roles(Role.ENTERPRISE_AGENT)
def document_validity(request: SignedInRequest, pk: int, kind: int) -> HttpResponse:
    enterprise = visible_enterprise(request, pk)
    if kind not in ENTERPRISE_NUMBERS:
        raise Http404
    current = enterprise.current_document(kind)
    initial = vars(current.stated) if current else {}
    data = request.POST if request.method == "POST" else None
    form = ValidityForm(data, rule=validity_of(kind), initial=initial)
    if form.is_valid():
        try:
            document = services.state_validity(
                enterprise, kind, stated=form.stated, by=request.user
            )
        except PageRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已保存。{document.standing.words}")
        return redirect("enterprises:document", pk, kind)
    return render(
        request,
        "enterprises/document_validity.html",
        {"enterprise": enterprise, "form": form, "kind": get(kind)},
        status=422 if form.errors else 200,
    )
