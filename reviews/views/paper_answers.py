"""The officer's page: what a department stamped on paper, read off its scan."""

import base64
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.decorators import roles
from accounts.models import Role
from accounts.reauthentication import SigningForm
from accounts.requests import SignedInRequest
from notices.signing_locks import report_signing_lock
from reviews.models import Opinion
from reviews.pdf import render_png
from reviews.scan_forms import PaperAnswerForm
from reviews.services.opinions import OpinionRefused
from reviews.services.paper_answers import draw_paper, record_paper
from reviews.views.tables import scan_of

PREVIEW_DPI: Final = 150


@dataclass(frozen=True)
class CellLook:
    """A PNG in base64, and the digest by which the answer comes back as looked at.

    In the page and under no address of its own: what a department said is in no log.
    """

    picture: str
    digest: str


@roles(Role.STATION_OFFICER)
def opinion_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record the department's answer beside the scan, with the officer's password."""
    opinions = Opinion.objects.visible_to(request.user).with_case()
    opinion = get_object_or_404(opinions, pk=pk)
    scan = scan_of(request, opinion.table)
    if opinion.is_signed or not opinion.table.is_open:
        return redirect(opinion.table)
    if scan is None or not scan.confirmed_at:
        messages.error(request, "请先上传盖章扫描件并确认，再录入部门意见。")
        return redirect("reviews:wet_scan", opinion.table_id)
    form = PaperAnswerForm(request.POST or None, opinion=opinion, scan=scan)
    proof = SigningForm(user=request.user, request=request)
    if form.is_valid() and request.POST.get("seen_cell") == form.answer().digest:
        # The password is looked at only where the rest is right: a slip is no failed attempt.
        proof = SigningForm(request.POST, user=request.user, request=request)
        if _records(request, opinion, form, proof):
            messages.success(
                request, f"已按盖章件录入{opinion.department}意见，已通知该部门不用再签署。"
            )
            return redirect(opinion.table)
    return render(
        request,
        "reviews/opinion_paper.html",
        {
            "opinion": opinion,
            "table": opinion.table,
            "scan": scan,
            "form": form,
            "proof": proof,
            "look": _look(request, opinion, form),
        },
    )


def _look(request: SignedInRequest, opinion: Opinion, form: PaperAnswerForm) -> CellLook | None:
    """The cell as it would stand in the table, once all of it is filled in."""
    if not form.is_valid():
        return None
    answer = form.answer()
    try:
        drawn = draw_paper(opinion, answer, by=request.user)
    except OpinionRefused as error:
        form.look_again(str(error))
        return None
    picture = base64.b64encode(render_png(drawn, PREVIEW_DPI)).decode("ascii")
    return CellLook(picture, answer.digest)


def _records(
    request: SignedInRequest, opinion: Opinion, form: PaperAnswerForm, proof: SigningForm
) -> bool:
    """Whether it is recorded now; otherwise a form says why not."""
    is_valid = proof.is_valid()
    report_signing_lock(proof)
    if not is_valid:
        return False
    try:
        record_paper(opinion, form.answer(), by=request.user)
    except OpinionRefused as error:
        form.look_again(str(error))
    return not form.errors
