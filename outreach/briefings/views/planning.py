"""The station's pages of briefings: the list, planning, material, sheets, summary and article."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.heavy_work import heavy
from accounts.requests import SignedInRequest
from cards.duty.views.common import printed
from cards.refusals import attempt
from core.paging import page_of
from files.serving import serve
from outreach.briefings import print as sheets
from outreach.briefings.feedback import counted
from outreach.briefings.forms import BriefingForm, MaterialForm
from outreach.briefings.keys import invitation_path
from outreach.briefings.materials import read_material
from outreach.briefings.planning import (
    Reached,
    add_material,
    begin_article,
    cancel_briefing,
    remove_material,
    save_briefing,
    sum_up,
)
from outreach.briefings.refusals import BriefingRefused
from outreach.briefings.views.common import briefing_of, show
from outreach.event_forms import EventWordsForm
from outreach.event_pages import OFFICER, STATION, as_seen, done, form_page, status_of
from outreach.models import Briefing, BriefingMaterial
from outreach.nonces import new_nonce

SHOWN_WORDS = 50


@roles(*STATION)
def briefing_list(request: SignedInRequest) -> HttpResponse:
    """What is coming, the next first; under ?over=1 what was, the last first."""
    now, is_over = timezone.now(), request.GET.get("over") == "1"
    seen = Briefing.objects.visible_to(request.user)
    rows = (seen.over(now) if is_over else seen.coming(now)).with_counts()
    context = {"page": page_of(rows, request, unit="场"), "is_over": is_over}
    return render(request, "outreach/briefings/briefing_list.html", context)


@roles(*OFFICER)
def briefing_new(request: SignedInRequest) -> HttpResponse:
    """Plan one; a page that is sent twice plans it once."""
    nonce = request.POST.get("nonce", "")
    there = Briefing.objects.filter(nonce=nonce[:36]).first() if nonce else None
    if there is not None:
        return redirect(there)
    return _write(request, Briefing())


@roles(*OFFICER)
def briefing_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    return _write(request, get_object_or_404(Briefing.objects.visible_to(request.user), pk=pk))


def _write(request: SignedInRequest, briefing: Briefing) -> HttpResponse:
    is_new = briefing.pk is None
    start = {"starts_at": _usual_start()} if is_new else None
    form = BriefingForm(request.POST or None, instance=briefing, initial=start)
    if form.is_valid():
        given = form.cleaned_data
        briefing.doors_at, briefing.sign_up_until = given["doors_at"], given["sign_up_until"]
        briefing.nonce = briefing.nonce or given["nonce"] or new_nonce()
        if not is_new:
            as_seen(briefing, form)
        reached = attempt(
            form,  # type: ignore[arg-type] # it is asked for its errors alone
            lambda: save_briefing(briefing, by=request.user),
        )
        if reached is not None:
            words = "宣讲会已安排。接下来从台账里邀请企业。" if is_new else "已保存。"
            messages.success(request, words + _told_words(reached))
            return redirect(briefing)
    return form_page(
        request,
        form,
        title="安排宣讲会" if is_new else "修改宣讲会",
        act="安排" if is_new else "保存",
        back_url=reverse("outreach:briefing_list") if is_new else briefing.get_absolute_url(),
        back="不改了，回去",
    )


def _usual_start() -> object:
    """Two weeks ahead at half past two in the afternoon."""
    day = timezone.localtime() + timedelta(days=14)
    return day.replace(hour=14, minute=30, second=0, microsecond=0)


def _told_words(reached: Reached) -> str:
    if not reached.sent and not reached.to_call:
        return ""
    calls = f"{reached.to_call}位请打电话告知，名单在“报名”里。" if reached.to_call else ""
    return f"已报名的，{reached.sent}位发了短信；{calls}" if reached.sent else f"已报名的{calls}"


@roles(*STATION)
def briefing(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, briefing_of(request, pk))


def _show(
    request: SignedInRequest,
    found: Briefing,
    *,
    material_form: MaterialForm | None = None,
    cancel_form: EventWordsForm | None = None,
) -> HttpResponse:
    address = sheets.door_address(found)
    context = {
        "materials": found.materials.filter(removed_at__isnull=True).select_related("file"),
        "material_form": material_form or MaterialForm(),
        "cancel_form": cancel_form or _cancel_form(found),
        "address": address,
        "qr": sheets.qr_of(address),
        "feedback_address": sheets.feedback_address(found),
        "invitation_path": invitation_path(found),
        "invitation_address": sheets.invitation_address(found),
    }
    status = status_of(material_form, cancel_form)
    return show(request, found, "outreach/briefings/briefing.html", context, status=status)


def _cancel_form(found: Briefing) -> EventWordsForm:
    return EventWordsForm(
        label="取消的原因", most=200, rows=2, initial={"seen_version": found.version}
    )


@roles(*OFFICER)
@require_POST
def briefing_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    found = briefing_of(request, pk)
    form = EventWordsForm(request.POST, label="取消的原因", most=200, rows=2)
    if form.is_valid():
        as_seen(found, form)
        words = form.cleaned_data["words"]
        reached = attempt(form, lambda: cancel_briefing(found, words=words, by=request.user))
        if reached is not None:
            messages.success(request, "宣讲会已取消，公开页面上写明了。" + _told_words(reached))
            return redirect(found)
    return _show(request, briefing_of(request, pk), cancel_form=form)


@roles(*OFFICER)
@require_POST
@heavy("POST")
def briefing_material(request: SignedInRequest, pk: int) -> HttpResponse:
    """A text or a file for those who come."""
    found = briefing_of(request, pk)
    form = MaterialForm(request.POST, request.FILES)
    if done(request, form, lambda: _keep(found, form, request), "材料已加上，签到后就能下载。"):
        return redirect(found)
    return _show(request, found, material_form=form)


def _keep(found: Briefing, form: MaterialForm, request: SignedInRequest) -> BriefingMaterial:
    given = form.cleaned_data
    cleared = read_material(form.file) if form.file is not None else None
    return add_material(
        found, title=given["title"], text=given["text"], file=cleared, by=request.user
    )


@roles(*STATION)
def briefing_material_file(request: SignedInRequest, pk: int, material: int) -> HttpResponseBase:
    found = _material(request, pk, material)
    if found.file is None:
        raise Http404
    return serve(found.file, name=found.title, download=True)


@roles(*OFFICER)
@require_POST
def briefing_material_remove(request: SignedInRequest, pk: int, material: int) -> HttpResponse:
    remove_material(_material(request, pk, material), by=request.user)
    messages.success(request, "已撤下，不再给人下载。")
    return redirect("outreach:briefing", pk)


def _material(request: SignedInRequest, pk: int, material: int) -> BriefingMaterial:
    seen = Briefing.objects.visible_to(request.user)
    rows = BriefingMaterial.objects.filter(briefing__in=seen, briefing=pk)
    return get_object_or_404(rows.select_related("file", "briefing"), pk=material)


@roles(*STATION)
@heavy("GET")
def briefing_poster(request: SignedInRequest, pk: int) -> HttpResponse:
    found = briefing_of(request, pk)
    name, back = f"{found.title} 签到海报", found.get_absolute_url()
    return printed(request, lambda: sheets.poster(found), name=name, back=back)


@roles(*STATION)
@heavy("GET")
def briefing_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    found = briefing_of(request, pk)
    name, back = f"{found.title} 签到表", found.get_absolute_url()
    return printed(request, lambda: sheets.paper_list(found), name=name, back=back)


@roles(*STATION)
def briefing_summary(request: SignedInRequest, pk: int) -> HttpResponse:
    """How it went: the figures, the feedback, and the station's own words; sent, they are kept."""
    found = briefing_of(request, pk)
    start = {"seen_version": found.version}
    form = EventWordsForm(
        request.POST or None, label="小结", most=3000, rows=8, start=found.summary, initial=start
    )
    if request.method == "POST" and request.user.is_officer:
        if form.is_valid():
            as_seen(found, form)
        if done(request, form, lambda: _sum_up(request, found, form), "小结已保存。"):
            return redirect("outreach:briefing_summary", pk)
    context = {
        "form": form,
        "clear": counted(found, "clear"),
        "plans": counted(found, "plan"),
        "feedback_words": found.feedbacks.exclude(words="")[:SHOWN_WORDS],
        "enterprises": _enterprises(found),
    }
    return show(
        request, found, "outreach/briefings/briefing_summary.html", context, status=status_of(form)
    )


def _sum_up(request: SignedInRequest, found: Briefing, form: EventWordsForm) -> bool:
    sum_up(found, words=form.cleaned_data["words"], by=request.user)
    return True


def _enterprises(found: Briefing) -> int:
    """How many enterprises came; two of one count once where the ledger knows it."""
    rows = found.attendances.standing().values_list("demand_id", "enterprise_name")
    return len({demand or name for demand, name in rows})


@roles(*OFFICER)
@require_POST
def briefing_article(request: SignedInRequest, pk: int) -> HttpResponse:
    """A draft for the public from the summary."""
    found = briefing_of(request, pk)
    numbers = {"came": found.came, "enterprises": _enterprises(found)}  # type: ignore[attr-defined]
    try:
        article = begin_article(found, **numbers, by=request.user)
    except BriefingRefused as refused:
        messages.error(request, str(refused))
        return redirect("outreach:briefing_summary", pk)
    messages.success(request, "已写成文章草稿，核对后交另一位复核，再发布。")
    return redirect(article)
