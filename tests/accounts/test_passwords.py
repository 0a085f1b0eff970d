"""The rules for passwords, each said in Chinese."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize("password", ["Yangtze-1949", "长江Yangtze1949", "yangtze_1949"])
def test_ten_characters_of_three_kinds_are_enough(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize(
    ("password", "messages"),
    [
        ("Yang-1949", ["密码只有9个字符，至少要10个，请加长。"]),
        ("yangtze1949", ["密码须含大写字母、小写字母、数字、符号中的至少三类。"]),
        ("YANGTZEYANGTZE", ["密码须含大写字母、小写字母、数字、符号中的至少三类。"]),
    ],
)
def test_what_is_missing_is_said(password: str, messages: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert refused.value.messages == messages
