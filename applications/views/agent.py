"""The agent's list of applications, and one application with what there is to do on it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.deleting import DeletionRefused, delete_draft
from applications.dossier.items import ItemState
from applications.dossier.loading import load_dossier
from applications.dossier.pre_review import answered_last
from applications.forms import AnswerForm, WithdrawalForm
from applications.history import history
from applications.models import Application, Correction, StatusChange
from applications.models.applications import ApplicationQuerySet
from applications.next_steps import agents_step
from applications.presence import was_opened
from applications.services import again, intake, moves
from applications.services.perform import AlreadyDone, MoveRefused
from applications.services.reuse import earlier_dealings, reuse_dealings
from applications.time_limits import remaining_of
from applications.workflow import Status
from core.paging import page_of
from core.versions import fingerprint
from materials.hints import hints_for
from materials.numbers import MaterialNumber
from workdays.calendar import load_calendar

TAKEN_BACK = "已撤回修改，现在又是草稿，内容都在。改好后请再次提交。"


def _visible(request: SignedInRequest) -> ApplicationQuerySet:
    return Application.objects.visible_to(request.user).with_people().select_related("handled_by")


def visible_application(request: SignedInRequest, pk: int) -> Application:
    return get_object_or_404(_visible(request), pk=pk)


@roles(Role.ENTERPRISE_AGENT)
def agent_list(request: SignedInRequest) -> HttpResponse:
    """The enterprise's applications: what waits for it, what is due, what is over."""
    visible = Application.objects.visible_to(request.user).with_people()
    page = page_of(visible.in_order_for_agent(), request, unit="件")
    calendar, now = load_calendar(), timezone.now()
    rows = [(one, remaining_of(one, calendar, now)) for one in page]
    return render(request, "applications/agent_list.html", {"page": page, "rows": rows})


def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The agent's page; the station reads the same application on its own."""
    application = get_object_or_404(_visible(request).with_case_pages(request.user), pk=pk)
    if not request.user.is_agent:
        return redirect("applications:pre_review", application.pk)
    return render(request, "applications/detail.html", detail_context(application))


def detail_context(
    application: Application, *, wrong: Mapping[int, AnswerForm] | None = None
) -> dict[str, Any]:
    """What `applications/detail.html` needs; pages that extend it add to this.

    `wrong` are the answers that were not saved, by the key of their correction.
    """
    wrong = wrong or {}
    # The page asks for the consent in several places.
    prefetch_related_objects([application], "consents")
    told = list(application.corrections.told().select_related("told_in"))
    dossier = load_dossier(application, told)
    unmet = [item for item in dossier.items if not item.is_complete]
    dealings = dossier.find(MaterialNumber.DEALINGS)
    may_reuse = dealings and dealings.is_unlocked and dealings.state == ItemState.EMPTY
    return {
        "application": application,
        "dossier": dossier,
        "consent": application.consent,
        "letter_pk": max((c.told_in_id for c in dossier.corrections if c.told_in_id), default=None),
        "dealings": earlier_dealings(application) if may_reuse else None,
        "corrections": [
            (
                correction,
                wrong.get(correction.pk) or _answer_form(correction),
                dossier.answer_words(correction),
            )
            for correction in dossier.corrections
        ],
        "answered": answered_last(told),
        "letters": sorted({c.told_in for c in told if c.told_in and c.resolved_at}, key=_at),
        "to_table": _listed(one.number for one in dossier.to_leave_to_the_table),
        "facts_number": MaterialNumber.FACTS,
        "licence_number": MaterialNumber.LICENCE,
        "hints": hints_for(application.applicant),
        "first_unmet": unmet[0] if unmet else None,
        "is_ready": not unmet and all(c.is_met for c in dossier.facts_corrections),
        "next_step": agents_step(dossier),
        "history": history(application),
        "is_draft": application.state == Status.DRAFT,
        "is_returned": application.state == Status.RETURNED,
        "is_supplementing": application.state == Status.SUPPLEMENTING,
        "can_be_deleted": application.can_be_deleted,
        "can_be_taken_back": application.state == Status.SUBMITTED and not was_opened(application),
        "is_endorsed": application.state == Status.ENDORSED,
        "wrong_answers": [(c, wrong[c.pk]) for c in dossier.corrections if c.pk in wrong],
    }


def _at(change: StatusChange) -> datetime:
    return change.at


