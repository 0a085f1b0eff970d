"""Forms of articles and of common questions."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core.dates import months_later
from core.forms import BaseForm, DateInput, SeenForm, VersionedModelForm
from enterprises.models import Demand, Enterprise
from materials.economies import ECONOMIES
from outreach.models import Article, ArticlePost, Question
from outreach.nonces import new_nonce

SYNTAX = (
    "可以用Markdown：## 小标题，**加粗**，- 列表，[文字](网址)，![图片说明](网址)。不能用HTML。"
)
# How long after it was published an article is to be looked over, unless said otherwise.
REVIEW_MONTHS = 6


# Of each audience that is chosen by something: the field, and what is said where it is empty.
CHOSEN = {
    Article.Audience.KINDS: ("enterprise_kinds", "请至少选一种类型。"),
    Article.Audience.STAGES: ("stages", "请至少选一个阶段。"),
    Article.Audience.ECONOMIES: ("economies", "请至少选一个经济体。"),
}


class ArticleForm(VersionedModelForm):
    enterprise_kinds = forms.MultipleChoiceField(
        label="哪些类型",
        choices=Enterprise.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="“按企业类型”时选。",
    )

    stages = forms.MultipleChoiceField(
        label="哪些阶段",
        choices=Demand.Stage.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="“按台账阶段”时选，看需求台账里现在的阶段。",
    )
    economies = forms.MultipleChoiceField(
        label="哪些经济体",
        choices=[(economy.code, economy.name) for economy in ECONOMIES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="“按往来经济体”时选，看需求台账里填的往来经济体。",
    )

    class Meta:
        model = Article
        fields = (
            "kind",
            "title",
            "body",
            "source",
            "is_important",
            "audience",
            "enterprise_kinds",
            "stages",
            "economies",
        )
        widgets = {"body": forms.Textarea(attrs={"rows": 18})}
        help_texts = {"body": SYNTAX, "source": "文件名、网页，或者谁在什么时候告诉的。"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name, words = CHOSEN.get(cleaned.get("audience", ""), ("", ""))
        if name and name not in self.errors and not cleaned.get(name):
            self.add_error(name, words)
        return cleaned


class ArticlePublishForm(SeenForm):
    """From when to when it is shown, and when somebody looks it over again."""

    shown_from = forms.DateField(label="哪天发布", widget=DateInput)
    shown_until = forms.DateField(
        label="哪天后撤下", widget=DateInput, required=False, help_text="可以不填。"
    )
    review_by = forms.DateField(
        label="哪天前再核对", widget=DateInput, help_text="过了这一天，首页的待办会提醒。"
    )

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, seen=article.version, **kwargs)
        today = timezone.localdate()
        self.fields["shown_from"].initial = today
        self.fields["review_by"].initial = months_later(today, REVIEW_MONTHS)

    def clean_shown_from(self) -> date:
        day: date = self.cleaned_data["shown_from"]
        if day < timezone.localdate():
            raise forms.ValidationError("发布的日子不能早于今天。")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("shown_from")
        for name in ("shown_until", "review_by"):
            if first and cleaned.get(name) and cleaned[name] < first:
                self.add_error(name, "不能早于发布的日子，请核对。")
        return cleaned


class ArticlePostForm(BaseForm):
    """Where and when the article was posted beside the portal."""

    channel = forms.ChoiceField(
        label="发在哪里", choices=ArticlePost.Channel.choices, widget=forms.RadioSelect
    )
    posted_on = forms.DateField(label="哪天发的", widget=DateInput)
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="可以不填，例如群名、链接。"
    )
    nonce = forms.CharField(max_length=36, min_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        self.fields["posted_on"].initial = timezone.localdate()
        self.fields["nonce"].initial = new_nonce()

    def clean_posted_on(self) -> date:
        day: date = self.cleaned_data["posted_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("还没有到这一天，发了以后再记。")
        if self.article.shown_from and day < self.article.shown_from:
            raise forms.ValidationError("早于文章公开的日子，请核对。")
        return day


class QuestionForm(VersionedModelForm):
    class Meta:
        model = Question
        fields = (
            "position",
            "text",
            "answer",
            "source",
            "source_on",
            "is_confirmed",
            "review_by",
            "is_shown",
        )
        widgets = {
            "answer": forms.Textarea(attrs={"rows": 8}),
            "source_on": DateInput,
            "review_by": DateInput,
        }
        help_texts = {
            "answer": f"{SYNTAX}可以用{{参数代码}}代替数值，例如{{cards.fee}}。",
            "source": "写明文件、网页或谁在什么时候告诉的。",
        }
