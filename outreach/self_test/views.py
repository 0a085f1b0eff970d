"""Pages of the self-test: the public one, the station's versions of it, and pre-checks by it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from applications.models import Application
from core.forms import SeenForm
from core.versions import Overtaken
from outreach.models import Flow, PreCheck
from outreach.self_test.differences import differences
from outreach.self_test.document import walk
from outreach.self_test.forms import (
    DocumentForm,
    ExampleForm,
    PreCheckForm,
    PublishForm,
    QuestionTextForm,
    RuleForm,
)
from outreach.self_test.proposing import proposed_answers
from outreach.self_test.reading import ID, DocumentRefused, problems_of, read
from outreach.self_test.services import (
    FlowRefused,
    begin_draft,
    document_in_force,
    drop_draft,
    pre_check,
    publish,
    save_document,
)
from outreach.self_test.showing import groups, show
from outreach.wording import StationWords

OUTCOME_WORDS: dict[Any, str] = {outcome: word.label for outcome, word in PreCheck.WORDS.items()}
OVERTAKEN = "您打开这一页之后，别人改过这份草稿，没有保存。请核对现在的内容，再保存一次。"


@login_not_required
def self_test(request: HttpRequest) -> HttpResponse:
    """The next question, or the outcome; all that was answered stands in the address."""
    found = document_in_force()
    if found is None:
        return render(request, "outreach/self_test/none.html")
    flow, document = found
    base = reverse("outreach:self_test")
    shown = show(document, request.GET.dict(), base, StationWords())
    context = {"shown": shown, "flow": flow, "base": base, "is_preview": False}
    if shown.question is None:
        return render(request, "outreach/self_test/outcome.html", context)
    status = 422 if shown.is_unanswered else 200
    return render(request, "outreach/self_test/question.html", context, status=status)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def flow_list(request: SignedInRequest) -> HttpResponse:
    """All versions, the newest first, and which of them holds today."""
    context = {
        "flows": list(
            Flow.objects.visible_to(request.user).defer("document").select_related("published_by")
        ),
        "in_force": Flow.objects.in_force(timezone.localdate()),
    }
    return render(request, "outreach/self_test/flow_list.html", context)


@roles(Role.STATION_OFFICER)
@require_POST
def flow_begin(request: SignedInRequest) -> HttpResponse:
    return redirect(begin_draft(by=request.user))


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def flow_show(request: SignedInRequest, pk: int) -> HttpResponse:
    """One version: its questions and rules, what it changes, and what speaks against it."""
    flow = get_object_or_404(Flow.objects.visible_to(request.user), pk=pk)
    before = Flow.objects.published().filter(number__lt=flow.number).first()
    words = StationWords()
    context = {
        "flow": flow,
        **_parts(flow),
        "before": before,
        "differences": differences(before.document, flow.document) if before else [],
        "problems": problems_of(flow.document, words.codes) if flow.is_draft else [],
        "form": PublishForm(instance=flow, initial={"valid_from": timezone.localdate()}),
    }
    return render(request, "outreach/self_test/flow.html", context)


@roles(Role.STATION_OFFICER)
@require_POST
def flow_publish(request: SignedInRequest, pk: int) -> HttpResponse:
    flow = _draft(request, pk)
    form = PublishForm(request.POST, instance=flow)
    if not form.is_valid():
        return _form_page(request, form, flow, "发布这一版", "发布")
    flow.version = form.cleaned_data["seen_version"] or flow.version
    given = {name: form.cleaned_data[name] for name in PublishForm.Meta.fields}
    try:
        publish(flow, **given, by=request.user)
    except Overtaken:
        messages.error(request, OVERTAKEN)
    except FlowRefused as refused:
        for problem in refused.problems[:10]:
            messages.error(request, f"没有发布：{problem}")
    else:
        messages.success(request, f"{flow}已发布。")
    return redirect("outreach:flow", pk)


@roles(Role.STATION_OFFICER)
@require_POST
def flow_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    drop_draft(_draft(request, pk), by=request.user)
    messages.success(request, "草稿已删除，公开的自测没有变。")
    return redirect("outreach:flow_list")


@roles(Role.STATION_OFFICER)
def flow_question(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    """Texts of one question of the draft."""
    flow = _draft(request, pk)
    listed = _listed(flow.document, "questions")
    place = next((n for n, one in enumerate(listed) if one.get("id") == code), None)
    if place is None:
        raise Http404
    rules = _mapped(flow.document, "rules")
    form = QuestionTextForm(request.POST or None, seen=flow.version, raw=listed[place], rules=rules)
    if form.is_valid():
        listed[place] = form.changed()
        if _saved(request, flow, form, {**flow.document, "questions": listed}):
            return redirect(flow)
    return _form_page(request, form, flow, f"修改题目“{code}”", "保存")


@roles(Role.STATION_OFFICER)
def flow_rule(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    """One rule of the draft, with its source and its end."""
    flow = _draft(request, pk)
    rules = _mapped(flow.document, "rules")
    if code not in rules:
        raise Http404
    form = RuleForm(request.POST or None, seen=flow.version, initial=rules[code])
    if form.is_valid():
        changed = {**rules, code: form.changed()}
        if _saved(request, flow, form, {**flow.document, "rules": changed}):
            return redirect(flow)
    return _form_page(request, form, flow, f"修改规则“{code}”", "保存")


@roles(Role.STATION_OFFICER)
def flow_document(request: SignedInRequest, pk: int) -> HttpResponse:
    """All of the draft as JSON."""
    flow = _draft(request, pk)
    form = DocumentForm(request.POST or None, flow=flow)
    if form.is_valid() and _saved(request, flow, form, form.cleaned_data["document"]):
        return redirect(flow)
    return _form_page(request, form, flow, "修改整份文档", "保存")


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def flow_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The self-test as this version would have it; an officer keeps what he tried as an example."""
    flow = get_object_or_404(Flow.objects.visible_to(request.user), pk=pk)
    try:
        document = read(flow.document)
    except DocumentRefused as refused:
        for problem in refused.problems[:10]:
            messages.error(request, problem)
        return redirect(flow)
    base = reverse("outreach:flow_preview", args=[pk])
    shown = show(document, request.GET.dict(), base, StationWords())
    context = {"shown": shown, "flow": flow, "base": base, "is_preview": True}
    if shown.question is None:
        context["form"] = ExampleForm(seen=flow.version)
        return render(request, "outreach/self_test/outcome.html", context)
    return render(request, "outreach/self_test/question.html", context)


