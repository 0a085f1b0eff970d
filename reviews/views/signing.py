"""Signing: the cell as it will stand in the table, and its signature; one, or several at once."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.reauthentication import SigningForm
from accounts.requests import SignedInRequest
from core.reading import whole_numbers
from enterprises.models import Enterprise
from notices.signing_locks import report_signing_lock
from reviews.cells import Cell, PreviewStale, unpack
from reviews.doubts import doubts_of
from reviews.models import Opinion
from reviews.pdf import RenderingFailed, render_png
from reviews.revisions import RevisionAltered
from reviews.services.opinions import OpinionRefused, has_signed, sign
from reviews.services.sign_batch import BATCH, ready_to_sign, sign_each
from reviews.signatures.certificates.keystore import AuthorityError
from reviews.signatures.identities import identity_for
from reviews.table_pictures import signed_cell
from reviews.views.opinions import own_opinion, who_is_first

PREVIEW_DPI = 150


@roles(Role.LIAISON)
def opinion_sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Look at the cell as it will stand in the table, confirm with the password, sign."""
    opinion = own_opinion(request, pk)
    if opinion.is_signed:
        return redirect(opinion.table)
    if not opinion.conclusion or not opinion.words:
        messages.error(request, "请先填写办理意见和结论。")
        return redirect("reviews:opinion_edit", opinion.pk)
    waiting_for = who_is_first(opinion, request.user)
    form = SigningForm(
        None if waiting_for else request.POST or None, user=request.user, request=request
    )
    if request.method == "POST" and not waiting_for and _signs(request, form, opinion):
        messages.success(request, f"{opinion.department}意见已签署。")
        return redirect(opinion.table)
    return _show(request, opinion, form, waiting_for)


def _signs(request: SignedInRequest, form: SigningForm, opinion: Opinion) -> bool:
    """Whether the opinion is signed now; otherwise the form says why not."""
    is_valid = form.is_valid()
    report_signing_lock(form)
    if not is_valid:
        return has_signed(opinion, by=request.user)
    try:
        preview = unpack(request.POST.get("preview", ""), opinion, by=request.user)
        sign(opinion, by=request.user, preview=preview)
    except (OpinionRefused, PreviewStale) as error:
        form.add_error(None, str(error))
    return not form.errors


def _show(
    request: SignedInRequest,
    opinion: Opinion,
    form: SigningForm,
    waiting_for: list[str],
) -> HttpResponse:
    cell, problem = None, ""
    try:
        cell = Cell(opinion, identity_for(opinion.department).certificate, request.user)
    except AuthorityError as error:
        problem = str(error)
    others = ready_to_sign(request.user, opinion.table.application.enterprise)
    return render(
        request,
        "reviews/opinion_sign.html",
        {
            "opinion": opinion,
            "table": opinion.table,
            "facts": opinion.table.facts,
            "form": form,
            "preview": cell.pack() if cell else "",
            "cell": cell.facts if cell else None,
            "doubts": doubts_of(opinion),
            "problem": problem,
            "waiting_for": waiting_for,
            "ready_count": len(others),
        },
    )


@roles(Role.LIAISON)
def opinion_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The cell as a picture; the very bytes that would be signed, drawn."""
    opinion = own_opinion(request, pk)
    try:
        cell = Cell(opinion, identity_for(opinion.department).certificate, request.user)
        if "preview" in request.GET:
            preview = unpack(request.GET["preview"], opinion, by=request.user)
            cell = replace(cell, at=preview.at)
            cell.require_unchanged(preview)
        drawn = cell.draw()
    except (AuthorityError, PreviewStale, RenderingFailed) as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(render_png(drawn, PREVIEW_DPI), content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@roles(Role.LIAISON)
def opinion_signed(request: SignedInRequest, pk: int) -> HttpResponse:
    """The cell as it stands signed in the table, for those whose department it is."""
    opinion = own_opinion(request, pk)
    if not opinion.is_signed:
        raise Http404
    try:
        picture = signed_cell(opinion)
    except (RevisionAltered, RenderingFailed) as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(picture, content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@roles(Role.LIAISON)
def opinion_batch(request: SignedInRequest, pk: int) -> HttpResponse:
    """The department's finished drafts of one enterprise, cell by cell; one password for all."""
    mine = Opinion.objects.visible_to(request.user)
    of_mine = Enterprise.objects.filter(applications__tables__opinions__in=mine).distinct()
    enterprise = get_object_or_404(of_mine, pk=pk)
    form = SigningForm(user=request.user, request=request)
    chosen: list[Opinion] = []
    if request.method == "POST":
        wanted = whole_numbers(request.POST.getlist("opinion"))
        chosen = list(mine.with_case().filter(pk__in=wanted)[:BATCH])
        if chosen:
            form = SigningForm(request.POST, user=request.user, request=request)
            if _signs_each(request, form, chosen):
                return redirect("reviews:opinion_batch", pk)
        else:
            messages.error(request, "请至少勾选一份。看过预览、确认无误的，才勾选。")
    return _show_batch(request, enterprise, form, {opinion.pk for opinion in chosen})


def _signs_each(request: SignedInRequest, form: SigningForm, chosen: list[Opinion]) -> bool:
    """Whether the person proved who he is; what came of each opinion becomes messages."""
    is_valid = form.is_valid()
    report_signing_lock(form)
    if not is_valid:
        return all(has_signed(opinion, by=request.user) for opinion in chosen)
    seen = [(opinion, request.POST.get(f"preview-{opinion.pk}", "")) for opinion in chosen]
    outcomes = sign_each(seen, by=request.user)
    signed = [outcome.name for outcome in outcomes if not outcome.problem]
    if signed:
        messages.success(request, f"已签署{len(signed)}份：{'、'.join(signed)}。")
    for outcome in outcomes:
        if outcome.problem:
            messages.error(request, f"{outcome.name}：{outcome.problem}")
    return True


def _show_batch(
    request: SignedInRequest, enterprise: Enterprise, form: SigningForm, chosen: set[int]
) -> HttpResponse:
    ready = ready_to_sign(request.user, enterprise)
    if not ready:
        return redirect("home")
    try:
        certificate = identity_for(ready[0].department).certificate
    except AuthorityError as error:
        messages.error(request, str(error))
        return redirect("home")
    rows = []
    for opinion in ready[:BATCH]:
        cell = Cell(opinion, certificate, request.user)
        rows.append((opinion, cell.pack(), cell.facts, doubts_of(opinion), opinion.pk in chosen))
    return render(
        request,
        "reviews/opinion_batch.html",
        {
            "enterprise": enterprise,
            "department": request.user.department,
            "rows": rows,
            "left": len(ready) - len(rows),
            "form": form,
        },
    )
