"""Forms of the follow-up; the check list is made for a phone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone

from accounts.models import User
from cards.duty.forms import day_field, words_field
from cards.followup.visiting import Check
from cards.models import Feedback, Visit
from cards.pictures import PicturesField
from core.form_text import NameFormField
from core.forms import BaseForm
from materials.economies import ECONOMIES

ANSWERS: Final = (("yes", "是"), ("no", "否"), ("na", "不涉及"))


class ArrangeForm(BaseForm):
    """Who goes, how, and when."""

    kind = forms.ChoiceField(label="方式", choices=Visit.Kind.choices, widget=forms.RadioSelect)
    planned_for = day_field("约定日期", required=False, help_text="填了会通知企业。")
    seen_version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False
    )

    def __init__(self, *args: Any, visit: Visit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assigned_to"] = forms.ModelChoiceField(
            queryset=User.objects.officers().order_by("pk"),
            label="由谁回访",
            required=False,
            empty_label="还没有定",
            error_messages={"invalid_choice": "请在名单里选择一位专员。"},
        )
        if visit is not None:
            for name in ("kind", "planned_for", "assigned_to"):
                self.fields[name].initial = getattr(visit, name)
            self.fields["seen_version"].initial = visit.version


class VisitForm(ArrangeForm):
    """One by hand."""

    due_on = day_field("最晚哪天完成")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        today = timezone.localdate()
        for name in ("due_on", "planned_for"):
            day = cleaned.get(name)
            if day is not None and day < today:
                self.add_error(name, "这一天已经过了，请填今天或以后的日期。")
            elif day is not None and day > today + timedelta(days=366):
                self.add_error(name, "这一天在一年以后，请核对年份。")
        return cleaned


class ChecksForm(BaseForm):
    """The check list, a line each with three buttons; and what else was seen."""

    person_met = NameFormField(label="接待人", max_length=50, required=False)
    summary = words_field("情况", 1000, rows=4, required=False)
    seen_version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False
    )

    def __init__(self, *args: Any, visit: Visit, checks: Sequence[Check], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks
        for name, value in (
            ("person_met", visit.person_met),
            ("summary", visit.summary),
            ("seen_version", visit.version),
        ):
            self.fields[name].initial = value
        for place, check in enumerate(checks):
            self.fields[f"answer{place}"] = forms.ChoiceField(
                label=check.words,
                choices=ANSWERS,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                required=False,
                initial=check.answer,
            )
            self.fields[f"note{place}"] = forms.CharField(
                label=f"{check.words}：说明",
                max_length=200,
                required=False,
                initial=check.note,
                widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "说明"}),
            )

    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each line's answer and note, for the page."""
        return [(self[f"answer{n}"], self[f"note{n}"]) for n in range(len(self.checks))]

    def answered(self) -> list[Check]:
        return [
            Check(check.words, self.cleaned_data[f"answer{n}"], self.cleaned_data[f"note{n}"])
            for n, check in enumerate(self.checks)
        ]


class PicturesForm(BaseForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = PicturesField(label="照片", required=True)


class FinishForm(BaseForm):
    done_on = day_field("哪天完成")


class FindingForm(BaseForm):
    words = words_field("问题和要求", 500, rows=3)
    due_on = day_field("整改期限")


class FindingAnswerForm(BaseForm):
    words = words_field("整改情况", 500, rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = PicturesField(label="照片或材料")


class FeedbackForm(BaseForm):
    """The three things that a holder is asked."""

    economies = forms.MultipleChoiceField(
        label="持卡去过哪些经济体？",
        choices=[(one.code, one.name) for one in ECONOMIES],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        required=False,
        help_text="还没有用过的，可以不选。",
        error_messages={"invalid_choice": "请在下面的名单里选。"},
    )
    gate = forms.ChoiceField(
        label="过关快不快？",
        choices=Feedback.Gate.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": "请选一项。"},
    )
    trouble = words_field(
        "遇到了什么问题？", 500, rows=4, required=False, help_text="没有的不用填。"
    )
