"""What the station's officer fills in while reading an application."""

from typing import Any

from django import forms

from applications.reasons import usual_for
from core.forms import BaseForm

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
        self.usual = {reason.code: reason for reason in usual_for(number)}
        reasons = self.fields["reasons"]
        assert isinstance(reasons, forms.MultipleChoiceField)  # noqa: S101 - tells the type
        reasons.choices = [(code, reason.defect) for code, reason in self.usual.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("reasons") and not cleaned.get("words"):
            self.add_error("words", "请勾选常见问题，或写明哪里不对、怎么改。")
        return cleaned

    @property
    def all_words(self) -> list[str]:
        """One text for each ticked reason, then the officer's own."""
        ticked = [self.usual[code].words for code in self.cleaned_data["reasons"]]
        own = self.cleaned_data["words"]
        return [*ticked, own] if own else ticked


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
