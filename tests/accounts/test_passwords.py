"""The rules for passwords, each said in Chinese, and how they are hashed."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.hashers import PasswordHasher


@pytest.mark.parametrize("password", ["Yangtze-1949", "长江Yangtze1949", "yangtze_1949"])
def test_ten_characters_of_three_kinds_are_enough(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize(
    ("password", "messages"),
    [
        ("Yang-1949", ["密码只有9个字符，至少要10个，请加长。"]),
        ("yangtze1949", ["密码须含大写字母、小写字母、数字、符号中的至少三类。"]),
        ("YANGTZERIVERGORGE", ["密码须含大写字母、小写字母、数字、符号中的至少三类。"]),
    ],
)
def test_what_is_missing_is_said(password: str, messages: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert refused.value.messages == messages


def test_a_password_is_hashed_within_twenty_megabytes() -> None:
    """The tests' own settings hash faster; this is what the portal does."""
    hasher = PasswordHasher()
    encoded = hasher.encode("Wanzhou-2026!", hasher.salt())
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify("Wanzhou-2026!", encoded)
    assert not hasher.verify("Wanzhou-2026?", encoded)
    assert not hasher.must_update(encoded)


def test_an_older_hash_still_opens_and_is_renewed() -> None:
    older = Argon2PasswordHasher()
    encoded = older.encode("Wanzhou-2026!", older.salt())
    assert PasswordHasher().verify("Wanzhou-2026!", encoded)
    assert PasswordHasher().must_update(encoded)
