"""One page of a standing document: moving, turning and replacing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from enterprises import services
from enterprises.views.own import take_page, upload_form, visible_page
from files.judging import judge_one_page
from files.page_orders import asked_place, asked_turn
from files.refusals import FileRefused


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def page_move(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponse:
    """Put a page at the place that the button names; twice the same comes to the same."""
    page, place = visible_page(request, pk, page_pk), asked_place(request.POST)
    try:
        services.move_page(page, place=place, by=request.user)
    except services.PageRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{page.file}”现在是第{place}页。")
    return redirect("enterprises:document", pk, page.document.kind)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def page_turn(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponse:
    """Turn a page by a quarter; the picture as it was uploaded stays on record."""
    page, degrees = visible_page(request, pk, page_pk), asked_turn(request.POST)
    try:
        services.turn_page(page, degrees=degrees, by=request.user)
    except (services.PageRefused, FileRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已旋转“{page.file}”。")
    return redirect("enterprises:document", pk, page.document.kind)


@roles(Role.ENTERPRISE_AGENT)
def page_replace(request: SignedInRequest, pk: int, page_pk: int) -> HttpResponse:
    """Choose one picture that takes the place of this page."""
    page = visible_page(request, pk, page_pk)
    enterprise, kind = page.document.enterprise, page.document.kind
    form = upload_form(request.POST or None, request.FILES or None, most=1)
    judgements = []
    if request.method == "POST" and form.is_valid():
        take = take_page(request, enterprise, kind, instead_of=page)
        judgement = judge_one_page(form.cleaned_data["files"][0], take)
        if judgement.accepted:
            messages.success(request, f"已用“{judgement.name}”换下“{page.file}”。")
            return redirect("enterprises:document", pk, kind)
        judgements = [judgement]
    context = {"enterprise": enterprise, "page": page, "form": form, "judgements": judgements}
    status = 422 if judgements or form.errors else 200
    return render(request, "enterprises/page_replace.html", context, status=status)
