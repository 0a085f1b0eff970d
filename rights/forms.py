"""Forms of requests: at the counter, by link, signed in, and the station's answer."""

from typing import Any

from django import forms

from core.forms import BaseForm, NonceForm, SeenForm
from core.identifiers import validate_id_number
from core.phones import PhoneField
from rights.models import RightsRequest

Kind = RightsRequest.Kind
# An account is closed by its owner, where he is an agent; an applicant has none.
OF_APPLICANT = [choice for choice in Kind.choices if choice[0] != Kind.CLOSE]
OF_ACCOUNT = [choice for choice in Kind.choices if choice[0] not in (Kind.DELETE, Kind.WITHDRAW)]


class IdNumberForm(BaseForm):
    id_number = forms.CharField(
        label="身份证号码",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_id_number(self) -> str:
        return validate_id_number(self.cleaned_data["id_number"])


class LinkAskForm(IdNumberForm):
    """What an applicant must know to have an address sent to the telephone on file."""

    phone = PhoneField(
        label="登记的手机号码",
        max_length=30,
        help_text="申请时填写的那个号码；链接只发到那里。",
    )


class RightsRequestForm(NonceForm):
    kind = forms.ChoiceField(label="您要办什么", choices=OF_APPLICANT, widget=forms.RadioSelect)
    words = forms.CharField(
        label="具体内容",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="例如：哪一项写错了，应该是什么。查阅、复制的可以不填。",
    )

    field_order: tuple[str, ...] = ("kind", "words", "nonce")

    def __init__(self, *args: Any, of_account: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of_account:
            self.fields["kind"].choices = OF_ACCOUNT  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Kind.CORRECT and not cleaned.get("words"):
            self.add_error("words", "请写明哪一项不对、应该是什么。")
        return cleaned


class CounterForm(IdNumberForm, RightsRequestForm):
    """The same, taken down by an officer who saw the person's document."""

    seen = forms.CharField(
        label="怎样核对的身份",
        max_length=200,
        help_text="例如：看过本人身份证原件，照片与本人一致。不用写号码。",
    )

    field_order = ("id_number", "seen", "kind", "words", "nonce")


class RightsAnswerForm(SeenForm):
    words = forms.CharField(
        label="答复",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="办了什么，或者为什么不能办。会写在给本人的答复书里。",
    )
