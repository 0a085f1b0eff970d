"""Telephone numbers as people type them."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError

PHONE = re.compile(r"\+?[0-9][0-9-]{5,18}[0-9]")
# Without area code or country code, and beginning as only mobile numbers do.
BARE_MOBILE = re.compile(r"1[3-9][0-9]*")
MOBILE_DIGITS = 11
MOBILE = re.compile(r"(?:\+?86-?)?1[3-9](?:-?[0-9]){9}")


def validate_phone(text: str) -> str:
    """A mobile or fixed number in half width, without spaces and brackets."""
    folded = unicodedata.normalize("NFKC", text)
    number = re.sub(r"[\s()]|[\u2010-\u2015]", lambda m: "-" if m[0] > "\u2000" else "", folded)
    if not PHONE.fullmatch(number):
        raise ValidationError(
            f"“{text.strip()[:30]}”不像电话号码。"
            "请填写手机号码，或带区号的固定电话，例如023-58000000。",
            code="phone",
        )
    digits = number.replace("-", "")
    if BARE_MOBILE.fullmatch(digits) and len(digits) != MOBILE_DIGITS:
        raise ValidationError(
            f"手机号码应为{MOBILE_DIGITS}位，现在是{len(digits)}位，请核对。", code="phone_length"
        )
    return number


class PhoneField(forms.CharField):
    """A number held to `validate_phone` and kept as that tidies it."""

    def clean(self, value: object) -> str:
        text: str = super().clean(value)
        return validate_phone(text) if text else text


def is_mobile(number: str) -> bool:
    """Is this, as `validate_phone` leaves it, a mainland mobile number, which takes messages?"""
    return MOBILE.fullmatch(number) is not None
