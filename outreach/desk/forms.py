"""Forms of the desk: what people outside fill in, and what the officer answers."""

from typing import Any

from django import forms

from core.form_text import NameFormField
from core.forms import BaseForm, SeenForm
from core.phones import PhoneField
from outreach.desk.services import Asker
from outreach.models import CallBack, Question
from outreach.nonces import new_nonce


class AskForm(BaseForm):
    """Who asks; a nonce makes a page that is sent twice one row."""

    name = NameFormField(label="怎么称呼您", max_length=50, help_text="例如：王经理")
    phone = PhoneField(label="联系电话", max_length=30)
    enterprise_name = NameFormField(label="单位名称", max_length=120, required=False)
    nonce = forms.CharField(max_length=36, min_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = new_nonce()
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    @property
    def asker(self) -> Asker:
        cleaned = self.cleaned_data
        return Asker(cleaned["name"], cleaned["phone"], cleaned["enterprise_name"])


class CallBackForm(AskForm):
    when = forms.ChoiceField(label="方便接电话的时间", choices=CallBack.When.choices)


class QuestionAskForm(AskForm):
    text = forms.CharField(
        label="您的问题",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="请不要写身份证号、护照号等个人号码。",
    )

    field_order = ("text", "name", "phone", "enterprise_name", "nonce")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = False
        self.fields["phone"].help_text = "可以不填；填了，专员可以打电话答复。"


class CloseForm(SeenForm):
    """What was said on the telephone."""

    note = forms.CharField(
        label="通话记录", max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


class ConsultationAnswerForm(SeenForm):
    """The answer, and the common one that it was taken from."""

    question = forms.ModelChoiceField(
        label="引用常见问题",
        queryset=Question.objects.none(),
        required=False,
        help_text="可以不选。选了，记下引用的是哪一版；答复还是以您写的为准。",
    )
    answer = forms.CharField(
        label="答复", max_length=3000, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].queryset = Question.objects.on_show()  # type: ignore[attr-defined]
