"""The form in which an enterprise states the date, year or term of a standing document."""

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import text
from core.dates import day_words
from core.forms import BaseForm, DateInput
from materials.rules.validity import Standing, Stated, ValidityRule

# 9999年 is how registers keep a licence without an end.
ENDLESS: Final = re.compile(r"长期(?:有效)?|永久|永续|无固定期限|不约定期限|9999\D.*|9999\d{4}")
SEEN: Final = "seen"


class ValidityForm(BaseForm):
    """The date, tax year or term of one standing document; each kind has its own questions."""

    dated_on = forms.DateField(
        required=False,
        widget=DateInput,
        error_messages={"invalid": "没有认出这个日期。请按年-月-日填写，例如2026-11-23。"},
    )
    tax_year = forms.IntegerField(
        label="纳税年度",
        required=False,
        help_text="证明上写的所属年度，例如2025。",
        error_messages={"invalid": "请填写四位数的年份，例如2025。"},
    )
    is_endless = forms.ChoiceField(
        label="营业期限",
        choices=[("", "有截止日期"), ("on", "长期（没有截止日期）")],
        required=False,
        widget=forms.RadioSelect,
    )
    ends_on = forms.DateField(
        label="营业期限止",
        required=False,
        widget=DateInput,
        help_text="执照上营业期限的最后一天；没有截止日期的，选择“长期”。",
        error_messages={"invalid": "没有认出这个日期。请按年-月-日填写，例如2045-06-30。"},
    )

    # What stood there when the page was opened.
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule: ValidityRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dated_on"].label = rule.date_label
        self.initial["is_endless"] = "on" if self.initial.get("is_endless") else ""
        for name in list(self.fields):
            if name not in (*rule.fields, SEEN):
                del self.fields[name]

    def full_clean(self) -> None:
        if self.is_bound and "ends_on" in self.fields:
            self.data = _with_endless_as_choice(self.data)
        super().full_clean()

    def clean_is_endless(self) -> bool:
        return bool(self.cleaned_data["is_endless"])

    def clean_dated_on(self) -> date | None:
        day: date | None = self.cleaned_data["dated_on"]
        if day is None:
            raise ValidationError("请填写文件上的日期。")
        if day > timezone.localdate():
            raise ValidationError(f"{day_words(day)}还没有到。请对照文件核对日期。")
        return day

    def clean_tax_year(self) -> int | None:
        year: int | None = self.cleaned_data["tax_year"]
        this_year = timezone.localdate().year
        if year is None:
            raise ValidationError("请填写证明上写的年度。")
        if not 2000 <= year < this_year:
            raise ValidationError(
                f"纳税年度应在2000至{this_year - 1}之间，填写的是{year}。请对照证明核对。"
            )
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asks_for_term = "is_endless" in self.fields and not self.errors
        if asks_for_term and bool(cleaned["ends_on"]) == cleaned["is_endless"]:
            self.add_error("ends_on", "请填写营业期限的最后一天，或者选择“长期”，两者选一。")
        return cleaned

    @property
    def stated(self) -> Stated:
        typed = {name: value for name, value in self.cleaned_data.items() if name != SEEN}
        return Stated(**typed)

    def tell_overtaken(self, standing: Standing, seen: str) -> None:
        """Say that a colleague was first and what stands now; saved once more, this counts."""
        self.data = self.data.copy()
        self.data[SEEN] = seen
        self.add_error(
            None,
            f"您打开这一页之后，同事已经填写过，您这次的没有保存。现在存着的：{standing.words}"
            "您填写的还在下面：请对照文件核对，再保存一次就以您的为准。",
        )


def _with_endless_as_choice(data: Any) -> Any:
    """Also where somebody typed it as the last day, as licences and registers print it."""
    chosen = data.copy()
    if data.get("is_endless") not in (None, "", False):
        chosen["is_endless"] = "on"
    if ENDLESS.fullmatch(text.compact(str(data.get("ends_on") or ""))):
        chosen["ends_on"], chosen["is_endless"] = "", "on"
    return chosen
