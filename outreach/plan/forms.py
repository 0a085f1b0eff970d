"""Forms of the plan: a phase's days, a task, a meeting, a talk."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from core.forms import DateInput, VersionedModelForm
from outreach.models import PlanMeeting, PlanPhase, PlanTalk, PlanTask
from outreach.nonces import new_nonce
from outreach.plan.figures import FIGURES
from parameters.models import Parameter

LONG = forms.Textarea(attrs={"rows": 4})


class PlanForm(VersionedModelForm):
    """With a number of its own, so that a page that is sent twice makes one row."""

    nonce = forms.CharField(max_length=36, min_length=20, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = new_nonce()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.instance.pk and not cleaned.get("nonce"):
            self.add_error(None, "这一页已经过期，请重新打开再填。")
        return cleaned


class PlanPhaseForm(PlanForm):
    class Meta:
        model = PlanPhase
        fields = ("name", "text", "begins_on", "ends_on", "result")
        widgets = {"begins_on": DateInput, "ends_on": DateInput, "text": LONG, "result": LONG}
        help_texts = {
            "ends_on": "长期推进的，不填。",
            "result": "给领导看的一两句话：做到了什么，还差什么。",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("begins_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "早于开始的日子，请核对。")
        return cleaned


class PlanTaskForm(PlanForm):
    class Meta:
        model = PlanTask
        fields = (
            "title",
            "unit",
            "owner",
            "begins_on",
            "due_on",
            "state",
            "done_on",
            "result",
            "figure",
            "goal",
            "position",
        )
        widgets = {
            "begins_on": DateInput,
            "due_on": DateInput,
            "done_on": DateInput,
            "result": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "due_on": "长期推进的，不填。",
            "done_on": "完成了的填；不填就是今天。",
            "result": "完成的写结果；不再办的写原因。",
            "figure": "选了，页面上就显示这个数，随时更新。",
            "position": "小的排在前面。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "不用")] + [(code, one.label) for code, one in FIGURES.items()]
        if self.instance.figure and self.instance.figure not in FIGURES:
            choices.append((self.instance.figure, self.instance.figure))
        self.fields["figure"] = forms.ChoiceField(
            label="用门户的哪个数说明",
            choices=choices,
            required=False,
            help_text=self.fields["figure"].help_text,
        )
        people = User.objects.officers() | User.objects.supervisors_of(None)
        self.fields["owner"].queryset = people.distinct()  # type: ignore[attr-defined]
        self.fields["owner"].label_from_instance = lambda one: one.title  # type: ignore[attr-defined]
        self.fields["owner"].empty_label = "没有指定"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        state, first, last = (cleaned.get(name) for name in ("state", "begins_on", "due_on"))
        if state == PlanTask.State.DROPPED and not cleaned.get("result"):
            self.add_error("result", "不再办的，请写明原因。")
        if first and last and last < first:
            self.add_error("due_on", "早于开始的日子，请核对。")
        done_on, today = cleaned.get("done_on"), timezone.localdate()
        if done_on and done_on > today:
            self.add_error("done_on", "还没有到这一天，请核对。")
        # What is done has a day on which it was; what is not has none.
        cleaned["done_on"] = (done_on or today) if state == PlanTask.State.DONE else None
        return cleaned


class PlanMeetingForm(PlanForm):
    class Meta:
        model = PlanMeeting
        fields = ("held_on", "title", "attendees", "matters", "decisions", "next_on")
        widgets = {
            "held_on": DateInput,
            "next_on": DateInput,
            "matters": forms.Textarea(attrs={"rows": 6}),
            "decisions": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "attendees": "例如：区政府办公室、各部门联络员。",
            "matters": "工作中出现的重要情况、重点事项。",
            "decisions": "保存以后，把要办的逐条列为任务，写明谁、哪天前。",
        }


class PlanTalkForm(PlanForm):
    class Meta:
        model = PlanTalk
        fields = ("office", "whom", "way", "held_on", "asked", "learned", "parameter")
        widgets = {"held_on": DateInput, "asked": LONG, "learned": LONG}
        help_texts = {
            "learned": "还没有答复的，先空着，有了再补。",
            "parameter": "由此改了费用、期限、停留天数的，选是哪一项；数值在“参数”页面改。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parameter"]
        field.queryset = Parameter.objects.order_by("group", "id")  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.group}：{one.name}"  # type: ignore[attr-defined]
        field.empty_label = "没有"  # type: ignore[attr-defined]
