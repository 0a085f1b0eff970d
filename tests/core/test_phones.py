import pytest
from django.core.exceptions import ValidationError

from core.phones import same_phone, validate_phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800001234", "13800001234"),
        ("１３８ 0000 1234", "13800001234"),
        ("（023）58000000", "02358000000"),
        ("023-58000000", "023-58000000"),
        ("023—58000000", "023-58000000"),
        ("+86 138 0000 1234", "13800001234"),
        ("0086-13800001234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("（+86）138-0000-1234", "13800001234"),
        ("\u202d13800001234\u202c", "13800001234"),
        ("138\u200b0000\u00a01234", "13800001234"),
        ("+86 23 5800 0000", "02358000000"),
        ("0086-23-58000000", "023-58000000"),
        ("+86(0)23-58000000", "023-58000000"),
        ("010-58000000", "010-58000000"),
        ("023-58000000转801", "023-58000000转801"),
        ("023-58000000 转 801", "023-58000000转801"),
        ("023-58000000#801", "023-58000000转801"),
        ("023-58000000＃801", "023-58000000转801"),
        ("023-58000000-801", "023-58000000转801"),
        ("023-58000000 ext. 801", "023-58000000转801"),
        ("023-58000000分机801", "023-58000000转801"),
        ("02358000000x801", "02358000000转801"),
        ("400 820 0000", "400-820-0000"),
        ("4008200000", "400-820-0000"),
        ("400-8200-000转2", "400-820-0000转2"),
        ("+852 2300 0000", "+85223000000"),
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
    "typed",
    [
        "", "无", "12345", "138000012345678901234", "1380000123a", "-" * 11, "13²00000000",
        "1③800001234", "１３８⁰0001234", "13800001234、13900001234", "转801",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="不像电话号码"):
        validate_phone(typed)


def test_a_shared_cost_number_has_ten_digits() -> None:
    with pytest.raises(ValidationError, match="400、800电话应为10位，现在是9位"):
        validate_phone("400820000")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+86 138-0000-1234", "13800001234", True),
        ("023-58000000#801", "023-58000000转801", True),
        ("023-58000000", "023-58000001", False),
        ("", "", False),
    ],
)
def test_one_number_is_one_however_it_was_typed(one: str, other: str, same: bool) -> None:
    assert same_phone(one, other) is same
