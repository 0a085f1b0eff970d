"""Pages of articles and common questions for the station; the public ones are in `guide`."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.paging import page_of
from core.reading import whole_number
from core.text import brief, line
from core.versions import Overtaken
from outreach.articles.forms import (
    ArticleForm,
    ArticlePostForm,
    ArticlePublishForm,
    QuestionForm,
)
from outreach.articles.links import articles_on_show, dead_links_of, external_links
from outreach.articles.outward import audience_words, channel_texts
from outreach.articles.services import (
    ArticleRefused,
    ask_for_check,
    chase_unread,
    mark_read,
    post_article,
    publish_article,
    save_article,
    save_question,
    send_back,
    withdraw_article,
)
from outreach.articles.spreading import beside_the_portal, concerned_by
from outreach.articles.versions import compared
from outreach.models import Article, Consultation, Question

OVERTAKEN = "您打开这一页之后，别人改过这篇文章，没有执行。请核对现在的内容再办。"


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def article_list(request: SignedInRequest) -> HttpResponse:
    rows = Article.objects.visible_to(request.user).defer("body").select_related("edited_by")
    context = {"page": page_of(rows, request, unit="篇"), "today": timezone.localdate()}
    return render(request, "outreach/articles/article_list.html", context)


@roles(Role.STATION_OFFICER)
def article_new(request: SignedInRequest) -> HttpResponse:
    return _write(request, Article())


@roles(Role.STATION_OFFICER)
def article_write(request: SignedInRequest, pk: int) -> HttpResponse:
    return _write(request, get_object_or_404(Article.objects.visible_to(request.user), pk=pk))


def _write(request: SignedInRequest, article: Article) -> HttpResponse:
    """The form with a preview; what is saved is a draft, also of what is on show now."""
    form = ArticleForm(request.POST or None, instance=article)
    wants_preview = "preview" in request.POST
    if form.is_valid() and not wants_preview:
        article.version = form.cleaned_data["seen_version"] or article.version
        try:
            save_article(article, by=request.user)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            messages.success(request, "已存为草稿。")
            return redirect(article)
    preview = form.cleaned_data.get("body", "") if wants_preview else ""
    context = {"form": form, "article": article, "preview": preview}
    status = 422 if form.errors else 200
    return render(request, "outreach/articles/article_write.html", context, status=status)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def article_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """One article for the station: as it reads, its versions, and what can be done with it."""
    article = get_object_or_404(
        Article.objects.visible_to(request.user).select_related("edited_by", "published_by"), pk=pk
    )
    versions = article.versions.select_related("by")
    chosen = whole_number(request.GET.get("version"), default=0)
    asked = versions.filter(number=chosen).first() if chosen else None
    older = asked or versions[1:2].first()
    readings = article.readings.select_related("enterprise", "read_by")
    counted = article.readings.aggregate(told=Count("pk"), read=Count("read_at"))
    context = {
        "article": article,
        "versions": page_of(versions, request, unit="版"),
        "older": older,
        "lines": compared(older.body, article.body) if older else [],
        "form": ArticlePublishForm(article=article),
        "may_publish": article.edited_by_id != request.user.pk,
        "is_shown": article.is_on_show(timezone.localdate()),
        "dead_links": dead_links_of(article.body, articles_on_show()),
        **_telling(article),
        "unread": readings.filter(read_at__isnull=True)[:100],
        "read_count": counted["read"],
        "told_count": counted["told"],
        "outward": channel_texts(article) if article.is_out else [],
        "posts": article.posts.select_related("by"),
    }
    return render(request, "outreach/articles/article.html", context)


def _telling(article: Article) -> dict[str, Any]:
    """To whom it goes: as published where it is out, else as it is written now."""
    is_important = article.shown_important if article.is_out else article.is_important
    if not is_important:
        return {"is_important": False}
    to = article.shown_to if article.is_out else article.audience_now
    return {
        "is_important": True,
        "audience": audience_words(to),
        "concerned": concerned_by(to).count(),
        "absent": beside_the_portal(to).count(),
    }


@roles(Role.STATION_OFFICER)
def article_post(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note where and when it was posted beside the portal."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    channel = request.GET.get("channel")
    form = ArticlePostForm(request.POST or None, article=article, initial={"channel": channel})
    if form.is_valid():
        try:
            post = post_article(article, **form.cleaned_data, by=request.user)
        except ArticleRefused as refused:
            messages.error(request, str(refused))
        else:
            told = f"，台账里{post.told}户记为已告知" if post.told else ""
            messages.success(request, f"已记下：{post.get_channel_display()}{told}。")
        return redirect(article)
    context = {"title": "记下已经外发", "form": form, "act": "记下", "back": "回到文章"}
    context["back_url"] = article.get_absolute_url()
    status = 422 if form.errors else 200
    return render(request, "components/form_page.html", context, status=status)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
@require_POST
def article_publish(request: SignedInRequest, pk: int) -> HttpResponse:
    article = _seen(request, pk)
    form = ArticlePublishForm(request.POST, article=article)
    if not form.is_valid():
        context = {"title": "发布文章", "form": form, "act": "发布", "back": "回到文章"}
        context["back_url"] = article.get_absolute_url()
        return render(request, "components/form_page.html", context, status=422)
    given = {name: form.cleaned_data[name] for name in ("shown_from", "shown_until", "review_by")}
    return _done(
        request, article, lambda: publish_article(article, **given, by=request.user), "文章已发布。"
    )


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
@require_POST
def article_act(request: SignedInRequest, pk: int, act: str) -> HttpResponse:
    """Ask for the check, send back, or withdraw."""
    article = _seen(request, pk)
    do, words = ACTS[act]
    return _done(request, article, lambda: do(article, by=request.user), words)


ACTS = {
    "ask-check": (ask_for_check, "已交给另一位复核。"),
    "send-back": (send_back, "已退回修改。"),
    "withdraw": (withdraw_article, "文章已撤下，公开页面不再显示。"),
}


@roles(Role.STATION_OFFICER)
@require_POST
def article_chase(request: SignedInRequest, pk: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    try:
        count = chase_unread(article, by=request.user)
    except ArticleRefused as refused:
        messages.error(request, str(refused))
    else:
        words = f"已提醒{count}家。" if count else "今天已经提醒过，或者都读过了。"
        messages.success(request, words)
    return redirect(article)


@roles(Role.ENTERPRISE_AGENT)
@require_POST
def article_read(request: SignedInRequest, pk: int) -> HttpResponse:
    """An agent confirms that he has read it, for his enterprise."""
    article = get_object_or_404(Article.objects.on_show(timezone.localdate()), pk=pk)
    if mark_read(article, by=request.user):
        messages.success(request, "已记下您读过了。")
    return redirect("outreach:article", pk)


def _seen(request: SignedInRequest, pk: int) -> Article:
    """The article in the version from which the page was made."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    seen = whole_number(request.POST.get("seen_version"), most=2**31 - 1)
    article.version = seen or article.version
    return article


