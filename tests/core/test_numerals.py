"""Numbers in Chinese characters."""

import pytest

from core.numerals import chinese_number


@pytest.mark.parametrize(
    ("number", "words"), [(0, "零"), (1, "一"), (5, "五"), (10, "十"), (11, "11"), (-1, "-1")]
)
def test_a_number_up_to_ten_is_a_character(number: int, words: str) -> None:
    assert chinese_number(number) == words
