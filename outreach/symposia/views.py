"""Pages of symposia: planned, seated from the ledger, held; and the opinions as tasks."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.requests import SignedInRequest
from cards.refusals import attempt
from core.paging import page_of
from core.reading import whole_numbers
from core.versions import Overtaken
from enterprises.models import Demand
from outreach.choosing import choice_of, picked
from outreach.event_forms import EventWordsForm
from outreach.event_pages import OFFICER, STATION, as_seen, done, form_page, status_of
from outreach.models import Symposium, SymposiumOpinion, SymposiumParticipant
from outreach.nonces import new_nonce
from outreach.symposia import services
from outreach.symposia.forms import OpinionToldForm, SymposiumForm, SymposiumOpinionForm
from outreach.symposia.services import SymposiumRefused

OPINION_DAYS = 10


@roles(*STATION)
def symposium_list(request: SignedInRequest) -> HttpResponse:
    rows = Symposium.objects.visible_to(request.user)
    opinions = SymposiumOpinion.objects.visible_to(request.user)
    context = {
        "page": page_of(rows, request, unit="场"),
        "open_count": opinions.open().count(),
        "to_tell_count": opinions.to_tell().count(),
    }
    return render(request, "outreach/symposia/symposium_list.html", context)


@roles(*OFFICER)
def symposium_new(request: SignedInRequest) -> HttpResponse:
    """Plan one; a page that is sent twice plans it once."""
    nonce = request.POST.get("nonce", "")
    there = Symposium.objects.filter(nonce=nonce[:36]).first() if nonce else None
    return redirect(there) if there is not None else _write(request, Symposium())


@roles(*OFFICER)
def symposium_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _write(request, get_object_or_404(Symposium.objects.visible_to(request.user), pk=pk))


def _write(request: SignedInRequest, symposium: Symposium) -> HttpResponse:
    is_new = symposium.pk is None
    form = SymposiumForm(request.POST or None, instance=symposium)
    if form.is_valid():
        symposium.nonce = symposium.nonce or form.cleaned_data["nonce"] or new_nonce()
        if not is_new:
            as_seen(symposium, form)
        words = "座谈会已安排。接下来从台账里请企业参加。" if is_new else "已保存。"
        if done(request, form, lambda: _saved(symposium, request), words):
            return redirect(symposium)
    title = "安排座谈会" if is_new else "修改座谈会"
    back = reverse("outreach:symposium_list") if is_new else symposium.get_absolute_url()
    return form_page(request, form, title=title, act="保存", back_url=back, back="不改了，回去")


def _saved(symposium: Symposium, request: SignedInRequest) -> bool:
    services.save_symposium(symposium, by=request.user)
    return True


@roles(*STATION)
def symposium(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _symposium(request, pk))


def _show(
    request: SignedInRequest,
    found: Symposium,
    *,
    opinion_form: SymposiumOpinionForm | None = None,
    cancel_form: EventWordsForm | None = None,
) -> HttpResponse:
    participants = found.participants.filter(removed_at__isnull=True).select_related("demand")
    soon = timezone.localdate() + timedelta(days=OPINION_DAYS)
    start = {"due_on": soon, "owner": request.user.pk}
    opinions = found.opinions.select_related("participant__demand", "owner", "text")
    context = {
        "symposium": found,
        "participants": participants,
        "opinions": opinions.order_by("pk"),
        "has_begun": found.starts_at <= timezone.now(),
        "opinion_form": opinion_form or SymposiumOpinionForm(symposium=found, initial=start),
        "cancel_form": cancel_form
        or EventWordsForm(
            label="取消的原因", most=200, rows=2, initial={"seen_version": found.version}
        ),
    }
    template = "outreach/symposia/symposium.html"
    return render(request, template, context, status=status_of(opinion_form, cancel_form))


@roles(*OFFICER)
@require_POST
def symposium_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _symposium(request, pk)
    form = EventWordsForm(request.POST, label="取消的原因", most=200, rows=2)
    if form.is_valid():
        as_seen(found, form)
        words = form.cleaned_data["words"]
        said = "座谈会已取消，请打电话告知已请的企业。"
        if done(
            request,
            form,
            lambda: services.cancel_symposium(found, words=words, by=request.user),
            said,
        ):
            return redirect(found)
    return _show(request, _symposium(request, pk), cancel_form=form)


@roles(*OFFICER)
def symposium_seat(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose from the ledger who is asked to the table."""
    found = _symposium(request, pk)
    there = found.participants.filter(removed_at__isnull=True).values("demand_id")
    choice = choice_of(request, Demand.objects.visible_to(request.user).exclude(pk__in=there))
    if request.method == "POST":
        chosen = picked(request, choice)
        if not chosen:
            messages.error(request, "还没有勾选企业。")
        elif _seated(request, found, chosen):
            return redirect(found)
    context = {"symposium": found, "choice": choice}
    return render(request, "outreach/symposia/symposium_seat.html", context)


