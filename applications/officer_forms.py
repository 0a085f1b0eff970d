"""Forms of the officer's pre-review of an application."""

from collections.abc import Sequence
from typing import Any

from django import forms

from applications.models import ReturnReason
from core.forms import BaseForm, VersionedModelForm
from materials.catalogue import CATALOGUE, item_name
from materials.numbers import MaterialNumber

MOST_WORDS = 500


class NoteForm(BaseForm):
    """What is wrong with one material: usual reasons, ticked, and the officer's own words."""

    reasons = forms.MultipleChoiceField(
        label="常见问题（可多选）",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有“%(value)s”这一条常见问题，请重新勾选。"},
    )
    words = forms.CharField(
        label="其他问题和改法",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明哪里不对、怎么改，企业会原样看到。",
        error_messages={
            "max_length": "最多写%(limit_value)d个字，现在是%(show_value)d个字，请写得简短些。"
        },
    )

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = {reason.code: reason for reason in ReturnReason.objects.usual_for(number)}
        reasons = self.fields["reasons"]
        assert isinstance(reasons, forms.MultipleChoiceField)  # noqa: S101 - tells the type
        reasons.choices = [(code, reason.defect) for code, reason in self.usual.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("reasons") and not cleaned.get("words"):
            self.add_error("words", "请勾选常见问题，或写明哪里不对、怎么改。")
        return cleaned

    @property
    def ticked(self) -> list[ReturnReason]:
        return [self.usual[code] for code in self.cleaned_data["reasons"]]


class ReadingForm(BaseForm):
    """The rules of one material, to be ticked off while looking at it."""

    ticked = forms.MultipleChoiceField(
        label="逐条核对",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有“%(value)s”这一条要求，请重新勾选。"},
    )
    # When the page was made: what a colleague ticked since is not overwritten.
    opened_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rules: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticked = self.fields["ticked"]
        assert isinstance(ticked, forms.MultipleChoiceField)  # noqa: S101 - tells the type
        ticked.choices = [(rule, rule) for rule in rules]


class ReturnReasonForm(VersionedModelForm):
    """One usual reason; its code is given by the portal and stays."""

    numbers = forms.TypedMultipleChoiceField(
        label="出现在哪些材料",
        coerce=int,
        choices=[(number, item_name(number)) for number in MaterialNumber],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="预审到这些材料时列出这一条。都不勾选，则预审时不列出。",
        error_messages={"invalid_choice": "没有编号为“%(value)s”的材料，请重新勾选。"},
    )

    pictures = forms.MultipleChoiceField(
        label="样例图",
        choices=[
            (example.name, f"{item_name(kind.number)}：{example.caption}")
            for kind in CATALOGUE
            for example in kind.examples
            if not example.is_good and example.name.startswith(str(kind.number))
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="告知书里列在合格样例的后面；不勾选的，只列合格样例。",
        error_messages={"invalid_choice": "没有“%(value)s”这张样例图，请重新勾选。"},
    )

    class Meta:
        model = ReturnReason
        fields = ("defect", "mend", "example", "pictures", "numbers", "is_active")
        help_texts = {
            "defect": "一句话说明，以句号结尾。例如：照片的尺寸或格式不符合要求。",
            "mend": "企业照着做就能改好。例如：请换成宽550像素、高733像素的JPG照片。",
            "example": "可以不填。写一个做得对或做错的例子。",
            "is_active": "不再使用的去掉勾选，以前告知过的仍保留原文。",
        }
        error_messages = {
            "defect": {
                "required": "请写明哪里不对。",
                "max_length": "最多写%(limit_value)d个字，现在是%(show_value)d个字，请写得简短些。",
            },
            "mend": {
                "required": "请写明怎么改，企业要照着做。",
                "max_length": "最多写%(limit_value)d个字，现在是%(show_value)d个字，请写得简短些。",
            },
            "example": {
                "max_length": "最多写%(limit_value)d个字，现在是%(show_value)d个字，请写得简短些。",
            },
        }


class SendBackForm(BaseForm):
    """What is asked before a letter goes out, as far as there is a reason to ask."""

    is_sure = forms.BooleanField(
        label="这几项我也看过，没有其他要补正的",
        error_messages={"required": "请先勾选确认；或者返回，把没有核对的核对完。"},
    )
    why = forms.CharField(
        label="现在才提出的原因",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写在告知书里，企业会原样看到。",
        error_messages={
            "required": "请写明为什么现在才提出，企业会原样看到。",
            "max_length": "最多写%(limit_value)d个字，现在是%(show_value)d个字，请写得简短些。",
        },
    )

    def __init__(self, *args: Any, has_left_out: bool, has_overlooked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_left_out:
            del self.fields["is_sure"]
        if not has_overlooked:
            del self.fields["why"]


class ApproveUnreadForm(BaseForm):
    """Goes on with a case although these sheets were not gone through rule by rule."""

    unread = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=[(number, item_name(number)) for number in MaterialNumber],
        error_messages={
            "required": "没有收到材料清单，请核对下面的清单后再确认。",
            "invalid_choice": "没有编号为“%(value)s”的材料，请核对下面的清单后再确认。",
        },
    )
    is_sure = forms.BooleanField(
        label="我知道以上内容没有逐条核对，仍要核准",
        error_messages={"required": "要核准，请先勾选确认；或者返回，把没有核对的核对完。"},
    )


class DeclineForm(BaseForm):
    reason = forms.CharField(
        label="不予办理的原因",
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写明不符合哪一条，以及情况怎样变化后可以重新申请。企业会原样看到。",
        error_messages={
            "required": "请写明不予办理的原因，企业会原样看到。",
            "max_length": "最多写%(limit_value)d个字，现在是%(show_value)d个字，请写得简短些。",
        },
    )
