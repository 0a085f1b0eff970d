import pytest
from django.core.exceptions import ValidationError

from core.phones import validate_phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800001234", "13800001234"),
        ("１３８ 0000 1234", "13800001234"),
        ("（023）58000000", "02358000000"),
        ("023-58000000", "023-58000000"),
        ("023—58000000", "023-58000000"),
        ("+86 138 0000 1234", "+8613800001234"),
    ],
)
def test_a_number_is_tidied(typed: str, number: str) -> None:
    assert validate_phone(typed) == number


@pytest.mark.parametrize(
    ("typed", "digits"), [("139 1111 222", 10), ("138000012345", 12), ("1380000", 7)]
)
def test_a_mobile_number_has_eleven_digits(typed: str, digits: int) -> None:
    with pytest.raises(ValidationError, match=f"手机号码应为11位，现在是{digits}位"):
        validate_phone(typed)


@pytest.mark.parametrize(
    "typed", ["", "无", "12345", "138000012345678901234", "1380000123a", "-" * 11]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="不像电话号码"):
        validate_phone(typed)
