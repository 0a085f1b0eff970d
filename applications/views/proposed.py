"""The passport that an agent uploads first, and what it proposes for its holder's form."""

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.forms import ApplicantForm
from applications.models import Applicant, ProposedPassport
from applications.services.proposed import ProposalStack
from applications.views.applicants import render_new, render_typed, typed_in
from core.uploads import UploadForm
from enterprises.models import Enterprise
from files.judging import Judgement
from files.models import Page
from materials.stack import remove_page
from materials.views import judge_upload, take_upload


def stack_of_agent(request: SignedInRequest) -> ProposalStack:
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user))
    return ProposalStack(enterprise, request.user)


def find_proposed(request: SignedInRequest, page_pk: int) -> tuple[ProposalStack, Page]:
    """The agent's own, while nobody was entered with it; 404 for any other."""
    waiting = ProposedPassport.objects.waiting_of(request.user)
    page = get_object_or_404(waiting.select_related("file", "enterprise"), pk=page_pk)
    return ProposalStack(page.enterprise, request.user), page


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@heavy("POST")
def passport_upload(request: SignedInRequest) -> HttpResponse:
    """Keep the passport for the applicant who is to be entered; it is material 10 later."""
    stack = stack_of_agent(request)
    show = partial(_show, request, stack)
    answer = take_upload(request, stack, show=show, by=request.user)
    is_taken = isinstance(answer, HttpResponseRedirect)
    return render_typed(request, stack) if is_taken and typed_in(request) else answer


@roles(Role.ENTERPRISE_AGENT)
@require_POST
@heavy("POST")
def passport_check(request: SignedInRequest) -> HttpResponse:
    """What would come of this picture, asked by the script before it is uploaded."""
    return judge_upload(request, stack_of_agent(request), by=request.user)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def passport_remove(request: SignedInRequest, page_pk: int) -> HttpResponse:
    stack, page = find_proposed(request, page_pk)
    remove_page(stack, page, by=request.user)
    messages.success(request, "已删除这张护照。")
    # The browser posts once more, there: what was typed stands in the form again.
    return redirect(stack.address, preserve_request=bool(typed_in(request)))


def _show(
    request: SignedInRequest,
    stack: ProposalStack,
    upload: UploadForm,
    judgements: Sequence[Judgement],
) -> HttpResponse:
    applicant = Applicant(enterprise=stack.enterprise)
    form = ApplicantForm(instance=applicant, initial=typed_in(request))
    return render_new(request, stack, form, upload=upload, judgements=judgements)