def _done(
    request: SignedInRequest, article: Article, do: Callable[[], None], words: str
) -> HttpResponse:
    try:
        do()
    except Overtaken:
        messages.error(request, OVERTAKEN)
    except ArticleRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, words)
    return redirect("outreach:article_edit", article.pk)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def question_list(request: SignedInRequest) -> HttpResponse:
    context = {
        "questions": Question.objects.visible_to(request.user).defer("answer"),
        "today": timezone.localdate(),
    }
    return render(request, "outreach/articles/question_list.html", context)


@roles(Role.STATION_OFFICER)
def question_new(request: SignedInRequest) -> HttpResponse:
    """Empty, or begun from a consultation that was answered; shown once somebody ticks it."""
    last = Question.objects.order_by("-position").first()
    question = Question(position=min(30_000, last.position + 1) if last else 1)
    visible = Consultation.objects.visible_to(request.user)
    row = visible.filter(pk=whole_number(request.GET.get("consultation"))).first()
    if isinstance(row, Consultation):
        question.text, question.answer = brief(line(row.text), 120), row.answer
        question.source, question.is_shown = "本站对咨询的答复", False
    return _question(request, question)


@roles(Role.STATION_OFFICER)
def question_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Its form; a draft that was begun at the desk is filled from the answer given there."""
    question = get_object_or_404(Question.objects.visible_to(request.user), pk=pk)
    if not question.answer:
        given = question.asked_first_by.filter(closed_at__isnull=False).first()
        question.answer = given.answer if given else ""
    return _question(request, question)


def _question(request: SignedInRequest, question: Question) -> HttpResponse:
    """The form, and below it what stood there before."""
    form = QuestionForm(request.POST or None, instance=question)
    if form.is_valid():
        question.version = form.cleaned_data["seen_version"] or question.version
        try:
            save_question(question, by=request.user)
        except Overtaken as overtaken:
            form.tell_overtaken(overtaken.stored)
        else:
            messages.success(request, f"已保存：{question}")
            return redirect("outreach:question_list")
    versions = list(question.versions.select_related("by")[:10]) if question.pk else []
    older = [(old, compared(old.answer, new.answer)) for new, old in pairwise(versions)]
    context = {
        "title": "修改常见问题" if question.pk else "新增常见问题",
        "form": form,
        "question": question,
        "older": older,
        "back_url": reverse("outreach:question_list"),
    }
    status = 422 if form.errors else 200
    return render(request, "outreach/articles/question_edit.html", context, status=status)


@roles(Role.STATION_OFFICER, Role.SUPERVISOR)
def link_list(request: SignedInRequest) -> HttpResponse:
    """Dead links of our own, as the last sweep found them, and others' for a person to try."""
    dead = [
        (row, row.dead_links)
        for rows in (
            Article.objects.visible_to(request.user).exclude(dead_links=[]),
            Question.objects.visible_to(request.user).exclude(dead_links=[]),
        )
        for row in rows
    ]
    context = {"dead": dead, "external": external_links(request.user)}
    return render(request, "outreach/articles/link_list.html", context)
