"""Numbers in Chinese characters, as a sentence counts with them: 五个部门."""

from typing import Final

UP_TO_TEN: Final = "零一二三四五六七八九十"


def chinese_number(number: int) -> str:
    """五 for 5; in digits beyond ten, where characters would be read more slowly."""
    return UP_TO_TEN[number] if 0 <= number < len(UP_TO_TEN) else str(number)
