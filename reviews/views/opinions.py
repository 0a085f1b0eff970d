"""The liaison's pages: facts, materials, and the department's section to fill in."""

from django.contrib import messages
from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import record
from accounts.decorators import roles
from accounts.models import Role, User
from accounts.requests import SignedInRequest
from applications.dossier.loading import load_dossier
from applications.services.perform import AlreadyDone, MoveRefused
from applications.workflow import Status
from core.dates import time_words
from core.reading import whole_number
from files.serving import serve
from reviews.annex4 import section_of, verifier_of
from reviews.cells import problem_of
from reviews.department_materials import pages_to_read
from reviews.doubts import doubts_of
from reviews.earlier import earlier_of
from reviews.forms import ItemsForm, OpinionForm
from reviews.models import Leave, Opinion, Phrase
from reviews.said_before import SaidBefore, said_before
from reviews.services.circulation import ask_supplement
from reviews.services.opinions import DraftStale, OpinionRefused, save_draft
from reviews.services.repeating import repeat_earlier
from reviews.services.supplements import cancellable
from reviews.supplements import supplements_for
from reviews.time_limits import left_for
from workdays.calendar import load_calendar


def own_opinion(request: SignedInRequest, pk: int) -> Opinion:
    """With `has_colleague`: is anybody else of the department there to hand it to today?"""
    away = Leave.objects.in_force(timezone.localdate()).values("user")
    colleagues = User.objects.liaisons().able_to_sign_in()
    colleagues = colleagues.filter(department=request.user.department_id)
    others = colleagues.exclude(pk=request.user.pk).exclude(pk__in=away)
    opinions = Opinion.objects.visible_to(request.user).with_case().with_clock()
    opinions = opinions.annotate(has_colleague=Exists(others))
    return get_object_or_404(opinions.select_related("signed_by", "drafted_by"), pk=pk)


@roles(Role.LIAISON)
def opinion_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Facts, the materials that concern the department, and its section of Annex 4."""
    opinion = own_opinion(request, pk)
    if opinion.is_signed or not opinion.table.is_open:
        return redirect(opinion.table)
    is_draft = request.method == "POST" and "draft" in request.POST
    before = said_before(opinion)
    form = OpinionForm(
        request.POST or None,
        section=section_of(opinion.department),
        opinion=opinion,
        is_draft=is_draft,
        initial=before.initial if before and "take" in request.GET else {},
    )
    may_save = form.is_valid() and (is_draft or _prints(request, form, opinion))
    if may_save:
        try:
            save_draft(
                opinion,
                form.draft(),
                by=request.user,
                seen_version=form.cleaned_data["seen_version"],
            )
        except DraftStale as error:
            form = _ask_again(form, opinion, error, is_draft=is_draft)
        except OpinionRefused as error:
            form.add_error(None, str(error))
        else:
            return _after_saving(request, opinion, is_draft=is_draft)
    return show_opinion(request, opinion, form, before=before)


def _prints(request: SignedInRequest, form: OpinionForm, opinion: Opinion) -> bool:
    """Whether the cell can be printed with these words; otherwise the form says why not."""
    problem = problem_of(opinion, form.draft(), by=request.user)
    if problem:
        form.add_error("words", problem)
    return not problem


def _ask_again(
    form: OpinionForm, opinion: Opinion, stale: DraftStale, *, is_draft: bool
) -> OpinionForm:
    """What was typed, ready to be saved once more by somebody who has now seen the other."""
    data = {**dict(form.data.items()), "seen_version": str(stale.stored.version)}
    again = OpinionForm(data, section=form.section, opinion=opinion, is_draft=is_draft)
    again.add_error(None, f"{stale}您填写的还在下面：请核对，再保存一次就以您的为准。")
    return again


def _after_saving(request: HttpRequest, opinion: Opinion, *, is_draft: bool) -> HttpResponse:
    if is_draft:
        messages.success(request, "草稿已保存，尚未签署。")
        return redirect("reviews:opinion_edit", opinion.pk)
    return redirect("reviews:opinion_sign", opinion.pk)


def show_opinion(
    request: SignedInRequest,
    opinion: Opinion,
    form: OpinionForm,
    *,
    before: SaidBefore | None = None,
    is_revealed: bool = False,
) -> HttpResponse:
    section = section_of(opinion.department)
    application = opinion.table.application
    corrections = list(application.corrections.select_related("created_by__department"))
    dossier = load_dossier(application, corrections)
    others = _others(opinion, request.user)
    is_ahead = any(not other.is_signed for other in others)
    left = left_for(opinion, load_calendar(), timezone.now(), is_ahead=is_ahead)
    return render(
        request,
        "reviews/opinion_edit.html",
        {
            "opinion": opinion,
            "table": opinion.table,
            "application": application,
            "facts": opinion.table.facts,
            "section": section,
            "phrases": Phrase.objects.active().filter(department=opinion.department),
            "items": [
                (item, verifier_of(item.number))
                for item in dossier.items
                if item.number in section.materials
            ],
            "supplements": supplements_for(opinion, corrections),
            "form": form,
            "doubts": doubts_of(opinion),
            "remaining": left,
            "is_paused": application.status == Status.SUPPLEMENTING,
            "may_cancel_supplement": application.status == Status.SUPPLEMENTING
            and cancellable(opinion.table, request.user) is not None,
            "waiting_for": _first(opinion, others),
            "others": [(other, doubts_of(other)) for other in others if other.is_signed],
            "before": before,
            "earlier": earlier_of(opinion, dossier, is_revealed=is_revealed),
            "is_revealed": is_revealed,
        },
    )


@roles(Role.LIAISON)
@require_POST
def opinion_repeat(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stand by what the department signed in an earlier round; on to the preview."""
    opinion = own_opinion(request, pk)
    seen = whole_number(request.POST.get("seen_version"), default=None)
    try:
        repeat_earlier(opinion, by=request.user, seen_version=seen)
    except OpinionRefused as error:
        messages.error(request, str(error))
        return redirect("reviews:opinion_edit", pk)
    return redirect("reviews:opinion_sign", pk)


