"""A department's stock of phrases, kept by its liaisons."""

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.decorators import roles
from accounts.models import Role
from accounts.requests import SignedInRequest
from core.reading import line_of_text
from core.versions import Overtaken
from reviews.assignment_forms import PhraseForm
from reviews.models import Phrase
from reviews.services.phrases import save_phrase


@roles(Role.LIAISON)
def phrase_list(request: SignedInRequest) -> HttpResponse:
    phrases = Phrase.objects.visible_to(request.user)
    context = {"phrases": phrases, "department": request.user.department}
    return render(request, "reviews/phrase_list.html", context)


@roles(Role.LIAISON)
def phrase_new(request: SignedInRequest) -> HttpResponse:
    last = Phrase.objects.visible_to(request.user).aggregate(last=Max("position"))["last"] or 0
    phrase = Phrase(department=request.user.department, position=last + 1)
    return _edit(request, phrase, PhraseForm(request.POST or None, instance=phrase))


@roles(Role.LIAISON)
def phrase_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    phrase = get_object_or_404(Phrase.objects.visible_to(request.user), pk=pk)
    return _edit(request, phrase, PhraseForm(request.POST or None, instance=phrase))


def _edit(request: SignedInRequest, phrase: Phrase, form: PhraseForm) -> HttpResponse:
    if request.method == "POST":
        text = line_of_text(request.POST.get("text"))
        # A double click finds the phrase there by its own first half.
        if not phrase.pk and Phrase.objects.visible_to(request.user).filter(text=text).exists():
            messages.info(request, "本部门已有这条常用语。")
            return redirect("reviews:phrase_list")
        if form.is_valid():
            try:
                save_phrase(form.instance, by=request.user)
            except Overtaken as overtaken:
                form.tell_overtaken(overtaken.stored)
            else:
                messages.success(request, "常用语已保存。")
                return redirect("reviews:phrase_list")
    verb = "修改" if phrase.pk else "添加"
    context = {
        "title": f"{verb}{request.user.department}的常用语",
        "form": form,
        "act": "保存",
        "back_url": reverse("reviews:phrase_list"),
        "back": "返回",
    }
    return render(request, "components/form_page.html", context)
