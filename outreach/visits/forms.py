"""Forms of company visits; the note is made for a phone."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from cards.duty.forms import day_field
from cards.pictures import PicturesField
from core.form_text import NameFormField
from core.forms import BaseForm, RowsField, UsualMomentField, VersionField
from outreach.event_forms import OnceForm
from outreach.models import CompanyVisit
from outreach.visits.visiting import VisitNote


class VisitPlanForm(BaseForm):
    """On which day who goes, and what for."""

    planned_on = day_field("哪天去")
    officers = RowsField(
        label="谁去",
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选一位。",
            "invalid_choice": "名单里没有这一位，请重新选择。",
        },
    )
    purpose = forms.CharField(
        label="去做什么", max_length=200, required=False, help_text="例如：讲政策，摸清拟办人数。"
    )
    seen_version = VersionField(required=False)

    def __init__(self, *args: Any, visit: CompanyVisit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].queryset = User.objects.officers().order_by("pk")  # type: ignore[attr-defined]
        if visit is not None:
            self.fields["planned_on"].initial = visit.planned_on
            self.fields["purpose"].initial = visit.purpose
            self.fields["officers"].initial = list(visit.officers.values_list("pk", flat=True))
            self.fields["seen_version"].initial = visit.version


class VisitNoteForm(BaseForm):
    """What came of it: told, asked, by whom received; pictures beside it."""

    told = forms.CharField(
        label="讲了什么",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写了的，台账里算“已宣传”。没有见到人的，不写，在下面说明。",
    )
    asked = forms.CharField(
        label="对方问了什么、有什么意见",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    met_name = NameFormField(label="接待人", max_length=50, required=False)
    met_position = forms.CharField(label="接待人职务", max_length=50, required=False)
    done_at = UsualMomentField(label="走访时间", required=False, help_text="不填就是现在。")
    seen_version = VersionField(required=False)

    field_order = ("told", "asked", "met_name", "met_position", "files", "done_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = PicturesField(label="照片")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("told") and not cleaned.get("asked"):
            self.add_error("told", "请至少写一项：讲了什么，或对方问了什么。")
        return cleaned

    @property
    def note(self) -> VisitNote:
        given = self.cleaned_data
        at: datetime = given.get("done_at") or timezone.now()
        names = ("told", "asked", "met_name", "met_position")
        return VisitNote(done_at=at, **{name: given[name] for name in names})


class VisitPicturesForm(BaseForm):
    """Pictures that come later."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = PicturesField(label="再加照片", required=True)


class VisitTaskForm(OnceForm):
    """What was promised: by whom, by when."""

    words = forms.CharField(
        label="要办什么", max_length=300, error_messages={"required": "请写要办什么。"}
    )
    due_on = day_field("哪天前")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = owner_field()


def owner_field() -> "forms.ModelChoiceField[User]":
    return forms.ModelChoiceField(
        label="谁办",
        queryset=User.objects.officers().order_by("pk"),
        empty_label=None,
        error_messages={"invalid_choice": "请在名单里选择一位专员。"},
    )