def who_is_first(opinion: Opinion, user: User) -> list[str]:
    """Whom the last department still waits for before it may sign."""
    return _first(opinion, _others(opinion, user))


def _first(opinion: Opinion, others: list[Opinion]) -> list[str]:
    waiting = [str(other.department) for other in others if not other.is_signed]
    if opinion.is_last and opinion.table.application.status == Status.SUPPLEMENTING:
        waiting.append("企业经办人（补充材料）")
    return waiting


def _others(opinion: Opinion, user: User) -> list[Opinion]:
    """The other opinions, for the department that signs last and decides on them."""
    if not opinion.is_last:
        return []
    others = opinion.table.opinions.exclude(pk=opinion.pk).with_readability(user)
    return list(others.select_related("department", "signed_by"))


@roles(Role.LIAISON)
@require_POST
def opinion_autosave(request: SignedInRequest, pk: int) -> JsonResponse:
    """Keep the draft while it is being written; the page's script says what came of it."""
    opinion = own_opinion(request, pk)
    section = section_of(opinion.department)
    form = OpinionForm(request.POST, section=section, opinion=opinion, is_draft=True)
    if not form.is_valid():
        wrong = "；".join(f"{form.fields[name].label}" for name in form.errors)
        return JsonResponse({"message": f"没有自动保存，请先改正：{wrong}。"}, status=422)
    seen = form.cleaned_data["seen_version"]
    if seen is None:
        return JsonResponse({"message": "没有自动保存，请刷新页面后再填。"}, status=422)
    try:
        saved = save_draft(
            opinion, form.draft(), by=request.user, seen_version=seen, is_automatic=True
        )
    except OpinionRefused as error:
        return JsonResponse({"message": f"没有自动保存：{error}"}, status=409)
    message = f"草稿已自动保存 {time_words(saved.drafted_at)}"
    doubts = doubts_of(saved)
    if doubts:
        message = f"{message}。请再核对：{''.join(doubts)}"
    return JsonResponse({"message": message, "version": saved.version})


@roles(Role.LIAISON)
@require_POST
def opinion_reveal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the full numbers once, and write down who looked; what was typed stays as it is."""
    opinion = own_opinion(request, pk)
    if opinion.is_signed or not opinion.table.is_open:
        return redirect(opinion.table)
    record("personal.reveal", opinion.table, by=request.user, after={"what": "审核表全部号码"})
    section = section_of(opinion.department)
    names = ("words", "conclusion", *(field.code for field in section.fields))
    typed = {name: request.POST[name] for name in names if name in request.POST}
    form = OpinionForm(section=section, opinion=opinion, initial=typed)
    return show_opinion(request, opinion, form, is_revealed=True)


@roles(Role.LIAISON)
def opinion_page(request: SignedInRequest, pk: int, number: int, page_pk: int) -> HttpResponseBase:
    """A page of a material that concerns the department."""
    opinion = own_opinion(request, pk)
    page = next((one for one in pages_to_read(opinion, number) if one.pk == page_pk), None)
    if page is None:
        raise Http404
    record(
        "material.view",
        opinion.table.application,
        by=request.user,
        after={"material": number, "page": page_pk},
    )
    return serve(page.file, name=f"材料{number}")


@roles(Role.LIAISON)
def opinion_supplement(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask the enterprise for more; the clock stands still meanwhile."""
    opinion = own_opinion(request, pk)
    if opinion.is_signed or not opinion.table.is_open:
        return redirect(opinion.table)
    wanted = section_of(opinion.department).materials
    form = ItemsForm(request.POST or None, numbers=wanted)
    if request.method == "POST" and form.is_valid():
        try:
            ask_supplement(opinion.table, form.chosen(), by=request.user)
        except AlreadyDone:
            return redirect("reviews:opinion_edit", opinion.pk)
        except MoveRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已通知企业补充材料，办理时限暂停计算。")
            return redirect("reviews:opinion_edit", opinion.pk)
    return render(
        request,
        "reviews/supplement_ask.html",
        {"table": opinion.table, "form": form, "back": opinion.get_absolute_url()},
    )
