"""What is typed of a card: its face, the economies on its back, and what was dealt with."""

import secrets
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from cards.holding.ends import usual_until
from cards.holding.numbers import is_unusual, plain_number, require_number
from cards.holding.refusals import CardRefused
from cards.models import Card, CardPage, Custody
from core.forms import BaseForm, DateInput, VersionedModelForm
from core.uploads import PICTURES
from materials.economies import NAMES
from parameters.values import Parameters


class EconomiesForm(BaseForm):
    """The sixteen economies, each with its own earlier end where the list beside the card has one.

    A day without its tick counts as ticked.
    """

    has_all = forms.BooleanField(label="卡背面列出了全部16个经济体", required=False)
    is_printed = forms.BooleanField(
        label="卡背面的经济体", required=False, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,
        own: dict[str, date | None] | None = None,
        known: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`known`: which the filing's board has as granted; None where there is no filing."""
        super().__init__(*args, **kwargs)
        self.known = known
        given = own or {}
        self.fields["has_all"].initial = len(given) == len(NAMES)
        self.fields["has_all"].widget.attrs["class"] = "form-check-input"
        for code, name in NAMES.items():
            tick = forms.BooleanField(label=name, required=False, initial=code in given)
            tick.widget.attrs["class"] = "form-check-input"
            until = forms.DateField(
                label=f"{name}的有效期至",
                required=False,
                initial=given.get(code),
                widget=DateInput(
                    attrs={"class": "form-control", "aria-label": f"{name}的有效期至"}
                ),
            )
            until.widget.attrs["aria-label"] = until.label
            self.fields[f"on_{code}"] = tick
            self.fields[f"until_{code}"] = until

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.known is None or cleaned.get("is_printed"):
            return cleaned
        unknown = "、".join(NAMES[code] for code in self.economies if code not in self.known)
        if unknown:
            tick = self.fields["is_printed"]
            tick.label = f"卡背面确实印着{unknown}"
            tick.widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
            self.add_error(
                "is_printed",
                f"这件申请的国家系统填报里没有登记{unknown}已批准。请再看一次卡背面："
                "没有印的，去掉勾选；印着的，勾选经济体旁边的“卡背面确实印着”再保存。",
            )
        return cleaned

    @property
    def rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        for code in NAMES:
            yield self[f"on_{code}"], self[f"until_{code}"]

    @property
    def economies(self) -> dict[str, date | None]:
        """By code the own day of each that is ticked."""
        typed = self.cleaned_data
        return {
            code: typed.get(f"until_{code}")
            for code in NAMES
            if typed.get("has_all") or typed.get(f"on_{code}") or typed.get(f"until_{code}")
        }


class NumberChecks:
    """Mixin: an unusual number is asked about, since nobody has published how one is made up."""

    parameters: Parameters

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        number = plain_number(cleaned.get("number") or "")
        try:
            passport = plain_number(cleaned.get("passport_number") or "")
            if number:
                require_number(number, passport_number=passport)
        except CardRefused as refused:
            self.add_error("number", str(refused))  # type: ignore[attr-defined]
            return cleaned
        bounds = {
            "least": self.parameters.number("cards.number_least"),
            "most": self.parameters.number("cards.number_most"),
        }
        if number and is_unusual(number, **bounds) and not cleaned.get("is_sure"):
            self.fields["is_sure"].widget = forms.CheckboxInput()  # type: ignore[attr-defined]
            self.add_error(  # type: ignore[attr-defined]
                "number",
                f"这个卡号有{len(number)}位，通常是{bounds['least']}至{bounds['most']}位。"
                "请再对照卡面看一次；确实如此的，勾选下面的“卡号没有填错”再保存。",
            )
        return cleaned


class IssueForm(NumberChecks, BaseForm):
    """A card that was handed out; the rest is known from the applicant."""

    number = forms.CharField(
        label="卡号", max_length=40, help_text="照卡正面的号码填写。加密保存，页面上只显示末4位。"
    )
    is_sure = forms.BooleanField(label="卡号没有填错", required=False, widget=forms.HiddenInput)
    issued_on = forms.DateField(label="发卡日期", widget=DateInput)
    card_until = forms.DateField(label="卡面有效期至", required=False, widget=DateInput)
    passport_number = forms.CharField(
        label="绑定的护照号码",
        max_length=20,
        help_text="照护照填写，用来核对卡绑定的就是申请人登记的这本护照。",
    )
    passport_until = forms.DateField(label="护照有效期至", widget=DateInput)
    custody = forms.ChoiceField(label="由谁保管", choices=Custody.choices[:3])
    custody_note = forms.CharField(
        label="保管人和地点", max_length=100, required=False, help_text="例如：综合部，保险柜。"
    )
    front = forms.FileField(label="卡正面照片（可以以后补）", required=False)
    back = forms.FileField(label="卡背面照片（可以以后补）", required=False)
    nonce = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, parameters: Parameters, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameters = parameters
        years = parameters.number("cards.valid_years")
        self.fields[
            "card_until"
        ].help_text = f"不填的，按发卡日期加{years}年推算，不超过护照有效期。"
        self.fields["nonce"].initial = secrets.token_urlsafe(16)
        for side in ("front", "back"):
            self.fields[side].widget.attrs["accept"] = f"{PICTURES},application/pdf"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        issued, until = cleaned.get("issued_on"), cleaned.get("card_until")
        if issued and not until and "card_until" not in self.errors:
            years = self.parameters.number("cards.valid_years")
            cleaned["card_until"] = usual_until(issued, cleaned.get("passport_until"), years=years)
        return cleaned


class CorrectForm(NumberChecks, VersionedModelForm):
    """What may be corrected of a card; its number only where it was entered wrongly."""

    number = forms.CharField(
        label="卡号（填错了才改）", max_length=40, required=False, help_text="不改的，空着。"
    )
    is_sure = forms.BooleanField(label="卡号没有填错", required=False, widget=forms.HiddenInput)

    class Meta:
        model = Card
        fields = ["issued_on", "card_until", "passport_until", "custody", "custody_note"]
        widgets = dict.fromkeys(("issued_on", "card_until", "passport_until"), DateInput)

    def __init__(self, *args: Any, parameters: Parameters, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameters = parameters


class PictureForm(BaseForm):
    side = forms.ChoiceField(label="哪一面", choices=CardPage.Side.choices)
    picture = forms.FileField(label="照片", help_text="JPG、PNG、HEIC或PDF，四边都拍进去。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].widget.attrs["accept"] = f"{PICTURES},application/pdf"


class SettleForm(BaseForm):
    """One end of a card that was dealt with."""

    subject = forms.CharField(widget=forms.HiddenInput, max_length=8)
    ends_on = forms.DateField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="怎样处理的",
        max_length=200,
        error_messages={"required": "请写明怎样处理的，例如“持卡人月底退休，不续办”。"},
    )
