"""Forms of the self-test's document: its texts by part, all of it as JSON, and publishing."""

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from django import forms

from core.forms import BaseForm, BaseModelForm, DateInput, SeenForm, VersionField
from outreach.models import Flow, PreCheck
from outreach.self_test.document import Document, FlowQuestion, Walk
from outreach.self_test.reading import MOST_TEXT
from outreach.self_test.services import FlowRefused, parse
from outreach.wording import StationWords

LONG = forms.Textarea(attrs={"rows": 3})
KINDS = (("not_yet", "还不符合"), ("call", "要先核实"), ("note", "提醒"))
PLACES = (
    "可以用{参数代码}代替数值，例如{eligibility.social_months}；"
    "{district}、{station}、{hotline}也可以用。"
)


class QuestionTextForm(SeenForm):
    """Texts of one question: its own, and of each option what it says and what follows from it."""

    def __init__(self, *args: Any, raw: dict[str, Any], rules: Mapping[str, Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.raw = raw
        self.fields["text"] = _text("题目", raw.get("text", ""), help_text=PLACES)
        self.fields["hint"] = _text("提示", raw.get("hint", ""), required=False)
        kinds = [("", "没有理由，符合"), *KINDS]
        choices = [(one, f"{one}：{rule.get('text', '')[:30]}") for one, rule in rules.items()]
        for number, option in enumerate(raw.get("options", [])):
            finding = option.get("finding") or {}
            name = f"选项“{option.get('id')}”"
            self.fields[f"o{number}_text"] = _text(name, option.get("text", ""))
            self.fields[f"o{number}_kind"] = forms.ChoiceField(
                label=f"{name}得出", choices=kinds, required=False, initial=finding.get("kind", "")
            )
            self.fields[f"o{number}_why"] = _text(
                f"{name}的理由", finding.get("text", ""), required=False
            )
            self.fields[f"o{number}_help"] = _text(
                f"{name}怎么办", finding.get("help", ""), required=False
            )
            self.fields[f"o{number}_rule"] = forms.ChoiceField(
                label=f"{name}依据的规则",
                choices=[("", "——"), *choices],
                required=False,
                initial=finding.get("rule", ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number, _ in enumerate(self.raw.get("options", [])):
            if cleaned.get(f"o{number}_kind"):
                for part, words in (("why", "请写理由。"), ("rule", "请选依据哪条规则。")):
                    if not cleaned.get(f"o{number}_{part}"):
                        self.add_error(f"o{number}_{part}", words)
        return cleaned

    def changed(self) -> dict[str, Any]:
        """The question as it reads now; ids and order stay."""
        cleaned, raw = self.cleaned_data, deepcopy(self.raw)
        raw["text"], raw["hint"] = cleaned["text"], cleaned["hint"]
        for number, option in enumerate(raw["options"]):
            kind = cleaned[f"o{number}_kind"]
            option["text"] = cleaned[f"o{number}_text"]
            option["finding"] = (
                kind
                and {
                    "kind": kind,
                    "text": cleaned[f"o{number}_why"],
                    "help": cleaned[f"o{number}_help"],
                    "rule": cleaned[f"o{number}_rule"],
                }
            ) or None
        return raw


class RuleForm(SeenForm):
    """One rule: what it says, who says so, and until when."""

    text = forms.CharField(label="规则", max_length=MOST_TEXT, widget=LONG, help_text=PLACES)
    source = forms.CharField(
        label="来源", max_length=MOST_TEXT, help_text="写明文件、网页或谁在什么时候告诉的。"
    )
    confirmed = forms.BooleanField(label="已向市政府外办确认", required=False)
    until = forms.DateField(
        label="用到哪天",
        required=False,
        widget=DateInput,
        help_text="可以不填。快到这一天时，首页的待办会提醒。",
    )

    def changed(self) -> dict[str, Any]:
        until: date | None = self.cleaned_data["until"]
        return {
            "text": self.cleaned_data["text"],
            "source": self.cleaned_data["source"],
            "confirmed": self.cleaned_data["confirmed"],
            "until": until.isoformat() if until else None,
        }


class DocumentForm(SeenForm):
    """The whole document as JSON, for who adds or reorders questions."""

    document = forms.CharField(
        label="整份文档（JSON）", widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false"})
    )

    def __init__(self, *args: Any, flow: Flow, **kwargs: Any) -> None:
        super().__init__(*args, seen=flow.version, **kwargs)
        self.fields["document"].initial = json.dumps(flow.document, ensure_ascii=False, indent=1)

    def clean_document(self) -> Any:
        try:
            document = parse(self.cleaned_data["document"])
        except FlowRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        if not isinstance(document, dict):
            raise forms.ValidationError("整份文档应是一个JSON对象。")
        return document


class PublishForm(BaseModelForm):
    """From when the draft holds, on whose word, and what it changes."""

    seen_version = VersionField(required=False)

    class Meta:
        model = Flow
        fields = ("valid_from", "valid_until", "source", "change")
        widgets = {"valid_from": DateInput, "valid_until": DateInput}
        help_texts = {
            "valid_from": "这一天起，公开的自测用这一版。",
            "valid_until": "可以不填。快到这一天时，首页的待办会提醒。",
            "source": "写明文件、网页或谁在什么时候告诉的。",
            "change": "一句话，以后看得懂为什么改。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version
        for name in ("valid_from", "source", "change"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "截止的日子早于开始的日子，请核对。")
        return cleaned


class ExampleForm(SeenForm):
    """A name for the answers tried just now, to be kept as a worked example."""

    name = forms.CharField(label="样例的名称", max_length=60)


class PreCheckForm(BaseForm):
    """The self-test's questions on one page, and the officer's own word."""

    nonce = forms.CharField(max_length=36, widget=forms.HiddenInput)
    word = forms.ChoiceField(
        label="您的结论", choices=PreCheck.Word.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="您的理由",
        max_length=500,
        required=False,
        widget=LONG,
        help_text="结论与规则得出的不同时，请写明为什么。",
    )

    def __init__(
        self,
        *args: Any,
        document: Document,
        proposed: Mapping[str, str],
        words: StationWords,
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.document = document
        own = [self.fields.pop(name) for name in ("word", "reason")]
        for question in document.questions.values():
            self.fields[_name(question)] = forms.ChoiceField(
                label=words.fill(question.text),
                help_text=words.fill(question.hint),
                required=False,
                initial=proposed.get(question.id),
                widget=forms.RadioSelect,
                choices=[(one.id, words.fill(one.text)) for one in question.options],
            )
        self.fields |= dict(zip(("word", "reason"), own, strict=True))

    @property
    def answers(self) -> dict[str, str]:
        cleaned = self.cleaned_data
        named = {one.id: cleaned.get(_name(one), "") for one in self.document.questions.values()}
        return {key: value for key, value in named.items() if value}

    def ask_for(self, way: Walk) -> None:
        """The question that the rules still need an answer to."""
        if way.next is not None:
            self.add_error(_name(way.next), "这一题还没有回答。")


def _name(question: FlowQuestion) -> str:
    return f"q_{question.id}"


def _text(label: str, initial: str, *, required: bool = True, help_text: str = "") -> forms.Field:
    return forms.CharField(
        label=label,
        initial=initial,
        required=required,
        max_length=MOST_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
