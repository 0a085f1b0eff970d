"""Form of one value of a parameter."""

from decimal import Decimal
from typing import Any

from django import forms

from core.dates import day_words
from core.forms import BaseModelForm, DateInput, VersionField
from parameters.models import FRACTIONAL, Parameter, ParameterValue, Unit


class ParameterValueForm(BaseModelForm):
    """A number within the parameter's bounds, or a text; and who says so."""

    seen_version = VersionField(required=False)

    class Meta:
        model = ParameterValue
        fields = ("value", "text", "valid_from", "valid_to", "source", "source_on", "is_confirmed")
        widgets = {"valid_from": DateInput, "valid_to": DateInput, "source_on": DateInput}
        help_texts = {
            "valid_from": "这一天起按新的数值办；以前的日子仍按以前的数值算。",
            "valid_to": "可以不填。过了这一天还没有新的数值，首页会提醒。",
            "source": "写明文件、网页或谁在什么时候告诉的，页面上会和数值一起显示。",
            "source_on": "可以不填。来源是哪一天的。",
        }
        error_messages = {
            "source": {
                "required": "请写明来源：文件名、网页，或者谁在什么时候告诉的。",
                "max_length": "最多写%(limit_value)d个字，现在是%(show_value)d个字，请写得简短些。",
            },
        }

    def __init__(self, *args: Any, parameter: Parameter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameter = parameter
        self.fields["seen_version"].initial = parameter.version
        del self.fields["value" if parameter.is_text else "text"]
        name = "text" if parameter.is_text else "value"
        self.fields[name].required = True
        if not parameter.is_text:
            self.fields[name].label = f"数值（{parameter.get_unit_display()}）"

    def clean_value(self) -> Decimal:
        value: Decimal = self.cleaned_data["value"]
        parameter = self.parameter
        if not parameter.least <= value <= parameter.most:
            raise forms.ValidationError(
                f"应在{parameter.least.normalize():f}和{parameter.most.normalize():f}之间，请核对。"
            )
        if Unit(parameter.unit) not in FRACTIONAL and value != value.to_integral_value():
            raise forms.ValidationError("应是整数，请核对。")
        return value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        days = [value.valid_from for value in self.parameter.values.all()]
        if first and days and first < max(days) and first not in days:
            self.add_error(
                "valid_from",
                f"{day_words(max(days))}起已有数值，以前的日子不再改。请填写那一天或以后的日子。",
            )
        if first and last and last < first:
            self.add_error("valid_to", "截止的日子早于开始的日子，请核对。")
        return cleaned
