"""Forms of articles and of common questions."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core.dates import months_later
from core.forms import BaseForm, DateInput, VersionedModelForm, VersionField
from enterprises.models import Enterprise
from outreach.models import Article, Question

SYNTAX = (
    "可以用Markdown：## 小标题，**加粗**，- 列表，[文字](网址)，![图片说明](网址)。不能用HTML。"
)
# How long after it was published an article is to be looked over, unless said otherwise.
REVIEW_MONTHS = 6


class ArticleForm(VersionedModelForm):
    enterprise_kinds = forms.MultipleChoiceField(
        label="哪些类型",
        choices=Enterprise.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="“按企业类型”时选。",
    )

    class Meta:
        model = Article
        fields = ("kind", "title", "body", "source", "is_important", "audience", "enterprise_kinds")
        widgets = {"body": forms.Textarea(attrs={"rows": 18})}
        help_texts = {"body": SYNTAX, "source": "文件名、网页，或者谁在什么时候告诉的。"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        by_kind = cleaned.get("audience") == Article.Audience.KINDS
        if by_kind and not cleaned.get("enterprise_kinds"):
            self.add_error("enterprise_kinds", "请至少选一种类型。")
        return cleaned


class ArticlePublishForm(BaseForm):
    """From when to when it is shown, and when somebody looks it over again."""

    shown_from = forms.DateField(label="哪天发布", widget=DateInput)
    shown_until = forms.DateField(
        label="哪天后撤下", widget=DateInput, required=False, help_text="可以不填。"
    )
    review_by = forms.DateField(
        label="哪天前再核对", widget=DateInput, help_text="过了这一天，首页的待办会提醒。"
    )
    seen_version = VersionField(required=False)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["shown_from"].initial = today
        self.fields["review_by"].initial = months_later(today, REVIEW_MONTHS)
        self.fields["seen_version"].initial = article.version

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
