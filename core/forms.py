"""The base of every form: one look, canonical text, our own messages, days that people mean."""

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms

from core.form_messages import speak_plainly
from core.form_text import canonical_data, usual_day

# Django's forms take type parameters in its stubs only, not when they run.
if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class FormLook:
    """Mixin: crispy helper that leaves the form tag to the template and shows no novalidate.

    What is typed is brought into its canonical form before anything else is asked of it.
    """

    fields: dict[str, forms.Field]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.form_show_errors = True
        helper.html5_required = False
        return helper

    def full_clean(self) -> None:
        # Here, since some forms make their fields after they were made themselves.
        for field in self.fields.values():
            speak_plainly(field)
            if isinstance(field, forms.DateField) and usual_day not in field.validators:
                field.validators.append(usual_day)
        if self.is_bound:  # type: ignore[attr-defined]
            self.data = canonical_data(self)  # type: ignore[arg-type]
        super().full_clean()  # type: ignore[misc]


class BaseForm(FormLook, forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class BaseModelForm(FormLook, ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class VersionedModelForm(BaseModelForm):
    """Refuses to overwrite what somebody else saved after this page was opened."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.get("seen_version")
        if self.instance.pk and seen is not None:
            current = type(self.instance).objects.only("version").get(pk=self.instance.pk).version
            if current != seen:
                self.add_error(
                    None, "您打开这一页之后，别人已经修改过这些内容。请刷新页面，核对后再改。"
                )
        return cleaned


class DateInput(forms.DateInput):
    """The browser's own date picker; typing 2026-11-23 works everywhere."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")
