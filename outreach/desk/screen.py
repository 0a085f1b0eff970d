"""The desk's one screen for calls, visits and mail: who it is, what he asks, what is answered."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.reading import line_of_text, whole_number
from enterprises.ledger.refusals import LedgerRefused
from enterprises.models import Demand
from outreach.desk.answers import answers_for, at_hand
from outreach.desk.callers import Subject, look_up, subject_of
from outreach.desk.screen_forms import DeskForm
from outreach.desk.taking import Asking, take_down
from outreach.models import Consultation, Question
from outreach.wording import StationWords

CALLERS = "outreach/desk/_callers.html"
ANSWERS = "outreach/desk/_answers.html"


@roles(Role.STATION_OFFICER)
@never_cache
def desk_new(request: SignedInRequest) -> HttpResponse:
    """Take a consultation down; the buttons 查找 and 找答案 work where no script does."""
    posted = request.method == "POST"
    is_looking = posted and "look" in request.POST
    form = DeskForm(request.POST if posted else None)
    if posted and not is_looking and form.is_valid() and (row := _taken(request, form)):
        done = "已答复，记下了。" if not row.is_open else "已记下，在“等着办的”里。"
        messages.success(request, done)
        return redirect(row if row.drafted_id or row.is_open else "outreach:desk_new")
    if is_looking:
        # What was typed stays; nothing is complained of before it is saved.
        form = DeskForm(initial=request.POST.dict())
    context = {"form": form, **_beside(request, near=form.near)}
    status = 422 if form.errors else 200
    return render(request, "outreach/desk/desk_new.html", context, status=status)


def _taken(request: SignedInRequest, form: DeskForm) -> Consultation | None:
    """The consultation that was kept; None where the form says why not."""
    made = form.cleaned_data
    subject = subject_of(form.chosen, by=request.user)
    if subject is None and form.chosen not in ("", DeskForm.NEW):
        form.add_error("words", "选的单位找不到了，请重新查找。")
        return None
    is_kept = Consultation.objects.filter(nonce=made["nonce"]).exists()
    if form.is_new and not is_kept and form.unseen_near(made["enterprise_name"], field="words"):
        return None
    asking = Asking(
        form.asker,
        made["channel"],
        made["asked_at"],
        made["text"],
        made["topic"],
        subject or Subject(),
        is_new=form.is_new,
    )
    try:
        return take_down(
            asking,
            answer=made["answer"] if form.wants_answer else "",
            question=_question(request),
            wants_draft=made["wants_draft"],
            nonce=made["nonce"],
            by=request.user,
        )
    except LedgerRefused as refused:
        form.add_error("enterprise_name", str(refused))
        return None


def _question(request: HttpRequest) -> Question | None:
    found = Question.objects.on_show()
    return found.filter(pk=whole_number(request.POST.get("question"))).first()


def _beside(request: SignedInRequest, *, near: Sequence[Demand] = ()) -> dict[str, Any]:
    """Who it may be and what may be answered, for what was typed so far."""
    sent = request.POST
    words, chosen = line_of_text(sent.get("words")), sent.get("subject", "")
    asked = line_of_text(sent.get("faq"))
    question = _question(request)
    answers = answers_for(asked)
    if question is not None and question.pk not in [one.pk for one in answers]:
        answers.insert(0, at_hand(question, StationWords().fill(question.answer)))
    return {
        "callers": (
            look_up(words, by=request.user, chosen=chosen, near=near) if words or chosen else []
        ),
        "chosen": chosen,
        "words": words,
        "faq": asked,
        "answers": answers,
        "question": question,
    }


@roles(Role.STATION_OFFICER)
@require_POST
def desk_look_up(request: SignedInRequest) -> JsonResponse:
    """Who these words may be. By POST: a number that stands in an address stands in logs."""
    found = _beside(request)
    html = render_to_string(CALLERS, found, request)
    return _json({"count": len(found["callers"]), "html": html})


@roles(Role.STATION_OFFICER)
@require_safe
def desk_answers(request: SignedInRequest) -> JsonResponse:
    """Common questions in which these words stand."""
    asked = line_of_text(request.GET.get("q"))
    answers = answers_for(asked)
    context = {"answers": answers, "faq": asked, "question": None}
    return _json({"count": len(answers), "html": render_to_string(ANSWERS, context, request)})


def _json(content: dict[str, Any]) -> JsonResponse:
    response = JsonResponse(content)
    response.headers["Cache-Control"] = "private, no-store"
    return response
