"""Forms of the services on a card."""

from typing import Any

from django import forms
from django.utils import timezone

from applications.kinds import Kind, Service
from cards.models import LossReport
from core.dates import MOMENT_INPUTS
from core.form_text import NameFormField, usual_day
from core.forms import BaseForm, DateInput, MomentInput

TOO_LONG = "最多写%(limit_value)d个字，现在是%(show_value)d个字，请写得简短些。"
WRONG_DAY = "请按2026-11-23这样填写日期。"


class ServiceWordsForm(BaseForm):
    """What the enterprise says in its letter."""

    words = forms.CharField(
        label="原因和经过",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="照实写，会原样排进要盖章的函里；也可以以后再写。",
        error_messages={"max_length": TOO_LONG},
    )


class ServiceForm(ServiceWordsForm):
    """Begins a service: why, and for a cancellation since when."""

    cause = forms.ChoiceField(
        label="事由",
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择事由。",
            "invalid_choice": "没有“%(value)s”这种事由，请重新选择。",
        },
    )
    happened_on = forms.DateField(
        label="从哪天起",
        widget=DateInput,
        help_text="离职、退休、身份变化或发现的那一天；到期的填今天。",
        error_messages={"required": "请填写日期。", "invalid": WRONG_DAY},
    )

    field_order = ("cause", "happened_on", "words")

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        kwargs["initial"] = {"happened_on": timezone.localdate(), **kwargs.pop("initial", {})}
        super().__init__(*args, **kwargs)
        cause = self.fields["cause"]
        assert isinstance(cause, forms.ChoiceField)  # noqa: S101 - tells the type
        cause.choices = [(one.code, one.label) for one in service.causes]
        if not service.causes:
            del self.fields["cause"]
        if service.kind != Kind.CANCEL:
            del self.fields["happened_on"]


class LossForm(BaseForm):
    """Four answers, two of them filled in already: it takes two minutes on a phone."""

    how = forms.ChoiceField(
        label="遗失还是被盗",
        choices=LossReport.How.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择遗失还是被盗。",
            "invalid_choice": "没有“%(value)s”这一种，请重新选择。",
        },
    )
    noticed_at = forms.DateTimeField(
        label="什么时候发现的",
        widget=MomentInput,
        input_formats=MOMENT_INPUTS,
        error_messages={
            "required": "请填写发现的时间。",
            "invalid": "请按2026-11-23 09:30这样填写时间。",
        },
    )
    last_holder = NameFormField(
        label="最后拿着卡的人",
        max_length=50,
        error_messages={"required": "请填写最后拿着卡的人。", "max_length": TOO_LONG},
    )
    where = forms.CharField(
        label="大概在哪里丢的",
        max_length=100,
        required=False,
        help_text="可以不填。",
        error_messages={"max_length": TOO_LONG},
    )

    def clean_noticed_at(self) -> Any:
        moment = self.cleaned_data["noticed_at"]
        usual_day(moment.date())
        return moment


class HandInForm(BaseForm):
    """A card that is handed in at the station."""

    on = forms.DateField(
        label="交卡日期",
        widget=DateInput,
        error_messages={"required": "请填写交卡日期。", "invalid": WRONG_DAY},
    )
    handed_in_by = NameFormField(
        label="交卡人",
        max_length=50,
        help_text="把卡送来的人，姓名印在回执上。",
        error_messages={"required": "请填写交卡人。", "max_length": TOO_LONG},
    )


class ExcuseForm(BaseForm):
    """Why no card can be handed in."""

    why = forms.CharField(
        label="交不回的原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原卡为什么交不回。", "max_length": TOO_LONG},
    )


class DayForm(BaseForm):
    """The day on which something was done."""

    on = forms.DateField(
        label="办妥日期",
        widget=DateInput,
        error_messages={"required": "请填写日期。", "invalid": WRONG_DAY},
    )