def _seated(request: SignedInRequest, found: Symposium, chosen: list[Demand]) -> bool:
    try:
        count = services.add_participants(found, chosen, by=request.user)
    except SymposiumRefused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, f"已列入{count}家。")
    return True


@roles(*OFFICER)
@require_POST
def participant_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    seen = Symposium.objects.visible_to(request.user)
    rows = SymposiumParticipant.objects.filter(symposium__in=seen)
    row = get_object_or_404(rows.select_related("symposium"), pk=pk)
    try:
        services.remove_participant(row, by=request.user)
    except SymposiumRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已移出。")
    return redirect(row.symposium)


@roles(*OFFICER)
@require_POST
def symposium_hold(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who came."""
    found = _symposium(request, pk)
    found.version = min(whole_numbers([request.POST.get("seen_version", "")]) or {found.version})
    try:
        count = services.hold(found, whole_numbers(request.POST.getlist("row")), by=request.user)
    except (SymposiumRefused, Overtaken) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已记下{count}家到场，台账里各记了一笔。")
    return redirect("outreach:symposium", pk)


@roles(*OFFICER)
@require_POST
def opinion_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """One opinion, which becomes a task."""
    found = _symposium(request, pk)
    form = SymposiumOpinionForm(request.POST, symposium=found)
    if form.is_valid():
        given = form.cleaned_data
        words = "意见已记下，列为任务。"
        if done(
            request, form, lambda: services.add_opinion(found, **given, by=request.user), words
        ):
            return redirect(found)
    return _show(request, found, opinion_form=form)


@roles(*STATION)
def opinion_list(request: SignedInRequest) -> HttpResponse:
    """What is to be answered, the first due first; ?mine=1 one's own; ?answered=1 the rest."""
    is_answered, is_mine = (request.GET.get(name) == "1" for name in ("answered", "mine"))
    seen = SymposiumOpinion.objects.visible_to(request.user)
    rows = seen.answered().order_by("-answered_at", "-pk") if is_answered else seen.open()
    if is_mine:
        rows = rows.filter(owner=request.user)
    rows = rows.select_related("symposium", "participant__demand", "owner", "text")
    context = {
        "page": page_of(rows, request),
        "to_tell": seen.to_tell().select_related("participant__demand", "symposium", "text")[:50],
        "is_answered": is_answered,
        "is_mine": is_mine,
    }
    return render(request, "outreach/symposia/opinion_list.html", context)


@roles(*STATION)
def opinion(request: SignedInRequest, pk: int) -> HttpResponse:
    """One opinion; an officer answers it, and the answer goes to who said it."""
    row = _opinion(request, pk)
    start = {"seen_version": row.version}
    form = EventWordsForm(
        request.POST or None, label="答复", most=2000, rows=6, start=row.answer, initial=start
    )
    if request.method == "POST" and request.user.is_officer and form.is_valid():
        as_seen(row, form)
        words = form.cleaned_data["words"]
        if attempt(form, lambda: services.answer_opinion(row, words=words, by=request.user)):
            messages.success(request, _answered_words(row))
            return redirect(row)
    context = {"opinion": row, "form": form, "told_form": OpinionToldForm()}
    template = "outreach/symposia/opinion.html"
    return render(request, template, context, status=status_of(form))


def _answered_words(row: SymposiumOpinion) -> str:
    if row.participant is None:
        return "已答复。这条不是哪一家单独提的，可以写进座谈会的小结。"
    if row.told_at:
        return f"已答复，已用{row.get_told_how_display()}告知{row.participant.demand.name}。"
    return f"已答复。{row.participant.demand.name}没有邮箱和手机，请打电话告知，再记一下。"


@roles(*OFFICER)
@require_POST
def opinion_told(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _opinion(request, pk)
    form = OpinionToldForm(request.POST)
    if form.is_valid():
        services.note_told(row, how=form.cleaned_data["how"], by=request.user)
        messages.success(request, "已记下告知。")
    return redirect("outreach:opinion", pk)


def _symposium(request: SignedInRequest, pk: int) -> Symposium:
    return get_object_or_404(Symposium.objects.visible_to(request.user), pk=pk)


def _opinion(request: SignedInRequest, pk: int) -> SymposiumOpinion:
    seen = SymposiumOpinion.objects.visible_to(request.user)
    wanted = ("symposium", "participant__demand__enterprise", "owner", "answered_by", "text")
    return get_object_or_404(seen.select_related(*wanted), pk=pk)
