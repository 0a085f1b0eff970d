"""Model validators over `identifiers`: what is stored is right and already normalised."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError

from core.identifiers import (
    validate_credit_code,
    validate_id_number,
    validate_passport_number,
)


def _require(value: Any, normalise: Callable[[str], str]) -> None:
    if normalise(str(value)) != value:
        raise ValidationError("请使用半角数字和大写字母，不要有空格。", code="not_normalised")


def credit_code(value: Any) -> None:
    _require(value, validate_credit_code)


def id_number(value: Any) -> None:
    _require(value, validate_id_number)


def passport_number(value: Any) -> None:
    _require(value, validate_passport_number)
