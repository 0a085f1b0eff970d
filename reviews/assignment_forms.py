"""Forms of the liaisons: leave, handing on, and the department's phrases."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from accounts.models import User
from core.forms import BaseForm, BaseModelForm, DateInput, VersionedModelForm
from reviews.models import Leave, Opinion, Phrase

# Django's fields take type parameters in its stubs only, not when they run.
if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[User]
else:
    ModelChoiceField = forms.ModelChoiceField

DATE_ERRORS = {"invalid": "请按“年-月-日”填写，如 2026-11-23。"}


class PersonChoice(ModelChoiceField):
    """A colleague by name and duties."""

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name}（{person.duties}）" if person.duties else str(person.name)


class LeaveForm(BaseModelForm):
    """From when to when this liaison is away, and who stands in."""

    class Meta:
        model = Leave
        fields = ["first_day", "last_day", "stand_in"]

    first_day = forms.DateField(
        label="第一天",
        widget=DateInput(),
        error_messages={"required": "请填写休假的第一天。", **DATE_ERRORS},
    )
    last_day = forms.DateField(
        label="最后一天",
        widget=DateInput(),
        help_text="包括这一天；只休一天的，两天填同一个日期。",
        error_messages={"required": "请填写休假的最后一天。", **DATE_ERRORS},
    )
    stand_in = PersonChoice(
        label="代办人",
        queryset=User.objects.none(),
        required=False,
        empty_label="（不指定，有同事在岗的由同事代办）",
        help_text="休假期间，没有签署的和新送来的意见先给代办人；结束后自动交还。",
        error_messages={"invalid_choice": "代办人必须是本部门另一名在用的联络员，请重新选择。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance.user
        self.fields["stand_in"].queryset = (  # type: ignore[attr-defined]
            User.objects.liaisons_of(person.department)
            .able_to_sign_in()
            .exclude(pk=person.pk)
            .in_order_of_duty()
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "休假的最后一天不能早于第一天，请核对日期。")
        elif last and last < timezone.localdate():
            self.add_error("last_day", "这段休假已经过去，不用登记。")
        return cleaned


class TransferForm(BaseForm):
    """To whom, and why; the colleague reads it."""

    to = PersonChoice(
        label="转给",
        queryset=User.objects.none(),
        empty_label="（请选择）",
        error_messages={
            "required": "请选择接办的同事。",
            "invalid_choice": "这位同事今天休假，或者不是本部门的联络员，请另选一人。",
        },
    )
    reason = forms.CharField(
        label="原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明转办的原因，接办的同事会看到。"},
    )

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        away = Leave.objects.in_force(today).values("user")
        people = User.objects.liaisons_of(opinion.department).able_to_sign_in()
        people = people.exclude(pk__in=away)
        if opinion.assignee_id and not opinion.is_stood_in_for:
            people = people.exclude(pk=opinion.assignee_id)
        self.fields["to"].queryset = people.in_order_of_duty()  # type: ignore[attr-defined]


class PhraseForm(VersionedModelForm):
    """One wording of the department's stock."""

    class Meta:
        model = Phrase
        fields = ["text", "conclusion", "position", "is_active"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "text": "点一下就填进“办理意见”，填入后还可以修改。",
            "conclusion": "选用这条时一起选好结论，签署前还可以改。不选的只填入文字。",
            "position": "数字小的排在前面。",
            "is_active": "停用的不再出现在填写页面，可以随时重新启用。",
        }
        error_messages = {
            "text": {
                "required": "请填写用语。",
                "max_length": "最多300个字，超出审核表的格子就印不下了。",
            },
            "position": {
                "required": "请填写次序，如 1。",
                "invalid": "请填写数字，如 1。",
                "min_value": "次序不能是负数。",
            },
        }
