"""Pages of what follows a consultation: its topic, handing it on, a department's reply, figures."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.paging import page_of
from core.reading import line_of_text
from core.versions import Overtaken
from outreach.desk.callers import Subject, look_up, subject_of
from outreach.desk.figures import desk_figures
from outreach.desk.screen_forms import DeskPeriodForm, HandForm, ReplyForm, SortForm, TopicForm
from outreach.desk.taking import DeskRefused, draft_question, hand_on, reply, sort
from outreach.desk.topics import save_topic
from outreach.models import Consultation, ConsultationHanding, ConsultationTopic

OVERTAKEN = "您打开这一页之后，别人改过这条咨询，没有保存。请核对以后再办。"
STATION = (Role.STATION_OFFICER, Role.SUPERVISOR)


def _row(request: SignedInRequest, pk: int) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(request.user), pk=pk)


@roles(Role.STATION_OFFICER)
@never_cache
def consultation_sort(request: SignedInRequest, pk: int) -> HttpResponse:
    """Its topic, and the enterprise or row of the ledger that it belongs to."""
    row = _row(request, pk)
    form = SortForm(request.POST or None, seen=row.version, initial={"topic": row.topic_id})
    own = Subject(row.enterprise, row.demand).key
    chosen = request.POST.get("subject", own)
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
        row.version = form.seen_or(row.version)
        subject = subject_of(chosen, by=request.user) or Subject()
        try:
            sort(row, topic=form.cleaned_data["topic"], subject=subject, by=request.user)
        except Overtaken:
            messages.warning(request, OVERTAKEN)
        else:
            messages.success(request, "已保存。")
        return redirect(row)
    words = line_of_text(request.POST.get("words")) or row.enterprise_name
    context = {
        "row": row,
        "form": form,
        "callers": look_up(words, by=request.user, chosen=chosen),
        "chosen": chosen,
        "words": words,
    }
    return render(request, "outreach/desk/consultation_sort.html", context)


@roles(Role.STATION_OFFICER)
def consultation_hand(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give it to a colleague, or ask a department."""
    row = _row(request, pk)
    form = HandForm(request.POST or None, seen=row.version, by=request.user)
    if form.is_valid():
        row.version = form.seen_or(row.version)
        try:
            made = hand_on(
                row,
                colleague=form.colleague,
                department=form.department,
                request=form.cleaned_data["request"],
                nonce=form.cleaned_data["nonce"],
                by=request.user,
            )
        except Overtaken:
            messages.warning(request, OVERTAKEN)
        except DeskRefused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"已转给{made.to_words}，并通知了对方。")
        return redirect(row)
    return _form_page(
        request, form, "转办这条咨询", "转办并通知", row.get_absolute_url(), "回到咨询"
    )


@roles(Role.STATION_OFFICER)
@require_POST
def consultation_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin a common question from it."""
    return redirect(draft_question(_row(request, pk), by=request.user))


DEPARTMENTS = (Role.LIAISON, Role.SUPERVISOR, Role.STATION_OFFICER)


@roles(*DEPARTMENTS)
def handing_list(request: SignedInRequest) -> HttpResponse:
    """What was handed to departments: of one's own, or at the station of all; open ones first."""
    rows = ConsultationHanding.objects.visible_to(request.user).filter(department__isnull=False)
    rows = rows.select_related("consultation", "department", "by")
    parts = (
        rows.filter(replied_at__isnull=True).order_by("-at", "-pk"),
        rows.filter(replied_at__isnull=False).order_by("-replied_at", "-pk"),
    )
    context = {"page": page_of(parts, request, whole=rows)}
    return render(request, "outreach/desk/handing_list.html", context)


@roles(*DEPARTMENTS)
def handing(request: SignedInRequest, pk: int) -> HttpResponse:
    """One of them: the question and what is asked; the department's liaison replies."""
    visible = ConsultationHanding.objects.visible_to(request.user)
    found = get_object_or_404(
        visible.select_related("consultation", "department", "colleague", "by", "replied_by"), pk=pk
    )
    may_reply = request.user.is_liaison and found.replied_at is None
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and may_reply and form.is_valid():
        if reply(found, words=form.cleaned_data["words"], by=request.user):
            messages.success(request, "已回复，并通知了服务站。")
        else:
            messages.warning(request, "本部门已经有人回复了，没有再保存。")
        return redirect(found)
    context = {"handing": found, "form": form, "may_reply": may_reply}
    status = 422 if form.errors else 200
    return render(request, "outreach/desk/handing.html", context, status=status)


@roles(*STATION)
def topic_list(request: SignedInRequest) -> HttpResponse:
    return render(
        request, "outreach/desk/topic_list.html", {"topics": ConsultationTopic.objects.all()}
    )


@roles(Role.STATION_OFFICER)
def topic_new(request: SignedInRequest) -> HttpResponse:
    last = ConsultationTopic.objects.order_by("-position").first()
    position = min(30_000, last.position + 10) if last else 10
    return _topic(request, ConsultationTopic(position=position))


@roles(Role.STATION_OFFICER)
def topic_change(request: SignedInRequest, pk: int) -> HttpResponse:
    return _topic(request, get_object_or_404(ConsultationTopic, pk=pk))


def _topic(request: SignedInRequest, topic: ConsultationTopic) -> HttpResponse:
    form = TopicForm(request.POST or None, instance=topic)
    if form.is_valid():
        topic.version = form.cleaned_data["seen_version"] or topic.version
        try:
            save_topic(topic, by=request.user)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            messages.success(request, f"已保存：{topic}")
            return redirect("outreach:topic_list")
    back = reverse("outreach:topic_list")
    return _form_page(request, form, "咨询主题", "保存", back, "回到主题")


@roles(*STATION)
def consultation_figures(request: SignedInRequest) -> HttpResponse:
    """Counts by topic and channel of a period; this year where none is asked for."""
    today = timezone.localdate()
    usual = {"first": date(today.year, 1, 1), "last": today}
    is_asked = "first" in request.GET
    form = DeskPeriodForm(request.GET if is_asked else usual)
    period = form.cleaned_data if form.is_valid() else usual
    rows = Consultation.objects.visible_to(request.user)
    context = {
        "form": form,
        "period": period,
        "figures": desk_figures(rows, period["first"], period["last"]),
    }
    return render(request, "outreach/desk/consultation_figures.html", context)


def _form_page(
    request: SignedInRequest, form: Any, title: str, act: str, back_url: str, back: str
) -> HttpResponse:
    context = {"title": title, "form": form, "act": act, "back_url": back_url, "back": back}
    status = 422 if form.errors else 200
    return render(request, "components/form_page.html", context, status=status)
