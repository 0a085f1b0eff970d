"""Canonical form of what people fill in, by what each field of a form holds."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.conf import settings

from core import text
from core.dates import day_words

Canonical = Callable[[str], str]
# Days that any form of the portal may be about. Beyond them the year is a slip of the finger,
# and reckoning from it would leave the calendar.
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


# What a mail program would make a link of. Mails greet people by name, also such as a stranger
# typed; Co.Ltd is the one dot before letters that names have.
COMPANY_FORM: Final = re.compile(r"\bCo\.,? ?Ltd\b\.?", re.IGNORECASE)
WEBSITE: Final = re.compile(
    r"https?:|://|\bwww\b|@|[.。点](?:com|cn|net|org|top|xyz|vip|cc|io)\b|\S\.[^\W\d_]{2,}"
    r"|[0-9]+\.[0-9]+\.[0-9]+",
    re.IGNORECASE,
)


def no_website(name: str) -> None:
    """Validator of names: one in which a website or a mailbox stands is none."""
    if WEBSITE.search(COMPANY_FORM.sub("", name)):
        raise forms.ValidationError(
            "名称里不能有网址或邮箱，请只填写名称。名称确实如此的，"
            f"请拨打咨询热线{settings.HOTLINE}，由专员处理。",
            code="website",
        )


class NameFormField(forms.CharField):
    """Name of a person or a company."""

    canonical: ClassVar[Canonical] = staticmethod(text.name)
    default_validators = [no_website]


class LoginField(forms.CharField):
    """Login name, which is a mailbox for agents. Case never matters, nor what a paste adds."""

    canonical: ClassVar[Canonical] = staticmethod(text.email)


def form_of(field: forms.Field) -> Canonical | None:
    """The canonical form of what this field gets; None where every character counts."""
    own: Canonical | None = getattr(field, "canonical", None)
    if own is not None or isinstance(field.widget, forms.PasswordInput):
        return own
    if isinstance(field, forms.EmailField):
        return text.email
    if isinstance(field, forms.CharField):
        is_long = isinstance(field.widget, forms.Textarea)
        return text.paragraphs if is_long else text.line
    if isinstance(field, forms.IntegerField | forms.DateField):
        return lambda typed: text.dashes_as_hyphens(text.compact(typed))
    return None


def canonical_data(form: forms.BaseForm) -> Any:
    """What was sent, with each text of this form in its canonical form."""
    sent: Any = form.data
    data = sent.copy()
    for name, field in form.fields.items():
        key, canonical = form.add_prefix(name), form_of(field)
        if canonical is not None and isinstance(data.get(key), str):
            data[key] = canonical(data[key])
    return data


def usual_day(day: date) -> None:
    """Validator of every date: one of a year that people mean."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(
            f"填写的是{day_words(day)}，不合常理，请核对年份。", code="unusual_day"
        )