def _answer_form(correction: Correction) -> AnswerForm:
    initial = {"answer": correction.answer, "seen": fingerprint(correction.answer)}
    return AnswerForm(initial=initial, prefix=f"c{correction.pk}")


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def corrections_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Explain instead of replacing: all that was typed is saved, what cannot be stays typed."""
    application = visible_application(request, pk)
    corrections = list(application.corrections.open().select_related("application"))
    forms = {c.pk: AnswerForm(request.POST, prefix=f"c{c.pk}") for c in corrections}
    try:
        wrong = _save_answers(request, corrections, forms)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(application)
    if not wrong:
        return redirect(application)
    context = detail_context(application, wrong=wrong)
    return render(request, "applications/detail.html", context, status=422)


def _save_answers(
    request: SignedInRequest, corrections: Sequence[Correction], forms: Mapping[int, AnswerForm]
) -> dict[int, AnswerForm]:
    """The answers that could not be saved; one left as the page showed it is not looked at."""
    touched = [c for c in corrections if not forms[c.pk].is_untouched]
    wrong: dict[int, AnswerForm] = {}
    for correction in touched:
        form = forms[correction.pk]
        try:
            if form.is_valid():
                intake.answer_correction(correction, by=request.user, **form.cleaned_data)
        except intake.ContentOvertaken as overtaken:
            form = _ask_again(form, correction, overtaken)
        if form.errors:
            wrong[correction.pk] = form
    saved = [f"“{c.item_name}”" for c in touched if c.pk not in wrong]
    if saved:
        messages.success(request, f"已保存对{'、'.join(dict.fromkeys(saved))}的说明。")
    if touched:
        return wrong
    blank = [
        pk for pk, form in forms.items() if form.errors and form.add_prefix("answer") in form.data
    ]
    if not blank:
        messages.info(request, "说明没有改动。")
    return {pk: forms[pk] for pk in blank[:1]}


def _ask_again(
    form: AnswerForm, correction: Correction, overtaken: intake.ContentOvertaken
) -> AnswerForm:
    """What was typed, ready to be saved once more by somebody who has now seen the other."""
    typed = {
        form.add_prefix("answer"): form.cleaned_data["answer"],
        form.add_prefix("seen"): fingerprint(overtaken.stored),
    }
    again = AnswerForm(typed, prefix=f"c{correction.pk}")
    again.add_error(
        "answer",
        f"{overtaken}现在存着的是“{overtaken.stored}”。您写的还在：请核对，再保存一次就以您的为准。",
    )
    return again


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def reuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take over the enterprise's proof of dealings from another of its applications."""
    application = visible_application(request, pk)
    try:
        count = reuse_dealings(application, by=request.user)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"材料5已沿用，共{count}页，可以打开核对、增减。")
    return redirect(application)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def leave_to_table(request: SignedInRequest, pk: int) -> HttpResponse:
    """All that the review table may replace, in one act."""
    application = visible_application(request, pk)
    numbers = intake.leave_all_to_the_table(application, by=request.user)
    if numbers:
        messages.success(
            request,
            f"材料{_listed(numbers)}由审核表替代，不用上传。以后新开的申请照此办理，可以逐项改为上传。",
        )
    return redirect(application)


def _listed(numbers: Iterable[int]) -> str:
    return "、".join(str(int(number)) for number in numbers)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def resubmit(request: SignedInRequest, pk: int) -> HttpResponse:
    application = visible_application(request, pk)
    try:
        moves.resubmit(application, by=request.user)
    except AlreadyDone:
        messages.success(request, "已重新提交，由服务站核对。")
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已重新提交，由服务站核对更正的内容。")
    return redirect(application)


@roles(Role.ENTERPRISE_AGENT)
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on with what was submitted, before anybody at the station has opened it."""
    application = visible_application(request, pk)
    if request.method == "POST":
        try:
            moves.take_back(application, by=request.user)
        except AlreadyDone:
            messages.success(request, TAKEN_BACK)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, TAKEN_BACK)
        return redirect(application)
    if application.state == Status.SUBMITTED and was_opened(application):
        messages.error(request, moves.ALREADY_OPENED)
        return redirect(application)
    if application.state != Status.SUBMITTED:
        messages.error(
            request, f"这件申请现在是“{application.get_status_display()}”，不能撤回修改。"
        )
        return redirect(application)
    return render(request, "applications/take_back.html", {"application": application})


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def begin_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new draft from what was there when the application was withdrawn."""
    application = visible_application(request, pk)
    try:
        draft = again.begin_again(application, by=request.user)
    except intake.IntakeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(application)
    messages.success(request, "已用原来的材料重新开始，请核对后提交。")
    return redirect(draft)


@roles(Role.ENTERPRISE_AGENT)
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what goes and what stays, then delete a draft that was never submitted."""
    application = visible_application(request, pk)
    if not application.can_be_deleted:
        messages.error(request, "这件申请提交过，办理记录要留存，不能删除；可以撤回。")
        return redirect(application)
    if request.method == "POST":
        try:
            delete_draft(application, by=request.user)
        except DeletionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(application)
        messages.success(request, f"已删除{application.applicant.name}的草稿和其中的材料。")
        return redirect("applications:applicants")
    return render(request, "applications/delete.html", {"application": application})


@roles(Role.ENTERPRISE_AGENT)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask why, then end the application before the departments have it."""
    application = visible_application(request, pk)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moves.withdraw(application, reason=form.cleaned_data["reason"], by=request.user)
        except AlreadyDone:
            messages.success(request, "已撤回这件申请。")
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "已撤回这件申请。")
        return redirect(application)
    if application.is_under_review or not application.can_be_withdrawn:
        return redirect(application)
    context = {"application": application, "form": form, "voids_table": False}
    status = 422 if form.errors else 200
    return render(request, "applications/withdraw.html", context, status=status)
