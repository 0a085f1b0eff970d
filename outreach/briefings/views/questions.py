"""Questions of a briefing for the station: noted, answered, made common."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.requests import SignedInRequest
from cards.refusals import attempt
from core.paging import page_of
from outreach.briefings.asking import answer, ask, make_common
from outreach.briefings.forms import SpokenQuestionForm
from outreach.briefings.refusals import BriefingRefused
from outreach.briefings.views.common import briefing_of, show
from outreach.event_forms import EventWordsForm
from outreach.event_pages import OFFICER, STATION, as_seen, done, form_page, status_of
from outreach.models import BriefingQuestion


@roles(*STATION)
def briefing_questions(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was asked, the open ones first; an officer notes what was asked aloud."""
    found = briefing_of(request, pk)
    form = SpokenQuestionForm(request.POST or None)
    if request.method == "POST" and request.user.is_officer and form.is_valid():
        given = form.cleaned_data
        if done(request, form, lambda: ask(found, **given, by=request.user), "问题已记下。"):
            return redirect("outreach:briefing_questions", pk)
    rows = found.questions.select_related("answered_by", "question")
    rows = rows.order_by(F("answered_at").asc(nulls_first=True), "pk")
    context = {"page": page_of(rows, request, unit="个"), "form": form}
    return show(
        request,
        found,
        "outreach/briefings/briefing_questions.html",
        context,
        status=status_of(form),
    )


@roles(*OFFICER)
def briefing_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer; the asker reads it on his page."""
    row = _question(request, pk)
    start = {"seen_version": row.version}
    form = EventWordsForm(
        request.POST or None, label="答复", most=3000, rows=6, start=row.answer, initial=start
    )
    if request.method == "POST" and form.is_valid():
        as_seen(row, form)
        words = form.cleaned_data["words"]
        if attempt(form, lambda: answer(row, words=words, by=request.user)) is not None:
            messages.success(request, "已答复，提问的人在他的报名页上能看到。")
            return redirect("outreach:briefing_questions", row.briefing_id)
    back = reverse("outreach:briefing_questions", args=[row.briefing_id])
    title = f"答复：{row.text[:40]}"
    return form_page(request, form, title=title, act="答复", back_url=back, back="回到提问")


@roles(*OFFICER)
@require_POST
def briefing_question_common(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a common question of it, to be looked over before it is shown."""
    row = _question(request, pk)
    try:
        made = make_common(row, by=request.user)
    except BriefingRefused as refused:
        messages.error(request, str(refused))
        return redirect("outreach:briefing_questions", row.briefing_id)
    messages.success(request, "已写进常见问题，核对后勾选“公开显示”。")
    return redirect(made)


def _question(request: SignedInRequest, pk: int) -> BriefingQuestion:
    seen = BriefingQuestion.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("briefing"), pk=pk)
