"""Forms of the desk's screen, and of what follows a consultation."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone

from accounts import departments
from accounts.models import Department, User
from core import text as canonical
from core.dates import MOMENT_INPUTS
from core.form_text import NameFormField
from core.forms import BaseForm, DateInput, MomentInput, SeenForm, VersionedModelForm
from core.phones import PHONE, PhoneField, canonical_phone
from enterprises.ledger.forms import NearNamesForm
from outreach.desk.services import Asker
from outreach.models import Consultation, ConsultationTopic
from outreach.nonces import new_nonce

# Beyond it the day of a note is a slip of the finger.
LONGEST_AGO: Final = timedelta(days=366)
LONGEST_PERIOD: Final = timedelta(days=5 * 366)
# How the row calls whoever did not say a name.
UNNAMED: Final = {
    Consultation.Channel.CALL: "来电人",
    Consultation.Channel.COUNTER: "来访人",
    Consultation.Channel.MAIL: "来信人",
    Consultation.Channel.WEB: "提问人",
}


class DeskForm(NearNamesForm):
    """A consultation as it is taken down while somebody speaks; who it is and the answer stand
    beside it and are chosen there."""

    NEW = "new"
    ask_near = (
        "台账里有名称相近的，列在“是哪一家”下面。是其中一家的，选它再记；都不是，再按一次就新建。"
    )

    words = forms.CharField(
        label="电话、单位或姓名",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label="问什么", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    topic = forms.ModelChoiceField(
        label="主题", queryset=ConsultationTopic.objects.none(), empty_label="请选择"
    )
    channel = forms.ChoiceField(
        label="怎么来的",
        choices=[one for one in Consultation.Channel.choices if one[0] != "web"],
        initial=Consultation.Channel.CALL,
    )
    answer = forms.CharField(
        label="答复",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="当场答的，写下答复；答不了的空着，记下待办。",
    )
    wants_draft = forms.BooleanField(
        label="常见问题里没有现成的答案，记一条草稿，以后补写", required=False
    )
    name = NameFormField(label="怎么称呼", max_length=50, required=False)
    phone = PhoneField(label="联系电话", max_length=30, required=False)
    enterprise_name = NameFormField(label="单位名称", max_length=120, required=False)
    asked_at = forms.DateTimeField(
        label="什么时候问的",
        widget=MomentInput,
        input_formats=MOMENT_INPUTS,
        help_text="补记以前的，改成当时的时间。",
    )
    nonce = forms.CharField(max_length=36, min_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = new_nonce()
        self.fields["asked_at"].initial = timezone.localtime()
        topics = ConsultationTopic.objects.in_use()
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]
        self.fields["phone"].widget.attrs["inputmode"] = "tel"

    def clean_asked_at(self) -> datetime:
        moment: datetime = self.cleaned_data["asked_at"]
        if moment > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError("还没有到这个时间，请核对。")
        if moment < timezone.now() - LONGEST_AGO:
            raise forms.ValidationError("这是一年以前，请核对年份。")
        return min(moment, timezone.now())

    def clean(self) -> dict[str, Any]:
        """What was typed to find somebody is a number or a name, and need not be typed again."""
        cleaned = super().clean() or {}
        words = cleaned.get("words", "")
        number = canonical_phone(words)
        is_number = PHONE.fullmatch(number) is not None
        if is_number and not cleaned.get("phone"):
            cleaned["phone"] = number
        if self.is_new and not cleaned.get("enterprise_name"):
            if words and not is_number:
                cleaned["enterprise_name"] = canonical.name(words)
            else:
                self.add_error("enterprise_name", "记入台账的，请写单位名称。")
        if self.wants_answer and "answer" not in self.errors and not cleaned.get("answer"):
            self.add_error("answer", "请写下答复；答不了的，按“还没有答案，记下待办”。")
        return cleaned

    @property
    def chosen(self) -> str:
        """Who was chosen beside: e12, d5, new or nobody."""
        return str(self.data.get("subject", "")) if self.is_bound else ""

    @property
    def is_new(self) -> bool:
        return self.chosen == self.NEW

    @property
    def wants_answer(self) -> bool:
        return str(self.data.get("act", "")) == "answer"

    @property
    def asker(self) -> Asker:
        cleaned = self.cleaned_data
        caller = UNNAMED[Consultation.Channel(cleaned["channel"])]
        return Asker(cleaned["name"] or caller, cleaned["phone"], cleaned["enterprise_name"])


class SortForm(SeenForm):
    """What it is about, and for whom it was asked."""

    topic = forms.ModelChoiceField(
        label="主题",
        queryset=ConsultationTopic.objects.none(),
        required=False,
        empty_label="未分主题",
    )
    words = forms.CharField(
        label="电话、单位或姓名",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = ConsultationTopic.objects.in_use()
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]


class HandForm(SeenForm):
    """To whom it is handed on, and what he is to do."""

    to = forms.ChoiceField(label="转给")
    request = forms.CharField(
        label="请对方做什么", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    nonce = forms.CharField(max_length=36, min_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = new_nonce()
        self.people = {f"u{one.pk}": one for one in User.objects.officers() if one.pk != by.pk}
        self.departments = {f"d{one.pk}": one for one in departments.known()}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            ("同事（由他答复）", [(key, one.name) for key, one in self.people.items()]),
            ("部门（回复后由您答复）", [(k, one.name) for k, one in self.departments.items()]),
        ]

    @property
    def colleague(self) -> User | None:
        return self.people.get(self.cleaned_data["to"])

    @property
    def department(self) -> Department | None:
        return self.departments.get(self.cleaned_data["to"])


class ReplyForm(BaseForm):
    """What a department says to it."""

    words = forms.CharField(label="回复", max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))


class TopicForm(VersionedModelForm):
    class Meta:
        model = ConsultationTopic
        fields = ("name", "position", "is_used")
        help_texts = {"is_used": "不用的，新的咨询不能再选；以前的照旧。"}


class DeskPeriodForm(BaseForm):
    """From the first day to the last, both included."""

    first = forms.DateField(label="从哪天", widget=DateInput)
    last = forms.DateField(label="到哪天", widget=DateInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "早于开始的日子，请核对。")
        if first and last and last - first > LONGEST_PERIOD:
            self.add_error("first", "最多看五年。")
        return cleaned
