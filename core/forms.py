"""The base of every form: one look, canonical text, our own messages, days that people mean."""

import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Model
from django.utils import timezone

from core.dates import MOMENT_INPUT, MOMENT_INPUTS, day_words
from core.form_messages import speak_plainly
from core.form_text import FIRST_DAY, LAST_DAY, canonical_data, usual_day
from core.reading import whole_number
from core.text import brief
from core.versions import version_of

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


class VersionField(forms.IntegerField):
    """The version of the row that a page was made from; nobody changes it."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SeenForm(BaseForm):
    """With the version of the row that the page was made from."""

    seen_version = VersionField(required=False)

    def __init__(self, *args: Any, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = seen

    def seen_or(self, version: int) -> int:
        """The version that was seen; the present one where the page sent none."""
        seen: int | None = self.cleaned_data["seen_version"]
        return seen or version


class VersionedModelForm(BaseModelForm):
    """Refuses to overwrite what somebody else saved after this page was opened.

    What was typed stays on the page, and beside it what stands now; saved once more, it counts.
    """

    # Fields whose stored content no page shows.
    never_shown: ClassVar[frozenset[str]] = frozenset()

    seen_version = VersionField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.get("seen_version")
        if self.instance.pk and seen is not None:
            stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
            if version_of(stored) != seen and self._differing(stored):
                self.tell_overtaken(stored)
            else:
                # The same content once more, as by a double click, overwrites nothing.
                cleaned["seen_version"] = version_of(stored)
        return cleaned

    def tell_overtaken(self, stored: Model) -> None:
        """Say that somebody else was first, and of each field what stands now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_version")] = str(version_of(stored))
        self.add_error(
            None,
            "您打开这一页之后，别人已经修改过这些内容，您这次的没有保存。您填写的还在下面，"
            "不一样的各项都写着现在存着的是什么。请核对，再保存一次就以您的为准。",
        )
        for name in self._differing(stored):
            shown = self._words_of(name, stored)
            self.add_error(name, f"现在存着的是{shown}。" if shown else "别人改过这一项。")

    def _differing(self, stored: Model) -> list[str]:
        """Names of the fields in which what was typed is not what stands now."""
        asked = [name for name in self.fields if name in (self._meta.fields or ())]
        typed = {name: self.cleaned_data[name] for name in asked if name in self.cleaned_data}
        return [name for name, value in typed.items() if value != getattr(stored, name)]

    def _words_of(self, name: str, stored: Model) -> str:
        if name in self.never_shown:
            return ""
        value = getattr(stored, name)
        if isinstance(value, bool):
            return "“是”" if value else "“否”"
        if isinstance(value, date):
            return f"“{day_words(value)}”"
        labels = dict(getattr(self.fields[name], "choices", ()))
        values = value if isinstance(value, list) else [value]
        words = "、".join(str(labels.get(one, one)) for one in values if one not in ("", None))
        return f"“{words}”" if words else "空的"


class DateInput(forms.DateInput):
    """The browser's own date picker; typing 2026-11-23 works everywhere."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT_INPUT)


# As much of a key that is none as its refusal repeats.
SHOWN_OF_KEY: Final = 18


class UsualMomentField(forms.DateTimeField):
    """A day and time by the station's clock, of a year that people mean."""

    def __init__(self, *, label: str, required: bool = True, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            input_formats=MOMENT_INPUTS,
            widget=MomentInput(),
            error_messages={"invalid": "时间要写成2026-11-23 09:30这样。"},
        )

    def clean(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().clean(value)
        except OverflowError:
            raise _unusual() from None
        # A date box gives the year 2 while somebody types 2026.
        if moment is not None and not FIRST_DAY < moment.date() <= LAST_DAY:
            raise _unusual()
        return moment


def _unusual() -> forms.ValidationError:
    return forms.ValidationError("这个时间不合常理，请核对年份。", code="unusual_day")


class MomentField(UsualMomentField):
    """A day and time by the station's clock; left out it is now."""

    def __init__(self, *, label: str) -> None:
        words = "不填就是现在。补登以前的，填当时的时间。"
        super().__init__(label=label, required=False, help_text=words)

    def clean(self, value: Any) -> datetime:
        return super().clean(value) or timezone.now()


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # none when it runs
    """Several rows by their keys; a number that no row can have is none of them."""

    def _check_values(self, value: Any) -> Any:
        for key in value:
            if whole_number(str(key), default=None) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": brief(str(key), SHOWN_OF_KEY)},
                )
        return super()._check_values(value)  # type: ignore[misc]


class NonceForm(BaseForm):
    """A form that a double click sends twice and that is entered once."""

    nonce = forms.RegexField("^[A-Za-z0-9_-]{8,40}$", widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = secrets.token_urlsafe(16)

    def clean_nonce(self) -> str:
        return self.cleaned_data.get("nonce") or secrets.token_urlsafe(16)