@roles(Role.STATION_OFFICER)
@require_POST
def flow_example(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the answers of the address as an example with the outcome that they have now."""
    flow = _draft(request, pk)
    form = ExampleForm(request.POST, seen=flow.version)
    try:
        way = walk(read(flow.document), request.GET.dict())
    except DocumentRefused as refused:
        raise Http404 from refused
    examples = _listed(flow.document, "examples")
    if form.is_valid() and way.next is None:
        name = form.cleaned_data["name"]
        kept = [one for one in examples if one.get("name") != name]
        kept.append({"name": name, "answers": way.answers, "outcome": way.outcome})
        if _saved(request, flow, form, {**flow.document, "examples": kept}):
            return redirect(flow)
    return _form_page(request, form, flow, "记为样例", "保存")


@roles(Role.STATION_OFFICER)
def pre_check_case(request: SignedInRequest, pk: int) -> HttpResponse:
    """The formal pre-check of a case: the rules' outcome, and the officer's own word beside it."""
    application = get_object_or_404(
        Application.objects.visible_to(request.user).select_related("enterprise", "applicant"),
        pk=pk,
    )
    found = document_in_force()
    if found is None:
        return render(request, "outreach/self_test/none.html")
    flow, document = found
    words = StationWords()
    proposed = proposed_answers(document, application, words.parameters)
    form = PreCheckForm(
        request.POST or None,
        document=document,
        proposed=proposed,
        words=words,
        initial={"nonce": str(uuid4())},
    )
    answers = proposed
    if form.is_valid():
        answers = form.answers
        way = walk(document, answers)
        form.ask_for(way)
        differs = form.cleaned_data["word"] != PreCheck.WORDS.get(way.outcome)
        if differs and not form.cleaned_data["reason"]:
            form.add_error("reason", "您的结论与规则得出的不同，请写明理由。")
    if form.is_bound and form.is_valid():
        made = {name: form.cleaned_data[name] for name in ("word", "reason", "nonce")}
        pre_check(application, flow=flow, answers=answers, **made, by=request.user)
        messages.success(request, "资格预审已记下。")
        return redirect("outreach:pre_check", pk)
    way = walk(document, answers)
    context = {
        "application": application,
        "flow": flow,
        "form": form,
        "way": way,
        "title": words.fill(document.outcomes[way.outcome][0]) if way.next is None else "",
        "groups": groups(way, words),
        "made": application.pre_checks.select_related("by", "flow"),
    }
    status = 422 if form.errors else 200
    return render(request, "outreach/self_test/pre_check.html", context, status=status)


def _draft(request: SignedInRequest, pk: int) -> Flow:
    visible = Flow.objects.visible_to(request.user)
    return get_object_or_404(visible, pk=pk, state=Flow.State.DRAFT)


def _parts(flow: Flow) -> dict[str, list[dict[str, str]]]:
    """Questions, rules and examples in words; of a draft, which may still lack any part."""
    questions = [
        {
            "id": str(one.get("id", "")),
            "text": str(one.get("text", "")),
            "more": "／".join(str(option.get("text", "")) for option in _listed(one, "options")),
            "url": _edit_url("outreach:flow_question", flow, str(one.get("id", ""))),
        }
        for one in _listed(flow.document, "questions")
    ]
    rules = [
        {
            "id": code,
            "text": str(one.get("text", "")),
            "more": str(one.get("source", ""))
            + ("" if one.get("confirmed") else "，未经市政府外办确认")
            + (f"，用到{one['until']}" if one.get("until") else ""),
            "url": _edit_url("outreach:flow_rule", flow, code),
        }
        for code, one in _mapped(flow.document, "rules").items()
    ]
    examples = [
        {"name": str(one.get("name", "")), "outcome": OUTCOME_WORDS.get(one.get("outcome"), "—")}
        for one in _listed(flow.document, "examples")
    ]
    return {"questions": questions, "rules": rules, "examples": examples}


def _edit_url(name: str, flow: Flow, code: str) -> str:
    return reverse(name, args=[flow.pk, code]) if flow.is_draft and ID.fullmatch(code) else ""


def _listed(document: Any, key: str) -> list[dict[str, Any]]:
    """A list of the draft, which may still be of any shape."""
    found = document.get(key) if isinstance(document, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _mapped(document: Any, key: str) -> dict[str, Any]:
    found = document.get(key) if isinstance(document, dict) else None
    if not isinstance(found, dict):
        return {}
    return {code: one for code, one in found.items() if isinstance(one, dict)}


def _saved(request: SignedInRequest, flow: Flow, form: SeenForm, document: Any) -> bool:
    """Whether it was kept; otherwise the form says that somebody else was first."""
    flow.version = form.seen_or(flow.version)
    try:
        save_document(flow, document, by=request.user)
    except Overtaken as overtaken:
        form.data = form.data.copy()
        form.data["seen_version"] = str(overtaken.stored.version)  # type: ignore[attr-defined]
        form.add_error(None, OVERTAKEN)
        return False
    messages.success(request, "草稿已保存。")
    return True


def _form_page(
    request: SignedInRequest, form: Any, flow: Flow, title: str, act: str
) -> HttpResponse:
    context = {"title": title, "form": form, "act": act, "back_url": flow.get_absolute_url()}
    context["back"] = f"回到{flow}"
    status = 422 if form.errors else 200
    return render(request, "components/form_page.html", context, status=status)
