"""Telephone numbers as people type them, in one form: mobile, with area code, or 400.

A mobile number is eleven digits; one with area code keeps the hyphen that was typed, and its
extension stands behind 转. The country code of the mainland, +86 or 0086, is left out.
"""

import re
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError

from core.form_text import Canonical
from core.text import compact, dashes_as_hyphens

PHONE: Final = re.compile(r"\+?[0-9][0-9-]{5,18}[0-9](?:转[0-9]{1,6})?")
COUNTRY_CODE: Final = re.compile(r"^\(?(?:\+|00)86\)?-?(?:\(0\))?(?=[0-9(])")
EXTENSION: Final = re.compile(
    r"[-,;]?(?:转|轉|分机号?|#|EXT\.?|X)[:.]?-?(?=[0-9]+$)", re.IGNORECASE
)
# 023-58000000-801: a third group of digits is an extension.
HYPHENED_EXTENSION: Final = re.compile(r"(0[0-9]{2,3}-[0-9]{7,8})-(?=[0-9]{1,6}$)")
# Without area code or country code, and beginning as only mobile numbers do.
BARE_MOBILE: Final = re.compile(r"1[3-9][0-9]*")
MOBILE_DIGITS: Final = 11
# Paid for by who is called: ten digits.
SHARED_COST: Final = re.compile(r"[48]00[0-9]*")
SHARED_COST_DIGITS: Final = 10
# Abroad the 0 of an area code is left out: +86 23 is 023.
AREA_CODE_FROM_ABROAD: Final = re.compile(r"10|2[0-9]|(?!400|800)[3-9][0-9]{2}")
# Rows from before the country code and hyphens were left out.
MOBILE: Final = re.compile(r"(?:\+?86-?)?1[3-9](?:-?[0-9]){9}")


def canonical_phone(text: str) -> str:
    """The one form of a number; of what is none, the text without blanks and marks."""
    number, found = COUNTRY_CODE.subn("", dashes_as_hyphens(compact(text)), count=1)
    number = re.sub(r"[()]", "", number)
    number = HYPHENED_EXTENSION.sub(r"\1转", EXTENSION.sub("转", number))
    number, turn, extension = number.partition("转")
    digits = number.replace("-", "")
    if digits.startswith("86") and len(digits) == MOBILE_DIGITS + 2:
        digits = number = digits[2:]
    if BARE_MOBILE.fullmatch(digits) and len(digits) == MOBILE_DIGITS:
        number = digits
    elif SHARED_COST.fullmatch(digits) and len(digits) == SHARED_COST_DIGITS:
        number = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    elif found and AREA_CODE_FROM_ABROAD.match(number):
        number = f"0{number}"
    return number + turn + extension


def validate_phone(text: str) -> str:
    """A mobile, fixed or 400 number in its canonical form."""
    number = canonical_phone(text)
    if not PHONE.fullmatch(number):
        raise ValidationError(
            f"“{text.strip()[:30]}”不像电话号码。"
            "请填写一个手机号码，或带区号的固定电话，例如023-58000000；有分机的写成023-58000000转801。",
            code="phone",
        )
    digits = number.partition("转")[0].replace("-", "")
    for pattern, wanted, label in (
        (BARE_MOBILE, MOBILE_DIGITS, "手机号码"),
        (SHARED_COST, SHARED_COST_DIGITS, "400、800电话"),
    ):
        if pattern.fullmatch(digits) and len(digits) != wanted:
            raise ValidationError(
                f"{label}应为{wanted}位，现在是{len(digits)}位，请核对。", code="phone_length"
            )
    return number


class PhoneField(forms.CharField):
    """A number held to `validate_phone` and kept as that tidies it."""

    canonical: ClassVar[Canonical] = staticmethod(canonical_phone)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return validate_phone(text) if text else text


def same_phone(one: str, other: str) -> bool:
    """Is this the same number, however each was typed? Two empty ones are not."""
    return bool(one) and canonical_phone(one) == canonical_phone(other)


def is_mobile(number: str) -> bool:
    """Is this, as `validate_phone` leaves it, a mainland mobile number, which takes messages?"""
    return MOBILE.fullmatch(number) is not None
