"""Forms of the review: a department's opinion as Annex 4 asks it, and the station's decisions."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils import timezone

from applications.officer_forms import ApproveUnreadForm
from core.form_text import NameFormField
from core.forms import BaseForm, DateInput
from materials.catalogue import CATALOGUE
from materials.numbers import MaterialNumber
from reviews.annex4 import WORDS_LIMIT, Section, SectionField
from reviews.drafts import Draft
from reviews.models import Opinion

YES_NO = (("yes", "是"), ("no", "否"))


class WordsField(forms.CharField):
    """An opinion that has to fit its cell. Nothing is cut: who pastes too much hears so."""

    def to_python(self, value: Any) -> str:
        # A browser sends a line break as two characters; it is one.
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > WORDS_LIMIT:
            raise forms.ValidationError(
                f"办理意见有{len(value)}个字，超出{len(value) - WORDS_LIMIT}个字。"
                f"表格里最多印{WORDS_LIMIT}个字，请缩短。"
            )


class OpinionForm(BaseForm):
    """One section of Annex 4: its typed blanks, 办理意见 and the conclusion.

    With `is_draft` anything may still be empty; what is there must be right all the same.
    """

    words = WordsField(
        label="办理意见",
        widget=forms.Textarea(attrs={"rows": 3, "data-counter": WORDS_LIMIT}),
        help_text=f"最多{WORDS_LIMIT}个字，印在审核表上。",
        error_messages={"required": "请填写办理意见，可以选用下面的常用语。"},
    )
    conclusion = forms.ChoiceField(
        label="结论",
        choices=Opinion.Conclusion.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或不同意。"},
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, section: Section, opinion: Opinion, is_draft: bool = False, **kwargs: Any
    ) -> None:
        kwargs["initial"] = initial_of(section, opinion) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.section = section
        blanks = {field.code: form_field(field) for field in section.fields}
        self.fields = blanks | self.fields
        if is_draft:
            for field in self.fields.values():
                field.required = False

    def draft(self) -> Draft:
        """What was filled in, with the answers as `annex4` and JSON take them."""
        answers = {
            field.code: _stored(field, self.cleaned_data[field.code])
            for field in self.section.fields
            if self.cleaned_data.get(field.code) not in (None, "")
        }
        return Draft(
            answers=answers,
            words=self.cleaned_data["words"],
            conclusion=self.cleaned_data["conclusion"],
        )


def form_field(field: SectionField) -> forms.Field:
    """The form's field for one blank of the annex."""
    common: dict[str, Any] = {"label": field.label, "help_text": field.help_text}
    match field.kind:
        case "choice":
            return forms.ChoiceField(
                choices=field.choices,
                widget=forms.RadioSelect,
                error_messages={"required": f"请选择“{field.label}”。"},
                **common,
            )
        case "yes_no":
            return forms.ChoiceField(
                choices=YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": f"请选择“{field.label}”。"},
                **common,
            )
        case "money":
            return forms.DecimalField(
                min_value=Decimal(0),
                max_digits=14,
                decimal_places=2,
                error_messages={
                    "required": f"请填写“{field.label}”，没有纳税的填0。",
                    "invalid": "请填写数字，单位是万元，如 123.45。",
                    "min_value": "纳税总额不能是负数。",
                    "max_decimal_places": "最多两位小数，单位是万元。",
                    "max_digits": "数额太大，请核对单位是不是万元。",
                    "max_whole_digits": "数额太大，请核对单位是不是万元。",
                },
                **common,
            )
        case "date":
            return PastDateField(
                widget=DateInput(),
                error_messages={
                    "required": f"请填写“{field.label}”。",
                    "invalid": "请按“年-月-日”填写，如 2025-01-01。",
                },
                **common,
            )
        case _:
            # The annex asks for one text, a company's name.
            return NameFormField(
                max_length=field.max_length,
                error_messages={"required": f"请填写“{field.label}”。"},
                **common,
            )


class PastDateField(forms.DateField):
    """A day that has come already."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value > timezone.localdate():
            raise forms.ValidationError("日期不能晚于今天，请核对。")


def initial_of(section: Section, opinion: Opinion) -> dict[str, Any]:
    """The stored draft as the form shows it."""
    initial: dict[str, Any] = {
        "words": opinion.words,
        "conclusion": opinion.conclusion,
        "seen_version": opinion.version,
    }
    initial |= {field.code: "" for field in section.fields} | section.as_typed(opinion.answers)
    if "insured_company" in initial and not initial["insured_company"]:
        initial["insured_company"] = opinion.table.facts["enterprise_name"]
    return initial


def _stored(field: SectionField, value: Any) -> Any:
    match field.kind:
        case "yes_no":
            return value == "yes"
        case "money":
            return f"{value:.2f}"
        case "date":
            return value.isoformat()
        case _:
            return value


class ToldReasonForm(BaseForm):
    """Why; the people concerned read it."""

    reason = forms.CharField(
        label="原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因，有关人员会看到这段文字。"},
    )


class UnreadForm(ApproveUnreadForm):
    """Sends a case although these sheets were not gone through rule by rule."""

    is_sure = forms.BooleanField(
        label="我知道以上内容没有逐条核对，仍要送部门审核",
        error_messages={"required": "要送部门审核，请先勾选确认；或者返回，把没有核对的核对完。"},
    )


ITEM_CHOICES = [(str(MaterialNumber.FACTS), "填写的信息（单位或申请人）")] + [
    (str(kind.number), f"材料{kind.number}　{kind.name}") for kind in CATALOGUE
]


class ItemsForm(BaseForm):
    """Items that the enterprise must supplement or correct, with what is wanted."""

    items = forms.MultipleChoiceField(
        label="需要补充的内容",
        choices=ITEM_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一项。"},
    )
    reason = forms.CharField(
        label="要补充什么、为什么",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明要补充什么，企业会看到这段文字。"},
    )

    def __init__(self, *args: Any, numbers: Collection[int] | None = None, **kwargs: Any) -> None:
        """With `numbers`, only these materials: those that concern the one who asks."""
        super().__init__(*args, **kwargs)
        if numbers is not None:
            items = cast("forms.MultipleChoiceField", self.fields["items"])
            items.choices = [choice for choice in ITEM_CHOICES if int(choice[0]) in numbers]

    def chosen(self) -> dict[int, str]:
        """What is wanted, by material number."""
        reason = self.cleaned_data["reason"]
        return {int(number): reason for number in self.cleaned_data["items"]}


class VerifyForm(BaseForm):
    """A table to be checked, as a file."""

    file = forms.FileField(
        label="审核表PDF文件",
        error_messages={
            "required": "请选择要验证的PDF文件。",
            "empty": "这个文件是空的，请重新下载审核表后再验证。",
        },
    )
